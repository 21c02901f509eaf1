/* doctor_engines.c - check that the languages and models are installed, and
 * that the helpers and the server answer. */
#include "doctor.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct heard {
	struct pc_buf out, err;
};

static int
hear(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(&((struct heard *)ctx)->out, p, n);
}

static int
hear_err(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(&((struct heard *)ctx)->err, p, n);
}

/* Run the program for at most a few seconds.  Its exit status; -1: it cannot
 * run; -2: it was too slow. */
static int
run(char *const *argv, const char *const *env, struct heard *h)
{
	enum { PATIENCE = 8000000, SAID_MAX = 1024 * 1024 };
	struct pc_child child = {.argv = argv,
	    .in = -1,
	    .env = env,
	    .out = hear,
	    .err = hear_err,
	    .ctx = h,
	    .idle_max = PATIENCE,
	    .out_max = SAID_MAX};
	int r = pc_child_run(&child);

	pc_buf_add(&h->out, "", 1);
	pc_buf_add(&h->err, "", 1);
	if (r == 0 && child.timed_out)
		return -2;
	return r < 0 || h->out.failed || h->err.failed ||
		!WIFEXITED(child.status)
	    ? -1
	    : WEXITSTATUS(child.status);
}

static const char *
first_line(struct pc_buf *b)
{
	char *s = (char *)b->data;

	if (!s)
		return "";
	s[strcspn(s, "\n")] = '\0';
	return s;
}

static void
add_name(struct pc_buf *b, const char *name, size_t n)
{
	pc_buf_addf(b, "%s%.*s", b->len ? ", " : "", (int)n, name);
}

static int
is_model(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && strcmp(dot, ".traineddata") == 0;
}

/* List the languages in the folder of the last model of which --engines prints
 * a line "model.NAME TAB version TAB PATH". */
static void
add_languages(struct pc_buf *b, char *said)
{
	char *line = strrchr(said, '\t'), *slash;
	struct dirent **all;
	int n;

	if (!line || !(slash = strrchr(line, '/')))
		return;
	*slash = '\0';
	n = scandir(line + 1, &all, is_model, alphasort);
	for (int i = 0; i < n; i++) {
		add_name(b, all[i]->d_name,
		    strlen(all[i]->d_name) - strlen(".traineddata"));
		free(all[i]);
	}
	if (n >= 0)
		free(all);
}

static void
check_ocr(struct doctor *d)
{
	const char *lang = pc_config_text(d->st->c->config, "ocr.language");
	static const char *const helpers[] = {"pc-doc", "pc-http"};
	char *path = pc_helper_path("pc-tesseract");
	char *argv[] = {path, (char[]){"engines"}, (char[]){"-l"}, strdup(lang),
	    NULL};
	struct heard h = {{0}, {0}};
	struct pc_buf there = {0};
	int r = path && argv[3] ? run(argv, NULL, &h) : -1;

	if (r == 0) {
		add_languages(&there, (char *)h.out.data);
		pc_buf_add(&there, "", 1);
		doctor_say(d, FINE, "ocr", "", "%s; tesseract has %s", lang,
		    there.data ? (char *)there.data : "");
	} else if (r < 0) {
		doctor_say(d, FAIL, "ocr", "make install, or set PC_LIBEXEC",
		    "'%s' does not run", path ? path : "pc-tesseract");
	} else {
		doctor_say(d, FAIL, "ocr",
		    "apt-get install tesseract-ocr-LANG, or set "
		    "ocr.language",
		    "%s", first_line(&h.err));
	}
	free(argv[3]);
	free(path);
	for (size_t i = 0; i < 2; i++) {
		path = pc_helper_path(helpers[i]);
		if (!path || access(path, X_OK) != 0)
			doctor_say(d, FAIL, helpers[i],
			    "make install, or set "
			    "PC_LIBEXEC",
			    "'%s' is missing", path ? path : helpers[i]);
		free(path);
	}
	pc_buf_clear(&there);
	pc_buf_clear(&h.out);
	pc_buf_clear(&h.err);
}

/* Copy the value of a line "NAME TAB VALUE"; "" if there is none. */
static void
value_of(const char *text, const char *name, char value[32])
{
	const size_t n = strlen(name);

	value[0] = '\0';
	for (; text && *text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, name, n) != 0 || text[n] != '\t')
			continue;
		snprintf(value, 32, "%.*s", (int)strcspn(text + n + 1, "\n"),
		    text + n + 1);
		return;
	}
}

