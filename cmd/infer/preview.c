/* preview.c - --dry-run and --explain: print requests and keys, send nothing.
 */
#include "batch.h"

#include <errno.h>
#include <string.h>

static void
add_left_out(struct infer *in, struct pc_buf *b)
{
	const unsigned set = left_out(in);

	if (!set)
		return;
	pc_json_begin_array(b, "left_out");
	for (unsigned one = 1; one && one <= set; one <<= 1)
		if (set & one)
			pc_json_add_text(b, NULL, quirk_name(one));
	pc_json_end_array(b);
}

/* Print the request that would be sent.  -1: the job has failed. */
static int
print_request(struct infer *in, struct job *j)
{
	struct pc_buf body = {0}, b = {0}, url = {0};
	struct http_request request = {0};
	struct pc_error err;

	set_thread_count(in);
	if (job_prompt(in, j, &err) < 0 ||
	    (!in->backend.command &&
		question_body(in, &j->input, &j->prompt, NULL, NULL, &body,
		    &err) < 0)) {
		job_fail(j, "%s", err.text);
		pc_buf_clear(&body);
		return -1;
	}
	begin_record(&b, j);
	pc_json_add_text(&b, "stage", in->c->spec.stage);
	add_left_out(in, &b);
	pc_json_add_id(&b, "key", &j->entry.key);
	pc_json_add_text(&b, "model", in->backend.model.name);
	if (in->backend.command) {
		pc_json_add_bytes(&b, "prompt", j->prompt.data, j->prompt.len);
	} else {
		pc_json_add_text(&b, "digest", in->backend.model.digest);
		server_request(&in->backend.servers, &request,
		    in->backend.model.server,
		    protocol_of(&in->backend.model)->chat_path, &url);
		if (!url.failed)
			pc_json_add_text(&b, "url", request.url);
		while (body.len && body.data[body.len - 1] == '\n')
			body.len--;
		pc_json_add_raw(&b, "request", body.data, body.len);
	}
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	if (b.failed || url.failed)
		cli_die(in->c, "%s", strerror(ENOMEM));
	print_text(in, (char *)b.data, b.len);
	pc_buf_clear(&b);
	pc_buf_clear(&url);
	pc_buf_clear(&body);
	return 0;
}

/* 1: it has failed. */
static int
preview(struct infer *in, struct job *j, int many)
{
	if (j->state != JOB_DONE)
		job_key(in, j);
	if (j->state != JOB_DONE && in->explain) {
		in->c->material = j->material;
		cli_explain(in->c, &j->entry.key, PC_EXIT_NO);
	}
	if (j->state != JOB_DONE)
		(void)print_request(in, j);
	if (j->state == JOB_DONE)
		print_job(in, j, many);
	return j->state == JOB_DONE;
}

int
preview_questions(struct infer *in, struct source *source)
{
	uint64_t failed = 0, total = 0;
	struct job *j;

	while ((j = source_next(source))) {
		total++;
		failed += (uint64_t)preview(in, j, source->many);
		job_free(j);
	}
	return cli_status(failed, total);
}
