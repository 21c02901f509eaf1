/* setting.c - the table of all settings: types, defaults and meanings. */
#include "setting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNTIME "model runtime, through pc-infer: "

const struct setting settings[] = {
    {"inference.url", SETTING_TEXT, "", 0, 0,
	"pc-infer, pc-memstat: the server, or several separated by spaces; "
	"empty: $OLLAMA_HOST, $OPENAI_BASE_URL, else "
	"http://127.0.0.1:11434",
	NULL, "PC_INFER_URL"},
    {"inference.model", SETTING_TEXT, "", 0, 0,
	"pc-infer: the model if no -m is given", NULL, NULL},
    {"inference.vision_model", SETTING_TEXT, "", 0, 0,
	"pc-infer: the model for images; empty: inference.model", NULL, NULL},
    {"inference.embedding_model", SETTING_TEXT, "", 0, 0,
	"pc-infer: the model for embeddings; empty: inference.model", NULL,
	NULL},
    {"inference.models", SETTING_OBJECT, "", 0, 0,
	"pc-infer: parameters of models, for example {\"phi3\": {\"num_ctx\": "
	"8192}}",
	NULL, NULL},
    {"inference.servers", SETTING_OBJECT, "", 0, 0,
	"pc-infer: what servers refuse, for example {\"http://host/v1\": "
	"{\"leave_out\": [\"temperature\"]}}",
	NULL, NULL},
    {"inference.prices", SETTING_OBJECT, "", 0, 0,
	"pc-infer: the price of a million tokens, for example {\"phi3\": {\"prompt\": "
	"0.15, \"answer\": 0.6}}",
	NULL, NULL},
    {"inference.allow_cut", SETTING_BOOL, "false", 0, 0,
	"pc-infer: cache answers that a token limit truncated, and exit with "
	"0",
	NULL, NULL},
    {"inference.same", SETTING_TEXT, "", 0, 0,
	"pc-infer: servers without digests whose models are equal, separated by "
	"spaces; groups of them by ';'",
	NULL, NULL},
    {"inference.digest_ttl", SETTING_SPAN, "15m", 0, 0,
	"pc-infer: how long the digest of a model stays valid", NULL, NULL},
    {"inference.num_threads", SETTING_INT, "6", 1, 1024,
	RUNTIME "threads, at most the physical cores", NULL, NULL},
    {"inference.num_ctx", SETTING_INT, "0", 0, 16777216,
	RUNTIME "tokens of context; 0: as the model says", NULL, NULL},
    {"inference.num_gpu", SETTING_INT, "-1", -1, 1024,
	RUNTIME "layers on the GPU; -1: the runtime decides", NULL, NULL},
    {"inference.text_max_new_tokens_stage1", SETTING_INT, "120", 1, 1048576,
	"pc-infer: token limit of an answer in stage1", NULL, NULL},
    {"inference.text_max_new_tokens_stage2", SETTING_INT, "160", 1, 1048576,
	"pc-infer: token limit of an answer in stage2", NULL, NULL},
    {"inference.temperature", SETTING_REAL, "0.3", 0, 2,
	"pc-infer: temperature if no other is given", NULL, NULL},
    {"inference.temperature_stage1", SETTING_REAL, "0.3", 0, 2,
	"pc-infer: temperature in stage1", NULL, NULL},
    {"inference.temperature_stage2", SETTING_REAL, "0.3", 0, 2,
	"pc-infer: temperature in stage2", NULL, NULL},
    {"inference.num_predict_short", SETTING_INT, "120", 1, 1048576,
	"pc-infer: token limit of a short answer", NULL, NULL},
    {"inference.num_predict_long", SETTING_INT, "160", 1, 1048576,
	"pc-infer: token limit of a long answer", NULL, NULL},
    {"inference.keep_alive", SETTING_SPAN, "30m", 0, 0,
	RUNTIME "how long a model stays loaded", NULL, NULL},

    {"caching.enabled", SETTING_BOOL, "true", 0, 0,
	"all: use the store; false: compute, and neither read nor "
	"write it",
	NULL, "PC_CACHE"},
    {"caching.cache_dir", SETTING_PATH, "", 0, 0,
	"all: the store; empty: ${XDG_CACHE_HOME:-~/.cache}/pc", NULL,
	"PC_STORE"},
    {"caching.default_ttl", SETTING_SPAN, "30d", 0, 0,
	"pc-put, pc-run, pc-get --touch: how long a value stays valid", NULL,
	NULL},
    {"caching.ttl_ocr", SETTING_SPAN, "30d", 0, 0,
	"pc-ocr: how long a text stays valid", NULL, NULL},
    {"caching.ttl_layout", SETTING_SPAN, "30d", 0, 0,
	"pc-ocr, pc-infer: how long other formats and page images stay "
	"valid",
	NULL, NULL},
    {"caching.ttl_text_inference", SETTING_SPAN, "30d", 0, 0,
	"pc-infer: how long a text answer stays valid", NULL, NULL},
    {"caching.ttl_vision_inference", SETTING_SPAN, "30d", 0, 0,
	"pc-infer: how long an answer about an image stays valid", NULL, NULL},
    {"caching.ttl_embeddings", SETTING_SPAN, "30d", 0, 0,
	"pc-infer: how long an embedding stays valid", NULL, NULL},
    {"caching.ttl_api", SETTING_SPAN, "24h", 0, 0,
	"pc-fetch: how long a response stays valid", NULL, NULL},
    {"caching.max_bytes", SETTING_SIZE, "5G", 0, 0,
	"all: each put keeps the store below this size; larger values are not "
	"stored",
	NULL, NULL},
    {"caching.wait", SETTING_SPAN, "15m", 0, 0,
	"all: how long to wait for another process that computes the same "
	"result",
	NULL, NULL},
    {"caching.sync", SETTING_BOOL, "false", 0, 0,
	"all: a put waits until its data is on the disk", NULL, NULL},
    {"caching.events", SETTING_BOOL, "true", 0, 0,
	"all: record events; pc-stats reads them", NULL, "PC_EVENTS"},

    {"networking.timeout_connect", SETTING_SPAN, "10s", 1, 86400,
	"pc-infer, pc-fetch: time limit to connect", NULL, NULL},
    {"networking.timeout_read", SETTING_SPAN, "180s", 1, 86400,
	"pc-infer, pc-fetch: time limit without a byte received", NULL, NULL},
    {"networking.timeout_total", SETTING_SPAN, "1h", 1, 31536000,
	"pc-fetch: time limit for one URL, with retries and redirects", NULL,
	NULL},
    {"networking.min_speed", SETTING_INT, "100", 0, 1000000000,
	"pc-fetch: fail if a body is slower, in bytes per second, after its first "
	"byte; 0: no limit",
	NULL, NULL},
    {"networking.min_speed_time", SETTING_SPAN, "60s", 1, 86400,
	"pc-fetch: how long each measurement of min_speed takes", NULL, NULL},
    {"networking.allow_private", SETTING_BOOL, "false", 0, 0,
	"pc-fetch: true: follow redirects from public to private addresses",
	NULL, NULL},
    {"networking.retry_attempts", SETTING_INT, "3", 1, 100,
	"pc-infer, pc-fetch: attempts in total", NULL, NULL},
    {"networking.max_concurrent", SETTING_INT, "16", 1, 1024,
	"pc-infer, pc-fetch: parallel requests", NULL, NULL},
    {"networking.per_host", SETTING_INT, "6", 1, 1024,
	"pc-infer, pc-fetch: parallel requests to one host", NULL, NULL},

    {"memory.warn", SETTING_INT, "80", 1, 100,
	"pc-memstat: warn above this percentage of used memory", NULL, NULL},
    {"memory.critical", SETTING_INT, "95", 1, 100,
	"pc-memstat, pc-ocr, pc-infer: never start work that would use more "
	"than this percentage",
	NULL, NULL},
    {"memory.heavy", SETTING_SIZE, "4G", 0, 0,
	"pc-memstat: a vision model of this size or more is heavy", NULL, NULL},
    {"memory.release", SETTING_OBJECT, "", 0, 0,
	"pc-memstat: what to unload after a stage, for example {\"ocr\": "
	"[\"vision\"]}",
	NULL, NULL},

    {"ocr.language", SETTING_TEXT, "eng", 0, 0,
	"pc-ocr: languages, for example eng+deu", NULL, NULL},
    {"ocr.dpi", SETTING_INT, "300", 36, 2400,
	"pc-ocr: dots per inch of pages that do not specify them", NULL, NULL},
    {"ocr.max_bytes", SETTING_SIZE, "4G", 0, 0,
	"pc-ocr, pc-infer: refuse a larger document or image", NULL, NULL},
    {"ocr.max_megapixels", SETTING_INT, "250", 1, 4096,
	"pc-ocr, pc-infer: a page with more fails", NULL, NULL},
    {"ocr.page_timeout", SETTING_SPAN, "180s", 1, 86400,
	"pc-ocr, pc-infer: time limit for one page", NULL, NULL},
    {"ocr.convert", SETTING_OBJECT, "", 0, 0,
	"pc-ocr: programs that convert documents, by MIME type, for example "
	"{\"text/rtf\": [\"pandoc\", \"-f\", \"rtf\", \"-t\", \"plain\", "
	"\"{}\"]}",
	NULL, NULL},
    {"ocr.convert_timeout", SETTING_SPAN, "5m", 1, 86400,
	"pc-ocr: time limit for a converter", NULL, NULL},
    {"ocr.convert_unconfined", SETTING_BOOL, "false", 0, 0,
	"pc-ocr: true: run converters without the sandbox, with limits only",
	NULL, NULL},
    {"ocr.require_sandbox", SETTING_BOOL, "false", 0, 0,
	"pc-ocr, pc-infer: fail if a part of the sandbox is not available",
	NULL, NULL},

    {"features.fallback_on_error", SETTING_BOOL, "true", 0, 0,
	"all: true: a failing store is a warning; false: an error", NULL, NULL},
    {"features.memory_zones", SETTING_BOOL, "true", 0, 0,
	"all: heavy libraries run in helpers that end",
	"a helper is a process, and its memory ends with it", NULL},
    {"features.shared_models", SETTING_BOOL, "true", 0, 0,
	RUNTIME "stages share a loaded model; false unloads it after each",
	NULL, NULL},
};

