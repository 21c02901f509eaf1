/* help.c - a table of options as text, for people and for completion. */
#include "cli/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 80,
	COLUMN = 26
}; /* columns of a line; where the help texts begin */

char *
option_words(const char *const *words, const char *last)
{
	size_t size = 1;
	char *text, *p;

	for (size_t i = 0; words[i]; i++)
		size += strlen(words[i]) + strlen(last) + 2;
	p = text = malloc(size);
	if (!text)
		return NULL;
	for (size_t i = 0; words[i]; i++)
		p += sprintf(p, "%s%s",
		    i == 0             ? ""
			: words[i + 1] ? ", "
				       : last,
		    words[i]);
	return text;
}

/* Print text, wrapped and indented to COLUMN; column is where it begins. */
static void
print_wrapped(const char *text, size_t column)
{
	int begins = 1;

	while (*text) {
		const size_t n = strcspn(text, " ");

		if (!begins && column + 1 + n > WIDTH) {
			printf("\n%*s", COLUMN, "");
			column = COLUMN;
			begins = 1;
		}
		column += (size_t)printf("%s%.*s", begins ? "" : " ", (int)n,
		    text);
		begins = 0;
		text += n + (text[n] == ' ');
	}
	putchar('\n');
}

/* A value that has a list of words or examples is shown as these. */
static int
shows_words(const struct cli_option *o)
{
	return o->words &&
	    (o->value == OPTION_WORD || o->value == OPTION_TIME ||
		o->value == OPTION_SIZE);
}

static void
print_row(const struct cli_option *o)
{
	char *words = shows_words(o) ? option_words(o->words, ", ") : NULL;
	char text[1024];
	int n;

	if (o->letter)
		n = printf("  -%c, --%s", o->letter, o->name);
	else
		n = printf("      --%s", o->name);
	if (o->arg)
		n += printf(" %s", o->arg);
	n += printf("%*s", n + 2 > COLUMN ? 2 : COLUMN - n, "");
	snprintf(text, sizeof text, "%s%s%s%s", o->help, words ? " (" : "",
	    words ? words : "", words ? ")" : "");
	print_wrapped(text, (size_t)n);
	free(words);
}

void
option_help(const char *program, const char *usage,
    const struct cli_option *options, int all)
{
	fputs(usage, stdout);
	putchar('\n');
	for (const struct cli_option *o = options; o->value; o++) {
		if (o->value == OPTION_SECTION && !all)
			break;
		if (o->value == OPTION_SECTION)
			printf("\n%s:\n", o->help);
		else if (o->name)
			print_row(o);
	}
	if (!all)
		printf("'%s --help all' shows all options.\n", program);
}

static void
print_completion(const char *option, const struct cli_option *o)
{
	static const char *const names[OPTION_VALUES] = {
	    [OPTION_FLAG] = "none",
	    [OPTION_MODE] = "none",
	    [OPTION_VERSION] = "none",
	    [OPTION_HELP] = "word",
	    [OPTION_WORD] = "word",
	    [OPTION_NUMBER] = "number",
	    [OPTION_SIZE] = "size",
	    [OPTION_TIME] = "time",
	    [OPTION_STAGE] = "stage",
	    [OPTION_SET_STAGE] = "stage",
	    [OPTION_ADD_PARAM] = "param",
	    [OPTION_TEXT] = "text",
	    [OPTION_FILE] = "file",
	    [OPTION_DIRECTORY] = "directory",
	    [OPTION_COMMAND] = "command",
	    [OPTION_VARIABLE] = "variable",
	    [OPTION_LANGUAGE] = "language",
	    [OPTION_MODEL] = "model",
	    [OPTION_TEMPLATE] = "template",
	    [OPTION_CHAT] = "chat",
	    [OPTION_SETTING] = "setting",
	    [OPTION_VAR] = "var",
	};

	printf("%s\t%s\t%s\t", option, names[o->value],
	    o->help ? o->help : "operands");
	for (size_t i = 0; o->words && o->words[i]; i++)
		printf("%s%s", i ? "|" : "", o->words[i]);
	for (size_t i = 0; o->name_at && o->name_at(i); i++)
		printf("%s%s=", i ? "|" : "", o->name_at(i));
	putchar('\n');
}

void
option_complete(const struct cli_option *options)
{
	char spelled[64];

	for (const struct cli_option *o = options; o->value; o++) {
		if (o->value == OPTION_SECTION)
			continue;
		if (o->letter) {
			snprintf(spelled, sizeof spelled, "-%c", o->letter);
			print_completion(spelled, o);
		}
		snprintf(spelled, sizeof spelled, "%s%s", o->name ? "--" : "",
		    o->name ? o->name : "operand");
		print_completion(spelled, o);
	}
}
