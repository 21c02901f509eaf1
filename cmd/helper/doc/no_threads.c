/* no_threads.c - keep the decoders below libheif in one thread.
 *
 * A worker cannot start a thread.  libde265 then waits without end for those
 * that it started, and dav1d fails; libheif has no option for either.  A
 * symbol of the program comes before that of a library, so these are called in
 * the place of the functions of the same name. */
#include <pthread.h>
#include <sched.h>

int de265_start_worker_threads(void *context, int count);

/* With no worker threads, libde265 decodes in the calling thread.  0: done. */
int
de265_start_worker_threads(void *context, int count)
{
	(void)context;
	(void)count;
	return 0;
}

/* dav1d starts a thread for each processor if there is more than one. */
int
pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
	(void)thread;
	CPU_ZERO_S(size, set);
	CPU_SET_S(0, size, set);
	return 0;
}
