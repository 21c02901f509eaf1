/* fields.c - the fields of forms.
 *
 * A widget is the place of a field on a page.  It inherits from the field what
 * it lacks. */
#include "declare_in.h"

#include <stdlib.h>
#include <string.h>

enum { HIDDEN = 2, NO_VIEW = 32 }; /* bits of /F */

/* Bits of /Ff. */
enum {
	PASSWORD = 1 << 13,
	RADIO = 1 << 15,
	BUTTON = 1 << 16,
	COMBO = 1 << 17,
};

static qpdf_oh
inherited(const struct declaring *c, qpdf_oh widget, const char *key)
{
	qpdf_data pdf = c->s->pdf;
	qpdf_oh found = pdf_get(c, widget, key);

	for (int i = 0; i < PDF_DEPTH_MAX && qpdf.oh_is_null(pdf, found); i++) {
		widget = pdf_get(c, widget, "/Parent");
		if (!qpdf.oh_is_dictionary(pdf, widget))
			break;
		found = pdf_get(c, widget, key);
	}
	return found;
}

/* Append the partial names from the outermost field to this one. */
static void
join_names(const struct declaring *c, qpdf_oh field, int depth,
    struct pc_buf *name)
{
	const qpdf_oh part = pdf_get(c, field, "/T");
	const qpdf_oh parent = pdf_get(c, field, "/Parent");
	const char *text;
	size_t n = 0;

	if (depth < PDF_DEPTH_MAX && qpdf.oh_is_dictionary(c->s->pdf, parent))
		join_names(c, parent, depth + 1, name);
	if (!qpdf.oh_is_string(c->s->pdf, part))
		return;
	text = qpdf.oh_get_binary_utf8_value(c->s->pdf, part, &n);
	if (name->len > 0)
		pc_buf_add(name, ".", 1);
	pc_buf_add(name, text, n < PDF_TEXT_MAX ? n : PDF_TEXT_MAX);
}

static void
add_name(struct declaring *c, qpdf_oh widget)
{
	struct pc_buf name = {0};

	join_names(c, widget, 0, &name);
	if (name.len > 0)
		pc_json_add_bytes(&c->out, "name", name.data, name.len);
	c->out.failed |= name.failed;
	pc_buf_clear(&name);
}

/* ---- values ---- */

/* A text may be a string or a stream, a choice a string or several. */
static void
add_value(struct declaring *c, qpdf_oh value)
{
	qpdf_data pdf = c->s->pdf;
	unsigned char *data = NULL;
	QPDF_BOOL filtered;
	size_t n = 0;

	pdf_add_text(c, "value", value);
	if (qpdf.oh_is_array(pdf, value)) {
		pc_json_begin_array(&c->out, "value");
		for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, value) &&
		     declaring_step(c);
		     i++)
			pdf_add_text(c, NULL,
			    qpdf.oh_get_array_item(pdf, value, i));
		pc_json_end_array(&c->out);
	} else if (qpdf.oh_is_stream(pdf, value) &&
	    qpdf_number(c->s, qpdf.oh_get_dict(pdf, value), "/Length") <=
		PDF_TEXT_MAX &&
	    !(qpdf.oh_get_stream_data(pdf, value, qpdf_dl_generalized,
		  &filtered, &data, &n) &
		(QPDF_ERRORS))) {
		pc_json_add_bytes(&c->out, "value", data,
		    n < PDF_TEXT_MAX ? n : PDF_TEXT_MAX);
		free(data);
	}
}

/* The name of the state in which a check box or radio button is on, without
 * its slash, owned by the caller; NULL: unknown. */
static char *
on_state(const struct declaring *c, qpdf_oh widget)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh shown = pdf_get(c, pdf_get(c, widget, "/AP"), "/N");
	const char *name;

	if (!qpdf.oh_is_dictionary(pdf, shown))
		return NULL;
	qpdf.oh_begin_dict_key_iter(pdf, shown);
	while (qpdf.oh_dict_more_keys(pdf)) {
		name = qpdf.oh_dict_next_key(pdf);
		if (strcmp(name, "/Off") != 0)
			return strndup(name + 1, PDF_TEXT_MAX);
	}
	return NULL;
}

/* Does the button show this state?  Without /AS, its field's value decides. */
static int
is_on(const struct declaring *c, qpdf_oh widget, const char *on)
{
	qpdf_data pdf = c->s->pdf;
	qpdf_oh state = pdf_get(c, widget, "/AS");
	const char *name;

	if (!qpdf.oh_is_name(pdf, state))
		state = inherited(c, widget, "/V");
	if (!qpdf.oh_is_name(pdf, state))
		return 0;
	name = qpdf.oh_get_name(pdf, state);
	return on ? strcmp(name + 1, on) == 0 : strcmp(name, "/Off") != 0;
}

/* A state may be the number of a text in /Opt. */
static void
add_option(struct declaring *c, qpdf_oh widget, const char *on)
{
	const qpdf_oh options = inherited(c, widget, "/Opt");
	char *end;
	const long n = strtol(on, &end, 10);

	if (qpdf.oh_is_array(c->s->pdf, options) && *on && !*end && n >= 0 &&
	    n < qpdf.oh_get_array_n_items(c->s->pdf, options))
		pdf_add_text(c, "value",
		    qpdf.oh_get_array_item(c->s->pdf, options, (int)n));
	else
		pc_json_add_text(&c->out, "value", on);
}

static void
add_switch(struct declaring *c, qpdf_oh widget)
{
	char *on = on_state(c, widget);

	pc_json_add_bool(&c->out, "checked", is_on(c, widget, on));
	if (on)
		add_option(c, widget, on);
	free(on);
}

