/* jsonout.c - encode text and bytes for JSON. */
#include "base.h"

#include <errno.h>
#include <string.h>

/* The length of the UTF-8 character at p; 0 if it is invalid.  Overlong forms,
 * surrogates and numbers above U+10FFFF are invalid (RFC 3629). */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	unsigned low = 0x80, high = 0xbf;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (len > n)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

int
pc_utf8_valid(const void *s, size_t n)
{
	const unsigned char *p = s;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_length(p + i, n - i);

		if (len == 0)
			return 0;
		i += len;
	}
	return 1;
}

static int
add_escaped(struct pc_buf *b, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *at;

	for (at = letters; *at; at += 2)
		if ((unsigned char)*at == c)
			return pc_buf_addf(b, "\\%c", at[1]);
	return pc_buf_addf(b, "\\u%04x", c);
}

int
pc_json_string(struct pc_buf *b, const void *s, size_t n)
{
	const unsigned char *p = s;
	size_t plain = 0; /* bytes before p that need no change */
	int r;

	r = pc_buf_add(b, "\"", 1);
	for (size_t i = 0; i < n && r == 0;) {
		size_t len = utf8_length(p + i, n - i);

		if (len > 0 && p[i] >= ' ' && p[i] != '"' && p[i] != '\\') {
			i += len;
			continue;
		}
		r = pc_buf_add(b, p + plain, i - plain);
		if (r == 0)
			r = len ? add_escaped(b, p[i])
				: pc_buf_add(b, "\xef\xbf\xbd", 3);
		plain = ++i;
	}
	if (r == 0)
		r = pc_buf_add(b, p + plain, n - plain);
	return r < 0 ? -1 : pc_buf_add(b, "\"", 1);
}

/* RFC 4648, section 4 */
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

int
pc_json_base64(struct pc_buf *b, const void *s, size_t n)
{
	const unsigned char *p = s;

	if (pc_buf_reserve(b, n / 3 * 4 + 6) < 0)
		return -1;
	b->data[b->len++] = '"';
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 |
		    (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
		    (i + 2 < n ? p[i + 2] : 0);

		for (int k = 0; k < 4; k++)
			b->data[b->len++] = i + (size_t)k > n
			    ? '='
			    : (unsigned char)base64[v >> (18 - 6 * k) & 63];
	}
	b->data[b->len++] = '"';
	return 0;
}

int
pc_base64_decode(struct pc_buf *b, const char *s, size_t n)
{
	size_t pad = 0, start = b->len;

	while (pad < 2 && pad < n && s[n - 1 - pad] == '=')
		pad++;
	if (n % 4 != 0) {
		errno = EINVAL;
		return -1;
	}
	if (pc_buf_reserve(b, n / 4 * 3 + 1) < 0)
		return -1;
	for (size_t i = 0; i < n; i += 4) {
		uint32_t v = 0;

		for (size_t k = i; k < i + 4; k++) {
			const char *at = k < n - pad && s[k]
			    ? strchr(base64, s[k])
			    : k >= n - pad ? base64
					   : NULL;

			if (!at) {
				b->len = start;
				errno = EINVAL;
				return -1;
			}
			v = v << 6 | (uint32_t)(at - base64);
		}
		for (int k = 16; k >= 0; k -= 8)
			b->data[b->len++] = (unsigned char)(v >> k);
	}
	b->len -= pad;
	return 0;
}
