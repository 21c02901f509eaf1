/* release_rules.c - which models are not needed after a stage. */
#include "memory.h"

#include <string.h>
#include <strings.h>

/* Bits of a rule. */
enum wish {
	WISH_TEXT = 1,
	WISH_VISION = 2,
	WISH_EMBEDDING = 4,
	WISH_HEAVY = 8, /* vision models of memory.heavy or more */
	WISH_MOST = 16, /* all but the smallest text model */
	WISH_ALL = 32,
};

static const char *const wish_names[] = {"text", "vision", "embedding",
    "heavy-vision", "most", "all"};

enum { WISHES = sizeof wish_names / sizeof *wish_names };

static const struct {
	const char *stage;
	unsigned wishes;
} rules[] = {
    {"layout", WISH_HEAVY},
    {"ocr", WISH_VISION},  /* text models are used next */
    {"vision", WISH_TEXT}, /* vision models are used again */
    {"validation", WISH_MOST},
    {"completion", WISH_ALL},
};

enum { RULES = sizeof rules / sizeof *rules };

/* "OCR_COMPLETE" and "Ocr" are "ocr"; "complete" is "completion". */
static void
plain_name(const char *given, char name[PC_STAGE_MAX + 1])
{
	size_t n = strlen(given);

	if (n > 9 &&
	    (strcasecmp(given + n - 9, "_complete") == 0 ||
		strcasecmp(given + n - 9, "-complete") == 0))
		n -= 9;
	snprintf(name, PC_STAGE_MAX + 1, "%.*s", (int)n, given);
	for (char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (strcmp(name, "complete") == 0)
		strcpy(name, "completion");
}

struct rule_search {
	struct cli *c;
	const char *name; /* the stage's */
	unsigned wishes;
	int found;
	struct pc_buf stages; /* the stages that have a rule */
};

static unsigned
wish_of(struct cli *c, const char *stage, const struct pc_json *word)
{
	size_t n;
	const char *s = pc_json_text(word, &n);

	for (int i = 0; s && i < WISHES; i++)
		if (strcmp(s, wish_names[i]) == 0)
			return 1u << i;
	cli_die(c,
	    "configuration: memory.release, '%s' must be a list of text, vision, embedding, heavy-vision, most and all",
	    stage);
}

static int
take_rule(void *ctx, const char *stage, const struct pc_json *list)
{
	struct rule_search *l = ctx;
	unsigned wishes = 0;
	char name[PC_STAGE_MAX + 1];

	if (pc_json_type(list) != PC_JSON_ARRAY)
		wish_of(l->c, stage, NULL);
	for (size_t i = 0; i < pc_json_length(list); i++)
		wishes |= wish_of(l->c, stage, pc_json_at(list, i));
	plain_name(stage, name);
	if (strcmp(name, l->name) == 0) {
		l->found = 1;
		l->wishes = wishes;
	}
	for (int i = 0; i < RULES; i++)
		if (strcmp(rules[i].stage, name) == 0)
			return 0;
	pc_buf_addf(&l->stages, ", %s", name);
	return 0;
}

unsigned
release_rule(struct cli *c, const char *stage)
{
	const char *text = pc_config_text(c->config, "memory.release");
	char name[PC_STAGE_MAX + 1];
	struct rule_search l = {.c = c, .name = name};
	struct pc_json *own;
	struct pc_error err;

	plain_name(stage, name);
	for (int i = 0; i < RULES; i++) {
		pc_buf_addf(&l.stages, "%s%s", i ? ", " : "", rules[i].stage);
		if (strcmp(rules[i].stage, name) == 0) {
			l.found = 1;
			l.wishes = rules[i].wishes;
		}
	}
	own = *text ? pc_json_parse(text, strlen(text), &err) : NULL;
	pc_json_each(own, take_rule, &l);
	pc_json_free(own);
	pc_buf_add(&l.stages, "", 1);
	if (!l.found)
		cli_usage(c,
		    "unknown stage '%s': use %s, or a stage of memory.release in the configuration",
		    stage, l.stages.failed ? "" : (char *)l.stages.data);
	pc_buf_clear(&l.stages);
	return l.wishes;
}

static const struct model_loaded *
smallest_text(const struct models *m)
{
	const struct model_loaded *least = NULL;

	for (size_t i = 0; i < m->count; i++)
		if (m->all[i].kind == MODEL_TEXT &&
		    (!least || m->all[i].size < least->size))
			least = &m->all[i];
	return least;
}

int
release_wanted(struct cli *c, const struct models *m,
    const struct model_loaded *l, unsigned wishes)
{
	const uint64_t heavy = (uint64_t)pc_config_int(c->config,
	    "memory.heavy");

	if (l->kind == MODEL_UNKNOWN && !(wishes & WISH_ALL)) {
		cli_warn(c, "keeping '%s': the server reports no capabilities",
		    l->name);
		return 0;
	}
	return wishes & WISH_ALL ||
	    (wishes & WISH_MOST && l != smallest_text(m)) ||
	    (wishes & WISH_TEXT && l->kind == MODEL_TEXT) ||
	    (wishes & WISH_VISION && l->kind == MODEL_VISION) ||
	    (wishes & WISH_EMBEDDING && l->kind == MODEL_EMBEDDING) ||
	    (wishes & WISH_HEAVY && l->kind == MODEL_VISION &&
		l->size >= heavy);
}
