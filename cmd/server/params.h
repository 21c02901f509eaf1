/* params.h - the parameters of a request: temperature, seed, ... */
#ifndef SERVER_PARAMS_H
#define SERVER_PARAMS_H

#include "pc.h"

enum param_type {
	PARAM_INT,
	PARAM_REAL,
	PARAM_BOOL,
	PARAM_TEXTS, /* a string, or a JSON array of them */
};

/* A parameter that servers know; the names are Ollama's. */
struct param_kind {
	const char *name;
	enum param_type type;
	const char *openai; /* the OpenAI API's name; NULL: it has none */
	const char *what;
};

extern const struct param_kind param_kinds[]; /* the last has no name */

/* Is a parameter part of the key, and does it come from the command line? */
enum param_origin {
	PARAM_UNKEYED,
	PARAM_KEYED,
	PARAM_GIVEN, /* keyed, from the command line */
};

/* How much a model thinks before it answers. */
enum think {
	THINK_OFF,
	THINK_ON,
	THINK_LOW,
	THINK_MEDIUM,
	THINK_HIGH,
	THINK_MAX,
	THINKS
};
extern const char *const think_names[]; /* "off", ..., NULL */

struct params {
	struct param {
		const struct param_kind *kind;
		char *value; /* as JSON, or ""; owned */
		enum param_origin keyed;
	} * all;
	size_t count;
};

/* Set a parameter to the value that a person wrote; "": it is not sent.  -1
 * with the reason in err, with the nearest name if it is unknown. */
int params_set(struct params *, const char *name, size_t name_len,
    const char *value, enum param_origin, struct pc_error *err);
/* "name=value" */
int params_parse(struct params *, const char *text, struct pc_error *err);
/* A member of a JSON object. */
int params_set_member(struct params *, const char *name,
    const struct pc_json *value, struct pc_error *err);
/* Each member of a JSON object. */
int params_set_json(struct params *, const struct pc_json *object,
    struct pc_error *err);
/* Its value as JSON, or NULL if it is not set, or "" if it is not sent. */
const char *params_get(const struct params *, const char *name);
/* Add the parameters of from that are not set yet. */
int params_default(struct params *, const struct params *from);
void params_clear(struct params *);

#endif
