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

/* What a helper does. */
struct crew_duty {
	void (*serve)(void *ctx, const struct crew_work *); /* in a worker */
	/* What makes workers cheaper if there are many, or NULL.  It is called
	 * once in the helper, if that sees only the files that they see, and
	 * must not depend on a document. */
	void (*warm_up)(void);
	void *ctx;
};

/* Fork a worker for each channel that arrives on standard input, until that
 * ends.  Each confines itself and serves.  how: CREW_ flags.  Returns the exit
 * status. */
int crew_run(const char *program, const struct crew_duty *, int how);
/* In a worker: wait for the next request.  1: there are no more. */
int crew_next_request(int channel, struct page_request *);
/* Send a->length bytes at p as the answer; an error has no bytes. */
void crew_send_answer(int channel, struct page_answer *, const void *p);

#endif
