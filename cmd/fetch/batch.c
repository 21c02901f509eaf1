/* batch.c - fetch many URLs at once, and print them in order.  The number of
 * URLs ahead of the one to be printed is limited, because their small bodies
 * are in memory. */
#include "fetch.h"

#include "ledger.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	AHEAD_MIN = 128,
	NAP = 20000, /* us between checks of what other processes fetch */
	FREE_MAX = 16 * 1024 * 1024, /* bytes of memory kept free for bodies */
};

static volatile sig_atomic_t stop;

static void
on_signal(int sig)
{
	stop = sig;
}

/* ---- items come and go ---- */

static struct item *
item_new(struct fetch *f, const char *given, uint64_t index)
{
	struct item *it = calloc(1, sizeof *it);
	struct pc_error why;
	char *url;

	if (!it || (given && !(it->given = strdup(given))))
		cli_die(f->cli, "%s", strerror(errno));
	it->index = index;
	if (!given) {
		snprintf(it->error, sizeof it->error, "bad record");
		return it;
	}
	url = url_normal(given, &why);
	if (!url) {
		snprintf(it->error, sizeof it->error, "%s", why.text);
		return it;
	}
	it->result = result_of(f, url);
	if (!it->result)
		cli_die(f->cli, "%s", strerror(errno));
	return it;
}

/* Read the next URL.  1: there is none. */
static int
admit(struct fetch *f, struct cli_names *names, int *more)
{
	struct cli_name name;
	struct item *it;
	int r;

	/* A signal must also end the wait for the next URL. */
	if (!cli_names_ready(f->cli, names))
		return 1;
	r = cli_names_next(f->cli, names, &name);
	if (r == 1) {
		*more = 0;
		return 1;
	}
	if (r == 0 && name.kind != CLI_NAME_URL) {
		cli_warn(f->cli, "record %llu has no \"url\"",
		    (unsigned long long)names->count);
		r = -1;
	}
	it = item_new(f, r < 0 ? NULL : name.text, names->count);
	*f->last = it;
	f->last = &it->next;
	f->items++;
	if (it->result)
		result_step(it->result);
	return 0;
}

static int
is_done(const struct item *it)
{
	return !it->result || it->result->state == RESULT_DONE;
}

static void
print_ready(struct fetch *f)
{
	while (f->first && is_done(f->first)) {
		struct item *it = f->first;

		print_item(f, it);
		f->first = it->next;
		if (!f->first)
			f->last = &f->first;
		f->items--;
		result_leave(it->result);
		free(it->given);
		free(it);
		cli_progress(f->cli, f->done, f->total);
	}
}

/* ---- the loop ---- */

static void
look_at_others(struct fetch *f)
{
	for (struct item *it = f->first; it && f->elsewhere; it = it->next)
		if (it->result && it->result->state == RESULT_ELSEWHERE)
			result_step(it->result);
}

static void
wait_for_something(struct fetch *f, int input)
{
	http_run(f->http, input, f->elsewhere ? NAP : -1, &stop);
	look_at_others(f);
	cli_progress(f->cli, f->done, f->total);
}

/* Each waiting body may have a file open, and the store has two for each
 * shard. */
static unsigned
ahead_within_limits(unsigned ahead)
{
	const rlim_t wanted = 2 * PC_SHARDS + 64 + (rlim_t)ahead;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= wanted)
		return ahead;
	r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0 ||
	    r.rlim_cur <= 2 * PC_SHARDS + 64)
		return 1;
	return (unsigned)(r.rlim_cur - 2 * PC_SHARDS - 64);
}

static int
status_of(const struct fetch *f)
{
	if (f->failed && f->later == f->done)
		return PC_EXIT_LATER;
	if (f->failed)
		return cli_status(f->failed, f->done);
	return f->missed ? PC_EXIT_NO : PC_EXIT_OK;
}

int
fetch_all(struct cli *c, const struct fetch_options *o,
    const struct http_options *ho, struct cli_names *names)
{
	struct fetch f = {.cli = c, .o = o};
	const unsigned ahead = ahead_within_limits(
	    ho->at_once > AHEAD_MIN ? ho->at_once : AHEAD_MIN);
	struct pc_run m = {0};
	int more = 1;

	f.last = &f.first;
	f.http = http_open(ho);
	if (!f.http)
		cli_die(c, "%s", strerror(errno));
	for (char *const *a = names->argv; names->from < 0 && *a; a++)
		f.total++;
	/* A second signal ends it even if the reader of its output hangs. */
	cli_catch_signals(on_signal, (int)SA_RESETHAND);
	mallopt(M_TRIM_THRESHOLD, FREE_MAX);
	while (!stop && (more || f.first)) {
		while (!stop && more && f.items < ahead &&
		    admit(&f, names, &more) == 0)
			print_ready(&f);
		print_ready(&f);
		if (f.first || more)
			wait_for_something(&f,
			    more && f.items < ahead ? names->from : -1);
	}
	http_account(f.http, &m);
	if (m.started)
		cli_memory(c, m);
	http_close(f.http);
	/* Every complete body is in the store. */
	if (stop) {
		signal(stop, SIG_DFL);
		raise(stop);
	}
	return status_of(&f);
}
