/* source.c - where questions come from: the command line, a list of files, or
 * records. */
#include "source_in.h"

#include <errno.h>
#include <string.h>

/* A line of --warm is a record or a prompt; if there is a template or a prompt
 * already, it is a text. */
static void
fill_line(struct source *s, struct job *j, const char *line, size_t n)
{
	struct pc_error err;

	if (line[0] == '{' && line[1] != '{')
		source_fill_record(s, j, line, n);
	else if (s->in->question.named || s->in->question.prompt) {
		if (input_text(&j->input, line, n, &err) < 0)
			job_fail(j, "%s", err.text);
	} else if (memchr(line, '\0', n))
		job_fail(j, "line %llu of the list contains a NUL byte",
		    (unsigned long long)s->names.count);
	else if (!(j->input.prompt = strndup(line, n)))
		cli_die(s->in->c, "%s", strerror(errno));
}

/* A file named in a list. */
static void
fill_name(struct source *s, struct job *j, const char *name)
{
	struct pc_error err;
	struct pc_buf b = {0};

	pc_json_add_text(&b, "file", name);
	pc_buf_add(&b, "", 1);
	j->carried = (char *)b.data;
	j->name = strdup(name);
	if (source_add_input(s, &j->input, name, &err) < 0)
		job_fail(j, "%s", err.text);
}

static void
fill(struct source *s, struct job *j)
{
	const char *line = (const char *)s->line.data;
	size_t n = s->line.len - 1;

	if (!s->many)
		source_fill_single(s, j);
	else if (s->in->warm)
		fill_line(s, j, line, n);
	else if (s->names.records)
		source_fill_record(s, j, line, n);
	else
		fill_name(s, j, line);
}

/* Read the next line into s->line.  1: there is none. */
static int
advance(struct source *s)
{
	int r = 1;

	if (s->ended)
		return 1;
	if (!s->many)
		return 0;
	r = cli_names_line(s->in->c, &s->names);
	s->line.len = 0;
	if (r == 0 &&
	    pc_buf_add(&s->line, s->names.line.data, s->names.line.len + 1) < 0)
		cli_die(s->in->c, "%s", strerror(errno));
	s->ended = r == 1;
	return r;
}

static struct job *
read_one(struct source *s)
{
	struct job *j;
	int r = 0;

	/* All samples share one line, as a pipe can be read only once. */
	if (s->sample == 0 || s->sample >= s->in->question.samples) {
		r = advance(s);
		s->sample = 0;
	}
	if (r == 1)
		return NULL;
	j = job_new(s->in);
	if (!j)
		cli_die(s->in->c, "%s", strerror(errno));
	if (s->in->question.samples)
		j->input.sample = ++s->sample;
	if (r < 0)
		job_fail(j, "line %llu of the list cannot be read",
		    (unsigned long long)s->names.count);
	else
		fill(s, j);
	return j;
}

void
source_open(struct source *s, struct infer *in, char *const *files,
    char *const *images)
{
	static char *const none[] = {NULL};
	struct cli *c = in->c;

	*s = (struct source){.in = in,
	    .files = files,
	    .images = images,
	    .names.from = -1,
	    .many = cli_many(c)};
	if (s->many)
		cli_names_open(c, &s->names, none);
	else
		s->first = read_one(s);
}

struct job *
source_next(struct source *s)
{
	struct job *j = s->first ? s->first : read_one(s);

	s->first = NULL;
	/* If one sample cannot be read, none can. */
	if (j && !s->many &&
	    (s->sample == s->in->question.samples || j->state == JOB_DONE))
		s->ended = 1;
	return j;
}

int
source_ready(struct source *s)
{
	const int more_samples = s->sample > 0 &&
	    s->sample < s->in->question.samples;

	return !s->many || more_samples || cli_names_ready(s->in->c, &s->names);
}

void
source_close(struct source *s)
{
	if (s->many)
		cli_names_close(&s->names);
	if (s->first)
		job_free(s->first);
	pc_buf_clear(&s->line);
	pc_buf_clear(&s->stdin_text);
}
