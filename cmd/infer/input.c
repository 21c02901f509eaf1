/* input.c - what is asked about. */
#include "infer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct piece *
add(struct input *in, struct pc_error *err)
{
	struct piece *more =
	    realloc(in->pieces, (in->count + 1) * sizeof *more);

	if (!more) {
		pc_error_set(err, "%s", strerror(errno));
		return NULL;
	}
	in->pieces = more;
	more[in->count] = (struct piece){0};
	return &more[in->count];
}

int
input_text(struct input *in, const char *text, size_t n, struct pc_error *err)
{
	struct piece *p = add(in, err);

	if (!p)
		return -1;
	p->text = malloc(n + 1);
	if (!p->text) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	memcpy(p->text, text, n);
	p->text[n] = '\0';
	p->len = n;
	pc_sha256(text, n, &p->id);
	in->count++;
	return 0;
}

int
input_file(
    struct cli *c, struct input *in, const char *file, struct pc_error *err)
{
	struct piece *p = add(in, err);

	if (!p)
		return -1;
	if (pc_ident_file(c->store, file, 0, &p->id, NULL) < 0) {
		pc_error_set(err, "cannot read '%s': %s", file,
		    strerror(errno));
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
