/* pc.h - libpc, the pipeline cache: keys, the store, events, settings.  care.h
 * has the maintenance of the store, and ledger.h the statistics.  base.h, which
 * is included here, has the buffers, JSON and processes that all of them use.
 *
 * Functions return 0, or -1 with errno set; some also return 1, as their
 * comments say.  Nothing here prints or exits.  Times are microseconds since
 * the epoch, durations are microseconds, and sizes are bytes, unless the name
 * or comment says otherwise.  The caller of _open, _new or _init owns the
 * object, and releases it with _close, _free or _clear. */
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
	PC_EXIT_CUT = 4,      /* an answer was truncated by a limit */
	PC_EXIT_LATER = 75,   /* try again later; EX_TEMPFAIL of sysexits.h */
	PC_EXIT_RUN = 125,    /* pc-run itself failed; 125 to 127 as env(1) */
	PC_EXIT_NOEXEC = 126, /* the command was found but cannot run */
	PC_EXIT_NOENT = 127,  /* the command was not found */
};

/* ---- the fields of a key (spec.c) ------------------------------------- */

enum {
	PC_MATERIAL_MAX = 4 * 1024 * 1024, /* bytes of a spec's fields */
};

/* The kinds of field; the values are on the disk (pc-store.5). */
enum pc_field {
	PC_FIELD_STAGE = 's',
	PC_FIELD_INPUT = 'i', /* 32 bytes; in order */
	PC_FIELD_PARAM = 'p', /* name=value; sorted */
	PC_FIELD_ENGINE =
	    'v',            /* name=value: the program that computes; sorted */
	PC_FIELD_ENV = 'e', /* NAME=SHA-256 of its value, since that may be
			     * a secret; sorted */
	PC_FIELD_UNSET = 'u', /* NAME of a variable that is not set; sorted */
	PC_FIELD_ARG = 'a',   /* one word of a command; in order */
};

/* The fields of one key while they are collected. */
struct pc_spec {
	char stage[PC_STAGE_MAX + 1];
	struct pc_spec_field {
		enum pc_field kind;
		unsigned order; /* in which it was added, from 0 */
		size_t len;
		char *bytes; /* owned, NUL after len */
	} * fields;
	size_t count, cap;
	unsigned added; /* fields so far, dropped ones included */
};

int pc_spec_stage(struct pc_spec *,
    const char *); /* EINVAL: not a stage's name */
