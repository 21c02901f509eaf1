/* setting.h - the table of all settings and what they are set to; private to
 * lib/. */
#ifndef PC_SETTING_H
#define PC_SETTING_H

#include "pc.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_PATH, /* absolute or from ~/, so that cron finds the same */
	SETTING_INT,
	SETTING_REAL,
	SETTING_BOOL,
	SETTING_SPAN,   /* pc_parse_duration */
	SETTING_SIZE,   /* pc_parse_size */
	SETTING_OBJECT, /* JSON, as it is written */
};

struct setting {
	const char *name; /* section.name */
	enum setting_type type;
	const char *value; /* built in, as text */
	double min, max;   /* of numbers, and of spans in s; 0, 0: any */
	const char *what;  /* its meaning, who honours it first */
	/* Why it cannot be anything else, or NULL. */
	const char *fixed;
	const char *env; /* the variable that overrides it, or NULL */
};

enum { SETTINGS = 53 };

extern const struct setting settings[];

/* The row of that name, or -1. */
int setting_find(const char *name);
/* The first row of that section, or -1. */
int setting_section(const char *section);
/* Is text a value of that type?  What one looks like is in err if not. */
int setting_verify(const struct setting *, const char *text,
    struct pc_error *err);
/* The known section or section.name that name was perhaps meant to be. */
void setting_nearest(const char *name, struct pc_nearest *);

struct pc_config {
	struct value {
		char *text;      /* NULL: the built-in one */
		const char *env; /* NULL: from the file */
		unsigned line;   /* in the file, from 1 */
	} values[SETTINGS];
	char *path; /* of the file; NULL: there is none */
};

/* Take the values that the text of the file at config->path has.  Comments
 * in it are blanked. */
int config_read(struct pc_config *, char *text, size_t n,
    void (*warn)(void *ctx, const char *text), void *ctx, struct pc_error *err);

#endif
