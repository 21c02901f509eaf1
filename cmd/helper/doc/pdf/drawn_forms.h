/* drawn_forms.h - the lines that a page draws, by itself and in its forms. */
#ifndef PDF_DRAWN_FORMS_H
#define PDF_DRAWN_FORMS_H

#include "declare_in.h"

/* Report each line as struct pdf_drawn does.  Content beyond a limit is left
 * out. */
void pdf_drawn_lines(const struct declaring *, qpdf_oh page,
    void (*line)(void *ctx, const double box[4]), void *ctx);

#endif
