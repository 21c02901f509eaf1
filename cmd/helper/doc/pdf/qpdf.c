/* qpdf.c - load libqpdf on first use, and read the objects of a PDF. */
#include "qpdf.h"
#include "details.h"
#include "helper/doc/base/library.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifndef PC_QPDF
#define PC_QPDF "libqpdf.so.29"
#endif

enum { PARENTS_MAX = 32 }; /* steps up the page tree for inherited values */

struct qpdf_functions qpdf;
static int tried, loaded;

const char *
pdf_details_library(void)
{
	void *library = tried ? NULL : dlopen(PC_QPDF, RTLD_NOW);
	int missing = 0;

	tried = 1;
#define FIND(name) missing |= library_find(library, "qpdf_" #name, &qpdf.name);
	if (library) {
		QPDF_EACH(FIND)
		loaded = !missing;
	}
	return loaded ? qpdf.get_qpdf_version() : NULL;
}

struct pdf_details *
qpdf_open(const struct doc_bytes *b, const char *password, int recover)
{
	struct pdf_details *s = calloc(1, sizeof *s);

	if (!s || !pdf_details_library() || !(s->pdf = qpdf.init()))
		return s;
	qpdf.silence_errors(s->pdf);
	qpdf.set_suppress_warnings(s->pdf, QPDF_TRUE);
	qpdf.set_attempt_recovery(s->pdf, recover ? QPDF_TRUE : QPDF_FALSE);
	s->opened = !(
	    qpdf.read_memory(s->pdf, "", (const char *)b->p, b->n, password) &
	    (QPDF_ERRORS));
	return s;
}

struct pdf_details *
pdf_details_open(const struct doc_bytes *b, const char *password, int recover)
{
	struct pdf_details *s = qpdf_open(b, password, recover);
	const int n = s && s->opened ? qpdf.get_num_pages(s->pdf) : 0;

	if (n > 0)
		s->pages = (unsigned)n;
	return s;
}

unsigned
pdf_details_pages(const struct pdf_details *s)
{
	return s ? s->pages : 0;
}

double
qpdf_number(struct pdf_details *s, qpdf_oh dict, const char *key)
{
	return qpdf.oh_get_numeric_value(s->pdf,
	    qpdf.oh_get_key(s->pdf, dict, key));
}

int
qpdf_is(struct pdf_details *s, qpdf_oh dict, const char *key, const char *name)
{
	return qpdf.oh_is_name_and_equals(s->pdf,
	    qpdf.oh_get_key(s->pdf, dict, key), name);
}

qpdf_oh
qpdf_inherited(struct pdf_details *s, qpdf_oh page, const char *key,
    QPDF_BOOL (*good)(qpdf_data, qpdf_oh))
{
	qpdf_oh found = qpdf.oh_get_key(s->pdf, page, key);

	for (int i = 0; i < PARENTS_MAX && !good(s->pdf, found); i++) {
		page = qpdf.oh_get_key(s->pdf, page, "/Parent");
		found = qpdf.oh_get_key(s->pdf, page, key);
	}
	return found;
}
