/* walls.c - the names of the sandbox's parts. */
#include "walls.h"

#include <stdio.h>

const char *
walls_missing(unsigned walls)
{
	static const char *const names[] = {"seccomp", "Landlock", "limits",
	    "user namespaces"};
	static char text[64];

	text[0] = '\0';
	for (unsigned i = 0, n = 0; i < sizeof names / sizeof *names; i++)
		if (!(walls & 1U << i))
			n += (unsigned)snprintf(text + n, sizeof text - n,
			    "%s%s", n ? ", " : "", names[i]);
	return text;
}
