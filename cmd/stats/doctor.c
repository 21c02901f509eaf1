/* doctor.c - is all well, and what to do where it is not. */
#include "stats.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum level { FINE, WARN, FAIL };

struct doctor {
	struct stats *st;
	struct pc_buf json;
	int as_json, worst;
	char *dir; /* of the store; owned */
};

static void say(struct doctor *, enum level, const char *what,
    const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static void
say(struct doctor *d, enum level level, const char *what, const char *remedy,
    const char *fmt, ...)
{
	static const char *const names[] = {"ok", "warn", "fail"};
	static const char *const colours[] = {"\033[32m", "\033[33m",
	    "\033[31m"};
	struct pc_error text;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text.text, sizeof text.text, fmt, ap);
	va_end(ap);
	/* A file's name or a server's words may be a stranger's. */
	for (char *p = text.text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	if ((int)level > d->worst)
		d->worst = level;
	if (d->as_json) {
		pc_buf_addf(&d->json, "%s{\"check\":\"%s\",\"result\":\"%s\","
		                      "\"text\":",
		    d->json.len > 1 ? "," : "", what, names[level]);
		pc_json_string(&d->json, text.text, strlen(text.text));
		pc_buf_addf(&d->json, ",\"remedy\":");
		pc_json_string(&d->json, level ? remedy : "",
		    level ? strlen(remedy) : 0);
		pc_buf_addf(&d->json, "}");
		return;
	}
	printf("%s%-4s%s  %-10s %s\n", d->st->terminal ? colours[level] : "",
	    names[level], d->st->terminal ? "\033[0m" : "", what, text.text);
	if (level)
		printf("                 -> %s\n", remedy);
}

/* ---- the store ---- */

static void
check_switches(struct doctor *d)
{
	const struct pc_config *c = d->st->c->config;

	if (pc_config_bool(c, "caching.enabled"))
		say(d, FINE, "cache", "", "on");
	else
		say(d, FAIL, "cache", "unset PC_CACHE, or set "
		    "caching.enabled to true",
		    "off: everything is computed every time");
	if (pc_config_bool(c, "caching.events"))
		say(d, FINE, "events", "", "on");
	else
		say(d, WARN, "events", "unset PC_EVENTS, or set "
		    "caching.events to true",
		    "off: there is nothing to account for");
}

/* File systems of other machines, by statfs(2)'s magic (linux/magic.h and the
 * sources of those that are not there). */
static const char *
network_name(long type)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} systems[] = {{0x6969, "NFS"}, {0x517b, "SMB"}, {0xfe534d42, "SMB"},
	    {0xff534d42, "CIFS"}, {0x01021997, "9p"}, {0x00c36400, "Ceph"},
	    {0x5346414f, "AFS"}, {0x6b414653, "AFS"}, {0x0bd00bd0, "Lustre"},
	    {0x47504653, "GPFS"}, {0x73757245, "Coda"},
	    {0x01161970, "GFS2"}, {0x7461636f, "OCFS2"}};

	for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
		if ((uint32_t)type == systems[i].magic)
			return systems[i].name;
	return NULL;
}

static void
check_disk(struct doctor *d)
{
	enum { FUSE = 0x65735546 };
	struct statvfs v;
	struct statfs f;
	uint64_t left;
	const char *net;

	if (statfs(d->dir, &f) == 0) {
		net = network_name((long)f.f_type);
		if (net)
			say(d, FAIL, "disk", "name a store on a local disk "
			    "with PC_STORE; its records would be mixed up",
			    "the store is on %s, a network file system", net);
		else if ((uint32_t)f.f_type == FUSE)
			say(d, WARN, "disk", "if another machine has the "
			    "files, name a store on a local disk",
			    "the store is on a FUSE file system");
		else
			say(d, FINE, "disk", "", "local");
	}
	if (statvfs(d->dir, &v) != 0)
		return;
	left = (uint64_t)v.f_bavail * v.f_frsize;
	if (left < 64 << 20 || (v.f_files && v.f_favail < 100))
		say(d, FAIL, "room", "make room, or pc-gc --max-bytes 1G",
		    "%s left: results will not be stored",
		    human_bytes(left));
	else if (left < 1ULL << 30)
		say(d, WARN, "room", "make room, or pc-gc --max-bytes 1G",
		    "only %s left", human_bytes(left));
	else
		say(d, FINE, "room", "", "%s left", human_bytes(left));
}

