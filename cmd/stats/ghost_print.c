/* ghost_print.c - lost hits as a table, and as JSON. */
#include "ghost.h"

static void
add_gains(struct pc_buf *b, const char *name, const struct ghost_gain *gains,
    const int *more)
{
	pc_json_begin_array(b, name);
	for (int i = 0; i < GHOST_STEPS; i++) {
		pc_json_begin_object(b, NULL);
		pc_json_add_int(b, "more", more[i]);
		pc_json_add_uint(b, "hits", gains[i].hits);
		pc_json_add_fixed(b, "saved_s", (double)gains[i].saved / 1e6,
		    3);
		pc_json_end_object(b);
	}
	pc_json_end_array(b);
}

static void
print_json(struct cli *c, const struct ghost_losses *t)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_uint(&b, "misses", t->misses);
	pc_json_add_uint(&b, "had_been_stored", t->back);
	add_gains(&b, "days", t->gains, ghost_steps);
	add_gains(&b, "gib", t->gains + GHOST_STEPS, ghost_steps + GHOST_STEPS);
	pc_json_end_object(&b);
	stats_print(c, &b);
}

static void
print_table(const struct ghost_losses *t)
{
	printf("%s misses; %s of them had been stored before and were lost\n\n",
	    human_count(t->misses), human_count(t->back));
	printf("%-16s %9s %9s %9s\n", "WITH", "MORE HITS", "OF MISSES",
	    "SAVED");
	for (int i = 0; i < 2 * GHOST_STEPS; i++) {
		const struct ghost_gain *g = &t->gains[i];

		printf("+%-3d %-11s %9s %8.1f%% %9s\n", ghost_steps[i],
		    i >= GHOST_STEPS          ? "GiB"
			: ghost_steps[i] == 1 ? "day"
					      : "days",
		    human_count(g->hits),
		    t->misses ? 100.0 * (double)g->hits / (double)t->misses : 0,
		    human_span(g->saved));
	}
}

int
ghost_print(struct stats *st, int json)
{
	struct ghost_losses sum;

	if (ghost_count(st->c, st->span == PC_NEVER ? 0 : pc_now() - st->span,
		&sum) < 0)
		cli_store_die(st->c, "read the event log");
	if (json)
		print_json(st->c, &sum);
	else
		print_table(&sum);
	return PC_EXIT_OK;
}