static void
add_signature(struct declaring *c, qpdf_oh value)
{
	const int is_signed = qpdf.oh_is_dictionary(c->s->pdf, value);

	pc_json_add_bool(&c->out, "signed", is_signed);
	if (is_signed)
		pdf_add_text(c, "value", pdf_get(c, value, "/Name"));
}

/* ---- fields ---- */

static int
is_hidden(const struct declaring *c, qpdf_oh widget)
{
	return (qpdf.oh_get_int_value(c->s->pdf, pdf_get(c, widget, "/F")) &
		   (HIDDEN | NO_VIEW)) != 0;
}

static const char *
type_of(const struct declaring *c, qpdf_oh type, unsigned flags)
{
	qpdf_data pdf = c->s->pdf;

	if (qpdf.oh_is_name_and_equals(pdf, type, "/Btn"))
		return flags & BUTTON ? "button"
		    : flags & RADIO   ? "radio"
				      : "checkbox";
	if (qpdf.oh_is_name_and_equals(pdf, type, "/Ch"))
		return flags & COMBO ? "choice" : "list";
	if (qpdf.oh_is_name_and_equals(pdf, type, "/Sig"))
		return "signature";
	return flags & PASSWORD ? "password" : "text";
}

void
pdf_add_field(struct declaring *c, qpdf_oh widget)
{
	const unsigned flags = (unsigned)qpdf.oh_get_int_value(c->s->pdf,
	    inherited(c, widget, "/Ff"));
	const char *type = type_of(c, inherited(c, widget, "/FT"), flags);

	add_name(c, widget);
	pc_json_add_text(&c->out, "type", type);
	pdf_add_text(c, "description", inherited(c, widget, "/TU"));
	if (strcmp(type, "radio") == 0 || strcmp(type, "checkbox") == 0)
		add_switch(c, widget);
	else if (strcmp(type, "signature") == 0)
		add_signature(c, inherited(c, widget, "/V"));
	else if (strcmp(type, "button") != 0 && strcmp(type, "password") != 0)
		add_value(c, inherited(c, widget, "/V"));
	if (is_hidden(c, widget))
		pc_json_add_bool(&c->out, "hidden", 1);
}

/* ---- what a reader draws ---- */

void
pdf_each_drawn_field(const struct declaring *c, unsigned page,
    void (*each)(void *ctx, const struct declaring *, qpdf_oh widget),
    void *ctx)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh form = pdf_get(c, qpdf.get_root(pdf), "/AcroForm");
	const int all = qpdf.oh_get_bool_value(pdf,
	    pdf_get(c, form, "/NeedAppearances"));
	const qpdf_oh annots = pdf_get(c, qpdf.get_page_n(pdf, page),
	    "/Annots");
	const int n = pdf_length(c, annots);

	for (int i = 0; i < n; i++) {
		const qpdf_oh widget = qpdf.oh_get_array_item(pdf, annots, i);

		if (qpdf_is(c->s, widget, "/Subtype", "/Widget") &&
		    !is_hidden(c, widget) &&
		    (all ||
			!qpdf.oh_is_stream(pdf,
			    pdf_get(c, pdf_get(c, widget, "/AP"), "/N"))))
			each(ctx, c, widget);
	}
}

static void
append_string(const struct declaring *c, qpdf_oh string, struct pc_buf *b)
{
	const char *text;
	size_t n = 0;

	if (!qpdf.oh_is_string(c->s->pdf, string))
		return;
	text = qpdf.oh_get_binary_utf8_value(c->s->pdf, string, &n);
	if (b->len > 0)
		pc_buf_add(b, " ", 1);
	if (b->len + n <= PDF_TEXT_MAX)
		pc_buf_add(b, text, n);
}

/* A choice shows the text of /Opt that belongs to its value. */
static void
append_choice(const struct declaring *c, qpdf_oh widget, qpdf_oh value,
    struct pc_buf *b)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh options = inherited(c, widget, "/Opt");
	const int n = pdf_length(c, options);
	struct pc_buf wanted = {0}, one = {0};

	append_string(c, value, &wanted);
	for (int i = 0; i < n && one.len == 0; i++) {
		const qpdf_oh option = qpdf.oh_get_array_item(pdf, options, i);

		if (!qpdf.oh_is_array(pdf, option) ||
		    qpdf.oh_get_array_n_items(pdf, option) < 2)
			continue;
		append_string(c, qpdf.oh_get_array_item(pdf, option, 0), &one);
		if (one.len == wanted.len && one.len > 0 &&
		    memcmp(one.data, wanted.data, one.len) == 0)
			value = qpdf.oh_get_array_item(pdf, option, 1);
		else
			one.len = 0;
	}
	append_string(c, value, b);
	pc_buf_clear(&wanted);
	pc_buf_clear(&one);
}

void
pdf_field_text(const struct declaring *c, qpdf_oh widget, struct pc_buf *b)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh type = inherited(c, widget, "/FT");
	const qpdf_oh value = inherited(c, widget, "/V");
	const long long flags = qpdf.oh_get_int_value(pdf,
	    inherited(c, widget, "/Ff"));

	if (qpdf.oh_is_name_and_equals(pdf, type, "/Tx")) {
		if (!(flags & PASSWORD))
			append_string(c, value, b);
		return;
	}
	if (!qpdf.oh_is_name_and_equals(pdf, type, "/Ch"))
		return;
	if (!qpdf.oh_is_array(pdf, value))
		append_choice(c, widget, value, b);
	else
		for (int i = 0; i < qpdf.oh_get_array_n_items(pdf, value); i++)
			append_choice(c, widget,
			    qpdf.oh_get_array_item(pdf, value, i), b);
}
