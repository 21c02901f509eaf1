/* run.c - pc-memstat run: run a command, measure its memory and record it. */
#include "memory.h"

#include <string.h>

enum { LINE = 60 }; /* bars of a time line */

/* Print one JSON object. */
static void
say_json(const struct cli *c, const struct measure *m)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "stage", c->spec.stage);
	pc_json_add_int(&b, "status", m->status);
	pc_json_add_fixed(&b, "duration_s", (double)m->wall / 1e6, 6);
	pc_json_add_uint(&b, "start_kib", m->start_kib);
	pc_json_add_uint(&b, "peak_kib", m->peak_kib);
	pc_json_add_uint(&b, "end_kib", m->end_kib);
	pc_json_add_uint(&b, "freed_kib", m->freed_kib);
	pc_json_add_text(&b, "measured", pc_measured_name(m->how));
	pc_json_begin_array(&b, "samples_kib");
	for (size_t i = 0; i < m->sample_count; i++)
		pc_json_add_uint(&b, NULL, m->samples[i]);
	pc_json_end_array(&b);
	pc_json_end_object(&b);
	if (pc_buf_add(&b, "\n", 1) == 0)
		fwrite(b.data, 1, b.len, stderr);
	pc_buf_clear(&b);
}

static void
say(struct cli *c, const struct measure *m)
{
	char peak[HUMAN_SIZE], start[HUMAN_SIZE], end[HUMAN_SIZE];
	char freed[HUMAN_SIZE];
	struct pc_buf line = {0};

	if (!c->verbose)
		return;
	sparkline(&line, m->samples, m->sample_count, LINE);
	cli_warn(c,
	    "%s: peak %s (%s), %.1f s; in use before %s, after %s, "
	    "freed %s",
	    c->spec.stage, human((uint64_t)m->peak_kib * 1024, peak),
	    pc_measured_name(m->how), (double)m->wall / 1e6,
	    human((uint64_t)m->start_kib * 1024, start),
	    human((uint64_t)m->end_kib * 1024, end),
	    human((uint64_t)m->freed_kib * 1024, freed));
	if (line.len > 1)
		cli_warn(c, "%s", (char *)line.data);
	pc_buf_clear(&line);
}

int
run_command(struct cli *c, char *const *argv, int json)
{
	static struct measure m;

	m = (struct measure){.argv = argv, .in = -1, .out = -1};
	measure_run(&m);
	if (m.error) {
		cli_warn(c, "cannot run '%s': %s", argv[0], strerror(m.error));
		return m.status;
	}
	cli_event(c, m.status ? PC_EVENT_ERROR : PC_EVENT_COMPUTE,
	    (struct pc_event){.duration = m.wall, .peak_kib = m.peak_kib});
	cli_memory(c,
	    (struct pc_run){.part = PC_RUN_COMMAND,
		.duration = m.wall,
		.start_kib = m.start_kib,
		.end_kib = m.end_kib,
		.peak_kib = m.peak_kib,
		.freed_kib = m.freed_kib,
		.measured = m.how,
		.started = 1});
	if (json)
		say_json(c, &m);
	else
		say(c, &m);
	return m.status;
}
