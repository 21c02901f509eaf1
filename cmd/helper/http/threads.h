/* threads.h - the threads of pc-http, all started before it is confined. */
#ifndef THREADS_H
#define THREADS_H

/* Start the threads.  From now on pthread_create(3) gives its work to a free
 * one, or queues it. */
void threads_start(void);

#endif
