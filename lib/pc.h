/* pc.h - libpc, the pipeline cache: keys, the store, events, settings.  The
 * store's care is in care.h, what is made of events in ledger.h; the bytes,
 * texts and processes that all of them use are in base.h, included here.
 *
 * Functions return 0, or -1 with errno set; where "no" is an answer they
 * return 1 for it.  Nothing here prints or exits.  Times are microseconds
 * since the epoch (or a span of them), sizes are bytes, unless a name says
 * otherwise.  The caller of _open, _new or _init owns the object, and
 * releases it with _close, _free or _clear. */
#ifndef PC_H
#define PC_H

#include "base.h"

#define PC_VERSION "0.1.0"

/* The exit statuses that every program shares (pc.7). */
enum pc_exit {
	PC_EXIT_OK = 0,       /* done; get: a hit */
	PC_EXIT_NO = 1,       /* the answer is no; get: a miss */
	PC_EXIT_FAIL = 2,     /* usage or failure */
	PC_EXIT_SOME = 3,     /* some of several inputs failed */
	PC_EXIT_CUT = 4,      /* an answer was cut short by a limit */
	PC_EXIT_LATER = 75,   /* try again later; EX_TEMPFAIL of sysexits.h */
	PC_EXIT_RUN = 125,    /* pc-run itself failed; 125 to 127 as env(1) */
	PC_EXIT_NOEXEC = 126, /* the command was found but cannot run */
	PC_EXIT_NOENT = 127,  /* the command was not found */
};

/* ---- what a key is made of (spec.c) ----------------------------------- */

enum {
	PC_MATERIAL_MAX = 4 * 1024 * 1024, /* all of a spec's fields */
};

/* The kinds of field, as they stand in a record (pc-store.5). */
enum pc_field {
	PC_FIELD_STAGE = 's',
	PC_FIELD_INPUT = 'i',  /* 32 bytes; in order */
	PC_FIELD_PARAM = 'p',  /* name=value; sorted */
	PC_FIELD_ENGINE = 'v', /* name=value: what computes; sorted */
	PC_FIELD_ENV = 'e',    /* NAME=SHA-256 of its value, since that may be
				* a secret; sorted */
	PC_FIELD_UNSET = 'u',  /* NAME of a variable that is not set; sorted */
	PC_FIELD_ARG = 'a',    /* one word of a command; in order */
};

/* The fields of one key while they are collected. */
struct pc_spec {
	char stage[PC_STAGE_MAX + 1];
	struct pc_spec_field {
		enum pc_field kind;
		unsigned order; /* of its being added */
		size_t len;
		char *bytes; /* owned, NUL after len */
	} * fields;
	size_t count, cap;
	unsigned added; /* ever */
};

