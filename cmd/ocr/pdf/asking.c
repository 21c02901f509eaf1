/* asking.c - see asking.h. */
#include "asking.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MAX = 600 * 1000 }; /* ms that pc-doc may work on one request */

int
asking_begin(struct pdf_asking *a, struct pdf_task *t, int fd, unsigned seconds,
    const char *what)
{
	char **at = a->argv;

	*a = (struct pdf_asking){.task = t,
	    .what = what,
	    .team = {.password = t->password},
	    .worker = {.fd = -1}};
	*at++ = pc_helper_path("pc-doc");
	*at++ = (char *)"serve";
	*at++ = (char *)"--page-timeout";
	*at++ = a->seconds;
	snprintf(a->seconds, sizeof a->seconds, "%u", seconds);
	if (t->max_megapixels) {
		*at++ = (char *)"--max-megapixels";
		*at++ = a->megapixels;
		snprintf(a->megapixels, sizeof a->megapixels, "%u",
		    t->max_megapixels);
	}
	if (t->require_sandbox)
		*at = (char *)"--require-sandbox";
	a->team.argv = a->argv;
	t->tools++;
	if (a->argv[0] && team_hire(&a->team, &a->worker, fd) == 0)
		return 0;
	return pdf_fail(t, "cannot run pc-doc: %s%s", strerror(errno),
	    pc_helper_remedy(errno));
}

int
asking_ask(struct pdf_asking *a, const struct page_request *request,
    const void *bytes)
{
	struct worker *w = &a->worker;
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int r = 0;

	worker_clear(w);
	if (worker_send(w, request, bytes) < 0)
		r = -1;
	while (r == 0) {
		const int ready = poll(&p, 1, IDLE_MAX);

		if (ready == 0 || (ready < 0 && errno != EINTR)) {
			worker_dismiss(w);
			return pdf_fail(a->task, "pc-doc timed out while it %s",
			    a->what);
		}
		r = worker_read(&a->team, w);
	}
	if (r < 0) {
		worker_dismiss(w);
		return pdf_fail(a->task, "pc-doc crashed while it %s", a->what);
	}
	return w->head.kind == ANSWER_ERROR
	    ? pdf_fail(a->task, "%s", w->head.message)
	    : 0;
}

int
asking_crashed(const struct pdf_asking *a)
{
	return a->worker.fd < 0;
}

void
asking_end(struct pdf_asking *a)
{
	worker_dismiss(&a->worker);
	team_end(&a->team);
	if (a->team.peak_kib > a->task->peak_kib)
		a->task->peak_kib = a->team.peak_kib;
	free(a->argv[0]);
	a->argv[0] = NULL;
}
