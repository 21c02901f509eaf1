/* crew.h - a helper's workers. */
#ifndef CREW_H
#define CREW_H

struct page_request;
struct page_answer;

struct crew_work {
	int channel;
	int document;   /* -1 when none came */
	unsigned walls; /* parts of the sandbox around it (sandbox.h) */
};

enum {
	CREW_FONTS = 1,         /* a worker can read the files that rendering
				 * text needs */
	CREW_WHOLE_SANDBOX = 2, /* fail if a part of the sandbox is missing */
};

/* What makes workers cheaper if there are many; called once in the helper,
 * before one of them is forked, if it sees only the files that they see.  It
 * must not depend on a document.  Set it first; NULL: nothing. */
extern void (*crew_warm_up)(void);

/* Fork a worker for each channel that arrives on standard input, until that
 * ends.  Each confines itself and calls serve.  how: CREW_ flags.  Returns the
 * exit status. */
int crew_run(const char *program,
    void (*serve)(void *ctx, const struct crew_work *), void *ctx, int how);
/* In a worker: wait for the next request.  1: there are no more. */
int crew_next_request(int channel, struct page_request *);
/* Send a->length bytes at p as the answer; an error has no bytes. */
void crew_send_answer(int channel, struct page_answer *, const void *p);

#endif
