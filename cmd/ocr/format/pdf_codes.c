/* pdf_codes.c - the character codes in the text of a PDF, and the table that
 * maps codes to characters. */
#include "pdf_in.h"

#include <string.h>

enum {
	ASTRAL = 0xd800, /* first code of characters above U+FFFF */
	ASTRAL_MAX = 0x800,
	SECTION = 100, /* lines in one section of a CMap */
	REPLACEMENT = 0xfffd,
};

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

unsigned
format_pdf_code(struct format_state *s, uint32_t c)
{
	size_t n = s->astral.len / 4;

	if (c >= 0x10000) {
		for (size_t i = 0; i < n; i++)
			if (pc_decode_u32(s->astral.data + 4 * i) == c)
				return ASTRAL + (unsigned)i;
		if (n < ASTRAL_MAX && pc_buf_add_u32(&s->astral, c) == 0)
			return ASTRAL + (unsigned)n;
		c = REPLACEMENT;
	}
	s->rows[c >> 13] |= 1u << (c >> 8 & 31);
	return c;
}

/* Append one line; before the first line of a section, its length. */
static void
begin_line(struct pc_buf *out, size_t i, size_t count, const char *kind)
{
	if (i % SECTION == 0) {
		if (i > 0)
			pc_buf_addf(out, "end%s\n", kind);
		pc_buf_addf(out, "%zu begin%s\n",
		    count - i < SECTION ? count - i : (size_t)SECTION, kind);
	}
}

/* A range must not cross a change of a code's first byte. */
static void
add_rows(const struct format_state *s, struct pc_buf *out)
{
	size_t count = 0, n = 0;

	for (unsigned row = 0; row < 256; row++)
		count += s->rows[row / 32] >> row % 32 & 1;
	for (unsigned row = 0; row < 256; row++) {
		if (!(s->rows[row / 32] >> row % 32 & 1))
			continue;
		begin_line(out, n++, count, "bfrange");
		pc_buf_addf(out, "<%02X00> <%02XFF> <%02X00>\n", row, row, row);
	}
	if (count > 0)
		add(out, "endbfrange\n");
}

static void
add_astral(const struct format_state *s, struct pc_buf *out)
{
	const size_t count = s->astral.len / 4;

	for (size_t i = 0; i < count; i++) {
		uint32_t c = pc_decode_u32(s->astral.data + 4 * i) - 0x10000;

		begin_line(out, i, count, "bfchar");
		pc_buf_addf(out, "<%04zX> <%04X%04X>\n", ASTRAL + i,
		    0xd800 + (unsigned)(c >> 10),
		    0xdc00 + (unsigned)(c & 0x3ff));
	}
	if (count > 0)
		add(out, "endbfchar\n");
}

void
format_pdf_cmap(const struct format_state *s, struct pc_buf *out)
{
	add(out,
	    "/CIDInit /ProcSet findresource begin\n"
	    "12 dict begin\n"
	    "begincmap\n"
	    "/CIDSystemInfo\n"
	    "<</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
	    "/CMapName /Adobe-Identity-UCS def\n"
	    "/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	add_rows(s, out);
	add_astral(s, out);
	add(out,
	    "endcmap\n"
	    "CMapName currentdict /CMap defineresource pop\n"
	    "end\nend\n");
}
