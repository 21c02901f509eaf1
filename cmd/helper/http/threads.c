/* threads.c - the threads of pc-http, all started before it is confined.
 *
 * libcurl, as Debian builds it, looks up each name in a new thread, because
 * getaddrinfo(3) blocks.  A process that may start threads can start 32,000 of
 * them, and a seccomp filter cannot count.  So a few are started early, and the
 * functions with which libcurl starts and joins threads are defined here, where
 * they take precedence over those of the C library: a "thread" is a task, which
 * one of the real threads runs.  If all are busy, a name is looked up later;
 * the connect timeout includes that wait. */
#include "threads.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum {
	THREADS = 8,
	STACK = 512 * 1024, /* bytes; glibc's resolver needs about 100 KiB */
};

struct task {
	struct task *next; /* next in the queue */
	void *(*run)(void *);
	void *arg, *result;
	enum { WAITING, DONE } state;
	int detached;
	struct task *next_known;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct task *waiting, **last = &waiting;
static struct task *known; /* tasks that are not joined yet */
static int started;

/* The C library's functions. */
static struct {
	int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
	    void *);
	int (*join)(pthread_t, void **);
	int (*detach)(pthread_t);
} real;

static void
find_real(void)
{
	if (real.create)
		return;
	*(void **)&real.create = dlsym(RTLD_NEXT, "pthread_create");
	*(void **)&real.join = dlsym(RTLD_NEXT, "pthread_join");
	*(void **)&real.detach = dlsym(RTLD_NEXT, "pthread_detach");
}

/* With the lock held. */
static void
forget(struct task *t)
{
	struct task **at = &known;

	while (*at != t)
		at = &(*at)->next_known;
	*at = t->next_known;
	free(t);
}

/* With the lock held.  NULL: it is not one of these threads. */
static struct task *
find(pthread_t id)
{
	struct task *t = known;

	while (t && (pthread_t)(uintptr_t)t != id)
		t = t->next_known;
	return t;
}

static _Noreturn void *
work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		struct task *t = waiting;

		if (!t) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		waiting = t->next;
		if (!waiting)
			last = &waiting;
		pthread_mutex_unlock(&lock);
		t->result = t->run(t->arg);
		pthread_mutex_lock(&lock);
		t->state = DONE;
		if (t->detached)
			forget(t);
		pthread_cond_broadcast(&changed);
	}
}

void
threads_start(void)
{
	pthread_attr_t small;
	pthread_t id;

	find_real();
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	while (started < THREADS && real.create(&id, &small, work, NULL) == 0)
		started++;
	pthread_attr_destroy(&small);
}

/* ---- in place of the C library's ---- */

int
pthread_create(pthread_t *restrict id, const pthread_attr_t *restrict attr,
    void *(*run)(void *), void *restrict arg)
{
	struct task *t;

	find_real();
	if (started == 0)
		return real.create(id, attr, run, arg);
	t = malloc(sizeof *t);
	if (!t)
		return EAGAIN;
	*t = (struct task){.run = run, .arg = arg};
	*id = (pthread_t)(uintptr_t)t;
	pthread_mutex_lock(&lock);
	t->next_known = known;
	known = t;
	*last = t;
	last = &t->next;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return 0;
}

int
pthread_join(pthread_t id, void **result)
{
	struct task *t;

	find_real();
	pthread_mutex_lock(&lock);
	t = find(id);
	while (t && t->state != DONE)
		pthread_cond_wait(&changed, &lock);
	if (t) {
		if (result)
			*result = t->result;
		forget(t);
	}
	pthread_mutex_unlock(&lock);
	return t ? 0 : real.join(id, result);
}

int
pthread_detach(pthread_t id)
{
	struct task *t;

	find_real();
	pthread_mutex_lock(&lock);
	t = find(id);
	if (t && t->state == DONE)
		forget(t);
	else if (t)
		t->detached = 1;
	pthread_mutex_unlock(&lock);
	return t ? 0 : real.detach(id);
}
