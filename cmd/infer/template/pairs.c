/* pairs.c - names with values. */
#include "template.h"

#include <stdlib.h>
#include <string.h>

int
pairs_set(struct pairs *p, const char *name, size_t n, const char *value,
    size_t value_len)
{
	char *copy = malloc(value_len + 1);
	struct pair *more;

	if (!copy)
		return -1;
	memcpy(copy, value, value_len);
	copy[value_len] = '\0';
	for (size_t i = 0; i < p->count; i++)
		if (strlen(p->all[i].name) == n &&
		    memcmp(p->all[i].name, name, n) == 0) {
			free(p->all[i].value);
			p->all[i].value = copy;
			p->all[i].len = value_len;
			return 0;
		}
	more = realloc(p->all, (p->count + 1) * sizeof *more);
	if (more) {
		p->all = more;
		more[p->count] = (struct pair){strndup(name, n), copy,
		    value_len};
		if (more[p->count].name) {
			p->count++;
			return 0;
		}
	}
	free(copy);
	return -1;
}

const struct pair *
pairs_get(const struct pairs *p, const char *name, size_t n)
{
	for (size_t i = 0; i < p->count; i++)
		if (strlen(p->all[i].name) == n &&
		    memcmp(p->all[i].name, name, n) == 0)
			return &p->all[i];
	return NULL;
}

void
pairs_clear(struct pairs *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->all[i].name);
		free(p->all[i].value);
	}
	free(p->all);
	*p = (struct pairs){0};
}