_Static_assert(sizeof settings / sizeof settings[0] == SETTINGS,
    "SETTINGS is not the number of rows");

int
setting_find(const char *name)
{
	for (int i = 0; i < SETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0)
			return i;
	return -1;
}

int
setting_section(const char *section)
{
	size_t n = strlen(section);

	for (int i = 0; i < SETTINGS; i++)
		if (strncmp(settings[i].name, section, n) == 0 &&
		    settings[i].name[n] == '.')
			return i;
	return -1;
}

static int
int_fits(const struct setting *s, const char *text)
{
	int64_t v;

	return pc_parse_int(text, (int64_t)s->min, (int64_t)s->max, &v) == 0;
}

static int
real_fits(const struct setting *s, const char *text)
{
	char *end;
	const double v = strtod(text, &end);

	return isfinite(v) && end != text && *end == '\0' && v >= s->min &&
	    v <= s->max;
}

static int
verify_number(const struct setting *s, const char *text, struct pc_error *err)
{
	if (text &&
	    (s->type == SETTING_INT ? int_fits(s, text) : real_fits(s, text)))
		return 0;
	pc_error_set(err, "a%s number from %.15g to %.15g",
	    s->type == SETTING_INT ? " whole" : "", s->min, s->max);
	return -1;
}

static int
verify_span(const struct setting *s, const char *text, struct pc_error *err)
{
	int64_t v;

	if (!text || pc_parse_duration(text, &v) < 0)
		pc_error_set(err, "a duration such as %s", s->value);
	else if (s->max > 0 &&
	    ((double)v < s->min * 1e6 || (double)v > s->max * 1e6))
		pc_error_set(err, "a duration from %.15gs to %.15gs", s->min,
		    s->max);
	else
		return 0;
	return -1;
}

