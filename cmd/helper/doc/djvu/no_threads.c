/* no_threads.c - keep the decoders of libheif in one thread.
 *
 * A worker cannot start a thread.  If it tries, libde265 waits forever and
 * dav1d fails; libheif has no option to prevent either.  A symbol of the
 * program takes precedence over one of a library, so these functions replace
 * theirs of the same name. */
#include <pthread.h>
#include <sched.h>

int de265_start_worker_threads(void *context, int count);

/* Without worker threads, libde265 decodes in the calling thread.  0:
 * success. */
int
de265_start_worker_threads(void *context, int count)
{
	(void)context;
	(void)count;
	return 0;
}

/* dav1d starts one thread per processor if there are several. */
int
pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
	(void)thread;
	CPU_ZERO_S(size, set);
	CPU_SET_S(0, size, set);
	return 0;
}
