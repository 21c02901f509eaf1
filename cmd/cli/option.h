/* option.h - a program's options, written once.
 *
 * One table yields the arrays of getopt_long(3), checks each value and stores
 * it, prints the help, and tells completion what to offer.  The rows before
 * the first section are the options for daily use, which -h prints;
 * "--help all" prints every row.  Rows are written with the macros below. */
#ifndef OPTION_H
#define OPTION_H

#include <stddef.h>
#include <stdint.h>

struct cli;

/* What a row is: a row without an option, or the value an option takes. */
enum option_value {
	OPTION_END,
	OPTION_SECTION, /* help is the title of the rows that follow */

	OPTION_FLAG,    /* no value: *to.flag becomes 1 */
	OPTION_MODE,    /* no value: see mode */
	OPTION_HELP,    /* print the help and exit */
	OPTION_VERSION, /* print the version and exit */

	OPTION_WORD,      /* one of words: its index goes to *to.flag */
	OPTION_NUMBER,    /* from min to max */
	OPTION_SIZE,      /* in bytes, at least min */
	OPTION_TIME,      /* in us, at least min */
	OPTION_SET_STAGE, /* of cli->spec */
	OPTION_ADD_PARAM, /* to cli->spec */

	/* Text for *to.text; completion offers what each name says. */
	OPTION_TEXT,
	OPTION_FILE,
	OPTION_DIRECTORY,
	OPTION_COMMAND, /* also all words after it, as operands */
	OPTION_STAGE,
	OPTION_VARIABLE,
	OPTION_LANGUAGE,
	OPTION_MODEL,
	OPTION_TEMPLATE,
	OPTION_CHAT,
	OPTION_SETTING, /* a parameter of a model */
	OPTION_VAR,     /* a variable of a template */
	OPTION_VALUES,  /* the number of values */
};

struct cli_option {
	char letter;      /* 0: none */
	const char *name; /* after "--"; NULL: the row describes operands */
	const char *arg;  /* how help calls the value; "[X]": may be left out */
	const char *help;
	enum option_value value;
	const char *const *words; /* all values or examples; NULL: none */
	/* Or the names that NAME in NAME=VALUE may have; NULL after the last.
	 */
	const char *(*name_at)(size_t);
	int64_t min, max;
	union {
		int *flag;
		int64_t *number; /* also bytes and us */
		const char **text;
	} to;
	/* If not NULL, is called instead of storing the value. */
	void (*take)(const char *arg);
	/* The option also sets *mode to is.  Options that set one mode to
	 * different values cannot be combined. */
	int *mode, is;
};

#define WORDS(...)                                                             \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define OPT_TIMES WORDS("90s", "15m", "24h", "30d", "never")

#define OPT_END                                                                \
	{                                                                      \
		.value = OPTION_END                                            \
	}
#define OPT_SECTION(title)                                                     \
	{                                                                      \
		.value = OPTION_SECTION, .help = title                         \
	}
/* What the arguments beside the options are. */
#define OPT_OPERANDS(of, list)                                                 \
	{                                                                      \
		.value = of, .words = list                                     \
	}

#define OPT_FLAG(l, n, target, h)                                              \
	{                                                                      \
		.letter = l, .name = n, .help = h, .value = OPTION_FLAG,       \
		.to.flag = target                                              \
	}
#define OPT_WORD(l, n, a, list, target, h)                                     \
	{                                                                      \
		.letter = l, .name = n, .arg = a, .help = h,                   \
		.value = OPTION_WORD, .words = list, .to.flag = target         \
	}
#define OPT_NUMBER(l, n, low, high, list, target, h)                           \
	{                                                                      \
		.letter = l, .name = n, .arg = "N", .help = h,                 \
		.value = OPTION_NUMBER, .words = list, .min = low,             \
		.max = high, .to.number = target                               \
	}
#define OPT_SIZE(l, n, low, list, target, h)                                   \
	{                                                                      \
		.letter = l, .name = n, .arg = "SIZE", .help = h,              \
		.value = OPTION_SIZE, .words = list, .min = low,               \
		.to.number = target                                            \
	}
#define OPT_TIME(l, n, low, list, target, h)                                   \
	{                                                                      \
		.letter = l, .name = n, .arg = "TIME", .help = h,              \
		.value = OPTION_TIME, .words = list, .min = low,               \
		.to.number = target                                            \
	}
/* of is OPTION_TEXT or one of those after it. */
#define OPT_TEXT(l, n, a, of, list, target, h)                                 \
	{                                                                      \
		.letter = l, .name = n, .arg = a, .help = h, .value = of,      \
		.words = list, .to.text = target                               \
	}