/* Check which parts of the sandbox work on this machine. */
static void
check_sandbox(struct doctor *d)
{
	const int required = pc_config_bool(d->st->c->config,
	    "ocr.require_sandbox");
	char *path = pc_helper_path("pc-confine");
	char seccomp[32], landlock[32], limits[32], namespaces[32], network[32];
	struct heard h = {{0}, {0}};
	int r = path
	    ? run((char *[]){path, (char[]){"--check"}, NULL}, NULL, &h)
	    : -1;

	if (r < 0 || r > 1) {
		doctor_say(d, FAIL, "sandbox",
		    "make install, or set "
		    "PC_LIBEXEC",
		    "'%s' does not run", path ? path : "pc-confine");
	} else {
		const char *said = (const char *)h.out.data;

		value_of(said, "seccomp", seccomp);
		value_of(said, "landlock", landlock);
		value_of(said, "limits", limits);
		value_of(said, "namespaces", namespaces);
		value_of(said, "network", network);
		doctor_say(d,
		    r == 0         ? FINE
			: required ? FAIL
				   : WARN,
		    "sandbox",
		    "allow unprivileged user namespaces, and use Linux 5.13 or "
		    "later; see pc-doc(8)",
		    "seccomp: %s, Landlock ABI: %s, limits: %s, user "
		    "namespaces: %s, network: %s",
		    seccomp, landlock, limits, namespaces, network);
	}
	free(path);
	pc_buf_clear(&h.out);
	pc_buf_clear(&h.err);
}

/* The program in the same folder as this one, else the one in $PATH. */
static char *
sibling(const char *name)
{
	struct pc_buf b = {0};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash &&
	    pc_buf_addf(&b, "%.*s/%s", (int)(slash - self), self, name) == 0 &&
	    access((char *)b.data, X_OK) == 0)
		return (char *)b.data;
	pc_buf_clear(&b);
	return strdup(name);
}

/* Add the models of the list, which has one a line, its name first.  1: the
 * wanted one is among them, or none is wanted. */
static int
add_models(struct pc_buf *b, const char *list, const char *wanted)
{
	const size_t n = strlen(wanted);
	int found = n == 0;

	for (; *list; list += strcspn(list, "\n"), list += *list == '\n') {
		size_t len = strcspn(list, " \n");

		add_name(b, list, len);
		/* Ollama's names end with a tag; without one, :latest is
		 * meant. */
		found |= len >= n && memcmp(list, wanted, n) == 0 &&
		    (len == n ||
			(len == n + 7 && memcmp(list + n, ":latest", 7) == 0));
	}
	pc_buf_add(b, "", 1);
	return found;
}

static void
check_server(struct doctor *d)
{
	static const char *const settings[] = {"inference.model",
	    "inference.vision_model", "inference.embedding_model"};
	char *argv[] = {sibling("pc-infer"), (char[]){"--list"},
	    (char[]){"--no-cache"}, (char[]){"-q"}, NULL};
	struct heard h = {{0}, {0}};
	struct pc_buf there = {0};
	int r = argv[0] ? run(argv, NULL, &h) : -1, lacks = 0;

	for (size_t i = 0; i < 3 && r == 0 && h.out.len > 1; i++) {
		const char *model = pc_config_text(d->st->c->config,
		    settings[i]);

		there.len = 0;
		if (add_models(&there, (char *)h.out.data, model))
			continue;
		lacks = 1;
		doctor_say(d, WARN, "server",
		    "pc-infer --pull it, or change the "
		    "setting",
		    "%s is '%s', which the server does not have; it has %s",
		    settings[i], model, (char *)there.data);
	}
	if (r == 0 && h.out.len <= 1)
		doctor_say(d, WARN, "server", "pc-infer --pull MODEL",
		    "it has no model");
	else if (r == 0 && !lacks)
		doctor_say(d, FINE, "server", "", "it has %s",
		    (char *)there.data);
	else if (r != 0)
		doctor_say(d, WARN, "server",
		    "start it (ollama serve), or set inference.url; cached results do not need it",
		    "%s",
		    r == -2                   ? "it does not answer for seconds"
			: *first_line(&h.err) ? (char *)h.err.data
					      : "pc-infer does not run");
	free(argv[0]);
	pc_buf_clear(&there);
	pc_buf_clear(&h.out);
	pc_buf_clear(&h.err);
}

void
doctor_engines(struct doctor *d)
{
	check_ocr(d);
	check_sandbox(d);
	check_server(d);
}
