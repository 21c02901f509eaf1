/* reply.c - what is sent to the front end about a job. */
#include "job_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static uint32_t
peak(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint32_t)usage.ru_maxrss
						   : 0;
}

static void
reply(struct http_jobs *all, const struct http_job *j, struct http_answer *a,
    const void *p, size_t n)
{
	a->magic = HTTP_ANSWER_MAGIC;
	a->number = j->ask.number;
	a->attempts = j->attempts;
	a->length = (uint32_t)n;
	pc_buf_add(all->out, a, sizeof *a);
	pc_buf_add(all->out, p, n);
}

void
reply_head(struct http_jobs *all, struct http_job *j)
{
	struct http_answer a = {.kind = HTTP_ANSWER_HEAD,
	    .split = (uint32_t)strlen(j->url) + 1,
	    .status = j->status};
	struct pc_buf b = {0};

	pc_buf_add(&b, j->url, a.split);
	pc_buf_add(&b, j->lines.data, j->lines.len);
	pc_buf_add(&b, "", 1);
	if (!b.failed)
		reply(all, j, &a, b.data, b.len);
	pc_buf_clear(&b);
	j->told = 1;
}

void
reply_data(struct http_jobs *all, struct http_job *j, const unsigned char *p,
    size_t n)
{
	while (n > 0) {
		struct http_answer a = {.kind = HTTP_ANSWER_DATA};
		const size_t m = n < HTTP_PIECE_MAX ? n : HTTP_PIECE_MAX;

		reply(all, j, &a, p, m);
		p += m;
		n -= m;
	}
}

void
reply_again(struct http_jobs *all, struct http_job *j)
{
	struct http_answer a = {.kind = HTTP_ANSWER_AGAIN};

	if (j->told)
		reply(all, j, &a, NULL, 0);
	j->told = 0;
}

/* Make a library's message, which may quote a server, one line of UTF-8. */
static void
clean(char *s)
{
	for (char *p = s; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	if (!pc_utf8_valid(s, strlen(s)))
		for (char *p = s; *p; p++)
			if ((unsigned char)*p >= 0x80)
				*p = '?';
}

/* ---- the end of a job ---- */

static void
job_free(struct http_jobs *all, struct http_job *j)
{
	struct http_job **at = &all->first;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	if (!*at)
		all->last = at;
	host_leave(&all->hosts, j->host);
	free(j->url);
	free(j->rest);
	pc_buf_clear(&j->lines);
	pc_buf_clear(&j->held);
	free(j);
}

void
reply_end(struct http_jobs *all, struct http_job *j,
    const struct transfer_end *end, int64_t retry_after)
{
	struct http_answer a = {.kind = HTTP_ANSWER_END,
	    .fault = end->fault,
	    .reused = (uint32_t)end->reused,
	    .first_byte = end->first_byte,
	    .retry_after = retry_after,
	    .peak_kib = peak(),
	    .idle = transfers_idle(all->transfers)};
	char text[TRANSFER_TEXT];

	snprintf(text, sizeof text, "%s",
	    end->fault == HTTP_OK ? "" : end->text);
	clean(text);
	reply(all, j, &a, text, strlen(text) + 1);
	job_free(all, j);
}

void
reply_failure(struct http_jobs *all, struct http_job *j, enum http_fault fault,
    const char *text)
{
	struct transfer_end end = {.fault = fault, .first_byte = -1};

	snprintf(end.text, sizeof end.text, "%s", text);
	reply_end(all, j, &end, 0);
}
