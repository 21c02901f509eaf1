/* key.c - content ids of inputs, and the key of a stage with its inputs. */
#include "cli.h"

#include <errno.h>
#include <string.h>

int
cli_ident(struct cli *c, const char *name, unsigned flags, struct pc_id *id)
{
	int r;

	if (strcmp(name, "-") == 0) {
		if (c->stdin_used++) {
			cli_warn(c, "standard input can be read only once");
			return -1;
		}
		r = pc_ident_fd(NULL, 0, 0, id, NULL);
		name = "standard input";
	} else {
		r = pc_ident_file(c->store, name, flags, id, NULL);
	}
	if (r < 0)
		cli_warn(c, "cannot read '%s': %s", name, strerror(errno));
	return r;
}

void
cli_input_id(struct cli *c, const struct pc_id *id)
{
	if (pc_spec_add(&c->spec, PC_FIELD_INPUT, id->b, sizeof id->b) < 0)
		cli_die(c, "cannot add an input: %s", strerror(errno));
}

void
cli_key(struct cli *c, struct pc_id *key)
{
	const char *twice;

	if (!c->spec.stage[0])
		cli_usage(c, "no stage given: use -s STAGE");
	if (pc_spec_key(&c->spec, &c->material, key, &twice) == 0)
		return;
	if (errno == EEXIST)
		cli_usage(c, "parameter '%.*s' is given twice",
		    (int)strcspn(twice, "="), twice);
	if (errno == E2BIG)
		cli_die(c,
		    "parameters, arguments and inputs are larger than "
		    "%d MiB; put them into a file and use that as an "
		    "input",
		    PC_MATERIAL_MAX >> 20);
	cli_die(c, "cannot make a key: %s", strerror(errno));
}

void
cli_key_with(struct cli *c, const struct pc_id *input, struct pc_id *key)
{
	cli_input_id(c, input);
	cli_key(c, key);
	pc_spec_drop_input(&c->spec);
}

void
cli_check_key(const struct cli *c, const char *text, char *const *inputs)
{
	if (text && (c->spec.count || *inputs || cli_many(c)))
		cli_usage(c,
		    "-k is the whole key; it cannot be combined with -p, "
		    "inputs or lists");
	if (c->spec.count && !c->spec.stage[0])
		cli_usage(c, "-p requires -s STAGE");
}

void
cli_find_key(struct cli *c, const char *text, char *const *inputs,
    struct pc_id *key)
{
	struct pc_id id;

	if (text && pc_id_parse(text, key) < 0)
		cli_usage(c, "bad key '%s': a key is 64 lower-case hex digits",
		    text);
	if (!text && !c->spec.stage[0])
		cli_usage(c,
		    "no key given: use -k KEY, or -s STAGE and inputs");
	cli_open(c);
	for (; *inputs; inputs++) {
		if (cli_ident(c, *inputs, 0, &id) < 0)
			cli_exit(c, PC_EXIT_FAIL);
		cli_input_id(c, &id);
	}
	if (!text)
		cli_key(c, key);
}

void
cli_explain(struct cli *c, const struct pc_id *key, int missed)
{
	struct pc_buf text = {0};
	int r;

	if (!c->config)
		cli_open(c);
	r = pc_explain(c->store, c->material.data, c->material.len, key, &text);
	if (r < 0)
		cli_store_die(c, "read the store");
	if (cli_write(c, text.data, text.len) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
	pc_buf_clear(&text);
	cli_exit(c, r ? missed : PC_EXIT_OK);
}
