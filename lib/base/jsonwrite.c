/* jsonwrite.c - append JSON to a buffer.
 *
 * The last byte shows whether a comma is needed: after the end of a value (a
 * bracket, a quote, a digit or a letter) it is.  After an opening bracket, a
 * colon or white space, or in an empty buffer, it is not.  So no state is kept,
 * and the owner of the buffer can append a value of its own. */
#include "base.h"

#include <math.h>
#include <string.h>

static int
ends_value(unsigned char c)
{
	return c == '}' || c == ']' || c == '"' || (c >= '0' && c <= '9') ||
	    (c >= 'a' && c <= 'z');
}

static void
add_comma(struct pc_buf *b)
{
	if (b->len > 0 && ends_value(b->data[b->len - 1]))
		pc_buf_add(b, ",", 1);
}

void
pc_json_add_key(struct pc_buf *b, const void *key, size_t n)
{
	add_comma(b);
	pc_json_string(b, key, n);
	pc_buf_add(b, ":", 1);
}

/* Append a comma if one is needed, and the name if there is one. */
static void
begin_value(struct pc_buf *b, const char *key)
{
	if (key)
		pc_json_add_key(b, key, strlen(key));
	else
		add_comma(b);
}

void
pc_json_begin_object(struct pc_buf *b, const char *key)
{
	begin_value(b, key);
	pc_buf_add(b, "{", 1);
}

void
pc_json_end_object(struct pc_buf *b)
{
	pc_buf_add(b, "}", 1);
}

void
pc_json_begin_array(struct pc_buf *b, const char *key)
{
	begin_value(b, key);
	pc_buf_add(b, "[", 1);
}

void
pc_json_end_array(struct pc_buf *b)
{
	pc_buf_add(b, "]", 1);
}

void
pc_json_add_raw(struct pc_buf *b, const char *key, const void *json, size_t n)
{
	begin_value(b, key);
	pc_buf_add(b, json, n);
}

void
pc_json_add_members(struct pc_buf *b, const void *json, size_t n)
{
	if (n > 0)
		pc_json_add_raw(b, NULL, json, n);
}

void
pc_json_add_bytes(struct pc_buf *b, const char *key, const void *s, size_t n)
{
	begin_value(b, key);
	pc_json_string(b, s, n);
}

void
pc_json_add_text(struct pc_buf *b, const char *key, const char *s)
{
	pc_json_add_bytes(b, key, s, strlen(s));
}

void
pc_json_add_base64(struct pc_buf *b, const char *key, const void *s, size_t n)
{
	begin_value(b, key);
	pc_json_base64(b, s, n);
}

void
pc_json_add_id(struct pc_buf *b, const char *key, const struct pc_id *id)
{
	char hex[PC_ID_HEX];

	pc_id_hex(id, hex);
	pc_json_add_text(b, key, hex);
}

void
pc_json_add_int(struct pc_buf *b, const char *key, int64_t v)
{
	begin_value(b, key);
	pc_buf_addf(b, "%lld", (long long)v);
}

void
pc_json_add_uint(struct pc_buf *b, const char *key, uint64_t v)
{
	begin_value(b, key);
	pc_buf_addf(b, "%llu", (unsigned long long)v);
}

void
pc_json_add_fixed(struct pc_buf *b, const char *key, double v, int decimals)
{
	if (!isfinite(v)) {
		pc_json_add_null(b, key);
		return;
	}
	begin_value(b, key);
	pc_buf_addf(b, "%.*f", decimals, v);
}

void
pc_json_add_real(struct pc_buf *b, const char *key, double v, int digits)
{
	if (!isfinite(v)) {
		pc_json_add_null(b, key);
		return;
	}
	begin_value(b, key);
	pc_buf_addf(b, "%.*g", digits, v);
}

void
pc_json_add_bool(struct pc_buf *b, const char *key, int v)
{
	begin_value(b, key);
	pc_buf_addf(b, "%s", v ? "true" : "false");
}

void
pc_json_add_null(struct pc_buf *b, const char *key)
{
	begin_value(b, key);
	pc_buf_add(b, "null", 4);
}
