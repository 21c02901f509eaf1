/* admit.c - the memory of a run: check before it, and log after it. */
#include "admit/admission.h"
#include "infer.h"

#include "ledger.h"

int
infer_admit(struct infer *in, struct pc_error *err)
{
	struct admission a;

	if (!in->use.start_kib)
		in->use.start_kib = host_used_kib();
	if (in->use.admitted)
		return 0;
	admission_ask(in->c, in->c->spec.stage, (unsigned)in->at_once, &a);
	if (a.workers == 0) {
		admission_refusal(in->c, in->c->spec.stage, &a, err);
		in->failed_later = 1;
		return -1;
	}
	in->at_once = a.workers;
	in->use.admitted = 1;
	return 0;
}

void
infer_close(struct infer *in)
{
	struct pc_run m = {.part = PC_RUN_ENGINE,
	    .started = in->use.engine_runs,
	    .peak_kib = in->use.engine_kib,
	    .start_kib = in->use.start_kib};

	if (in->backend.servers.http)
		http_account(in->backend.servers.http, &m);
	http_close(in->backend.servers.http);
	in->backend.servers.http = NULL;
	if (m.start_kib)
		m.end_kib = host_used_kib();
	if (m.started)
		cli_memory(in->c, m);
}
