/* library.c - functions of a library that is loaded when it is needed. */
#include "library.h"

#include <dlfcn.h>
#include <string.h>

int
library_find(void *library, const char *name, void *function)
{
	void *p = dlsym(library, name);

	if (!p)
		return -1;
	/* ISO C cannot convert an object pointer to a function pointer. */
	memcpy(function, &p, sizeof p);
	return 0;
}
