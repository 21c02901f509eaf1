/* walls_note.c - see walls_note.h. */
#include "walls_note.h"

#include "cli/cli.h"
#include "helper/sandbox/walls.h"

void
walls_note(const struct cli *c, unsigned walls)
{
	static int noted;
	const char *missing = walls_missing(walls);

	if (*missing && !noted && !c->quiet)
		cli_warn(c,
		    "part of the sandbox is not available here: %s; see "
		    "'pc-stats --doctor'",
		    missing);
	noted |= *missing != '\0';
}
