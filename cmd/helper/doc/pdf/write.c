/* write.c - see write.h. */
#include "write.h"

#include <stdlib.h>
#include <string.h>

int
pdf_write_copy(qpdf_data pdf, struct doc_bytes *out)
{
	unsigned char *copy;
	size_t n;

	if (qpdf.init_write_memory(pdf) & (QPDF_ERRORS))
		return -1;
	qpdf.set_object_stream_mode(pdf, qpdf_o_disable);
	qpdf.set_stream_data_mode(pdf, qpdf_s_preserve);
	qpdf.set_preserve_encryption(pdf, QPDF_FALSE);
	if (qpdf.write(pdf) & (QPDF_ERRORS))
		return -1;
	n = qpdf.get_buffer_length(pdf);
	copy = malloc(n + 1);
	if (!copy)
		return -1;
	memcpy(copy, qpdf.get_buffer(pdf), n);
	*out = (struct doc_bytes){.p = copy, .n = n, .fd = -1};
	return 0;
}
