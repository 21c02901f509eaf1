/* pdf_attachments.c - the files attached to a PDF. */
#include "declare_in.h"

void
pdf_add_file_name(struct declaring *c, const char *key, qpdf_oh file)
{
	qpdf_oh name = file;

	if (qpdf.oh_is_dictionary(c->s->pdf, file)) {
		name = pdf_get(c, file, "/UF");
		if (!qpdf.oh_is_string(c->s->pdf, name))
			name = pdf_get(c, file, "/F");
	}
	pdf_add_text(c, key, name);
}

static void
add_attachment(void *ctx, struct declaring *c, qpdf_oh key, qpdf_oh file)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh data = pdf_get(c, pdf_get(c, file, "/EF"), "/F");
	qpdf_oh dict, params, size;

	(void)ctx;
	(void)key;
	if (!qpdf.oh_is_stream(pdf, data))
		return;
	dict = qpdf.oh_get_dict(pdf, data);
	params = pdf_get(c, dict, "/Params");
	size = pdf_get(c, params, "/Size");
	pc_json_begin_object(&c->out, NULL);
	pdf_add_file_name(c, "name", file);
	pdf_add_text(c, "description", pdf_get(c, file, "/Desc"));
	pdf_add_name(c, "type", pdf_get(c, dict, "/Subtype"));
	if (qpdf.oh_get_int_value(pdf, size) > 0)
		pc_json_add_int(&c->out, "size",
		    qpdf.oh_get_int_value(pdf, size));
	pdf_add_date_of(c, "created", pdf_get(c, params, "/CreationDate"));
	pdf_add_date_of(c, "modified", pdf_get(c, params, "/ModDate"));
	pc_json_end_object(&c->out);
}

void
pdf_add_attachments(struct declaring *c)
{
	const qpdf_oh names = pdf_get(c, qpdf.get_root(c->s->pdf), "/Names");
	const qpdf_oh tree = pdf_get(c, names, "/EmbeddedFiles");
	const size_t start = c->out.len;
	size_t empty;

	pc_json_begin_array(&c->out, "attachments");
	empty = c->out.len;
	pdf_tree_walk(c, tree, "/Names", add_attachment, NULL);
	if (c->out.len == empty)
		c->out.len = start;
	else
		pc_json_end_array(&c->out);
}
