/* print.c - print answers, or the errors instead of them. */
#include "batch.h"

#include <errno.h>
#include <string.h>

void
print_text(const struct infer *in, const char *text, size_t n)
{
	cli_progress_off(in->c);
	if (in->terminal ? fflush(stdout) != 0 || cli_write(in->c, text, n) < 0
			 : fwrite(text, 1, n, stdout) != n)
		cli_die(in->c, "cannot write standard output: %s",
		    strerror(errno));
}

/* With a schema the answer is JSON: add it as a value, on one line. */
static void
add_value(const struct job *j, struct pc_buf *b)
{
	struct pc_error err;
	struct pc_json *v;

	if (pc_json_parse_any((char *)j->text.data, j->text.len, &v, &err) ==
	    0) {
		pc_json_add_key(b, "value", strlen("value"));
		pc_json_print(b, v);
	}
	pc_json_free(v);
}

void
begin_record(struct pc_buf *b, const struct job *j)
{
	pc_json_begin_object(b, NULL);
	if (j->carried)
		pc_json_add_members(b, j->carried, strlen(j->carried));
}

static void
print_record(const struct infer *in, const struct job *j)
{
	struct pc_buf b = {0};

	begin_record(&b, j);
	if (j->error.text[0]) {
		pc_json_add_text(&b, "error", j->error.text);
	} else {
		pc_json_add_bytes(&b, "text", j->text.data, j->text.len);
		if (in->question.schema)
			add_value(j, &b);
		pc_json_add_text(&b, "stage", in->c->spec.stage);
		pc_json_add_id(&b, "key", &j->entry.key);
		pc_json_add_bool(&b, "hit", j->hit);
		if (j->input.sample)
			pc_json_add_int(&b, "sample", j->input.sample);
		pc_json_add_members(&b, j->extra.data, j->extra.len);
	}
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	if (b.failed)
		cli_die(in->c, "%s", strerror(ENOMEM));
	print_text(in, (char *)b.data, b.len);
	pc_buf_clear(&b);
}

void
print_job(const struct infer *in, struct job *j, int many)
{
	int json = in->json || (many && in->c->jsonl);

	j->printed = 1;
	if (j->error.text[0] && !(j->passed && json))
		cli_warn(in->c, "%s%s%s%s", j->name ? "'" : "",
		    j->name ? j->name : "", j->name ? "': " : "",
		    j->error.text);
	if (in->warm)
		return;
	if (json)
		print_record(in, j);
	else if (!j->error.text[0])
		print_text(in, (char *)j->text.data + j->streamed,
		    j->text.len - j->streamed);
}
