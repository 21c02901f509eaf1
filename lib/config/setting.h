/* setting.h - the table of all settings, and their current values; private to
 * lib/. */
#ifndef PC_SETTING_H
#define PC_SETTING_H

#include "pc.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_PATH, /* absolute or ~/..., so that cron finds it too */
	SETTING_INT,
	SETTING_REAL,
	SETTING_BOOL,
	SETTING_SPAN,   /* as for pc_parse_duration */
	SETTING_SIZE,   /* as for pc_parse_size */
	SETTING_OBJECT, /* JSON, kept as written */
};

struct setting {
	const char *name; /* section.name */
	enum setting_type type;
	const char *value; /* the default, as text */
	double min, max;   /* for numbers, and for spans in s; 0, 0: any */
	const char *what;  /* the programs that use it, and its meaning */
	/* Why the setting cannot be changed, or NULL. */
	const char *fixed;
	const char *env; /* the variable that overrides it, or NULL */
};

enum { SETTINGS = 59 };

extern const struct setting settings[];

/* The row of that name, or -1. */
int setting_find(const char *name);
/* The first row of that section, or -1. */
int setting_section(const char *section);
/* Is text a value of that type?  If not, err explains what is valid. */
int setting_verify(const struct setting *, const char *text,
    struct pc_error *err);
/* Find the known section or section.name that is nearest to name. */
void setting_nearest(const char *name, struct pc_nearest *);

struct pc_config {
	struct value {
		char *text;      /* NULL: the default */
		const char *env; /* NULL: it is from the file */
		unsigned line;   /* line in the file, from 1 */
	} values[SETTINGS];
	char *path;  /* of the file; NULL: no file */
	int private; /* see pc_config_is_private() */
};

/* Take the settings from the text of the file at config->path.  Comments in the
 * text are overwritten with blanks. */
int config_read(struct pc_config *, char *text, size_t n,
    void (*warn)(void *ctx, const char *text), void *ctx, struct pc_error *err);

#endif
