/* suggest.c - guess which word a mistyped one was meant to be. */
#include "base.h"

#include <string.h>

unsigned
pc_word_distance(const char *word, const char *candidate)
{
	enum { PREFIX_MIN = 3 };
	const size_t n = strlen(word), length = strlen(candidate);
	unsigned edits;

	if (n >= PREFIX_MIN && n < length && strncmp(word, candidate, n) == 0)
		return 1;
	/* Allow one edit for every three letters: three edits turn a word of
	 * four letters into another, but in a word of twelve they are a typing
	 * error. */
	edits = pc_edit_distance(word, candidate);
	return edits <= (n > length ? n : length) / 3 ? edits : PC_FAR;
}

void
pc_nearest_offer(struct pc_nearest *n, const char *name, unsigned distance)
{
	if (distance == PC_FAR || (*n->name && distance >= n->distance))
		return;
	n->distance = distance;
	snprintf(n->name, sizeof n->name, "%s", name);
}
