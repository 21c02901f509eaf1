/* hidden - invisible text is removed from content, and nothing else. */
#include "helper/doc/pdf/hidden_text.h"
#include "pc.h"
#include "tap.h"

#include <string.h>

/* The font /T3 draws its glyphs itself. */
static int
paints(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "/T3") == 0;
}

/* The state /GS chooses a font. */
static int
sets_font(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "/GS") == 0;
}

/* Is content turned into want by removing count pieces?  want NULL: it is
 * malformed. */
static void
check(const char *content, int count, const char *want, const char *what)
{
	const struct hidden_text_fonts fonts = {paints, sets_font, NULL};
	struct pc_buf out = {0};
	const int n = hidden_text_remove((const unsigned char *)content,
	    strlen(content), &fonts, &out);
	const char *text;

	pc_buf_add(&out, "", 1);
	text = out.failed ? "no memory" : (const char *)out.data;
	OK(n == count, "%s: %d pieces", what, n);
	OK(!want || strcmp(text, want) == 0, "%s: '%s'", what, text);
	pc_buf_clear(&out);
}

int
main(void)
{
	check("BT /F 9 Tf 3 Tr 1 0 0 1 7 7 Tm (a\\)b) Tj ET", 1,
	    "BT /F 9 Tf 3 Tr 1 0 0 1 7 7 Tm   ET", "a string");
	check("BT /F 9 Tf 3 Tr [(a) -20 <62>] TJ T* (c) ' ET /I Do", 2,
	    "BT /F 9 Tf 3 Tr   T*   ET /I Do", "an array, and the next line");
	check("BT /F 9 Tf 3 Tr 1 2 (a) \" ET", 1,
	    "BT /F 9 Tf 3 Tr  1 Tw 2 Tc  ET", "spacing stays in force");
	check("BT /F 9 Tf (a) Tj ET", 0, "BT /F 9 Tf (a) Tj ET",
	    "visible text stays");
	check("BT /F 9 Tf 3 Tr (a) Tj 0 Tr (b) Tj ET", 0,
	    "BT /F 9 Tf 3 Tr (a) Tj 0 Tr (b) Tj ET",
	    "invisible text before visible text moves it, and stays");
	check("q 3 Tr Q BT /F 9 Tf (a) Tj ET", 0, NULL, "Q restores the mode");
	check("3 Tr q 0 Tr Q BT /F 9 Tf (a) Tj ET", 1, NULL,
	    "the mode lasts from one text to the next");
	check("BT /T3 9 Tf 3 Tr (a) Tj ET", 0, NULL,
	    "a font that draws its glyphs itself is visible");
	check("BT 3 Tr (a) Tj ET", 0, NULL, "an unknown font may be visible");
	check("BT /F 9 Tf /GS gs 3 Tr (a) Tj ET", 0, NULL,
	    "a graphics state may choose a font");
	check("BT /F 9 Tf 7 Tr (a) Tj ET", 0, NULL, "text that clips stays");
	check("BI /W 1 ID (x EI BT /F 9 Tf 3 Tr (a) Tj ET", 1,
	    "BI /W 1 ID (x EI BT /F 9 Tf 3 Tr   ET",
	    "the data of an inline image are not read");
	check("/P <</A (3 Tr)>> BDC BT /F 9 Tf (a) Tj ET EMC", 0, NULL,
	    "a dictionary is an operand");
	check("% 3 Tr\nBT /F 9 Tf (a) Tj ET", 0, NULL, "a comment is skipped");
	check("BT /F 9 Tf 3 Tr (a Tj ET", -1, NULL, "a string without its end");
	check("BT /F 9 Tf 3 Tr (a) Tj", -1, NULL, "text without its end");
	check(") BT /F 9 Tf 3 Tr (a) Tj ET", -1, NULL, "a stray bracket");
	check("", 0, "", "nothing");
	return tap_done();
}
