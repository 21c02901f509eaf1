/* places.h - what programs that draw text read of the system. */
#ifndef PLACES_H
#define PLACES_H

#include <stddef.h>

enum { PLACES_MAX = 32 };

/* Put the paths into readable, which has room for PLACES_MAX, as strings that
 * stay.  How many there are. */
size_t places_of_system(const char **readable);

#endif
