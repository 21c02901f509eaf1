/* option.c - take the options that a table describes. */
#include "cli/option.h"

#include "cli/cli.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTIONS_MAX = 80, /* rows of the longest table, and some more */
	FIRST_ROW = 256,  /* getopt's value of the first row's long name */
};

/* getopt_long's view of a table. */
struct getopt_view {
	char letters[2 + 2 * OPTIONS_MAX + 1];
	struct option names[OPTIONS_MAX + 1];
};

/* ---- messages ---- */

static _Noreturn void
unknown_name(const struct cli *c, const struct cli_option *options,
    const char *word)
{
	const size_t n = strcspn(word, "=");
	struct pc_nearest nearest = {0};
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)n, word);
	for (const struct cli_option *o = options; o->value; o++)
		if (o->name)
			pc_nearest_offer(&nearest, o->name,
			    pc_word_distance(name, o->name));
	if (*nearest.name)
		cli_die(c, "unknown option '--%s'; did you mean '--%s'?", name,
		    nearest.name);
	cli_usage(c, "unknown option '--%s'", name);
}

/* End with the names that word could be short for, if there are several. */
static void
check_ambiguous(const struct cli *c, const struct cli_option *options,
    const char *word)
{
	const size_t n = strcspn(word, "=");
	struct pc_buf names = {0};
	int count = 0;

	for (const struct cli_option *o = options; o->value; o++)
		if (o->name && strncmp(o->name, word, n) == 0)
			pc_buf_addf(&names, "%s--%s", count++ ? ", " : "",
			    o->name);
	if (count > 1)
		cli_die(c, "option '--%.*s' is ambiguous: %.*s", (int)n, word,
		    (int)names.len, (char *)names.data);
	pc_buf_clear(&names);
}

static const struct cli_option *
find_row(const struct cli_option *options, int c)
{
	if (c >= FIRST_ROW)
		return &options[c - FIRST_ROW];
	while (options->value && options->letter != c)
		options++;
	return options;
}

/* Say what getopt_long(3) did not like: c is what it returned. */
static _Noreturn void
refuse(const struct cli *cli, const struct cli_option *options, int c,
    const char *word)
{
	const struct cli_option *o = find_row(options, optopt);

	if (c == ':')
		cli_usage(cli, "--%s requires a value: %s", o->name, o->arg);
	if (optopt >= FIRST_ROW)
		cli_usage(cli, "--%s takes no value", o->name);
	if (optopt)
		cli_usage(cli, "unknown option '-%c'", optopt);
	check_ambiguous(cli, options, word + 2);
	unknown_name(cli, options, word + 2);
}

static _Noreturn void
bad_value(const struct cli *c, const struct cli_option *o, const char *arg,
    const char *what)
{
	char *words = o->words ? option_words(o->words, " or ") : NULL;

	cli_usage(c, "bad --%s '%s': give %s%s", o->name, arg, what,
	    words ? words : "");
}

/* ---- values ---- */

static int
word_index(const char *const *words, const char *arg)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(arg, words[i]) == 0)
			return i;
	return -1;
}

static void
take_word(const struct cli *c, const struct cli_option *o, const char *arg)
{
	const int i = word_index(o->words, arg);

	if (i < 0)
		bad_value(c, o, arg, "");
	*o->to.flag = i;
}

static void
take_number(const struct cli *c, const struct cli_option *o, const char *arg)
{
	if (pc_parse_int(arg, o->min, o->max, o->to.number) < 0)
		cli_usage(c, "bad --%s '%s': give a number from %lld to %lld",
		    o->name, arg, (long long)o->min, (long long)o->max);
}

static void
take_size(const struct cli *c, const struct cli_option *o, const char *arg)
{
	if (pc_parse_size(arg, o->to.number) < 0 || *o->to.number < o->min)
		bad_value(c, o, arg, "a size such as ");
}

static void
take_time(const struct cli *c, const struct cli_option *o, const char *arg)
{
	if (pc_parse_duration(arg, o->to.number) < 0 || *o->to.number < o->min)
		bad_value(c, o, arg, "a time such as ");
}

static void
take_stage(struct cli *c, const char *arg)
{
	if (pc_spec_stage(&c->spec, arg) < 0)
		cli_usage(c,
		    "bad stage '%s': give up to %d of a-z, 0-9, '.', '_' and "
		    "'-', a letter or digit first",
		    arg, PC_STAGE_MAX);
}

static void
take_param(struct cli *c, const char *arg)
{
	if (pc_spec_param(&c->spec, arg) == 0)
		return;
	if (errno == EINVAL)
		cli_usage(c, "bad parameter '%s': give it as name=value", arg);
	cli_die(c, "cannot take parameter '%.40s': %s", arg, strerror(errno));
}

