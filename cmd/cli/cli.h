/* cli.h - what the programs share at the command line: messages, exits, what
 * common options give, names from anywhere, and a store that may fail. */
#ifndef CLI_H
#define CLI_H

#include "pc.h"

#include <fts.h>

struct pc_run;

/* What has come of a character so far. */
struct terminal {
	unsigned char last;
	int more; /* bytes of it to come */
};

struct cli {
	enum pc_program program;
	const char *usage;
	int fail;        /* the exit status of usage errors and failures */
	int64_t began;   /* pc_ticks() */
	int64_t started; /* pc_now() */

	/* the common options */
	const char *store_dir, *files_from;
	struct pc_spec spec;
	int64_t ttl;      /* us; -1: not given */
	int64_t negative; /* us that failures and empty results are kept;
			   * -1: they are not stored */
	int refresh, no_cache, offline, read_only, sync, quiet, verbose, nul,
	    jsonl;
	int progress; /* -1: on a terminal */
	int64_t jobs; /* 0: not given */

	/* after cli_open */
	struct pc_config *config;
	struct pc_store *store; /* NULL: there is none to use */
	int store_failed;       /* said once */
	int reports; /* what is stored is the answer: a store that cannot
		      * be read ends the program; there may be none */

	struct pc_buf material; /* of the last key */
	int stdin_used;
	int64_t shown;          /* when progress was last drawn; 0: never */
	char note[64];          /* what stands beside it */
	int terminal;           /* is standard output one?  -1: not known yet */
	struct terminal screen; /* there */
};

/* ---- beginning ---- */

/* Begin: std descriptors, signals, defaults.  usage is what --help prints. */
void cli_init(struct cli *, enum pc_program, const char *usage);
/* Cut the arguments at the first "--" and return what comes after it: a
 * command, empty when there is none. */
char *const *cli_command(int *argc, char **argv);
/* ---- messages and exits ---- */

