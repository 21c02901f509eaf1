/* place.c - name positions in JSON values in messages, and show their
 * values. */
#include "schema_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	POINTER_MAX = 200, /* bytes of a pointer in a message */
	SHOWN_MAX = 48,    /* bytes of a string in a message */
};

/* A JSON pointer (RFC 6901). */
static void
add(struct pc_buf *b, const struct json_place *p)
{
	if (!p)
		return;
	if (p->pointer) {
		pc_buf_addf(b, "%s", p->pointer);
		return;
	}
	add(b, p->up);
	pc_buf_add(b, "/", 1);
	if (!p->name) {
		pc_buf_addf(b, "%zu", p->index);
		return;
	}
	for (const char *s = p->name; *s && s - p->name < POINTER_MAX; s++)
		if (*s == '~' || *s == '/')
			pc_buf_add(b, *s == '~' ? "~0" : "~1", 2);
		else
			pc_buf_add(b, s, 1);
}

char *
place_pointer(const struct json_place *p)
{
	struct pc_buf b = {0};
	size_t cut = 0;
	char *text = NULL;

	add(&b, p);
	if (pc_buf_add(&b, "", 1) == 0) {
		if (b.len > POINTER_MAX)
			cut = b.len - POINTER_MAX;
		/* Do not cut within a character. */
		while (cut > 0 && (b.data[cut] & 0xc0) == 0x80)
			cut++;
		if (asprintf(&text, "%s%s", cut ? "..." : "",
			(char *)b.data + cut) < 0)
			text = NULL;
	}
	pc_buf_clear(&b);
	return text;
}

void
place_say(struct pc_error *err, const struct json_place *p, const char *text)
{
	char *pointer = p ? place_pointer(p) : NULL;

	pc_error_set(err, "%s: %s", pointer ? pointer : "the whole", text);
	free(pointer);
}

/* How many of the n bytes can be shown, in whole characters? */
static size_t
shown(const char *text, size_t n)
{
	size_t cut = SHOWN_MAX;

	if (n <= SHOWN_MAX)
		return n;
	while (cut > 0 && (text[cut] & 0xc0) == 0x80)
		cut--;
	return cut;
}

void
place_show(struct pc_buf *b, const struct pc_json *v)
{
	struct pc_buf number = {0};
	const char *text;
	size_t n, cut;

	switch (pc_json_type(v)) {
	case PC_JSON_ARRAY:
		pc_buf_addf(b, "an array of %zu", pc_json_length(v));
		return;
	case PC_JSON_OBJECT:
		pc_buf_addf(b, "an object");
		return;
	case PC_JSON_TEXT:
		text = pc_json_text(v, &n);
		cut = shown(text, n);
		pc_json_string(b, text, cut);
		break;
	default:
		pc_json_print(&number, v);
		n = number.len;
		cut = shown((char *)number.data, n);
		pc_buf_add(b, number.data, cut);
		pc_buf_clear(&number);
	}
	if (cut < n)
		pc_buf_addf(b, "...");
}
