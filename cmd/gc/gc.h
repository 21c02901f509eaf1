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

int ids_add(struct ids *, const struct pc_id *); /* 1: it was in the set */
int ids_has(const struct ids *, const struct pc_id *);
void ids_clear(struct ids *);

/* Selected records: those that match every given condition. */
struct record_filter {
	char (*stages)[PC_STAGE_MAX + 1]; /* owned; if empty, any stage */
	size_t stage_count;
	struct ids keys; /* with by_key */
	struct ids
	    inputs; /* with by_file: the record has one of them as an input */
	int by_key, by_file, derived, expired;
	int64_t before; /* us; stored before that; 0: at any time */
	int64_t now;
};

int filter_add_stage(struct record_filter *, const char *);
int filter_matches(const struct record_filter *, const struct pc_record *);
/* Is any condition given? */
int filter_given(const struct record_filter *);
/* Add the output of a matching record to the inputs.  1: that was new. */
int filter_follow(struct record_filter *, const struct pc_record *);
void filter_clear(struct record_filter *);

/* A run of pc-gc: what to do, and what was done. */
struct gc {
	struct cli *cli;
	struct record_filter filter;
	int expired, all, compact, check, repair, rebuild, dry_run, json;
	int erases;        /* deleted data is erased from the disk */
	uint64_t shards;   /* bits of the shards that a pass reads; 0: all */
	int partial;       /* the report covers only those shards */
	int64_t max_bytes; /* -1: no cap */
	enum pc_policy policy;
	const char *export, *import;
	struct pc_ranks ranks;
	struct pc_compact_report report;
	uint64_t deleted, deleted_bytes;
	uint64_t told;         /* events logged for deleted records */
	struct pc_buf damage;  /* JSON objects, one after another */
	unsigned faults;       /* of indexes, slots and the store's own files */
	unsigned others;       /* files that are not the store's */
	unsigned failed, busy; /* shards; of an import, records */
	unsigned foreign;      /* entries that others own or can write */
};

extern const volatile int *gc_stop;

/* Signals stop a run between two records, */
void gc_catch_signals(void);
/* or at once, while it waits for other processes; the store stays valid.  The
 * text why is printed, the file part is removed; both may be NULL, and are not
 * copied. */
void gc_end_by_signals(const struct gc *, const char *why, const char *part);
/* Do one pass over all shards, at low priority.  -1: it was stopped. */
int gc_pass(struct gc *, const struct pc_compact_options *,
    struct pc_compact_report *);
/* After a pass that returned -1: print why, and exit. */
_Noreturn void gc_stopped(struct gc *);
void gc_delete(struct gc *);
void gc_check(struct gc *);
/* Print each entry below dir that others own or can write. */
void gc_audit(struct gc *, const char *dir);
/* Such an entry makes the store unusable, which ends the program, except for
 * --check. */
void gc_refused(struct gc *);
void gc_rebuild(struct gc *);
/* Print the names of files that do not belong to the store. */
void gc_foreign(struct gc *);
void gc_export(struct gc *);
void gc_import_open(struct gc *);
void gc_import(struct gc *);
/* Print what was done, and exit. */
_Noreturn void gc_finish(struct gc *);

#endif
