/* columns.c - how many columns of a terminal a word takes. */
#include "format_in.h"

#include "ocr/page/direction.h"

struct code_range {
	uint32_t first, last;
};

static int
is_in(uint32_t c, const struct code_range *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= list[i].first && c <= list[i].last)
			return 1;
	return 0;
}

/* The columns of a character on a terminal: 2 for East Asian wide characters,
 * 0 for marks on the character before. */
static unsigned
columns_of(uint32_t c)
{
	static const struct code_range wide[] = {{0x1100, 0x115f},
	    {0x2e80, 0x303e}, {0x3041, 0x4dbf}, {0x4e00, 0xa4cf},
	    {0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
	    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	    {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
	static const struct code_range marks[] = {{0x300, 0x36f},
	    {0x483, 0x489}, {0x591, 0x5bd}, {0x610, 0x61a}, {0x64b, 0x65f},
	    {0x93c, 0x93c}, {0x941, 0x948}, {0x94d, 0x94d}, {0xe31, 0xe31},
	    {0xe34, 0xe3a}, {0xe47, 0xe4e}, {0x200b, 0x200f}, {0x20d0, 0x20ff},
	    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

	if (c < 0x300)
		return 1;
	if (is_in(c, marks, sizeof marks / sizeof *marks))
		return 0;
	return is_in(c, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

unsigned
format_columns(const struct word *w)
{
	const unsigned char *s = (const unsigned char *)w->text;
	const unsigned char *end = s + w->length;
	unsigned n = 0;

	while (s < end)
		n += columns_of(direction_next(&s, end));
	return n;
}