#define OPT_CALL(l, n, a, of, list, function, h)                               \
	{                                                                      \
		.letter = l, .name = n, .arg = a, .help = h, .value = of,      \
		.words = list, .take = function                                \
	}
#define OPT_MODE(n, target, mode_value, h)                                     \
	{                                                                      \
		.name = n, .help = h, .value = OPTION_MODE, .mode = target,    \
		.is = mode_value                                               \
	}
#define OPT_MODE_TEXT(n, a, of, list, text_target, target, mode_value, h)      \
	{                                                                      \
		.name = n, .arg = a, .help = h, .value = of, .words = list,    \
		.to.text = text_target, .mode = target, .is = mode_value       \
	}

/* Options that several programs have; c is the program's struct cli. */
#define OPT_HELP                                                               \
	{                                                                      \
		.letter = 'h', .name = "help", .arg = "[all]",                 \
		.help = "print the options for daily use, or all options",     \
		.value = OPTION_HELP, .words = WORDS("all", "complete")        \
	}
#define OPT_VERSION(l)                                                         \
	{                                                                      \
		.letter = l, .name = "version", .help = "print the version",   \
		.value = OPTION_VERSION                                        \
	}
#define OPT_QUIET(c) OPT_FLAG('q', "quiet", &(c).quiet, "print no warnings")
#define OPT_VERBOSE(c, h) OPT_FLAG('v', "verbose", &(c).verbose, h)
#define OPT_STORE(c)                                                           \
	OPT_TEXT(0, "store", "DIR", OPTION_DIRECTORY, NULL, &(c).store_dir,    \
	    "use the store in this directory")
#define OPT_NO_CACHE(c, h) OPT_FLAG(0, "no-cache", &(c).no_cache, h)
#define OPT_READ_ONLY(c, h) OPT_FLAG(0, "read-only", &(c).read_only, h)
#define OPT_REFRESH(c, h) OPT_FLAG(0, "refresh", &(c).refresh, h)
#define OPT_SYNC(c)                                                            \
	OPT_FLAG(0, "sync", &(c).sync,                                         \
	    "return only when the result is safe on the disk")
#define OPT_STAGE(h)                                                           \
	{                                                                      \
		.letter = 's', .name = "stage", .arg = "STAGE", .help = h,     \
		.value = OPTION_SET_STAGE                                      \
	}
#define OPT_PARAM(h)                                                           \
	{                                                                      \
		.letter = 'p', .name = "param", .arg = "NAME=VALUE",           \
		.help = h, .value = OPTION_ADD_PARAM                           \
	}
#define OPT_TTL(c, h) OPT_TIME('t', "ttl", 0, OPT_TIMES, &(c).ttl, h)
#define OPT_NEGATIVE(target, h) OPT_TIME(0, "negative", 0, OPT_TIMES, target, h)
#define OPT_JOBS(c, h)                                                         \
	OPT_NUMBER('j', "jobs", 1, 1024, WORDS("1", "2", "4", "8"), &(c).jobs, \
	    h)
#define OPT_NULL(c, h) OPT_FLAG('0', "null", &(c).nul, h)
#define OPT_FILES_FROM(c, h)                                                   \
	OPT_TEXT(0, "files-from", "FILE", OPTION_FILE, NULL, &(c).files_from, h)
#define OPT_JSONL(c, h) OPT_FLAG(0, "jsonl", &(c).jsonl, h)
#define OPT_PROGRESS(c)                                                        \
	OPT_FLAG(0, "progress", &(c).progress,                                 \
	    "show progress even if stderr is not a terminal")

/* Take the options of argv and return its operands.  Prints a usage error and
 * exits for a bad option, or prints the help or the version and exits.  If the
 * operands are a command, its own options are left alone. */
char **cli_options(struct cli *, const struct cli_option *, int argc,
    char **argv);
/* The name of the option that gave *mode its value; NULL: no option did. */
const char *option_mode_name(const struct cli_option *, const int *mode);

/* ---- help.c ---- */

/* Print the daily options, or all. */
void option_help(const char *program, const char *usage,
    const struct cli_option *, int all);
/* Print what completion offers: a line for each spelling of an option and for
 * the operands, with tabs between option ("operand"), value, help and words.
 */
void option_complete(const struct cli_option *);
/* The words as "a, b, c", or with last " or ", "a, b or c".  To be freed. */
char *option_words(const char *const *words, const char *last);

#endif
