/* print.c - answers, and what is said in their place. */
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

/* The answer as JSON, on one line, when a schema says that it is. */
static void
add_value(const struct job *j, struct pc_buf *b)
{
	struct pc_error err;
	struct pc_json *v;

	if (pc_json_parse_any((char *)j->text.data, j->text.len, &v, &err) ==
	    0) {
		pc_buf_addf(b, ",\"value\":");
		pc_json_print(b, v);
	}
	pc_json_free(v);
}

static void
print_record(const struct infer *in, const struct job *j)
{
	struct pc_buf b = {0};
	char hex[PC_ID_HEX];

	pc_buf_addf(&b, "{%s%s", j->carried ? j->carried : "",
	    j->carried && *j->carried ? "," : "");
	if (j->error.text[0]) {
		pc_buf_addf(&b, "\"error\":");
		pc_json_string(&b, j->error.text, strlen(j->error.text));
	} else {
		pc_buf_addf(&b, "\"text\":");
		pc_json_string(&b, j->text.data, j->text.len);
		if (in->schema)
			add_value(j, &b);
		pc_id_hex(&j->entry.key, hex);
		pc_buf_addf(&b, ",\"stage\":\"%s\",\"key\":\"%s\",\"hit\":%s",
		    in->c->spec.stage, hex, j->hit ? "true" : "false");
		if (j->input.sample)
			pc_buf_addf(&b, ",\"sample\":%lld",
			    (long long)j->input.sample);
		if (j->extra.len) {
			pc_buf_add(&b, ",", 1);
			pc_buf_add(&b, j->extra.data, j->extra.len);
		}
	}
	pc_buf_addf(&b, "}\n");
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
