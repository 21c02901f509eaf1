/* model_memo.c - what earlier runs learned about a model: its API, digest,
 * server and context.  The store keeps it as text, one line each. */
#include "model_in.h"

#include "cli/memo.h"

#include <string.h>

static int
memo_key(struct infer *in, struct pc_id *key, struct pc_buf *material)
{
	struct pc_spec spec = {0};
	struct pc_buf b = {0};
	const char *twice;
	const char *same = pc_config_text(in->c->config, "inference.same");
	int e;

	pc_buf_addf(&b, "servers=%s", api_names[in->backend.api]);
	for (size_t i = 0; i < in->backend.servers.count; i++)
		pc_buf_addf(&b, " %s", in->backend.servers.urls[i]);
	e = b.failed ? -1 : pc_spec_stage(&spec, "infer.model");
	if (e == 0)
		e = pc_spec_add(&spec, PC_FIELD_PARAM, b.data, b.len);
	if (e == 0)
		e = pc_spec_addf(&spec, PC_FIELD_PARAM, "model=%s",
		    in->backend.wanted);
	if (e == 0 && *same)
		e = pc_spec_addf(&spec, PC_FIELD_PARAM, "same=%s", same);
	if (e == 0)
		e = pc_spec_key(&spec, material, key, &twice);
	pc_buf_clear(&b);
	pc_spec_clear(&spec);
	return e;
}

void
model_memo_write(struct infer *in)
{
	const struct model *m = &in->backend.model;
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;

	pc_buf_addf(&text, "%s\n%s\n%s\n%s\n%lld\n", api_names[m->api], m->name,
	    m->digest, m->server, (long long)m->num_ctx);
	if (memo_key(in, &key, &material) == 0)
		memo_write(in->c, &key, &material, &text);
	pc_buf_clear(&material);
	pc_buf_clear(&text);
}

/* Copy one line.  What follows it, or NULL if it is too long or not ended. */
static const char *
line(const char *p, char *to, size_t size)
{
	size_t n = strcspn(p, "\n");

	if (n >= size || p[n] != '\n')
		return NULL;
	memcpy(to, p, n);
	to[n] = '\0';
	return p + n + 1;
}

static int
parse_memo(struct model *m, const char *p)
{
	char api[16], ctx[24];

	p = line(p, api, sizeof api);
	if (p)
		p = line(p, m->name, sizeof m->name);
	if (p)
		p = line(p, m->digest, sizeof m->digest);
	if (p)
		p = line(p, m->server, sizeof m->server);
	if (p)
		p = line(p, ctx, sizeof ctx);
	if (!p || pc_parse_int(ctx, 0, INT32_MAX, &m->num_ctx) < 0)
		return -1;
	m->api = strcmp(api, "openai") == 0 ? API_OPENAI : API_OLLAMA;
	m->fresh = 0;
	return 0;
}

int
model_memo_read(struct infer *in, int64_t most)
{
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;
	int64_t created, age;
	int found = 1;

	if (memo_key(in, &key, &material) == 0 &&
	    memo_read(in->c, &key, &text, &created) == 0) {
		age = pc_now() - created;
		/* A negative age means that the clock was wrong. */
		if (most == PC_NEVER || (age >= 0 && age < most))
			found = parse_memo(&in->backend.model,
				    (char *)text.data) < 0;
	}
	pc_buf_clear(&material);
	pc_buf_clear(&text);
	return found;
}
