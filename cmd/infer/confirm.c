/* confirm.c - did the weights that the key names give the answers?
 *
 * An answer does not name its weights, and a model can be replaced between the
 * server's list and the answer.  So the list is requested a second time at the
 * end.  If the digest has changed, the answers stored in between are removed.
 */
#include "infer.h"

#include <errno.h>
#include <string.h>

enum { PATIENCE = 2000000 }; /* us; the user already has the answers */

void
weights_confirm(struct infer *in)
{
	if (in->backend.unsure.len && in->c->store &&
	    !(in->stop && *in->stop)) {
		if (fflush(stdout) != 0)
			cli_die(in->c, "cannot write standard output: %s",
			    strerror(errno));
		in->backend.servers.idle_max = PATIENCE;
		weights_reported(in, model_replaced(in));
	}
	pc_buf_clear(&in->backend.unsure);
}
