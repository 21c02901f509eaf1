/* keyword.c - find keywords by name. */
#include "schema_in.h"

#include <string.h>

const struct keyword *
keyword_find(const struct keyword *k, const char *name)
{
	while (k->name && strcmp(k->name, name) != 0)
		k++;
	return k->name ? k : NULL;
}

const char *
keyword_nearest(const struct keyword *k, const char *name)
{
	const size_t n = strlen(name);

	for (; k->name; k++) {
		const size_t len = strlen(k->name);

		if (k->form != FORM_UNSUPPORTED && len >= 5 && n <= 2 * len &&
		    pc_edit_distance(name, k->name) <=
			(len >= 8 && n >= 8 ? 2 : 1))
			return k->name;
	}
	return NULL;
}
