/* answer.c - an answer that comes in pieces.
 *
 * Some models write what they think into the answer, between <think> and
 * </think> at its beginning.  It is taken out while the pieces come, so that
 * it is not printed. */
#include "model_protocol.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const char blank[] = " \t\r\n", begin_mark[] = "<think>",
		  end_mark[] = "</think>";
enum { BEGIN = sizeof begin_mark - 1, END = sizeof end_mark - 1 };

void
answer_fail(struct model_answer *a, enum verdict verdict, const char *fmt, ...)
{
	va_list ap;

	if (a->verdict >= VERDICT_BAD)
		return;
	a->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(a->error.text, sizeof a->error.text, fmt, ap);
	va_end(ap);
}

static void
append(struct model_answer *a, struct pc_buf *to, const char *s, size_t n)
{
	if (to->len + n > ANSWER_TEXT_MAX)
		answer_fail(a, VERDICT_BAD, "the answer is longer than %d MiB",
		    ANSWER_TEXT_MAX >> 20);
	else if (pc_buf_add(to, s, n) < 0)
		answer_fail(a, VERDICT_BAD, "%s", strerror(errno));
}

static size_t
skip_blanks(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(blank, s[i]))
		i++;
	return i;
}

/* The blanks after the end mark belong to it. */
static void
add_after_thinking(struct model_answer *a, const char *s, size_t n)
{
	const size_t from = skip_blanks(s, n);

	if (from == n)
		return;
	a->part = PART_TEXT;
	append(a, &a->text, s + from, n - from);
}

static void
add_to_block(struct model_answer *a, const char *s, size_t n)
{
	/* The mark can have begun in the piece before. */
	const size_t from = a->thinking.len < END ? 0 : a->thinking.len - END;
	const char *mark, *all;
	size_t len;

	append(a, &a->thinking, s, n);
	if (a->verdict >= VERDICT_BAD || a->thinking.len == 0)
		return;
	all = (const char *)a->thinking.data;
	len = a->thinking.len;
	mark = memmem(all + from, len - from, end_mark, END);
	if (!mark)
		return;
	a->part = PART_AFTER;
	a->thinking.len = (size_t)(mark - all);
	mark += END;
	add_after_thinking(a, mark, (size_t)(all + len - mark));
}

static void
add_opening(struct model_answer *a, const char *s, size_t n)
{
	const char *held;
	size_t from, len;

	append(a, &a->held, s, n);
	if (a->verdict >= VERDICT_BAD || a->held.len == 0)
		return;
	held = (const char *)a->held.data;
	from = skip_blanks(held, a->held.len);
	len = a->held.len - from;
	if (memcmp(held + from, begin_mark, len < BEGIN ? len : BEGIN) != 0) {
		a->part = PART_TEXT;
		append(a, &a->text, held, a->held.len);
	} else if (len >= BEGIN) {
		a->part = PART_BLOCK;
		add_to_block(a, held + from + BEGIN, len - BEGIN);
	}
}

void
answer_add_text(struct model_answer *a, const char *s, size_t n)
{
	switch (a->part) {
	case PART_OPENING:
		add_opening(a, s, n);
		break;
	case PART_BLOCK:
		add_to_block(a, s, n);
		break;
	case PART_AFTER:
		add_after_thinking(a, s, n);
		break;
	case PART_TEXT:
		append(a, &a->text, s, n);
	}
}

void
answer_add_thinking(struct model_answer *a, const char *s, size_t n)
{
	append(a, &a->thinking, s, n);
}

void
answer_add_refusal(struct model_answer *a, const char *s, size_t n)
{
	append(a, &a->refusal, s, n);
}

/* The end of the longest part of s of at most n bytes that ends between two
 * characters. */
static int
fitting(const struct pc_buf *s, size_t n)
{
	if (s->len <= n)
		return (int)s->len;
	while (n > 0 && (s->data[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

void
answer_close(struct model_answer *a)
{
	enum { REFUSAL_SHOWN = 400 };

	/* It was only blank, or the beginning of a mark. */
	if (a->part == PART_OPENING && a->held.len)
		append(a, &a->text, (char *)a->held.data, a->held.len);
	a->part = PART_TEXT;
	if (a->refusal.len)
		answer_fail(a, VERDICT_BAD, "the model refuses: %.*s",
		    fitting(&a->refusal, REFUSAL_SHOWN), a->refusal.data);
}

void
answer_clear(struct model_answer *a)
{
	pc_buf_clear(&a->text);
	pc_buf_clear(&a->thinking);
	pc_buf_clear(&a->refusal);
	pc_buf_clear(&a->held);
	*a = (struct model_answer){.prompt_tokens = -1, .answer_tokens = -1};
}