int pc_spec_add(struct pc_spec *, enum pc_field, const void *, size_t);
/* Add a field with text that printf(3) formats. */
int pc_spec_addf(struct pc_spec *, enum pc_field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Add "name=value".  EINVAL: the name is not [A-Za-z0-9_][A-Za-z0-9._-]*. */
int pc_spec_param(struct pc_spec *, const char *);
int pc_spec_env(struct pc_spec *, const char *name); /* from environ */
/* Sort and check the fields, append them framed (pc-store.5) to material, and
 * hash them into key.  EEXIST: a parameter is given twice; *twice points to its
 * name=value in the spec.  E2BIG: more than PC_MATERIAL_MAX. */
int pc_spec_key(struct pc_spec *, struct pc_buf *material, struct pc_id *key,
    const char **twice);
/* The key of framed fields. */
void pc_material_key(const unsigned char *material, size_t len,
    struct pc_id *key);
/* Remove the input that was added last. */
void pc_spec_drop_input(struct pc_spec *);
void pc_spec_clear(struct pc_spec *);

/* Step through framed fields; *at starts at 0.  1: there are no more; -1
 * EBADMSG: they are malformed.  *bytes points into the material. */
int pc_material_next(const unsigned char *material, size_t len, size_t *at,
    enum pc_field *kind, const unsigned char **bytes, size_t *n);

/* ---- the store (store.c, shard.c, index.c, record.c, lock.c) ---------- */

struct pc_store;

enum pc_store_flags {
	PC_STORE_READ_ONLY = 1, /* write nothing: no put, repair or event */
	PC_STORE_SYNC = 2,      /* a put syncs the record to the disk */
	PC_STORE_NO_EVENTS = 4,
};

enum {
	PC_SHARDS = 64,
	PC_INLINE_MAX = 256 * 1024, /* larger values have a file of their own */
};

/* Open the store in dir; create it unless PC_STORE_READ_ONLY is given.  A store
 * that cannot be written is opened read-only (see pc_store_flags).  NULL with
 * the reason and what to do in err: no directory, not writable, not a store, a
 * newer format, another user's. */
struct pc_store *pc_store_open(const char *dir, unsigned flags,
    struct pc_error *err);
void pc_store_close(struct pc_store *);
unsigned pc_store_flags(const struct pc_store *);
/* Why the store is no longer used, with what to do; NULL if it is.  A file of
 * it belongs to another user, can be written by others, or is a symbolic link.
 * All calls on such a store fail with EPERM. */
const char *pc_store_refusal(const struct pc_store *);

/* A record without its value. */
struct pc_record {
	struct pc_id key;
	struct pc_id output; /* SHA-256 of the value */
	int64_t created;
	int64_t expires;   /* PC_NEVER: it does not expire */
	int64_t cost;      /* us it took to compute the value */
	uint64_t size;     /* of the value */
	uint32_t peak_kib; /* peak memory of computing it; 0: unknown */
	int status;        /* exit status of the command */
	unsigned flags;    /* enum pc_record_flags */
	const unsigned char *material; /* the spec's fields; may be empty */
	size_t material_len;
	const unsigned char *extra; /* data of the program (pc-run: the
				     * command's stderr); may be empty */
	size_t extra_len;
};

enum pc_record_flags {
	PC_RECORD_NEGATIVE = 1, /* a failure or empty answer, by --negative */
	PC_RECORD_STDERR = 2,   /* extra is all of the command's stderr */
};

/* A record that was found.  All zero is a valid, empty one.  It can be used for
 * several gets, one after another. */
struct pc_hit {
	struct pc_record record;    /* material and extra point into bytes */
	int expired;                /* set only with PC_GET_EXPIRED */
	const unsigned char *value; /* in bytes, or NULL: it is in fd */
	int fd;                     /* owned when value is NULL and size > 0 */
	struct pc_buf bytes;        /* owned */
};

enum pc_get_flags {
	PC_GET_EXPIRED = 1, /* also find expired records */
	PC_GET_HEADER = 2,  /* neither read nor verify the value */
};

enum pc_result {
	PC_HIT = 0,  /* found, every byte verified */
	PC_MISS = 1, /* not stored, expired, or damaged (see
		      * pc_store_damaged) */
};

/* Find key.  enum pc_result; -1: the store failed. */
int pc_store_get(struct pc_store *, const struct pc_id *, unsigned flags,
    struct pc_hit *);
/* Write the value to out.  -1 EBADMSG: it has changed on the disk. */
int pc_hit_send(const struct pc_hit *, int out);
/* Append the value to a buffer; call it only once for a hit.  -1: nothing is
 * appended; EFBIG: it has more than max bytes; EBADMSG as above. */
int pc_hit_read(const struct pc_hit *, struct pc_buf *, size_t max);
void pc_hit_clear(struct pc_hit *);

/* Collects a value before it is stored: in memory while it is small, then in an
 * unnamed file, so that nothing remains if the process dies. */
struct pc_spool;
/* The file is in the store; if that is NULL, in $TMPDIR. */
struct pc_spool *pc_spool_new(struct pc_store *);
int pc_spool_write(struct pc_spool *, const void *, size_t);
/* Append all bytes of fd.  -1: they cannot be read.  1: they cannot be stored;
 * with EFBIG, the spool would exceed max bytes, else pc_spool_send() still
 * writes all bytes that were read. */
int pc_spool_fill(struct pc_spool *, int fd, uint64_t max);
uint64_t pc_spool_size(const struct pc_spool *);
void pc_spool_id(struct pc_spool *, struct pc_id *); /* of what is in it */
/* A descriptor at the first byte, owned by the caller. */
int pc_spool_open(struct pc_spool *);
int pc_spool_send(const struct pc_spool *, int out); /* write all of it */
void pc_spool_free(struct pc_spool *);
/* The same in one call, for an fd that can be read only once: *out is a
 * descriptor with its bytes, which can be mapped; owned by the caller.  Returns
 * as pc_spool_fill. */
int pc_spool_stream(int fd, uint64_t max, struct pc_id *, int *out);

/* Store value under record->key, and set the record's output and size.  An
 * older record of the key is replaced.  After the return, the record survives
 * the death of any process; with PC_STORE_SYNC, also a crash of the machine.
 * -1: nothing has changed. */
int pc_store_put(struct pc_store *, struct pc_record *, struct pc_spool *);
int pc_store_put_bytes(struct pc_store *, struct pc_record *, const void *,
    size_t);
/* The same for a record of another store.  1: the record of this store is kept,
 * even if it is put at the same time. */
int pc_store_put_newer(struct pc_store *, struct pc_record *,
    struct pc_spool *);
/* Is there as new as r, or does it say the same for as long? */
int pc_record_stands(const struct pc_record *there, const struct pc_record *r);
int pc_store_remove(struct pc_store *,
    const struct pc_id *); /* 1: there is none */
/* Change when key's record expires.  1: there is none. */
int pc_store_touch(struct pc_store *, const struct pc_id *, int64_t expires);

/* The stage in the record's material.  1: it has none, and stage is "". */
int pc_record_stage(const struct pc_record *, char stage[PC_STAGE_MAX + 1]);
/* us from its creation to its expiry, at least 1; or PC_NEVER. */
int64_t pc_record_ttl(const struct pc_record *);
/* Append the record, without its value, as a JSON object. */
int pc_record_json(struct pc_buf *, const struct pc_record *);

/* Call each for every record in the logs, also if it was replaced, removed or
 * has expired (pc_store_get tells).  If it returns non-zero, stop and return
 * that.  If newest is not 0, read only about that many bytes at the end of each
 * log, as a sample.  Other processes may write meanwhile. */
int pc_store_each(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct pc_record *), void *ctx);

