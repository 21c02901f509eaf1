/* asking.h - one worker of pc-doc, which is asked one thing after another and
 * waited for: work on a whole document, not on its pages. */
#ifndef ASKING_H
#define ASKING_H

#include "tool.h"

#include "reader/team.h"

struct pdf_asking {
	struct pdf_task *task; /* all other members are owned */
	const char *what;      /* it is doing, for messages: "while it ..." */
	char *argv[8], seconds[16], megapixels[16];
	struct team team;
	struct worker worker; /* has the last answer */
};

/* Start pc-doc with the document at fd.  seconds: its limit per request; 0:
 * none.  -1: task->error.  Call asking_end() in any case. */
int asking_begin(struct pdf_asking *, struct pdf_task *, int fd,
    unsigned seconds, const char *what);
/* Send a request, with the bytes of a REQUEST_LAYER, and wait for an answer
 * that is not an error.  -1: task->error. */
int asking_ask(struct pdf_asking *, const struct page_request *,
    const void *bytes);
/* Did the worker end without an answer to the last request? */
int asking_crashed(const struct pdf_asking *);
void asking_end(struct pdf_asking *);

#endif