/* What lies in the store's directory, without its being read. */
static uint64_t
disk_use(const char *dir, int depth)
{
	DIR *at = opendir(dir);
	struct dirent *e;
	uint64_t sum = 0;

	while (at && (e = readdir(at))) {
		char path[4096];
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0 ||
		    snprintf(path, sizeof path, "%s/%s", dir, e->d_name) >=
		        (int)sizeof path ||
		    lstat(path, &st) != 0)
			continue;
		sum += (uint64_t)st.st_blocks * 512;
		if (S_ISDIR(st.st_mode) && depth > 0)
			sum += disk_use(path, depth - 1);
	}
	if (at)
		closedir(at);
	return sum;
}

static void
check_size(struct doctor *d)
{
	uint64_t used = disk_use(d->dir, 1);
	int64_t cap = pc_config_int(d->st->c->config, "caching.max_bytes");

	if (used > (uint64_t)cap)
		say(d, WARN, "size", "pc-gc --expired, or pc-gc --max-bytes; "
		    "or raise caching.max_bytes",
		    "%s, more than caching.max_bytes (%s)",
		    human_bytes(used), human_bytes((uint64_t)cap));
	else
		say(d, FINE, "size", "", "%s of %s", human_bytes(used),
		    human_bytes((uint64_t)cap));
}

static int
any(void *ctx, const struct pc_record *r)
{
	(void)r;
	++*(uint64_t *)ctx;
	return 0;
}

/* The newest records of each shard: all of them would take long. */
static void
check_sound(struct doctor *d)
{
	enum { SAMPLE = 256 * 1024 };
	struct cli *c = d->st->c;
	uint64_t met = 0, damage = d->st->all.count[PC_EVENT_DAMAGE];

	if (pc_store_each(c->store, SAMPLE, any, &met) < 0)
		say(d, FAIL, "store", "look at the disk (dmesg); a store may "
		    "be removed at any time", "it cannot be read: %s",
		    strerror(errno));
	else if (pc_store_damaged(c->store) || damage)
		say(d, WARN, "store", "pc-gc --check finds them, pc-gc "
		    "--repair drops them; look at the disk (dmesg)",
		    "damaged records were met: %llu",
		    (unsigned long long)(damage +
		        pc_store_damaged(c->store)));
	else
		say(d, FINE, "store", "", "sound, by its newest %llu records",
		    (unsigned long long)met);
}

static void
check_store(struct doctor *d)
{
	struct pc_error err;
	struct pc_store *s;

	d->dir = pc_store_dir(d->st->c->config, d->st->c->store_dir);
	if (!d->dir || access(d->dir, F_OK) != 0) {
		say(d, WARN, "store", "put something in: pc-ocr FILE",
		    "there is none yet");
		return;
	}
	s = pc_store_open(d->dir, 0, &err);
	if (!s)
		say(d, FAIL, "writable", "name another store with --store or "
		    "PC_STORE", "%s", err.text);
	else if (pc_store_flags(s) & PC_STORE_READ_ONLY ||
	    access(d->dir, W_OK) != 0)
		say(d, FAIL, "writable", "chmod -R u+w the store, or name "
		    "another", "'%s' cannot be written", d->dir);
	else
		say(d, FINE, "writable", "", "%s", d->dir);
	pc_store_close(s);
	if (d->st->c->store)
		check_sound(d);
	check_disk(d);
	check_size(d);
}

/* ---- engines and servers ---- */

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

/* Run it, for some seconds at most.  Its exit status, -1: it does not run,
 * -2: it was too slow. */
