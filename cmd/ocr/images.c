/* images.c - the images embedded in a PDF, as files: pdftohtml(1) takes them
 * out, and says where they are.
 *
 * It writes into a directory of its own, which is gone when this ends, also by
 * a signal or cli_die; what it may use is limited. */
#include "ocr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FD_MIN = 10,
	NAME_SIZE = 64,
	WORDS_MAX = 4096,              /* bytes kept of what it says */
	XML_MAX = 256 * 1024 * 1024,
	LIST_MAX = 256 * 1024 * 1024,
	IMAGE_MAX = 1024 * 1024 * 1024,
	TIME_MAX = 3600,               /* s */
	ARG_SIZE = 48,
};

static const uint64_t memory_max = (uint64_t)4 << 30;

/* What is known of an image; a document's record has one of them a line. */
struct image {
	unsigned page, number; /* on its page, from 1 */
	int jpeg;              /* else it is PNG */
	uint32_t width, height;
	double box[4];         /* points from the upper left */
	struct pc_id id;       /* of the file's bytes */
};

/* An image in the XML. */
struct place {
	struct image image;
	char name[NAME_SIZE];  /* in the directory; "": a bad one */
	int taken;
};

/* What the XML says, pages in order as they come. */
struct places {
	struct place *list; /* owned */
	size_t count, cap;
};

static int
fail(struct doc *d, const char *why)
{
	snprintf(d->error, sizeof d->error, "%s", why);
	return -1;
}

/* ---- what they are ---- */

static unsigned
big_endian(const unsigned char *p, int n)
{
	unsigned v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* The size that a JPEG file's frame header says. */
static int
measure_jpeg(const unsigned char *p, size_t n, struct image *i)
{
	size_t at = 2;

	while (at + 9 <= n && p[at] == 0xff) {
		const unsigned char kind = p[at + 1];

		if (kind == 0xff) { /* fill */
			at++;
			continue;
		}
		/* SOF0 to SOF15 but for DHT, JPG and DAC. */
		if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 &&
		    kind != 0xc8 && kind != 0xcc) {
			i->height = big_endian(p + at + 5, 2);
			i->width = big_endian(p + at + 7, 2);
			return i->width && i->height ? 0 : -1;
		}
		at += 2;
		if (kind != 0x01 && (kind < 0xd0 || kind > 0xd8))
			at += big_endian(p + at, 2);
	}
	return -1;
}

/* Type and size of the file; -1: it is neither JPEG nor PNG. */
static int
measure(const struct pc_buf *b, struct image *i)
{
	const unsigned char *p = b->data;
	struct pixels size;

	i->jpeg = b->len > 3 && p[0] == 0xff && p[1] == 0xd8;
	if (i->jpeg)
		return measure_jpeg(p, b->len, i);
	if (b->len < 24)
		return -1;
	size = (struct pixels){.width = big_endian(p + 16, 4),
	    .height = big_endian(p + 20, 4)};
	i->width = size.width;
	i->height = size.height;
	return png_valid(p, b->len, &size) ? 0 : -1;
}

static const char *
type_of(const struct image *i)
{
	return i->jpeg ? "image/jpeg" : "image/png";
}

/* ---- what is said of them ---- */

static void
add_image(struct pc_buf *b, const struct image *i, const char *output)
{
	pc_buf_addf(b, "{\"page\":%u,\"image\":%u", i->page, i->number);
	if (output) {
		pc_buf_addf(b, ",\"output\":");
		pc_json_string(b, output, strlen(output));
	}
	pc_buf_addf(b,
	    ",\"type\":\"%s\",\"width\":%u,\"height\":%u,"
	    "\"box\":[%.2f,%.2f,%.2f,%.2f]",
	    type_of(i), i->width, i->height, i->box[0], i->box[1], i->box[2],
	    i->box[3]);
}

static void
list(struct pc_buf *b, const struct image *i)
{
	char hex[PC_ID_HEX];

	pc_id_hex(&i->id, hex);
	add_image(b, i, NULL);
	pc_buf_addf(b, ",\"id\":\"%s\"}\n", hex);
}

