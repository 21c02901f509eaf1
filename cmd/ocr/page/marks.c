/* marks.c - what a reader should know about a page's text. */
#include "marks.h"

static const struct {
	enum page_mark mark;
	const char *name;
} names[] = {
    {MARK_BLANK, "blank"},
    {MARK_LOW_CONFIDENCE, "low_confidence"},
    {MARK_LANGUAGE_SUSPECT, "language_suspect"},
    {MARK_CELL_UNREAD, "cell_unread"},
};

void
page_marks_add(const struct page *p, struct pc_buf *out)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (p->marks & names[i].mark)
			pc_json_add_bool(out, names[i].name, 1);
}
