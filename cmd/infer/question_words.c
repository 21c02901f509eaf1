/* question_words.c - the words of a question: its prompt and system prompt with
 * the texts read and the placeholders replaced. */
#include "question_in.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Read a piece's file; it must have the digest that is in the key. */
static int
read_piece(struct input_piece *p, struct pc_error *err)
{
	struct pc_buf b = {0};
	struct text_ids ids;
	int fd = open(p->file, O_RDONLY | O_CLOEXEC | O_NOCTTY), r = -1;

	if (fd < 0 || pc_read_all(fd, &b, TEXT_MAX) < 0 ||
	    pc_buf_add(&b, "", 1) < 0) {
		input_read_failed(p->file, err);
	} else {
		p->len = text_bare((char *)b.data, b.len - 1);
		b.data[p->len] = '\0';
		text_ids_make(&ids, (char *)b.data, p->len);
		r = memcmp(&ids, &p->ids, sizeof ids) ? -1 : 0;
		if (r < 0)
			pc_error_set(err, "'%s' changed while it was read",
			    p->file);
	}
	if (fd >= 0)
		close(fd);
	if (r == 0)
		p->text = (char *)b.data;
	else
		pc_buf_clear(&b);
	return r;
}

/* Join all texts, with a blank line between them. */
static int
join_texts(struct input *input, struct pc_buf *text, struct pc_error *err)
{
	for (size_t i = 0; i < input->count; i++) {
		struct input_piece *p = &input->pieces[i];

		if (!p->text && read_piece(p, err) < 0)
			return -1;
		if (!pc_utf8_valid(p->text, p->len)) {
			pc_error_set(err,
			    "%s%s%s is not a text file; run pc-ocr on it first",
			    p->file ? "'" : "", p->file ? p->file : "the input",
			    p->file ? "'" : "");
			return -1;
		}
		if (i > 0)
			pc_buf_add(text, "\n\n", 2);
		pc_buf_add(text, p->text, p->len);
	}
	return 0;
}

/* JSON needs UTF-8.  Replacing invalid bytes would change the question. */
static int
check_words(const struct pc_buf *b, const char *what, struct pc_error *err)
{
	if (pc_utf8_valid(b->data, b->len))
		return 0;
	pc_error_set(err, "the %s is not valid UTF-8", what);
	return -1;
}

int
question_prompt(const struct question *q, struct input *input,
    struct pc_buf *out, struct pc_error *err)
{
	const char *said = given_prompt(q, input);
	struct pc_buf text = {0};
	struct lookup l = {.question = q, .input = input, .text = &text};
	int r = join_texts(input, &text, err);

	if (r == 0 && q->t.prompt)
		r = fill_placeholders(&l, out, q->t.prompt, q->named, err);
	if (r == 0 && said && !l.used_prompt) {
		pc_buf_add(out, "\n\n", out->len ? 2 : 0);
		r = q->named ? pc_buf_add(out, said, strlen(said))
			     : fill_placeholders(&l, out, said, 0, err);
	}
	if (r == 0 && text.len && !l.used_text) {
		pc_buf_add(out, "\n\n", out->len ? 2 : 0);
		pc_buf_add(out, text.data, text.len);
	}
	if (r == 0 && (out->failed || text.failed)) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		r = -1;
	}
	if (r == 0)
		r = check_words(out, "prompt", err);
	if (r == 0 && out->len == 0 && !input->images.count) {
		pc_error_set(err,
		    "nothing to ask: the text is empty and "
		    "there is no prompt");
		r = -1;
	}
	pc_buf_clear(&text);
	return r;
}

int
question_system(const struct question *q, struct input *input,
    struct pc_buf *system, struct pc_error *err)
{
	struct pc_buf text = {0};
	struct lookup l = {.question = q, .input = input, .text = &text};
	int r = 0;

	if (!q->t.system)
		return 0;
	if (q->plain_system)
		return pc_buf_add(system, q->t.system, strlen(q->t.system) + 1);
	if (strstr(q->t.system, "{{"))
		r = join_texts(input, &text, err);
	if (r == 0)
		r = fill_placeholders(&l, system, q->t.system, q->named, err);
	if (r == 0)
		r = check_words(system, "system prompt", err);
	if (r == 0)
		r = pc_buf_add(system, "", 1);
	pc_buf_clear(&text);
	return r;
}
