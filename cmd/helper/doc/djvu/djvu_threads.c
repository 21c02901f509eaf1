/* djvu_threads.c - libdjvulibre's threads without threads.
 *
 * A worker cannot start a thread, and libdjvulibre decodes in threads.  They
 * only wait for each other, as the whole file is in memory.  So here a thread
 * is put off until a function waits for one: then it runs to its end, on the
 * stack of that function.  In the meantime the function has not locked what it
 * waits for, so both can have the same identity.
 *
 * A symbol of the program takes precedence over one of a library.  Until
 * djvu_threads_put_off() the functions do what those of the C library do. */
#include "djvu.h"
#include "helper/doc/base/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct thread {
	struct thread *next;
	void *(*run)(void *);
	void *argument;
};

static int put_off;
static struct thread *first, **end = &first;

static int (*real_create)(pthread_t *, const pthread_attr_t *,
    void *(*)(void *), void *);
static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *);
static int (*real_timedwait)(pthread_cond_t *, pthread_mutex_t *,
    const struct timespec *);

void
djvu_threads_put_off(void)
{
	put_off = 1;
}

int
pthread_create(pthread_t *restrict id,
    const pthread_attr_t *restrict attributes, void *(*run)(void *),
    void *restrict argument)
{
	struct thread *t;

	if (!put_off) {
		if (!real_create &&
		    library_find(RTLD_NEXT, "pthread_create", &real_create) < 0)
			return ENOSYS;
		return real_create(id, attributes, run, argument);
	}
	t = malloc(sizeof *t);
	if (!t)
		return EAGAIN;
	*t = (struct thread){.run = run, .argument = argument};
	*end = t;
	end = &t->next;
	*id = pthread_self();
	return 0;
}

/* Run a thread.  If there is none, nothing could end the wait. */
static void
run_first(pthread_mutex_t *mutex)
{
	struct thread *t = first;

	if (!t)
		_exit(1);
	first = t->next;
	if (!first)
		end = &first;
	pthread_mutex_unlock(mutex);
	t->run(t->argument);
	free(t);
	pthread_mutex_lock(mutex);
}

int
pthread_cond_wait(pthread_cond_t *restrict c, pthread_mutex_t *restrict mutex)
{
	if (put_off) {
		run_first(mutex);
		return 0;
	}
	if (!real_wait &&
	    library_find(RTLD_NEXT, "pthread_cond_wait", &real_wait) < 0)
		return EINVAL;
	return real_wait(c, mutex);
}

int
pthread_cond_timedwait(pthread_cond_t *restrict c,
    pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	if (put_off) {
		if (!first)
			return ETIMEDOUT;
		run_first(mutex);
		return 0;
	}
	if (!real_timedwait &&
	    library_find(RTLD_NEXT, "pthread_cond_timedwait", &real_timedwait) <
		0)
		return EINVAL;
	return real_timedwait(c, mutex, until);
}