static void
take_text(const struct cli *c, const struct cli_option *o, const char *arg)
{
	if (o->value == OPTION_DIRECTORY && !*arg)
		cli_usage(c, "--%s requires a directory", o->name);
	*o->to.text = arg;
}

/* ---- options ---- */

static _Noreturn void
help(struct cli *c, const struct cli_option *options,
    const struct cli_option *o, const char *arg)
{
	const int i = arg ? word_index(o->words, arg) : -1;

	if (arg && i < 0)
		bad_value(c, o, arg, "");
	if (i == 1)
		option_complete(options);
	else
		option_help(pc_program_name(c->program), c->usage, options,
		    i == 0);
	cli_exit(c, PC_EXIT_OK);
}

const char *
option_mode_name(const struct cli_option *o, const int *mode)
{
	while (o->value && (o->mode != mode || o->is != *mode))
		o++;
	return o->name;
}

static void
set_mode(const struct cli *c, const struct cli_option *options,
    const struct cli_option *o)
{
	const char *other;

	if (*o->mode && *o->mode != o->is) {
		other = option_mode_name(options, o->mode);
		cli_usage(c, "--%s cannot be combined with %s%s", o->name,
		    other ? "--" : "", other ? other : "this command");
	}
	*o->mode = o->is;
}

static void
take_option(struct cli *c, const struct cli_option *options,
    const struct cli_option *o, const char *arg)
{
	if (o->mode)
		set_mode(c, options, o);
	if (o->value == OPTION_NUMBER && !arg)
		return; /* it may be left out */
	if (o->take) {
		o->take(arg);
		return;
	}
	switch (o->value) {
	case OPTION_MODE:
		return;
	case OPTION_FLAG:
		*o->to.flag = 1;
		return;
	case OPTION_HELP:
		help(c, options, o, arg);
	case OPTION_VERSION:
		printf("%s (pc) %s\n", pc_program_name(c->program), PC_VERSION);
		cli_exit(c, PC_EXIT_OK);
	case OPTION_WORD:
		take_word(c, o, arg);
		return;
	case OPTION_NUMBER:
		take_number(c, o, arg);
		return;
	case OPTION_SIZE:
		take_size(c, o, arg);
		return;
	case OPTION_TIME:
		take_time(c, o, arg);
		return;
	case OPTION_SET_STAGE:
		take_stage(c, arg);
		return;
	case OPTION_ADD_PARAM:
		take_param(c, arg);
		return;
	default:
		take_text(c, o, arg);
	}
}

/* A value that may be left out may be a word of its own too.  NULL: it was
 * left out. */
static const char *
optional_value(const struct cli_option *o, char *const *argv)
{
	const char *next = argv[optind];

	if (!next || !o->arg || *o->arg != '[')
		return NULL;
	if (o->value == OPTION_NUMBER ? *next < '0' || *next > '9'
				      : word_index(o->words, next) < 0)
		return NULL;
	optind++;
	return next;
}

static void
add_row(struct getopt_view *view, size_t *rows, char **letter,
    const struct cli_option *o, int value)
{
	const int has_arg = !o->arg ? no_argument
	    : *o->arg == '['        ? optional_argument
				    : required_argument;

	view->names[(*rows)++] = (struct option){o->name, has_arg, NULL, value};
	if (!o->letter)
		return;
	*(*letter)++ = o->letter;
	if (has_arg == required_argument)
		*(*letter)++ = ':';
}

static void
make_view(struct getopt_view *view, const struct cli_option *options)
{
	char *letter = view->letters;
	size_t rows = 0;

	for (const struct cli_option *o = options; o->value; o++)
		if (!o->name && o->value == OPTION_COMMAND)
			*letter++ = '+';
	*letter++ = ':';
	for (int i = 0; options[i].value; i++) {
		assert(i < OPTIONS_MAX);
		if (options[i].name)
			add_row(view, &rows, &letter, &options[i],
			    FIRST_ROW + i);
	}
	*letter = '\0';
	view->names[rows] = (struct option){0};
}

char **
cli_options(struct cli *c, const struct cli_option *options, int argc,
    char **argv)
{
	const struct cli_option *o;
	struct getopt_view view;
	int opt;

	make_view(&view, options);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, view.letters, view.names,
		    NULL)) != -1) {
		if (opt == '?' || opt == ':')
			refuse(c, options, opt, argv[optind - 1]);
		o = find_row(options, opt);
		take_option(c, options, o,
		    optarg ? optarg : optional_value(o, argv));
	}
	return argv + optind;
}
