/* memory.h - what the files of pc-memstat share. */
#ifndef MEMORY_H
#define MEMORY_H

#include "admit/machine.h"
#include "cli/cli.h"
#include "cli/size.h"
#include "server/ollama_models.h"

#include "ledger.h"

enum form {
	FORM_TEXT,
	FORM_JSON,
	FORM_PROMETHEUS,
};

/* ---- gpu.c ---- */

enum { GPUS_MAX = 64 };

struct gpu {
	int index;            /* NVML's */
	char name[96];        /* "": unknown */
	uint64_t total, used; /* bytes */
};

struct gpus {
	struct gpu gpu[GPUS_MAX];
	int count;       /* 0 if there is no driver */
	int hung;        /* the driver did not answer in time */
	char fault[192]; /* why some or all GPUs are missing; "": none is */
};

void gpus_read(struct gpus *);

/* ---- connect.c: the inference servers ---- */

enum { LOADING_MAX = 900 }; /* s that a model may take to load */

struct servers;

/* The servers that urls name, or else the configuration.  Ends the program on
 * a bad URL.  An answer is awaited for wait us. */
struct servers *servers_open(struct cli *, char *const *urls, size_t count,
    int64_t wait);
void servers_close(struct servers *);
/* From now on an answer is awaited for wait us. */
void servers_patience(struct servers *, int64_t wait);
const char *servers_url(const struct servers *, int server);

/* ---- models.c: what they have loaded ---- */

struct models {
	struct model_loaded *all; /* owned */
	size_t count;
	int servers; /* number of servers asked */
	struct pc_error
	    down[8]; /* by server: why it did not answer; "": it did */
};

/* List what is loaded; with kinds, also what each model is for. */
void servers_models(struct servers *, int kinds, struct models *);
void models_clear(struct models *);
/* Have a model unloaded, or loaded and kept for keep us (PC_NEVER: until it is
 * unloaded).  The server goes on unloading after the answer.  -1 with err. */
int servers_unload(struct servers *, int server, const char *model,
    struct pc_error *);
int servers_preload(struct servers *, int server, const char *model,
    int64_t keep, struct pc_error *);
/* Does meant, which a user wrote, name this model?  Without a tag it means
 * :latest; case does not matter. */
int model_is(const char *meant, const char *name);

/* ---- now.c ---- */

/* Append the memory in use now.  The servers may be NULL. */
void now_add(struct cli *, struct servers *, enum form, struct pc_buf *);
/* ---- words.c ---- */

/* Print what b holds, and clear it. */
void memstat_print(struct cli *, struct pc_buf *);
/* Append text from outside: at most that many bytes, and without control
 * characters. */
void add_words(struct pc_buf *, const char *, size_t most);

/* ---- release_rules.c ---- */

/* The models that a stage's rule unloads, as bits for release_wanted.  Ends the
 * program if the stage has no rule. */
unsigned release_rule(struct cli *, const char *stage);
/* Does the rule unload this model? */
int release_wanted(struct cli *, const struct models *,
    const struct model_loaded *, unsigned rule);

/* ---- release.c ---- */

/* Each returns the exit status, and waits at most wait us until the models are
 * unloaded.  Ends the program if the stage has no rule. */
int release_stage(struct cli *, struct servers *, const char *stage,
    int64_t wait, int json);
int release_model(struct cli *, struct servers *, const char *model,
    int64_t wait, int json);
int release_preload(struct cli *, struct servers *, const char *model,
    int json);

/* ---- zone.c: a cgroup for one command ---- */

struct zone {
	const struct cgroup_kind *kind; /* NULL: there is none */
	char name[CGROUP_MAX];
	char own[CGROUP_MAX]; /* our own cgroup */
};

/* Create one, if that is allowed and it counts memory. */
void zone_open(struct zone *);
int zone_enter(const struct zone *, pid_t);  /* -1: it stays outside */
uint32_t zone_peak_kib(const struct zone *); /* 0: not known */
uint32_t zone_held_kib(const struct zone *); /* now */
uint32_t zone_files_kib(
    const struct zone *); /* now; the kernel can drop them */
void zone_close(struct zone *);

/* ---- measure.c: one run of a command ---- */

enum { SAMPLES_MAX = 512 };

struct measure {
	/* set by the caller */
	char *const *argv;
	int in, out; /* its stdin and stdout; -1: ours */
	/* set by measure_run */
	int status;                  /* as in a shell; 126 and 127 as env(1) */
	int error;                   /* errno if it did not start */
	int64_t wall;                /* us */
	uint32_t start_kib, end_kib; /* used on the machine, before */
	uint32_t peak_kib;           /* of all its processes together */
	uint32_t freed_kib; /* the part of the peak that is free again */
	enum pc_measured how;
	uint32_t samples[SAMPLES_MAX]; /* KiB, over time */
	size_t sample_count;
};

void measure_run(struct measure *);
/* KiB of all processes below this one.  Without shares: resident, so shared
 * memory counts for each process.  With shares: PSS, which is slow. */
uint32_t process_tree_kib(int shares);

/* ---- run.c, compare.c, sparkline.c ---- */

/* With json, the report on standard error is a JSON object. */
int run_command(struct cli *, char *const *argv, int json);
/* Returns 1 if their outputs differ. */
int compare_commands(struct cli *, char *const *a, char *const *b,
    unsigned times, int json);
/* Draw at most width bars on one line; text ends with NUL. */
void sparkline(struct pc_buf *text, const uint32_t *values, size_t count,
    size_t width);

/* ---- history.c, history_print.c ---- */

struct history {
	int by_component;
	const char *stage; /* only this one; NULL: all */
	int64_t since;     /* us since the epoch */
	int json;
};

void history_print(struct cli *, const struct history *);
void history_report(struct cli *, const struct history *);
/* The highest peak of a stage's workers in the events, bytes; 0: none. */
uint64_t history_peak(struct cli *, const char *stage);

/* ---- limits.c ---- */

int limits_check(struct cli *, int64_t warn, int64_t critical);
int wait_for(struct cli *, uint64_t bytes, int64_t wait);
int admit(struct cli *, const char *stage, unsigned most, int64_t pages,
    int json);

#endif
