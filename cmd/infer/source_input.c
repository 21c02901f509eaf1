/* source_input.c - the inputs of the command line: files, images and standard
 * input. */
#include "source_in.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Standard input is read once and kept for all samples. */
static int
add_stdin(struct source *s, struct input *in, struct pc_error *err)
{
	struct pc_buf *b = &s->stdin_text;

	if (!s->stdin_read && s->in->c->stdin_used++) {
		pc_error_set(err, "standard input can be read only once");
		return -1;
	}
	if (!s->stdin_read && pc_read_all(0, b, TEXT_MAX) < 0) {
		pc_error_set(err, "cannot read standard input: %s",
		    errno == EFBIG ? "it is more than 64 MiB"
				   : strerror(errno));
		return -1;
	}
	s->stdin_read = 1;
	return b->len ? input_text(in, (char *)b->data, b->len, err) : 0;
}

static int
add_file(struct source *s, struct input *in, const char *name,
    struct pc_error *err)
{
	if (strcmp(name, "-") == 0)
		return add_stdin(s, in, err);
	return input_file(in, name, err);
}

int
source_add_image(struct source *s, struct input *in, const char *name,
    struct pc_error *err)
{
	if (strcmp(name, "-") == 0 && s->in->c->stdin_used++) {
		pc_error_set(err, "standard input can be read only once");
		return -1;
	}
	return images_add(s->in->c, &in->images, name, s->in->question.pages,
	    (unsigned)s->in->question.side_max, err);
}

int
source_add_input(struct source *s, struct input *in, const char *name,
    struct pc_error *err)
{
	return s->in->question.t.images ? source_add_image(s, in, name, err)
					: add_file(s, in, name, err);
}

/* Is standard input the text?  Not if it is a terminal, and not if inputs are
 * named: within a shell's loop it would be the loop's list. */
static int
stdin_is_input(const struct source *s)
{
	struct stat st;

	return !*s->files && !*s->images && !isatty(0) && fstat(0, &st) == 0;
}

void
source_fill_single(struct source *s, struct job *j)
{
	struct pc_error err = {""};
	int r = 0;

	for (char *const *f = s->files; *f && r == 0; f++)
		r = source_add_input(s, &j->input, *f, &err);
	for (char *const *f = s->images; *f && r == 0; f++)
		r = source_add_image(s, &j->input, *f, &err);
	if (r == 0 && stdin_is_input(s))
		r = source_add_input(s, &j->input, "-", &err);
	if (r < 0)
		job_fail(j, "%s", err.text);
}