/* The stored records of one stage. */
struct pc_holding {
	char stage[PC_STAGE_MAX + 1]; /* "" for keys of no stage */
	uint64_t entries, bytes;      /* of values; expired ones included */
	uint64_t expired;             /* entries that have expired */
	int64_t oldest;               /* when it was created; 0: no entry */
};

/* Count the stored records of each stage into an array, which the caller frees.
 * Reads all logs, without locks.  1: they have more than max bytes, and nothing
 * was read; max 0: no limit. */
int pc_store_holdings(struct pc_store *, uint64_t max, struct pc_holding **all,
    size_t *count);

/* Call each for every record computed from the content id doc, then for those
 * computed from their outputs, and so on.  For the first, depth is 1 and from
 * is NULL; else from is the record whose output was the input.  Only stored
 * records count, expired ones included.  Reads all logs several times.  If each
 * returns non-zero, stop and return that. */
int pc_lineage(struct pc_store *, const struct pc_id *doc,
    int (*each)(void *ctx, const struct pc_hit *, unsigned depth,
	const struct pc_record *from),
    void *ctx);

/* How many damaged records this process found, and how many indexes it
 * rebuilt. */
unsigned pc_store_damaged(const struct pc_store *);
unsigned pc_store_rebuilt(const struct pc_store *);
/* us spent waiting for locks since the last call. */
int64_t pc_store_lock_wait(struct pc_store *);
/* The text of a message about a call on the store (may be NULL) that failed
 * with that errno: a lock that another process held too long, why the store is
 * no longer used, else strerror(3).  Valid until the next call. */
const char *pc_store_error(struct pc_store *, int error);

enum pc_flight {
	PC_FLIGHT_OURS = 0, /* until pc_flight_land or the end of the process */
	PC_FLIGHT_BUSY = 1, /* another process computes it */
};

/* Single-flight: lock key, so that only this process computes it.
 * PC_FLIGHT_BUSY: after wait us, another process still holds the lock.  wait 0
 * does not wait. */
int pc_flight_take(struct pc_store *, const struct pc_id *, int64_t wait);
void pc_flight_land(struct pc_store *, const struct pc_id *);

/* ---- content ids of files (ident.c) ----------------------------------- */

enum pc_ident_flags {
	PC_IDENT_REHASH = 1, /* read the file even if its id is known */
};

/* The id of the file's bytes.  The store (may be NULL) remembers the ids of
 * files of 64 KiB and more.  *known (known may be NULL): the id was remembered,
 * so the file was not read. */
int pc_ident_fd(struct pc_store *, int fd, unsigned flags, struct pc_id *,
    int *known);
int pc_ident_file(struct pc_store *, const char *path, unsigned flags,
    struct pc_id *, int *known);
/* Would the store remember this file's id?  If not, pc_ident_file needs no
 * store. */
int pc_ident_remembers(const char *path);

/* ---- events (event.c) ------------------------------------------------- */

enum pc_event_kind {
	PC_EVENT_HIT = 1,
	PC_EVENT_MISS,
	PC_EVENT_PUT,
	PC_EVENT_ERROR,   /* the stage failed, or the store did */
	PC_EVENT_STALE,   /* an expired record was served */
	PC_EVENT_WAIT,    /* another process's result was waited for and used */
	PC_EVENT_COMPUTE, /* a command or helper ran to its end */
	PC_EVENT_REMOVE,  /* on request, or because it had expired */
	PC_EVENT_DAMAGE,  /* a damaged record was found */
	PC_EVENT_REBUILD, /* an index was rebuilt */
	PC_EVENT_EVICT,   /* a valid record was deleted to free space */
	PC_EVENT_KINDS,
};

