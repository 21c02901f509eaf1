/* retry.h - whether and when to retry a request. */
#ifndef RETRY_H
#define RETRY_H

#include <stddef.h>
#include <stdint.h>

/* May an answer with this status and these headers be retried?  Its body may
 * still say that this is useless. */
int retry_status(int status, const char *headers);
/* Does the body of such an answer say that a retry is useless? */
int retry_hopeless(int status, const void *body, size_t n);
/* The wait before the next attempt, us; attempt is the number of the failed
 * one, from 1; headers are the answer's, or NULL.  1: the server asks for a
 * longer wait than is allowed. */
int retry_wait(unsigned attempt, const char *headers, int64_t *wait);

#endif