int pc_spec_stage(struct pc_spec *, const char *); /* EINVAL: not a stage */
int pc_spec_add(struct pc_spec *, enum pc_field, const void *, size_t);
/* One that is text, as printf(3) makes it. */
int pc_spec_addf(struct pc_spec *, enum pc_field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "name=value"; EINVAL when the name is not [A-Za-z0-9_][A-Za-z0-9._-]*. */
int pc_spec_param(struct pc_spec *, const char *);
int pc_spec_env(struct pc_spec *, const char *name); /* from environ */
/* Sort, check and frame the fields (pc-store.5) into material, and hash them
 * into key.  EEXIST: a parameter is given twice, twice then points to its
 * name=value in the spec.  E2BIG: over PC_MATERIAL_MAX. */
int pc_spec_key(struct pc_spec *, struct pc_buf *material, struct pc_id *key,
    const char **twice);
/* The key that framed fields have. */
void pc_material_key(const unsigned char *material, size_t len,
    struct pc_id *key);
/* Take back the input that was added last. */
void pc_spec_drop_input(struct pc_spec *);
void pc_spec_clear(struct pc_spec *);

/* Step through framed fields: *at starts at 0.  1 at the end, -1 EBADMSG
 * when they are malformed.  bytes points into the material. */
int pc_material_next(const unsigned char *material, size_t len, size_t *at,
    enum pc_field *kind, const unsigned char **bytes, size_t *n);

/* ---- the store (store.c, shard.c, index.c, record.c, lock.c) ---------- */

struct pc_store;

enum pc_store_flags {
	PC_STORE_READ_ONLY = 1, /* write nothing: no put, repair or event */
	PC_STORE_SYNC = 2,      /* a put returns when it is on the disk */
	PC_STORE_NO_EVENTS = 4,
};

enum {
	PC_SHARDS = 64,
	PC_INLINE_MAX = 256 * 1024, /* larger values have a file of their own */
};

/* Open or, unless read-only, create the store in dir; one that may only be
 * read is read-only, as pc_store_flags tells.  NULL with the reason
 * and the remedy in err: no directory, not writable, not a store, a newer
 * format, another user's. */
struct pc_store *pc_store_open(const char *dir, unsigned flags,
    struct pc_error *err);
void pc_store_close(struct pc_store *);
unsigned pc_store_flags(const struct pc_store *);
/* Why it is no longer used, with what to do, or NULL: a part of it is another
 * user's, or others can write to it, or it is a symbolic link.  All that is
 * asked of such a store fails with EPERM. */
const char *pc_store_refusal(const struct pc_store *);

/* What a record says beside its value. */
struct pc_record {
	struct pc_id key;
	struct pc_id output; /* SHA-256 of the value */
	int64_t created;
	int64_t expires;   /* PC_NEVER: it stays */
	int64_t cost;      /* us that computing the value took */
	uint64_t size;     /* of the value */
	uint32_t peak_kib; /* peak memory of what computed it; 0 unknown */
	int status;        /* exit status of the command */
	unsigned flags;    /* enum pc_record_flags */
	const unsigned char *material; /* the spec's fields; may be empty */
	size_t material_len;
	const unsigned char *extra; /* what a program keeps with it (pc-run:
				     * the command's stderr) */
	size_t extra_len;
};

enum pc_record_flags {
	PC_RECORD_NEGATIVE = 1, /* a failure or empty answer, by --negative */
	PC_RECORD_STDERR = 2,   /* extra is all that the command said there */
};

/* A found record.  All zero is empty; one serves for many gets in turn. */
struct pc_hit {
	struct pc_record record;    /* material and extra point into bytes */
	int expired;                /* only ever set with PC_GET_EXPIRED */
	const unsigned char *value; /* in bytes, or NULL: it is in fd */
	int fd;                     /* owned when value is NULL and size > 0 */
	struct pc_buf bytes;        /* owned */
};

enum pc_get_flags {
	PC_GET_EXPIRED = 1, /* an expired record is found too */
	PC_GET_HEADER = 2,  /* the value is neither read nor verified */
};

enum pc_result {
	PC_HIT = 0,  /* found, every byte verified */
	PC_MISS = 1, /* not there, expired, or damaged (which
		      * pc_store_damaged() counts) */
};

/* Find key.  enum pc_result; -1: the store failed. */
int pc_store_get(struct pc_store *, const struct pc_id *, unsigned flags,
    struct pc_hit *);
/* Write the value to out.  -1 EBADMSG: it changed on the disk since. */
int pc_hit_send(const struct pc_hit *, int out);
/* Append it to a buffer, once.  -1: nothing is appended; EFBIG: it has more
 * than max bytes; EBADMSG as above. */
int pc_hit_read(const struct pc_hit *, struct pc_buf *, size_t max);
void pc_hit_clear(struct pc_hit *);

/* A value on its way into the store: in memory while it is small, then in an
 * unnamed file, so that nothing is left when the process dies. */
struct pc_spool;
/* The file would be in the store; with NULL in $TMPDIR. */
struct pc_spool *pc_spool_new(struct pc_store *);
int pc_spool_write(struct pc_spool *, const void *, size_t);
/* Append all that fd gives.  -1: it cannot be read; 1: what it gave cannot
 * be kept (EFBIG: there are more than max bytes in all; else pc_spool_send()
 * still has all that was read). */
int pc_spool_fill(struct pc_spool *, int fd, uint64_t max);
uint64_t pc_spool_size(const struct pc_spool *);
void pc_spool_id(struct pc_spool *, struct pc_id *); /* of what is in it */
/* A descriptor at the first byte, owned by the caller. */
int pc_spool_open(struct pc_spool *);
int pc_spool_send(const struct pc_spool *, int out); /* write all of it */
void pc_spool_free(struct pc_spool *);
/* All at once, for what can be read only once: *out has what fd gave, and can
 * be mapped; owned by the caller.  Returns as pc_spool_fill. */
int pc_spool_stream(int fd, uint64_t max, struct pc_id *, int *out);

/* Store value under record->key; output and size are set here.  A record of
 * that key is replaced.  On return the value survives the death of any
 * process, and with PC_STORE_SYNC of the machine.  -1: nothing changed. */
int pc_store_put(struct pc_store *, struct pc_record *, struct pc_spool *);
int pc_store_put_bytes(struct pc_store *, struct pc_record *, const void *,
    size_t);
/* The same for a record from elsewhere.  1: the one that is there stands, even
 * if it is put at this very moment. */
int pc_store_put_newer(struct pc_store *, struct pc_record *,
    struct pc_spool *);
/* Is there as new as r, or does it say the same for as long? */
int pc_record_stands(const struct pc_record *there, const struct pc_record *r);
int pc_store_remove(struct pc_store *, const struct pc_id *); /* 1: none */
/* Change when key's record expires.  1: there is none. */
int pc_store_touch(struct pc_store *, const struct pc_id *, int64_t expires);

/* The stage that the record's material names; 1: none, stage is "". */
int pc_record_stage(const struct pc_record *, char stage[PC_STAGE_MAX + 1]);
/* Microseconds from its making to its end, 1 at least; PC_NEVER: for good. */
int64_t pc_record_ttl(const struct pc_record *);
/* Append what the record says as one JSON object, without its value. */
int pc_record_json(struct pc_buf *, const struct pc_record *);

/* Call each for every record that was ever put and is still in a log, those
 * replaced, removed and expired too (pc_store_get tells), until it returns
 * non-zero, which is returned.  With newest > 0 only about that many bytes
 * at the end of each log are read: a sample.  Writers go on meanwhile. */
int pc_store_each(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct pc_record *), void *ctx);

