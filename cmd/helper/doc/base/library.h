/* library.h - functions of a library that is loaded when it is needed. */
#ifndef LIBRARY_H
#define LIBRARY_H

/* Find a function by its name, and store its address in *function, which is a
 * pointer to a function.  library is from dlopen(3), or RTLD_DEFAULT.  -1: it
 * is missing. */
int library_find(void *library, const char *name, void *function);

#endif
