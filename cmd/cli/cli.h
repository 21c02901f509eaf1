/* cli.h - what the programs share at the command line: messages, exits, common
 * options, lists of names, and a store that may fail. */
#ifndef CLI_H
#define CLI_H

#include "pc.h"
#include "walk.h"

struct pc_run;

/* The bytes of an incomplete character. */
struct terminal {
	unsigned char last;
	int more; /* bytes that are missing */
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
	int64_t negative; /* us; TTL of failures and empty results; -1: they are
			     not stored */
	int refresh, no_cache, offline, read_only, sync, quiet, verbose, nul,
	    jsonl;
	int progress; /* -1: on a terminal */
	int64_t jobs; /* 0: not given */

	/* after cli_open */
	struct pc_config *config;
	struct pc_store *store; /* NULL: there is none to use */
	int store_failed;       /* and a warning was printed */
	int reports; /* the program reports what is stored: a store that cannot
			be read ends it; there may be none */

	struct pc_buf material; /* of the last key */
	int stdin_used;
	int64_t shown;          /* us; when progress was last drawn; 0: never */
	const char *unit;       /* what progress counts, a plural; or NULL */
	char note[64];          /* printed after the progress */
	int terminal;           /* is standard output one?  -1: not known yet */
	struct terminal screen; /* its state */
};

/* ---- beginning ---- */

/* Start the program: standard descriptors, signals, defaults. usage is what
 * --help prints. */
void cli_init(struct cli *, enum pc_program, const char *usage);
/* Cut the arguments at the first "--" and return what comes after it: a
 * command, empty when there is none. */
char *const *cli_command(int *argc, char **argv);
/* ---- messages and exits ---- */