/* What is stored of one stage. */
struct pc_holding {
	char stage[PC_STAGE_MAX + 1]; /* "" for keys of no stage */
	uint64_t entries, bytes;      /* values; those past their time too */
	uint64_t expired;             /* entries that are */
	int64_t oldest;               /* when it was made; 0: no entry */
};

/* Count what is stored by stage into an array that the caller frees.  This
 * reads all logs, without their being locked; 1: they have more than max bytes,
 * and nothing was read (max 0: any number will do). */
int pc_store_holdings(struct pc_store *, uint64_t max, struct pc_holding **all,
    size_t *count);

/* Call each for every record that was made of the content id doc, of what was
 * made of that, and so on, nearest first: depth is 1 for what was made of doc
 * itself, from is the record that it was made of or NULL.  Only what is stored
 * still counts, expired or not.  Reads all logs a few times.  What each gives,
 * unless it is 0, ends it. */
int pc_lineage(struct pc_store *, const struct pc_id *doc,
    int (*each)(void *ctx, const struct pc_hit *, unsigned depth,
	const struct pc_record *from),
    void *ctx);

/* What this process met: records whose bytes were damaged, and indexes it
 * had to rebuild. */
unsigned pc_store_damaged(const struct pc_store *);
unsigned pc_store_rebuilt(const struct pc_store *);
/* Waits for locks since the last call, us. */
int64_t pc_store_lock_wait(struct pc_store *);
/* Why a call on the store failed with that errno, for people: strerror(3), but
 * a lock that another process held for too long is told as such, and so is why
 * the store is refused.  Good until the next call; the store may be NULL. */
const char *pc_store_error(struct pc_store *, int error);

enum pc_flight {
	PC_FLIGHT_OURS = 0, /* until pc_flight_land or the end of the process */
	PC_FLIGHT_BUSY = 1, /* another process computes it */
};

/* Single-flight: be the one process that computes key.  PC_FLIGHT_BUSY: another
 * one still was after wait us.  With wait 0 it only asks. */
int pc_flight_take(struct pc_store *, const struct pc_id *, int64_t wait);
void pc_flight_land(struct pc_store *, const struct pc_id *);

/* ---- content ids of files (ident.c) ----------------------------------- */

enum pc_ident_flags {
	PC_IDENT_REHASH = 1, /* read the file even when its id is known */
};

/* The id of the file's bytes.  Files of 64 KiB and more are remembered in
 * the store, which may be NULL.  known, when not NULL, says whether reading
 * was saved. */
int pc_ident_fd(struct pc_store *, int fd, unsigned flags, struct pc_id *,
    int *known);
int pc_ident_file(struct pc_store *, const char *path, unsigned flags,
    struct pc_id *, int *known);
/* Is it a file whose id would be remembered?  Else no store is needed. */
int pc_ident_remembers(const char *path);

/* ---- events (event.c) ------------------------------------------------- */

enum pc_event_kind {
	PC_EVENT_HIT = 1,
	PC_EVENT_MISS,
	PC_EVENT_PUT,
	PC_EVENT_ERROR,   /* the stage failed, or the store did */
	PC_EVENT_STALE,   /* an expired record was served */
	PC_EVENT_WAIT,    /* another process's result was awaited and taken */
	PC_EVENT_COMPUTE, /* a command or helper ran to its end */
	PC_EVENT_REMOVE,  /* on request, or because it had expired */
	PC_EVENT_DAMAGE,  /* a damaged record was met */
	PC_EVENT_REBUILD, /* an index was rebuilt */
	PC_EVENT_EVICT,   /* a sound record was dropped to make room */
	PC_EVENT_KINDS,
};