void cli_warn(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void cli_die(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* As cli_die, and points to --help. */
_Noreturn void cli_usage(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The status when failed of count inputs failed. */
int cli_status(uint64_t failed, uint64_t count);
/* Have handler called for SIGINT, SIGTERM and SIGHUP, with flags as
 * sigaction(2) takes them.  What nohup(1) or a shell has us ignore, for a job
 * in the background, stays ignored. */
void cli_catch_signals(void (*handler)(int), int flags);
/* The one way out: what was printed must have arrived. */
_Noreturn void cli_exit(struct cli *, int status);
/* -v: one line a stage. */
void cli_say(const struct cli *, const char *what, const struct pc_id *key,
    int64_t us);
/* "done of total" on a terminal; total 0 when it is not known. */
void cli_progress(struct cli *, uint64_t done, uint64_t total);
/* Before standard output is written to, which may be on the same terminal. */
void cli_progress_off(const struct cli *);

/* ---- terminal.c ---- */

/* Write to standard output, past stdio; on a terminal all that would do more
 * than show itself is '?', but for newlines and tabs.  -1: errno. */
int cli_write(struct cli *, const void *, size_t);
/* The same of what send writes to a descriptor: standard output, or a file in
 * memory for a terminal. */
int cli_send(struct cli *, int (*send)(const void *, int out),
    const void *what);
/* Do the same to a text, in place; its new length.  Without lines, newlines
 * and tabs are '?' too.  It may come in pieces. */
size_t terminal_clean(struct terminal *, char *, size_t, int lines);
/* To a whole text, which becomes one line.  Messages have that done. */
void terminal_line(char *);
/* Add a name to out as sha256sum(1) writes one: \n, \r and \\ for a line end,
 * a carriage return and a backslash; and \ooo, in octal, for each other byte
 * that terminal_line would replace, but for tabs.  1: something was escaped;
 * -1: no memory. */
int terminal_escape(struct pc_buf *out, const char *name);

/* ---- configuration and store ---- */

/* Load the configuration and open the store, or warn and leave it NULL. */
void cli_open(struct cli *);
/* The two halves of it. */
void cli_load_config(struct cli *);
void cli_open_store(struct cli *);
/* Try to open it, and print nothing.  1: there is none yet; -1: it cannot be
 * used; both with the reason. */
int cli_try_store(struct cli *, struct pc_error *);
/* An operation on the store failed (errno): say so once, use it no more.
 * Ends the program when features.fallback_on_error is off. */
void cli_store_failed(struct cli *, const char *what);
/* The same for a program that reports what is stored: it ends. */
_Noreturn void cli_store_die(struct cli *, const char *what);
/* Say why (errno) what could not be done. */
void cli_store_fault(const struct cli *, const char *what, struct pc_error *);
/* When a result stored now goes: after ttl, or after the setting's when ttl
 * is -1. */
int64_t cli_expires(const struct cli *, int64_t ttl, const char *setting);
/* Record what happened; stage and times are filled in. */
void cli_event(struct cli *, enum pc_event_kind, struct pc_event);
/* Record what a part of this run held; stage and times are filled in. */
void cli_memory(struct cli *, struct pc_run);

/* ---- inputs and keys ---- */

/* The content id of a file, or of stdin for "-". -1 after a warning. */
int cli_ident(struct cli *, const char *name, unsigned flags, struct pc_id *);
/* Add an id to the spec's inputs. */
void cli_input_id(struct cli *, const struct pc_id *);
/* The key of cli->spec, its material left in cli->material. */
void cli_key(struct cli *, struct pc_id *);
/* The key of the spec with this one input more; the spec stays as it is. */
void cli_key_with(struct cli *, const struct pc_id *input, struct pc_id *key);
/* End the program if -k's text, or NULL, does not go with the rest. */
void cli_check_key(const struct cli *, const char *text, char *const *inputs);
/* Open the store and take the key that text is or else that the stage, the
 * parameters and these inputs have. */
void cli_find_key(struct cli *, const char *text, char *const *inputs,
    struct pc_id *key);
/* Print why key, whose material is cli->material, misses, and end. */
_Noreturn void cli_explain(struct cli *, const struct pc_id *key);
/* Are the names documents with a key each (-0, --files-from, --jsonl)? */
int cli_many(const struct cli *);

/* ---- names (names.c) ---- */

enum cli_name_kind {
	CLI_NAME_FILE,
	CLI_NAME_KEY,
	CLI_NAME_ID,
	CLI_NAME_URL,
};

/* One document or key of many, good until the next. */
struct cli_name {
	enum cli_name_kind kind;
	const char *text;
	const unsigned char *value; /* a JSON record's; NULL: it has none */
	size_t value_len;
};

/* Names from the arguments, else one after the other from --files-from, else
 * with -0 from standard input, else with --jsonl as records from there. */
struct cli_names {
	char *const *argv;
	int from;           /* the list; -1: none */
	struct pc_buf read; /* of it, and not yet gone through */
	size_t at;          /* what of that was */
	int delimiter, records;
	int blank; /* an empty line is one, too */
	struct pc_buf line;
	int begun, too_long; /* the line, of which a part came; is too long */
	int ready, came;     /* it is whole, and what reading it gave */
	uint64_t count;      /* met so far, bad ones too */
	int recursive;       /* a directory stands for all files in it, sorted,
			      * those whose names begin with a dot aside */
	int urls;            /* they are URLs: a record has "url", or is one */
	FTS *walk;           /* of the directory that is gone through */
	struct pc_json *record;
	struct pc_buf value;
};

void cli_names_open(struct cli *, struct cli_names *, char *const *argv);
/* 0: a name; 1: no more; -1: a bad one, after a warning; others may follow. */
int cli_names_next(struct cli *, struct cli_names *, struct cli_name *);
/* The next line of the list as it is, in line, with a NUL after it, for a
 * program that reads records of its own.  As cli_names_next. */
int cli_names_line(struct cli *, struct cli_names *);
/* Is there a name, or an end, without a wait for names.from?  The line before
 * is then gone. */
int cli_names_ready(struct cli *, struct cli_names *);
void cli_names_close(struct cli_names *);
/* The name's key and, when it is not a key itself and id is not NULL, its
 * content id.  -1 after a warning. */
int cli_name_key(struct cli *, const struct cli_name *, struct pc_id *id,
    struct pc_id *key);

#endif
