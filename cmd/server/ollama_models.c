/* ollama_models.c - the models that an Ollama server has in memory. */
#include "ollama_models.h"

#include "model_protocol.h"

#include <string.h>
#include <time.h>

static uint64_t
size_of(const struct pc_json *j, const char *name)
{
	int64_t v = member_int(j, name, 0);

	return v > 0 && v < INT64_C(1) << 53 ? (uint64_t)v : 0;
}

/* us since the epoch, of a time like "2024-06-04T14:38:31.83753-07:00"; 0: it
 * is not one. */
static int64_t
time_of(const struct pc_json *j, const char *name)
{
	const char *s, *p;
	struct tm tm = {0};
	int hours, minutes, n = 0;
	int64_t t;
	size_t len;

	s = pc_json_text(pc_json_get(j, name), &len);
	p = s ? strptime(s, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	if (!p || tm.tm_year < 70)
		return 0;
	/* The longest time that a Go program can express means for ever. */
	if (tm.tm_year > 200)
		return PC_NEVER;
	t = timegm(&tm);
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if ((*p == '+' || *p == '-') &&
	    sscanf(p + 1, "%2d:%2d%n", &hours, &minutes, &n) == 2 && n == 5)
		t -= (*p == '-' ? -60 : 60) * (hours * 60 + minutes);
	return t > 0 ? t * 1000000 : 0;
}

int
ollama_parse_loaded(const struct pc_json *entry, struct model_loaded *m)
{
	size_t n;
	const char *name = pc_json_text(pc_json_get(entry, "name"), &n);

	if (!name || n == 0 || n >= sizeof m->name || memchr(name, '\0', n))
		return -1;
	*m = (struct model_loaded){.size = size_of(entry, "size"),
	    .vram = size_of(entry, "size_vram"),
	    .expires = time_of(entry, "expires_at")};
	memcpy(m->name, name, n);
	if (m->vram > m->size)
		m->vram = m->size;
	return 0;
}

static int
has_text(const struct pc_json *list, const char *word)
{
	size_t n;

	for (size_t i = 0; i < pc_json_length(list); i++) {
		const char *s = pc_json_text(pc_json_at(list, i), &n);

		if (s && strcmp(s, word) == 0)
			return 1;
	}
	return 0;
}

void
ollama_add_show_request(struct pc_buf *b, const char *model)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "model", model);
	pc_json_end_object(b);
}

enum model_kind
ollama_parse_kind(const struct pc_json *answer)
{
	const struct pc_json *can = pc_json_get(answer, "capabilities");
	/* Before 0.6.4 Ollama reported families only. */
	const struct pc_json *families = pc_json_get(
	    pc_json_get(answer, "details"), "families");

	if (has_text(can, "vision") || has_text(families, "clip") ||
	    has_text(families, "mllama"))
		return MODEL_VISION;
	if (has_text(can, "embedding") || has_text(families, "bert") ||
	    has_text(families, "nomic-bert"))
		return MODEL_EMBEDDING;
	return MODEL_TEXT;
}

const char *
ollama_load_path(enum model_kind kind)
{
	return kind == MODEL_EMBEDDING ? ollama_protocol.embed_path
				       : "/api/generate";
}

void
ollama_add_load_request(struct pc_buf *b, const char *model,
    enum model_kind kind, int64_t keep)
{
	/* A request without a prompt only loads or unloads.  One without a text
	 * to embed need not load the model, so that text is a blank. */
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "model", model);
	if (kind == MODEL_EMBEDDING)
		pc_json_add_text(b, "input", " ");
	pc_json_add_bool(b, "stream", 0);
	pc_json_add_int(b, "keep_alive", keep);
	pc_json_end_object(b);
}
