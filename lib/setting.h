/* setting.h - the table of all settings; private to lib/. */
#ifndef PC_SETTING_H
#define PC_SETTING_H

#include "pc.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_INT,
	SETTING_REAL,
	SETTING_BOOL,
	SETTING_SPAN, /* pc_parse_duration */
	SETTING_SIZE, /* pc_parse_size */
};

struct setting {
	const char *name; /* section.name */
	enum setting_type type;
	const char *value; /* built in, as text */
	double min, max;   /* of numbers */
	const char *what;  /* its meaning, who honours it first */
	/* Why it cannot be anything else, or NULL. */
	const char *fixed;
	const char *env;   /* the variable that overrides it, or NULL */
};

enum { SETTINGS = 39 };

extern const struct setting settings[];

/* The row of that name, or -1. */
int setting_find(const char *name, size_t n);
/* Is text a value of that type?  What one looks like is in err if not. */
int setting_verify(
    const struct setting *, const char *text, struct pc_error *err);
/* The known name that name was perhaps meant to be, or NULL. */
const char *setting_nearest(const char *name);

#endif