int
setting_verify(const struct setting *s, const char *text, struct pc_error *err)
{
	int64_t v;

	switch (s->type) {
	case SETTING_TEXT:
		if (text)
			return 0;
		pc_error_set(err, "a string");
		return -1;
	case SETTING_PATH:
		if (text &&
		    (*text == '\0' || *text == '/' ||
			strncmp(text, "~/", 2) == 0))
			return 0;
		pc_error_set(err, "an absolute path, or one from ~/");
		return -1;
	case SETTING_INT:
	case SETTING_REAL:
		return verify_number(s, text, err);
	case SETTING_BOOL:
		if (text &&
		    (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
			return 0;
		pc_error_set(err, "true or false");
		return -1;
	case SETTING_SPAN:
		return verify_span(s, text, err);
	case SETTING_OBJECT:
		if (text)
			return 0;
		pc_error_set(err, "an object, { }");
		return -1;
	case SETTING_SIZE:
		if (text && pc_parse_size(text, &v) == 0)
			return 0;
		pc_error_set(err, "a size such as %s", s->value);
		return -1;
	}
	return 0;
}

void
setting_nearest(const char *name, struct pc_nearest *nearest)
{
	const char *dot = strchr(name, '.'), *bare = dot ? dot + 1 : name;

	for (int i = 0; i < SETTINGS; i++) {
		const char *row = settings[i].name;
		const size_t n = (size_t)(strchr(row, '.') - row);
		char section[64];
		unsigned d = pc_word_distance(bare, row + n + 1);

		/* A right name in a wrong section is still near. */
		if (d != PC_FAR && strncmp(name, row, n + 1) != 0)
			d++;
		pc_nearest_offer(nearest, row, d);
		if (dot)
			continue;
		snprintf(section, sizeof section, "%.*s", (int)n, row);
		pc_nearest_offer(nearest, section,
		    pc_word_distance(name, section));
	}
}
