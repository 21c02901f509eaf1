/* program.c - see program.h. */
#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
program_identify(struct cli *c, const char *word, struct pc_id *id)
{
	char *path = pc_program_path(word);

	if (!path)
		cli_die(c, "cannot run '%s': %s", word, strerror(errno));
	if (pc_ident_file(c->store, path, 0, id, NULL) < 0)
		cli_die(c, "cannot read '%s': %s", path, strerror(errno));
	free(path);
}

int
program_add_key(struct cli *c, char *const *command, struct pc_spec *s)
{
	char hex[PC_ID_HEX];
	struct pc_id id;
	int r;

	program_identify(c, command[0], &id);
	pc_id_hex(&id, hex);
	r = pc_spec_addf(s, PC_FIELD_ENGINE, "program=%s", hex);
	for (char *const *word = command; *word && r == 0; word++)
		r = pc_spec_add(s, PC_FIELD_ARG, *word, strlen(*word));
	return r;
}
