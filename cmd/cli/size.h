/* size.h - sizes for people. */
#ifndef SIZE_H
#define SIZE_H

#include <stdint.h>

/* Append a size, such as "1.5 GiB". */
enum { HUMAN_SIZE = 24 };
const char *human(uint64_t bytes, char text[HUMAN_SIZE]);

#endif