/* A line of the list. */
static int
parse(const char *line, struct image *i)
{
	char type[8], hex[PC_ID_HEX];
	double *b = i->box;

	if (sscanf(line,
	        "{\"page\":%u,\"image\":%u,\"type\":\"image/%7[a-z]\","
	        "\"width\":%u,\"height\":%u,\"box\":[%lf,%lf,%lf,%lf],"
	        "\"id\":\"%64[0-9a-f]",
	        &i->page, &i->number, type, &i->width, &i->height, &b[0],
	        &b[1], &b[2], &b[3], hex) != 10)
		return -1;
	i->jpeg = strcmp(type, "jpeg") == 0;
	return pc_id_parse(hex, &i->id);
}

/* Write the image's file and say so.  -1: error. */
static int
place(const struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct image *i, const struct pc_buf *bytes,
    char error[MESSAGE_SIZE])
{
	struct pc_buf name = {0};
	int r = png_place_file(o, d,
	    &(struct file_of){.page = i->page, .image = i->number,
	        .ending = i->jpeg ? ".jpg" : ".png"},
	    bytes->data, bytes->len, &name, error);

	if (r == 0 && c->jsonl) {
		pc_buf_addf(&d->says, "%s", d->says.len ? "," : "");
		add_image(&d->says, i, (char *)name.data);
		pc_buf_addf(&d->says, "}");
	} else if (r == 0) {
		pc_buf_addf(&d->out, "%s\n", (char *)name.data);
	}
	pc_buf_clear(&name);
	if (d->says.failed || d->out.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	return r;
}

static void
say_error(const struct cli *c, struct doc *d, const struct image *i,
    const char *error)
{
	cli_warn(c, "'%s', page %u, image %u: %s", d->name, i->page,
	    i->number, error);
	pc_buf_addf(&d->says, "%s{\"page\":%u,\"image\":%u,\"error\":",
	    d->says.len ? "," : "", i->page, i->number);
	pc_json_string(&d->says, error, strlen(error));
	if (pc_buf_addf(&d->says, "}") < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	d->errors++;
}

/* ---- the XML ---- */

/* The value of an attribute within a tag, or NULL.  n: its length. */
static const char *
attribute(const char *tag, const char *end, const char *name, size_t *n)
{
	const size_t len = strlen(name);
	const char *s, *close;

	for (s = tag; s < end; s++) {
		if (*s == '"') { /* a value: not looked into */
			s = memchr(s + 1, '"', (size_t)(end - s - 1));
			if (!s)
				return NULL;
			continue;
		}
		if (s[-1] != ' ' || (size_t)(end - s) < len + 3 ||
		    memcmp(s, name, len) != 0 || s[len] != '=' ||
		    s[len + 1] != '"')
			continue;
		s += len + 2;
		close = memchr(s, '"', (size_t)(end - s));
		*n = close ? (size_t)(close - s) : 0;
		return close ? s : NULL;
	}
	return NULL;
}

static int
number(const char *tag, const char *end, const char *name, double *v)
{
	size_t n;
	const char *s = attribute(tag, end, name, &n);
	char text[64], *rest;

	if (!s || n == 0 || n >= sizeof text)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	*v = strtod(text, &rest);
	/* Nor is it NaN then. */
	return *rest == '\0' && *v > -1e7 && *v < 1e7 ? 0 : -1;
}

/* The last part of src, and only where that is a name in the directory. */
static void
take_name(const char *tag, const char *end, char name[NAME_SIZE])
{
	size_t n;
	const char *s = attribute(tag, end, "src", &n);
	const char *slash = s ? memrchr(s, '/', n) : NULL;

	if (slash) {
		n -= (size_t)(slash + 1 - s);
		s = slash + 1;
	}
	name[0] = '\0';
	/* As pdftohtml names them. */
	if (!s || n < 3 || n >= NAME_SIZE || memcmp(s, "x-", 2) != 0)
		return;
	memcpy(name, s, n);
	name[n] = '\0';
}

/* An <image> tag's box; -1: it says none. */
static int
take_box(const char *tag, const char *end, double box[4])
{
	double left, top, width, height;

	if (number(tag, end, "left", &left) < 0 ||
	    number(tag, end, "top", &top) < 0 ||
	    number(tag, end, "width", &width) < 0 ||
	    number(tag, end, "height", &height) < 0)
		return -1;
	box[0] = width < 0 ? left + width : left;
	box[1] = height < 0 ? top + height : top;
	box[2] = width < 0 ? left : left + width;
	box[3] = height < 0 ? top : top + height;
	for (int i = 0; i < 4; i++)
		if (box[i] > -0.005 && box[i] < 0.005)
			box[i] = 0; /* not "-0.00" */
	return 0;
}

static struct place *
add_place(struct places *all)
{
	if (all->count == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 64;
		struct place *more = realloc(all->list, cap * sizeof *more);

		if (!more)
			return NULL;
		all->list = more;
		all->cap = cap;
	}
	all->list[all->count] = (struct place){.taken = 0};
	return &all->list[all->count++];
}

/* Images of pages that do not ascend are not pdftohtml's. */
static int
scan(const char *s, struct places *all)
{
	unsigned page = 0, count = 0;
	const char *end;

	while ((s = strchr(s, '<')) && (end = strchr(s, '>'))) {
		double v;

		if (strncmp(s, "<page ", 6) == 0 &&
		    number(s + 6, end, "number", &v) == 0 && v > page) {
			page = (unsigned)v;
			count = 0;
		} else if (strncmp(s, "<image ", 7) == 0 && page > 0) {
			struct place *p = add_place(all);

			if (!p)
				return -1;
			p->image.page = page;
			p->image.number = ++count;
			if (take_box(s + 7, end, p->image.box) == 0)
				take_name(s + 7, end, p->name);
		}
		s = end;
	}
	return 0;
}

/* ---- the directory ---- */

static char directory[4096]; /* "": there is none */
static volatile int caught;  /* a signal to end by */

static void
remove_directory(void)
{
	const char *name = directory;
	struct dirent *e;
	DIR *dir;

	if (!*name)
		return;
	dir = opendir(name);
	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(name);
	directory[0] = '\0';
}

/* A descriptor of a new one, or -1. */
static int
make_directory(void)
{
	static int registered;
	const char *tmp = getenv("TMPDIR");
	char name[sizeof directory];
	int n = snprintf(name, sizeof name, "%s/pc-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");

	if (n >= (int)sizeof name - NAME_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!registered && atexit(remove_directory) != 0)
		return -1;
	registered = 1;
	if (!mkdtemp(name))
		return -1;
	strcpy(directory, name);
	return open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* ---- signals ---- */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void
on_signal(int sig)
{
	caught = sig;
}

static void
hold_signals(struct sigaction old[SIGNALS])
{
	const struct sigaction act = {.sa_handler = on_signal};

	caught = 0;
	for (int i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	}
}

/* Ends the program if one came. */
static void
release_signals(const struct sigaction old[SIGNALS])
{
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	if (caught)
		raise(caught);
}

/* ---- the program ---- */

static int
drop(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	return 0;
}

static int
take_words(void *ctx, const void *p, size_t n)
{
	struct pc_buf *b = ctx;

	/* The last words count. */
	if (b->len + n > WORDS_MAX)
		b->len = 0;
	return pc_buf_add(b, p, n < WORDS_MAX ? n : WORDS_MAX);
}

/* A limit is never raised, only lowered; more is between the soft one, which
 * tells by its signal, and the hard one. */
static void
limit(char arg[ARG_SIZE], const char *name, int resource, uint64_t soft,
    unsigned more)
{
	uint64_t hard = soft + more;
	struct rlimit r;

	if (getrlimit(resource, &r) == 0 && r.rlim_max < hard)
		hard = r.rlim_max;
	if (soft > hard)
		soft = hard;
	snprintf(arg, ARG_SIZE, "--%s=%llu:%llu", name,
	    (unsigned long long)soft, (unsigned long long)hard);
}

/* Pages from first to last are enough. */
static void
outer_pages(const struct ocr_options *o, const struct doc *d,
    unsigned *first, unsigned *last)
{
	*first = o->range_count ? d->pages : 1;
	*last = o->range_count ? 1 : d->pages;
	for (size_t i = 0; i < o->range_count; i++) {
		const struct range *r = &o->ranges[i];
		unsigned to = r->to == 0 || r->to > d->pages ? d->pages : r->to;

		if (r->from > to)
			continue;
		if (r->from < *first)
			*first = r->from;
		if (to > *last)
			*last = to;
	}
}

static int
locked(struct doc *d)
{
	return fail(d, "it is locked, and pdftohtml takes a password only as "
	               "an argument, which others can see: unlock it with "
	               "'qpdf --decrypt --password-file=FILE' first");
}

/* How it ended.  0: well. */
static int
judge(struct doc *d, const struct pc_child *child, long long seconds,
    struct pc_buf *words)
{
	const int status = child->status;

	if (pc_buf_add(words, "", 1) < 0)
		return fail(d, strerror(ENOMEM));
	if (caught)
		return fail(d, "interrupted");
	if (child->timed_out ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) {
		snprintf(d->error, sizeof d->error,
		    "pdftohtml took more than %lld s; ocr.page_timeout allows "
		    "more", seconds);
		return -1;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return fail(d, "pdftohtml would write a file larger than the "
		               "limit");
	if (!WIFEXITED(status))
		return fail(d, "pdftohtml crashed");
	if (WEXITSTATUS(status) == 0)
		return 0;
	if (strstr((char *)words->data, "Incorrect password"))
		return locked(d);
	snprintf(d->error, sizeof d->error,
	    "pdftohtml failed with status %d", WEXITSTATUS(status));
	return -1;
}

/* Let it fill the directory. */
static int
extract(const struct ocr_options *o, struct doc *d)
{
	char cpu[ARG_SIZE], memory[ARG_SIZE], file[ARG_SIZE];
	char from[16], to[16], in[32], out[sizeof directory + 2];
	const char *argv[] = {"prlimit", "--core=0", cpu, memory, file, "--",
	    "pdftohtml", "-xml", "-nodrm", "-zoom", "1", "-noroundcoord", "-f",
	    from, "-l", to, in, out, NULL};
	/* Points are points. */
	const char *const env[] = {"LC_ALL=C", NULL};
	const int64_t page = o->page_timeout;
	struct pc_buf words = {0};
	struct pc_child child = {.argv = (char *const *)(uintptr_t)argv,
	    .path = 1, .in = -1, .env = env, .out = drop, .err = take_words,
	    .ctx = &words, .stop = &caught};
	unsigned first, last;
	long long seconds = TIME_MAX;
	int fd = fcntl(d->fd, F_DUPFD, FD_MIN), r = -1;

	outer_pages(o, d, &first, &last);
	if (page != PC_NEVER && page / 1000000 < TIME_MAX) {
		seconds = page / 1000000 * (last - first + 1);
		seconds = seconds < 1 ? 1
		    : seconds > TIME_MAX ? TIME_MAX : seconds;
	}
	child.idle_max = (seconds + 1) * 1000000;
	snprintf(from, sizeof from, "%u", first);
	snprintf(to, sizeof to, "%u", last);
	snprintf(in, sizeof in, "/proc/self/fd/%d", fd);
	snprintf(out, sizeof out, "%s/x", directory);
	limit(cpu, "cpu", RLIMIT_CPU, (uint64_t)seconds, 1);
	limit(memory, "as", RLIMIT_AS, memory_max, 0);
	limit(file, "fsize", RLIMIT_FSIZE, IMAGE_MAX, 0);
	if (fd < 0 || pc_child_run(&child) < 0)
		snprintf(d->error, sizeof d->error, "cannot run %s: %s",
		    argv[0], strerror(errno));
	else
		r = judge(d, &child, seconds, &words);
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&words);
	return r;
}

/* ---- from the directory ---- */

/* The file's bytes; it is gone then, as it can be taken once. */
static int
take_file(int dir, const char *name, struct pc_buf *b, size_t max)
{
	const int fd = *name ? openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	struct stat st;
	int r = -1, e;

	if (!*name)
		errno = EINVAL;
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		errno = EINVAL;
	else
		r = pc_read_all(fd, b, max);
	e = errno;
	close(fd);
	unlinkat(dir, name, 0);
	errno = e;
	return r;
}

static void
take_image(struct cli *c, const struct ocr_options *o, struct doc *d,
    int dir, struct place *p, struct pc_buf *value)
{
	struct image *i = &p->image;
	char error[MESSAGE_SIZE] = "";
	struct pc_buf bytes = {0};

	if (take_file(dir, p->name, &bytes, IMAGE_MAX) < 0)
		snprintf(error, sizeof error,
		    "cannot read what pdftohtml made of it: %s",
		    strerror(errno));
	else if (measure(&bytes, i) < 0)
		snprintf(error, sizeof error,
		    "what pdftohtml made of it is no whole image");
	if (!error[0]) {
		pc_sha256(bytes.data, bytes.len, &i->id);
		if (doc_unchanged(d))
			pages_keep_image(c, o, &d->id, i->page, i->number,
			    &bytes);
		(void)place(c, o, d, i, &bytes, error);
	}
	if (error[0]) {
		say_error(c, d, i, error);
	} else {
		list(value, i);
		d->images++;
	}
	pc_buf_clear(&bytes);
}

static int
compare_page(const void *key, const void *p)
{
	const unsigned page = *(const unsigned *)key;
	const struct place *at = p;

	return (page > at->image.page) - (page < at->image.page);
}

/* The images of the wanted pages, each once. */
static void
take_images(struct cli *c, const struct ocr_options *o, struct doc *d,
    int dir, struct places *all, struct pc_buf *value)
{
	for (unsigned n = 0; all->count > 0 && n < d->wanted && !caught; n++) {
		const unsigned page = doc_page(o, d, n);
		const struct place *end = all->list + all->count;
		struct place *p = bsearch(&page, all->list, all->count,
		    sizeof *p, compare_page);

		while (p && p > all->list && p[-1].image.page == page)
			p--;
		for (; p && p < end && p->image.page == page && !caught; p++)
			if (!p->taken) {
				p->taken = 1;
				take_image(c, o, d, dir, p, value);
			}
	}
}

static void
make(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct pc_buf *value)
{
	const int dir = make_directory();
	struct places all = {0};
	struct pc_buf xml = {0};
	int r;

	if (dir < 0) {
		snprintf(d->error, sizeof d->error,
		    "cannot make a temporary directory: %s", strerror(errno));
		remove_directory();
		return;
	}
	r = extract(o, d);
	if (r == 0 && (take_file(dir, "x.xml", &xml, XML_MAX) < 0 ||
	        pc_buf_add(&xml, "", 1) < 0))
		r = fail(d, "pdftohtml left no XML that can be read");
	if (r == 0 && scan((char *)xml.data, &all) < 0)
		r = fail(d, strerror(ENOMEM));
	pc_buf_clear(&xml);
	if (r == 0)
		take_images(c, o, d, dir, &all, value);
	free(all.list);
	close(dir);
	remove_directory();
}

void
images_make(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct pc_buf *value)
{
	struct sigaction old[SIGNALS];
	struct pc_buf lines = {0};

	if (d->error[0]) {
		/* pc-doc's words would have a password given. */
		if (strncmp(d->error, "it is locked", 12) == 0)
			locked(d);
		return;
	}
	hold_signals(old);
	make(c, o, d, &lines);
	release_signals(old);
	/* Of a document without any there is a record, too. */
	pc_buf_addf(value, "{\"images\":%u}\n", d->images);
	if (pc_buf_add(value, lines.data, lines.len) < 0 || lines.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	pc_buf_clear(&lines);
}

int
images_ready(struct doc *d)
{
	if (!overlay_is_pdf(d->fd))
		return fail(d, "it is no PDF: -f images takes the images "
		               "embedded in PDFs");
	if (!overlay_in_path("pdftohtml"))
		return fail(d, "-f images needs pdftohtml, which is not there: "
		               "install the package poppler-utils");
	if (!overlay_in_path("prlimit"))
		return fail(d, "-f images needs prlimit, which is not there: "
		               "install the package util-linux");
	return 0;
}

/* ---- from the store ---- */

static int
find(struct cli *c, const struct ocr_options *o, struct doc *d,
    const char *line)
{
	char error[MESSAGE_SIZE];
	struct pc_buf bytes = {0};
	struct image i;
	int r = 1;

	if (parse(line, &i) == 0 &&
	    pages_find_image(c, o, &d->id, i.page, i.number, &i.id,
	        &bytes) == 0)
		r = place(c, o, d, &i, &bytes, error) != 0;
	pc_buf_clear(&bytes);
	return r;
}

int
images_find_all(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const struct pc_hit *hit = &d->hit;
	struct pc_buf lines = {0};
	int r = hit->value
	    ? pc_buf_add(&lines, hit->value, (size_t)hit->record.size)
	    : pc_read_all(hit->fd, &lines, LIST_MAX);
	unsigned count = 0, n = 0;
	char *line, *end;

	if (r < 0 || pc_buf_add(&lines, "", 1) < 0 ||
	    sscanf((char *)lines.data, "{\"images\":%u}", &count) != 1)
		r = -1;
	line = (char *)lines.data + (r == 0 ? strcspn((char *)lines.data, "\n")
	                                    : 0);
	for (line += r == 0 && *line; r == 0 && *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end != '\0';
		n++;
		r = find(c, o, d, line);
	}
	if (r != 0 || n != count)
		d->out.len = d->says.len = 0;
	pc_buf_clear(&lines);
	return r == 0 && n == count ? 0 : 1;
}