/* Which program says so; the numbers are on the disk. */
enum pc_program {
	PC_PROGRAM_OTHER,
	PC_PROGRAM_HASH,
	PC_PROGRAM_GET,
	PC_PROGRAM_PUT,
	PC_PROGRAM_RUN,
	PC_PROGRAM_OCR,
	PC_PROGRAM_INFER,
	PC_PROGRAM_FETCH,
	PC_PROGRAM_GC,
	PC_PROGRAM_STATS,
	PC_PROGRAM_MEMSTAT,
	PC_PROGRAMS,
};

struct pc_event {
	int64_t when; /* 0: now */
	enum pc_event_kind kind;
	enum pc_program program;
	char stage[PC_STAGE_MAX + 1]; /* "" for none */
	struct pc_id key;             /* the first 16 bytes are kept */
	int64_t duration;             /* us */
	int64_t lock_wait;            /* us */
	int64_t saved; /* us that computing had cost: hits only */
	int64_t ttl;   /* us to live: puts only; 0: not known */
	uint64_t bytes;
	uint32_t peak_kib; /* of the helper or command; not of hits */
	uint32_t tokens;   /* of the prompt and the answer */
	uint32_t price;    /* what they had cost: hits only, in millionths
			    * of what inference.prices is in */
};

/* One write, no lock.  A store that takes no events takes none, and that is
 * no error. */
int pc_event_add(struct pc_store *, const struct pc_event *);
/* Call each for every event that was not summed up for good, oldest first more
 * or less, until it returns non-zero, which is returned. */
int pc_event_each(struct pc_store *,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
/* The same for those in about the newest max bytes. */
int pc_event_newest(struct pc_store *, uint64_t max,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
/* Forget all of them, and what was summed up.  EAGAIN: another process is
 * summing them up. */
int pc_event_reset(struct pc_store *);
const char *pc_event_name(enum pc_event_kind); /* "hit", ... */
const char *pc_program_name(enum pc_program);  /* "pc-get", ... */

/* ---- configuration (config.c, configfile.c, setting.c) ---------------- */

struct pc_config;

/* Defaults, then the file: $PC_CONFIG, else ${XDG_CONFIG_HOME:-~/.config}/pc/
 * config.json, which need not exist.  warn is called for each unknown name.
 * NULL with file and line in err when the file cannot be read, is not JSON or
 * has a value of the wrong type. */
struct pc_config *pc_config_load(void (*warn)(void *ctx, const char *text),
    void *ctx, struct pc_error *err);
void pc_config_free(struct pc_config *);

/* A setting by its dotted name, which must exist: assert(3) checks. */
const char *pc_config_text(const struct pc_config *, const char *name);
int64_t pc_config_int(const struct pc_config *, const char *name);
int64_t pc_config_span(const struct pc_config *, const char *name); /* us */
double pc_config_real(const struct pc_config *, const char *name);
int pc_config_bool(const struct pc_config *, const char *name);

/* Every setting in order, with its value as text and where that came from:
 * "default", "environment NAME", or "FILE:LINE". */
void pc_config_each(const struct pc_config *,
    void (*each)(void *ctx, const char *name, const char *value,
	const char *origin, const char *what),
    void *ctx);

/* The store's directory: flag (may be NULL), $PC_STORE, caching.cache_dir,
 * ${XDG_CACHE_HOME:-~/.cache}/pc.  Owned by the caller; NULL ENOENT: there is
 * no home directory. */
char *pc_store_dir(const struct pc_config *, const char *flag);

/* ---- why a key misses (explain.c) ------------------------------------- */

/* Say in text, a line a fact, what the key is made of and whether it is
 * stored; if it is not, how the stored record of that stage that is nearest
 * to it (the same first input counts most) differs.  This reads all logs. */
int pc_explain(struct pc_store *, const unsigned char *material, size_t len,
    const struct pc_id *key, struct pc_buf *text);

/* ---- why documents miss (reason.c) ------------------------------------ */

/* What the records of a stage are made from, by their first input. */
struct pc_reasons;

/* Read the records; this reads all logs once.  A NULL store has none.  name_of
 * gives a digest of the name that the record's input had; 0: not known.  NULL
 * with errno. */
struct pc_reasons *pc_reasons_read(struct pc_store *, const char *stage,
    uint64_t (*name_of)(const struct pc_record *));
/* Append, in one line, why the key, which has an input, is a hit or misses:
 * when it was stored, what differs from the nearest record of the same input,
 * or that the document of this name (0: it has none) changed.  PC_HIT, PC_MISS,
 * or -1 with errno. */
int pc_reasons_find(const struct pc_reasons *, const struct pc_buf *material,
    const struct pc_id *key, uint64_t name, struct pc_buf *text);
void pc_reasons_free(struct pc_reasons *);

#endif
