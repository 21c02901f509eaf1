/* places.h - the system files that programs need to render text. */
#ifndef PLACES_H
#define PLACES_H

#include <stddef.h>

enum { PLACES_MAX = 32 };

/* Put the paths into readable, which has room for PLACES_MAX.  The strings
 * stay valid.  Returns the number of paths. */
size_t places_of_system(const char **readable);

#endif