void cli_warn(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void cli_die(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* As cli_die, with a hint at --help. */
_Noreturn void cli_usage(const struct cli *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The exit status if failed of count inputs failed. */
int cli_status(uint64_t failed, uint64_t count);
/* Call handler for SIGINT, SIGTERM and SIGHUP, with flags as for sigaction(2).
 * A signal that is ignored already, by nohup(1) or for a job in the background,
 * stays ignored. */
void cli_catch_signals(void (*handler)(int), int flags);
/* Exit, and fail if standard output could not be written.  The only way out of
 * a program. */
_Noreturn void cli_exit(struct cli *, int status);
/* With -v, print one line for the stage. */
void cli_say(const struct cli *, const char *what, const struct pc_id *key,
    int64_t us);
/* Print "done of total" on a terminal; total 0: unknown. */
void cli_progress(struct cli *, uint64_t done, uint64_t total);
/* Clear the progress line before a write to standard output, which may be the
 * same terminal. */
void cli_progress_off(const struct cli *);

/* ---- terminal.c ---- */

/* Write to standard output without stdio.  On a terminal, control characters
 * are printed as '?', except newlines and tabs.  -1: errno. */
int cli_write(struct cli *, const void *, size_t);
/* The same for what send writes to a descriptor: standard output, or a memory
 * file if that is a terminal. */
int cli_send(struct cli *, int (*send)(const void *, int out),
    const void *what);
/* Replace control characters in place, and return the new length; without
 * lines, also newlines and tabs.  The text may come in pieces. */
size_t terminal_clean(struct terminal *, char *, size_t, int lines);
/* The same for a whole text, which becomes one line.  Messages are passed
 * through this. */
void terminal_line(char *);
/* Add a name to out as sha256sum(1) writes one: \n, \r and \\ for a line end,
 * a carriage return and a backslash; and \ooo, in octal, for each other byte
 * that terminal_line would replace, but for tabs.  1: something was escaped;
 * -1: no memory. */
int terminal_escape(struct pc_buf *out, const char *name);

/* ---- configuration and store ---- */

/* Load the configuration and open the store, or warn and leave it NULL. */
void cli_open(struct cli *);
/* The two halves of cli_open. */
void cli_load_config(struct cli *);
void cli_open_store(struct cli *);
/* Try to open the store without a message.  1: there is none yet; -1: it cannot
 * be used; both with the reason. */
int cli_try_store(struct cli *, struct pc_error *);
/* An operation on the store failed (errno): warn once, and stop using the
 * store.  Ends the program if features.fallback_on_error is off. */
void cli_store_failed(struct cli *, const char *what);
/* The same for a program that reports what is stored: end it. */
_Noreturn void cli_store_die(struct cli *, const char *what);
/* Describe in words why (errno) it failed. */
void cli_store_fault(const struct cli *, const char *what, struct pc_error *);
/* The time at which a result stored now expires: after ttl, or if that is -1,
 * after the setting's TTL. */
int64_t cli_expires(const struct cli *, int64_t ttl, const char *setting);
/* Record an event; stage and times are filled in. */
void cli_event(struct cli *, enum pc_event_kind, struct pc_event);
/* Record the memory of a part of this run; stage and times are filled in. */
void cli_memory(struct cli *, struct pc_run);

/* ---- inputs and keys ---- */

/* The content id of a file, or of stdin for "-".  -1 after a warning. */
int cli_ident(struct cli *, const char *name, unsigned flags, struct pc_id *);
/* Add an id to the spec's inputs. */
void cli_input_id(struct cli *, const struct pc_id *);
/* The key of cli->spec, its material left in cli->material. */
void cli_key(struct cli *, struct pc_id *);
/* The key of the spec with this one input more; the spec stays as it is. */
void cli_key_with(struct cli *, const struct pc_id *input, struct pc_id *key);
/* End the program if -k's text, or NULL, cannot be combined with the other
 * options. */
void cli_check_key(const struct cli *, const char *text, char *const *inputs);
/* Open the store, and get the key: the one given as text, or else that of the
 * stage, the parameters and these inputs. */
void cli_find_key(struct cli *, const char *text, char *const *inputs,
    struct pc_id *key);
/* Print why key, whose material is cli->material, is a miss, and exit: with 0
 * for a hit, else with missed. */
_Noreturn void cli_explain(struct cli *, const struct pc_id *key, int missed);
/* Does each name have a key of its own (-0, --files-from, --jsonl)? */
int cli_many(const struct cli *);

/* ---- names (names.c) ---- */

enum cli_name_kind {
	CLI_NAME_FILE,
	CLI_NAME_KEY,
	CLI_NAME_ID,
	CLI_NAME_URL,
};

/* A document or key of a list, valid until the next one is read. */
struct cli_name {
	enum cli_name_kind kind;
	const char *text;
	const unsigned char *value; /* of a JSON record; NULL: it has none */
	size_t value_len;
};

/* Names: from the arguments, or from --files-from, or with -0 from standard
 * input, or with --jsonl from records on standard input. */
struct cli_names {
	char *const *argv;
	int from;           /* descriptor of the list; -1: none */
	struct pc_buf read; /* bytes of the list that were read */
	size_t at;          /* how many of them were used */
	int delimiter, records;
	int blank; /* an empty line is a name, too */
	struct pc_buf line;
	int begun, too_long; /* a part of the line was read; it is too long */
	int ready, came;  /* the line is complete; the result of reading it */
	uint64_t count;   /* names so far, bad ones included */
	int recursive;    /* a directory means the files in it */
	int from_list;    /* there is a list */
	int urls;         /* names are URLs: a record has "url", or is a URL */
	struct walk walk; /* in the directory that is being read */
	struct pc_json *record;
	struct pc_buf value;
};

void cli_names_open(struct cli *, struct cli_names *, char *const *argv);
/* Read the next name.  0: a name; 1: the end; -1: a bad one, after a warning;
 * others may follow. */
int cli_names_next(struct cli *, struct cli_names *, struct cli_name *);
/* Read the next line of the list unchanged, with a NUL after it, for a program
 * that parses its own records.  Returns as cli_names_next. */
int cli_names_line(struct cli *, struct cli_names *);
/* Can the next name, or the end, be read without waiting?  The line read before
 * becomes invalid. */
int cli_names_ready(struct cli *, struct cli_names *);
/* Read the whole list, and call each with every name in it that is a file's,
 * before the first is used. */
void cli_names_look_ahead(struct cli *, struct cli_names *,
    void (*each)(void *ctx, const char *name), void *ctx);
void cli_names_close(struct cli_names *);
/* Make the name's key and, if it is not a key itself and id is not NULL, its
 * content id.  -1 after a warning. */
int cli_name_key(struct cli *, const struct cli_name *, struct pc_id *id,
    struct pc_id *key);

#endif
