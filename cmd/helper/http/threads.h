/* threads.h - the threads of pc-http, all started before it is confined. */
#ifndef THREADS_H
#define THREADS_H

/* Start them.  From now on pthread_create(3) hands its work to one that is
 * free, or lets it wait for one. */
void threads_start(void);

#endif
