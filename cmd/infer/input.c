/* input.c - the texts that a question is about. */
#include "question.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
input_read_failed(const char *file, struct pc_error *err)
{
	pc_error_set(err, "cannot read '%s': %s", file,
	    errno == EFBIG ? "it is larger than 64 MiB" : strerror(errno));
}

static struct input_piece *
add(struct input *in, struct pc_error *err)
{
	struct input_piece *more = realloc(in->pieces,
	    (in->count + 1) * sizeof *more);

	if (!more) {
		pc_error_set(err, "%s", strerror(errno));
		return NULL;
	}
	in->pieces = more;
	more[in->count] = (struct input_piece){0};
	return &more[in->count];
}

int
input_text(struct input *in, const char *text, size_t n, struct pc_error *err)
{
	struct input_piece *p = add(in, err);

	if (!p)
		return -1;
	n = text_bare(text, n);
	p->text = malloc(n + 1);
	if (!p->text) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	memcpy(p->text, text, n);
	p->text[n] = '\0';
	p->len = n;
	text_ids_make(&p->ids, text, n);
	in->count++;
	return 0;
}

/* On a miss the file is read again.  A text is kept if it can be read only once
 * (a pipe) or its size is not known (files in /proc). */
static int
identify(const char *file, struct input_piece *p)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY), r = -1, e;
	struct pc_buf b = {0};
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		;
	} else if (S_ISREG(st.st_mode) && st.st_size > TEXT_MAX) {
		errno = EFBIG;
	} else if (S_ISREG(st.st_mode) && st.st_size > 0) {
		r = text_ids_read(&p->ids, fd, TEXT_MAX);
	} else if (pc_read_all(fd, &b, TEXT_MAX) == 0 &&
	    pc_buf_add(&b, "", 1) == 0) {
		p->text = (char *)b.data;
		p->len = text_bare(p->text, b.len - 1);
		p->text[p->len] = '\0';
		text_ids_make(&p->ids, p->text, p->len);
		b = (struct pc_buf){0};
		r = 0;
	}
	e = errno;
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&b);
	errno = e;
	return r;
}

int
input_file(struct input *in, const char *file, struct pc_error *err)
{
	struct input_piece *p = add(in, err);

	if (!p)
		return -1;
	if (identify(file, p) < 0) {
		input_read_failed(file, err);
		return -1;
	}
	p->file = strdup(file);
	if (!p->file) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	in->count++;
	return 0;
}

void
input_clear(struct input *in)
{
	for (size_t i = 0; i < in->count; i++) {
		free(in->pieces[i].file);
		free(in->pieces[i].text);
	}
	free(in->pieces);
	free(in->prompt);
	images_clear(&in->images);
	pairs_clear(&in->fields);
	*in = (struct input){0};
}
