/* event.c - record the events and the memory of a run. */
#include "cli.h"

#include "ledger.h"

#include <string.h>

void
cli_event(struct cli *c, enum pc_event_kind kind, struct pc_event e)
{
	if (!c->store)
		return;
	e.kind = kind;
	e.program = c->program;
	e.lock_wait = pc_store_lock_wait(c->store);
	if (!e.stage[0])
		strcpy(e.stage, c->spec.stage);
	/* A run must not fail because it cannot be counted. */
	(void)pc_event_add(c->store, &e);
}

void
cli_memory(struct cli *c, struct pc_run m)
{
	if (!c->store)
		return;
	m.program = c->program;
	if (!m.duration)
		m.duration = pc_ticks() - c->began;
	if (!m.stage[0])
		strcpy(m.stage, c->spec.stage);
	/* What helpers report about their memory. */
	if (!m.measured)
		m.measured = PC_MEASURED_RUSAGE;
	(void)pc_run_add(c->store, &m);
}
