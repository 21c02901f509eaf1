/* confirm.c - were the weights that answered those that the key names?
 *
 * No answer says which weights gave it, and a model can be replaced between
 * the server's list and an answer.  So the list is requested a second time when
 * all is answered, and what was stored in between is taken back if it now says
 * something else. */
#include "infer.h"

#include <errno.h>
#include <string.h>

enum { PATIENCE = 2000000 }; /* us; all is printed, so the wait must be short */

void
weights_confirm(struct infer *in)
{
	if (in->unsure.len && in->c->store && !(in->stop && *in->stop)) {
		if (fflush(stdout) != 0)
			cli_die(in->c, "cannot write standard output: %s",
			    strerror(errno));
		in->servers.idle_max = PATIENCE;
		weights_reported(in, model_replaced(in));
	}
	pc_buf_clear(&in->unsure);
}