static int
run(char *const *argv, const char *const *env, struct heard *h)
{
	enum { PATIENCE = 8000000, SAID_MAX = 1024 * 1024 };
	struct pc_child child = {.argv = argv, .in = -1, .env = env,
	    .out = hear, .err = hear_err, .ctx = h, .idle_max = PATIENCE,
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

static unsigned
line_count(const struct pc_buf *b)
{
	unsigned n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == '\n';
	return n;
}

static void
check_ocr(struct doctor *d)
{
	const char *lang =
	    pc_config_text(d->st->c->config, "ocr.language");
	static const char *const helpers[] = {"pc-doc", "pc-http"};
	char *path = pc_helper_path("pc-tesseract");
	char *argv[] = {path, (char[]){"engines"}, (char[]){"-l"},
	    strdup(lang), NULL};
	struct heard h = {{0}, {0}};
	int r = path && argv[3] ? run(argv, NULL, &h) : -1;

	if (r == 0)
		say(d, FINE, "ocr", "", "tesseract has %s", lang);
	else if (r < 0)
		say(d, FAIL, "ocr", "make install, or set PC_LIBEXEC",
		    "'%s' does not run", path ? path : "pc-tesseract");
	else
		say(d, FAIL, "ocr", "apt-get install tesseract-ocr-LANG, or "
		    "set ocr.language", "%s", first_line(&h.err));
	free(argv[3]);
	free(path);
	for (size_t i = 0; i < 2; i++) {
		path = pc_helper_path(helpers[i]);
		if (!path || access(path, X_OK) != 0)
			say(d, FAIL, helpers[i], "make install, or set "
			    "PC_LIBEXEC", "'%s' is not there",
			    path ? path : helpers[i]);
		free(path);
	}
	pc_buf_clear(&h.out);
	pc_buf_clear(&h.err);
}

/* The program beside this one, else by $PATH. */
static char *
sibling(const char *name)
{
	struct pc_buf b = {0};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash && pc_buf_addf(&b, "%.*s/%s", (int)(slash - self), self,
	                 name) == 0 &&
	    access((char *)b.data, X_OK) == 0)
		return (char *)b.data;
	pc_buf_clear(&b);
	return strdup(name);
}

static void
check_server(struct doctor *d)
{
	const char *model =
	    pc_config_text(d->st->c->config, "inference.model");
	char *argv[] = {sibling("pc-infer"), (char[]){"--list"},
	    (char[]){"-q"}, NULL};
	struct heard h = {{0}, {0}};
	int r = argv[0] ? run(argv, NULL, &h) : -1;

	if (r == 0 && *model && !strstr((char *)h.out.data, model))
		say(d, WARN, "server", "pc-infer --pull it, or set "
		    "inference.model", "it has no model '%s'", model);
	else if (r == 0 && h.out.len <= 1)
		say(d, WARN, "server", "pc-infer --pull MODEL",
		    "it has no model");
	else if (r == 0)
		say(d, FINE, "server", "", "%u model%s", line_count(&h.out),
		    line_count(&h.out) == 1 ? "" : "s");
	else
		say(d, WARN, "server", "start it (ollama serve), or set "
		    "inference.url; what is remembered is served without it",
		    "%s", r == -2 ? "it says nothing for seconds"
		        : *first_line(&h.err) ? (char *)h.err.data
		                              : "pc-infer does not run");
	free(argv[0]);
	pc_buf_clear(&h.out);
	pc_buf_clear(&h.err);
}

/* ---- times ---- */

static void
check_times(struct doctor *d)
{
	enum { SLOW = 1000000, LONG_WAIT = 100000, MANY = 100 };
	const struct figures *all = &d->st->all;
	unsigned slow = 0;

	for (size_t i = 0; i < d->st->count; i++) {
		const struct figures *f = &d->st->rows[i];
		uint64_t p95 = pc_histogram_percentile(&f->hit, 95);

		if (f->hit.total < 20 || p95 < SLOW)
			continue;
		slow++;
		say(d, WARN, "times", "is the disk slow or full of work? "
		    "--refresh once if values are huge; pc-stats --by hour "
		    "shows when", "stage %s: p95 of a hit is %s",
		    f->name[0] ? f->name : "-", human_span(p95));
	}
	if (all->wait.total > MANY &&
	    pc_histogram_percentile(&all->wait, 95) > LONG_WAIT &&
	    all->count[PC_EVENT_WAIT] == 0)
		say(d, WARN, "locks", "fewer jobs at a time (-j), or a "
		    "quicker disk", "p95 of a lock wait is %s",
		    human_span(pc_histogram_percentile(&all->wait, 95)));
	if (!slow)
		say(d, FINE, "times", "", "p95 of a hit is %s", all->hit.total
		        ? human_span(pc_histogram_percentile(&all->hit, 95))
		        : "not known yet");
	if (all->hits + all->misses >= MANY && figures_rate(all) < 0.1)
		say(d, WARN, "hit rate", "pc-hash --explain says why a key "
		    "misses; pc-stats --ghost, what more room would do",
		    "%.1f %%", 100 * figures_rate(all));
}

int
doctor_run(struct stats *st, int json)
{
	struct doctor d = {.st = st, .as_json = json};

	stats_read(st);
	if (json)
		pc_buf_addf(&d.json, "[");
	check_switches(&d);
	check_store(&d);
	check_ocr(&d);
	check_server(&d);
	check_times(&d);
	if (json) {
		pc_buf_addf(&d.json, "]");
		print_buf(st->c, &d.json);
	}
	free(d.dir);
	return d.worst == FAIL ? PC_EXIT_NO : PC_EXIT_OK;
}
