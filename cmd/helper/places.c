/* places.c - the system files that programs need to render text. */
#include "places.h"

#include <stdio.h>
#include <stdlib.h>

/* Fonts, character maps, and the libraries that load them: system data without
 * documents. */
static const char *const of_system[] = {
    "/usr/share",
    "/usr/local/share",
    "/usr/lib",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/magic",
    "/var/cache/fontconfig",
    "/var/lib/ghostscript",
    "/dev/null",
    "/dev/urandom",
    "/sys/devices/system/cpu",
};
static const char *const of_home[] = {
    ".fonts",
    ".fonts.conf",
    ".config/fontconfig",
    ".local/share/fonts",
    ".cache/fontconfig",
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

_Static_assert(COUNT(of_system) + COUNT(of_home) <= PLACES_MAX, "no room");

size_t
places_of_system(const char **readable)
{
	static char at_home[COUNT(of_home)][512];
	const char *home = getenv("HOME");
	size_t n = 0;

	for (size_t i = 0; i < COUNT(of_system); i++)
		readable[n++] = of_system[i];
	for (size_t i = 0; home && i < COUNT(of_home); i++) {
		snprintf(at_home[i], sizeof at_home[i], "%s/%s", home,
		    of_home[i]);
		readable[n++] = at_home[i];
	}
	return n;
}
