/* cer.c - the character error rate of a text.
 *
 * bench-cer TRUTH FILE prints the error rate, the number of errors, and the
 * length of TRUTH.  Errors are the characters that must be inserted, removed or
 * replaced to turn FILE into TRUTH; the rate is their number divided by the
 * length.  All space between two words counts as one blank. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pc.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

struct text {
	uint32_t *c;
	size_t n;
};

/* The character at p; an invalid byte stands for itself. */
static uint32_t
next(const unsigned char *p, size_t left, size_t *length)
{
	size_t n = *p < 0xc2 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? *p : *p & (0x7fu >> n);

	if (n > left || !pc_utf8_valid(p, n)) {
		*length = 1;
		return *p;
	}
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	*length = n;
	return c;
}

static int
is_space(uint32_t c)
{
	return c <= ' ' || c == 0xa0;
}

static int
read_text(const char *path, struct text *t)
{
	struct pc_buf b = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC), space = 0, r = -1;
	size_t length;

	if (fd < 0)
		return -1;
	if (pc_read_all(fd, &b, TEXT_MAX) < 0)
		goto out;
	t->c = calloc(b.len + 1, sizeof *t->c);
	if (!t->c)
		goto out;
	for (size_t i = 0; i < b.len; i += length) {
		uint32_t c = next(b.data + i, b.len - i, &length);

		if (is_space(c)) {
			space = 1;
			continue;
		}
		if (space && t->n > 0)
			t->c[t->n++] = ' ';
		space = 0;
		t->c[t->n++] = c;
	}
	r = 0;
out:
	pc_buf_clear(&b);
	close(fd);
	return r;
}

/* Levenshtein's distance, by one row of the table. */
static int
distance(const struct text *a, const struct text *b, size_t *result)
{
	size_t *row = calloc(b->n + 1, sizeof *row);

	if (!row)
		return -1;
	for (size_t j = 0; j <= b->n; j++)
		row[j] = j;
	for (size_t i = 0; i < a->n; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b->n; j++) {
			size_t best = diagonal + (a->c[i] != b->c[j]);

			diagonal = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	*result = row[b->n];
	free(row);
	return 0;
}

int
main(int argc, char **argv)
{
	struct text truth = {0}, text = {0};
	size_t errors;

	if (argc != 3) {
		fprintf(stderr, "usage: bench-cer TRUTH FILE\n");
		return 2;
	}
	if (read_text(argv[1], &truth) < 0 || read_text(argv[2], &text) < 0 ||
	    distance(&truth, &text, &errors) < 0) {
		fprintf(stderr, "bench-cer: %s\n", strerror(errno));
		return 2;
	}
	if (truth.n == 0) {
		fprintf(stderr, "bench-cer: '%s': no text\n", argv[1]);
		return 2;
	}
	printf("%.4f\t%zu\t%zu\n", (double)errors / (double)truth.n, errors,
	    truth.n);
	free(truth.c);
	free(text.c);
	return 0;
}
