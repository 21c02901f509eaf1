/* retry.h - whether and when to ask a server again. */
#ifndef RETRY_H
#define RETRY_H

#include <stddef.h>
#include <stdint.h>

/* May an answer of this status, with these headers, be a reason to ask again?
 * What its body says may still speak against it. */
int retry_status(int status, const char *headers);
/* Does the body of such an answer say that asking again is useless? */
int retry_hopeless(int status, const void *body, size_t n);
/* How long to wait, us, after the attempt of that number, from 1.  headers:
 * of the answer, or NULL.  1: longer than is waited here, it is what the
 * server asked for. */
int retry_wait(unsigned attempt, const char *headers, int64_t *wait);

#endif