/* The program that records it; the numbers are on the disk. */
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
	int64_t saved; /* us that computing had taken: hits only */
	int64_t ttl;   /* us to live: puts only; 0: not known */
	uint64_t bytes;
	uint32_t peak_kib; /* of the helper or command; 0 for hits */
	uint32_t tokens;   /* of the prompt and the answer */
	uint32_t price;    /* of those tokens: hits only, in millionths of
			    * the currency of inference.prices */
};

/* Append an event with one write(2) and no lock.  If the store records no
 * events, this does nothing and succeeds. */
int pc_event_add(struct pc_store *, const struct pc_event *);
/* Call each for every event in the logs, roughly from the oldest to the newest;
 * those that pc_event_fold summed up are missing.  If each returns non-zero,
 * stop and return that. */
int pc_event_each(struct pc_store *,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
/* The same for about the newest max bytes of the logs. */
int pc_event_newest(struct pc_store *, uint64_t max,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
/* Delete all events and their sums.  EAGAIN: another process is summing them
 * up. */
int pc_event_reset(struct pc_store *);
const char *pc_event_name(enum pc_event_kind); /* "hit", ... */
const char *pc_program_name(enum pc_program);  /* "pc-get", ... */

/* ---- configuration (config.c, configfile.c, setting.c) ---------------- */

struct pc_config;

/* Load the defaults, then the file $PC_CONFIG, else
 * ${XDG_CONFIG_HOME:-~/.config}/pc/config.json, which need not exist.  Call
 * warn for each unknown name.  NULL with file and line in err: the file cannot
 * be read, is not JSON, or has a value of the wrong type. */
struct pc_config *pc_config_load(void (*warn)(void *ctx, const char *text),
    void *ctx, struct pc_error *err);
void pc_config_free(struct pc_config *);

/* A setting's value.  Its dotted name must exist; assert(3) checks that. */
const char *pc_config_text(const struct pc_config *, const char *name);
int64_t pc_config_int(const struct pc_config *, const char *name);
int64_t pc_config_span(const struct pc_config *, const char *name); /* us */
double pc_config_real(const struct pc_config *, const char *name);
int pc_config_bool(const struct pc_config *, const char *name);
/* Is there a file that only this user and root can have written?  Only such a
 * file may name programs. */
int pc_config_is_private(const struct pc_config *);

/* Call each for every setting in order.  value is text; origin is "default",
 * "environment NAME" or "FILE:LINE"; what describes the setting. */
void pc_config_each(const struct pc_config *,
    void (*each)(void *ctx, const char *name, const char *value,
	const char *origin, const char *what),
    void *ctx);

/* The store's directory, the first that is given of: flag (may be NULL),
 * $PC_STORE, caching.cache_dir, ${XDG_CACHE_HOME:-~/.cache}/pc.  Owned by the
 * caller.  NULL ENOENT: there is no home directory. */
char *pc_store_dir(const struct pc_config *, const char *flag);

/* ---- why a key misses (explain.c) ------------------------------------- */

/* Append to text, one fact on each line, the fields of the key and whether it
 * is stored.  If it is not, append how it differs from the nearest stored
 * record of its stage; the same first input counts most.  Reads all logs.  0:
 * it is a hit; 1: it misses; -1: the store cannot be read. */
int pc_explain(struct pc_store *, const unsigned char *material, size_t len,
    const struct pc_id *key, struct pc_buf *text);

/* ---- why documents miss (reason.c) ------------------------------------ */

/* What the records of a stage are made from, by their first input. */
struct pc_reasons;

/* Read the records once: all logs, or if newest is not 0 about that many bytes
 * at the end of each.  A NULL store has none.  name_of gives a digest of the
 * name that the record's input had; 0: not known.  NULL with errno. */
struct pc_reasons *pc_reasons_read(struct pc_store *, const char *stage,
    uint64_t newest, uint64_t (*name_of)(const struct pc_record *));
/* Append, in one line, why the key, which has an input, is a hit or misses:
 * when it was stored, what differs from the nearest record of the same input,
 * or that the document of this name (0: it has none) changed.  PC_HIT, PC_MISS,
 * or -1 with errno. */
int pc_reasons_find(const struct pc_reasons *, const struct pc_buf *material,
    const struct pc_id *key, uint64_t name, struct pc_buf *text);
void pc_reasons_free(struct pc_reasons *);

#endif
