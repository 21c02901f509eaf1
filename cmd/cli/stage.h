/* stage.h - a result of a cached stage: look it up, lock its key, look again,
 * compute it, store it, unlock.
 *
 *	stage_find(&e);                  a hit, or a miss
 *	stage_claim(&e);                 this process computes it; or another
 *	                                 does, and then its result is the hit
 *	stage_store(&e, &result);        unless it must not be stored
 *	stage_release(&e);
 *
 * This is the only code that asks for a record, stores one or locks a key.  It
 * counts what happens (hits, misses, puts and their durations), warns when the
 * store fails or a wait times out, and obeys --refresh, --no-cache,
 * --read-only, --offline and --negative.  Without a store, or with a store that
 * failed, each result is a miss that this process may compute.
 *
 * Many results at once: stage_all.h.  A value of several files: stage_files.h.
 */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include "cli.h"

enum stage_state {
	STAGE_MISS,    /* there is no result */
	STAGE_HIT,     /* it is in entry.hit */
	STAGE_STALE,   /* an expired one is there that may be served */
	STAGE_CLAIMED, /* this process is to compute it */
	STAGE_BUSY,    /* another process computes it: claim it again later */
};

/* One result.  Set cli and key; all else may be zero. */
struct stage_entry {
	/* set by the caller, who owns what they point to */
	struct cli *cli;
	struct pc_id key;
	const unsigned char *material; /* of the key; stored with the result */
	size_t material_len;
	const char *stage; /* an inner stage: named in events, and not in
			    * the lines of --verbose; NULL: cli's */
	const char *name;  /* the input, for warnings; NULL: there is one */
	unsigned get;      /* enum pc_get_flags */
	int64_t stale;     /* us after its end that a record may be served */
	int memo; /* a note for the next run: not counted, and --refresh does
		   * not make it expire (memo.h) */
	/* Can the record serve this run?  It may add to the event. */
	int (*usable)(void *ctx, const struct pc_hit *, struct pc_event *);
	/* Set another key that stage_find() tries if nothing is stored under
	 * key; it stays in key if it is a hit.  0: there is none. */
	int (*other_key)(void *ctx, struct pc_id *);
	void *ctx;

	/* set by these functions */
	struct pc_hit hit;
	int64_t began;         /* pc_ticks() of the first look */
	int64_t waiting_since; /* pc_ticks(); 0: there was no wait */
	int claimed;           /* this process computes it, */
	int locked;            /* and has the lock of the key */
};

/* A result to be stored. */
struct stage_result {
	struct pc_spool *spool; /* the value; NULL: it is in */
	const void *bytes;      /* these */
	size_t len;
	int64_t ttl;                /* us; -1: as the setting says */
	const char *setting;        /* which names a TTL; NULL: default_ttl */
	int64_t cost;               /* us that computing it took */
	uint32_t peak_kib;          /* 0: not known */
	int status;                 /* exit status of the command */
	unsigned flags;             /* enum pc_record_flags */
	const unsigned char *extra; /* stored beside the value */
	size_t extra_len;
};

/* Make the entry's key from the spec, which is freed.  The caller owns the
 * buffer, and keeps it as long as the entry.  A spec that is not whole, because
 * a field could not be added, has no key: it would be the key of another
 * result.  -1: there is no key, with errno. */
int stage_make_key(struct stage_entry *, struct pc_buf *material,
    struct pc_spec *, int whole);
/* Look the key up.  STAGE_HIT, STAGE_STALE or STAGE_MISS; a hit and a miss are
 * counted, what is stale is not: see stage_serve_stale() and stage_claim().
 * With --refresh what was stored before the run began counts as expired; what
 * this run stored itself is new, so equal inputs are computed only once. */
enum stage_state stage_find(struct stage_entry *);
/* The expired record is served: count that. */
void stage_serve_stale(struct stage_entry *);
/* Be the process that computes it.  Returns at once: STAGE_CLAIMED, STAGE_HIT
 * if it was stored meanwhile, STAGE_BUSY.  After caching.wait it is
 * STAGE_CLAIMED, too, after a warning.  STAGE_MISS: --offline. */
enum stage_state stage_claim(struct stage_entry *);
/* The same, but it waits for the other process for up to wait us; -1:
 * caching.wait.  Never STAGE_BUSY. */
enum stage_state stage_await(struct stage_entry *, int64_t wait);
/* Will a result of this run be stored?  No without a store or with --read-only,
 * and after a warning when the store cannot be written. */
int stage_stores(struct cli *);
/* Store it: 0; 1: it must not be stored, or the store failed and was warned
 * about. */
int stage_store(struct stage_entry *, const struct stage_result *);
/* Restart the record's time to live, as ttl and setting say.  The new end. */
int64_t stage_touch(struct stage_entry *, int64_t ttl, const char *setting);
/* Count what happened; key, stage and program are filled in. */
void stage_event(const struct stage_entry *, enum pc_event_kind,
    struct pc_event);
/* Unlock the key, if it is locked. */
void stage_release(struct stage_entry *);
/* Unlock the key and free the hit. */
void stage_clear(struct stage_entry *);

#endif
