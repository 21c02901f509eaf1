/* spot.c - positions in a schema that is being read: errors, identifiers and
 * references there. */
#include "spot.h"
#include "schema_in.h"

#include <stdlib.h>
#include <string.h>

int
spot_refuse(const struct spot *s, const char *why)
{
	place_say(s->reading->err, s->at, why);
	return -1;
}

int
spot_refuse_value(const struct spot *s, const char *wanted,
    const struct pc_json *v)
{
	struct pc_error why;
	struct pc_buf b = {0};

	place_show(&b, v);
	pc_error_set(&why, "must be %s, not %.*s", wanted, (int)b.len,
	    b.len ? (char *)b.data : "");
	pc_buf_clear(&b);
	return spot_refuse(s, why.text);
}

int
spot_enter_resource(struct spot *s, const struct pc_json *id)
{
	const struct json_place at = {.up = s->at, .name = "$id"};
	const struct spot inner = {s->reading, &at, s->in, NULL};
	struct pc_error why;
	size_t n;
	const char *text = pc_json_text(id, &n);
	const char *hash = text ? strchr(text, '#') : NULL;

	if (!text || strlen(text) != n || (hash && hash[1]))
		return spot_refuse_value(&inner, "a URI without a fragment",
		    id);
	s->in = refs_add_resource(s->reading->refs, s->in, text, s->schema,
	    &why);
	return s->in ? 0 : spot_refuse(&inner, why.text);
}

int
spot_add_anchor(const struct spot *s, const struct pc_json *v, int dynamic)
{
	struct pc_error why;
	size_t n;

	return refs_add_anchor(s->reading->refs, s->in, pc_json_text(v, &n),
		   s->schema, dynamic, &why) < 0
	    ? spot_refuse(s, why.text)
	    : 0;
}

int
spot_add_pending(const struct spot *s, const struct pc_json *ref)
{
	struct schema_reading *r = s->reading;
	struct pending *p = calloc(1, sizeof *p);

	if (p)
		p->at = place_pointer(s->at);
	if (!p || !p->at) {
		free(p);
		return spot_refuse(s, "out of memory");
	}
	p->ref = ref;
	p->in = s->in;
	*r->last = p;
	r->last = &p->next;
	return 0;
}
