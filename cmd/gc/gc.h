/* gc.h - what the parts of pc-gc share. */
#ifndef GC_H
#define GC_H

#include "cli/cli.h"

#include "care.h"

#include <stdio.h>

/* A set of ids.  All zero is an empty one. */
struct ids {
	struct pc_id *all; /* owned */
	size_t count, cap;
	struct pc_set places; /* in all */
};

int ids_add(struct ids *, const struct pc_id *); /* 1: it is there already */
int ids_has(const struct ids *, const struct pc_id *);
void ids_clear(struct ids *);

/* Which records are meant: those that every given condition fits. */
struct record_filter {
	char (*stages)[PC_STAGE_MAX + 1]; /* owned; none: any */
	size_t stage_count;
	struct ids keys;   /* with by_key */
	struct ids inputs; /* with by_file: one of them is an input */
	int by_key, by_file, derived, expired;
	int64_t before; /* made before that; 0: at any time */
	int64_t now;
};

int filter_add_stage(struct record_filter *, const char *);
int filter_matches(const struct record_filter *, const struct pc_record *);
/* Is any condition given? */
int filter_given(const struct record_filter *);
/* Add what the record, which fits, was made into.  1: that was new. */
int filter_follow(struct record_filter *, const struct pc_record *);
void filter_clear(struct record_filter *);

/* What is to be done. */
struct gc {
	struct cli *cli;
	struct record_filter filter;
	int expired, all, compact, check, repair, rebuild, dry_run, json;
	int erases;        /* what is deleted leaves nothing on the disk */
	uint64_t shards;   /* those that a pass goes through, by bit; 0: all */
	int partial;       /* report is of those only */
	int64_t max_bytes; /* -1: no cap */
	enum pc_policy policy;
	const char *export, *import;
	struct pc_ranks ranks;
	struct pc_compact_report report;
	uint64_t deleted, deleted_bytes;
	uint64_t told;         /* events of records that went */
	struct pc_buf damage;  /* JSON objects, one after the other */
	unsigned faults;       /* of indexes, slots and the store's own files */
	unsigned others;       /* files that are not the store's */
	unsigned failed, busy; /* shards; of an import, records */
	unsigned foreign;      /* entries that are not the user's alone */
};

extern const volatile int *gc_stop;

/* Signals stop it between two records, */
void gc_catch_signals(void);
/* or at once, while it waits for others: what is stored is whole all the same.
 * why is said, part removed; both may be NULL, and are kept. */
void gc_end_by_signals(const struct gc *, const char *why, const char *part);
/* One pass over all shards, the work of it at low priority.  -1: stopped. */
int gc_pass(struct gc *, const struct pc_compact_options *,
    struct pc_compact_report *);
/* After a pass that gave -1: say why, and end. */
_Noreturn void gc_stopped(struct gc *);
void gc_delete(struct gc *);
void gc_check(struct gc *);
/* Name each entry below dir that is not the user's alone. */
void gc_audit(struct gc *, const char *dir);
/* The store is not used because of one: that ends the program, but for a
 * check. */
void gc_refused(struct gc *);
void gc_rebuild(struct gc *);
/* Name the files that are not the store's. */
void gc_foreign(struct gc *);
void gc_export(struct gc *);
void gc_import_open(struct gc *);
void gc_import(struct gc *);
/* Say what was done, and end. */
_Noreturn void gc_finish(struct gc *);

#endif
