/* rules.c - the rules that a PDF page draws, as between cells of a table.
 */
#include "rules.h"

#include "reader/reader_protocol.h"

#include <math.h>

enum { DRAWN_MAX = 4000 };

static const double short_max = 4; /* points: a dash, or a part of a drawing */

void
pdf_rules_add(struct pdf_rules *r, const double box[4])
{
	if (r->count >= DRAWN_MAX ||
	    fmax(box[2] - box[0], box[3] - box[1]) <= short_max)
		return;
	for (int i = 0; i < 4; i++)
		if (!(fabs(box[i]) < PLACE_MAX / 100.0))
			return;
	pc_buf_addf(&r->text, "g\t%.0f\t%.0f\t%.0f\t%.0f\n", box[0] * 100,
	    box[1] * 100, box[2] * 100, box[3] * 100);
	r->count++;
}

void
pdf_rules_clear(struct pdf_rules *r)
{
	pc_buf_clear(&r->text);
	r->count = 0;
}
