/* error_body.h - what a server says about an error, under any status. */
#ifndef SERVER_ERROR_BODY_H
#define SERVER_ERROR_BODY_H

#include "pc.h"

struct error_body {
	char text[256]; /* for people, one line, never "" */
	char kind[64];  /* the server's name for this kind of error, or "" */
	int code;       /* an HTTP status in the body, or 0 */
	int signin;     /* Ollama wants its user to sign in at ollama.com */
};

/* Parse a body: JSON, a web page, or text. */
void error_body_parse(struct error_body *, const void *body, size_t n);
/* Does it say that the prompt does not fit into the context? */
int error_body_too_long(const struct error_body *, int status);
/* Say so, in its words. */
void error_body_say_too_long(const struct error_body *, struct pc_error *);
/* Can the same request succeed later?  Status 0: none is known. */
int error_body_passes(const struct error_body *, int status);

#endif
