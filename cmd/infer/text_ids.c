/* text_ids.c - see text_ids.h. */
#include "text_ids.h"

#include <errno.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

size_t
text_bare(const char *text, size_t n)
{
	return n && text[n - 1] == '\n' ? n - 1 : n;
}

/* Take what was hashed as the text without the newline. */
static void
end(struct text_ids *ids, struct pc_sha256 *h)
{
	struct pc_sha256 bare = *h;

	pc_sha256_end(&bare, &ids->bare);
	pc_sha256_add(h, "\n", 1);
	pc_sha256_end(h, &ids->line);
}

void
text_ids_make(struct text_ids *ids, const char *text, size_t n)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, text, n);
	end(ids, &h);
}

int
text_ids_read(struct text_ids *ids, int fd, size_t max)
{
	struct pc_sha256 h;
	char piece[PIECE];
	size_t total = 0, held = 0; /* held: newlines that may be the last */
	ssize_t n;

	pc_sha256_init(&h);
	while ((n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		total += (size_t)n;
		if (total > max) {
			errno = EFBIG;
			return -1;
		}
		pc_sha256_add(&h, "\n", held);
		held = piece[n - 1] == '\n';
		pc_sha256_add(&h, piece, (size_t)n - held);
	}
	end(ids, &h);
	return 0;
}

int
text_ids_add(struct pc_spec *s, const struct text_ids *ids)
{
	if (pc_spec_add(s, PC_FIELD_INPUT, ids->line.b, sizeof ids->line.b) < 0)
		return -1;
	return pc_spec_add(s, PC_FIELD_INPUT, ids->bare.b, sizeof ids->bare.b);
}
