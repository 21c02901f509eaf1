/* code_set.h - codes of a composite font, which have two bytes. */
#ifndef CODE_SET_H
#define CODE_SET_H

#include <stddef.h>

enum { CODES = 65536 };

struct code_set {
	unsigned char bits[CODES / 8];
};

int code_set_has(const struct code_set *, unsigned code);
void code_set_add(struct code_set *, unsigned code);
/* Add the codes whose characters a font's map (/ToUnicode, ISO 32000-1,
 * 9.10.3) has. */
void code_set_add_map(struct code_set *, const char *map, size_t n);

#endif
