/* images.c - the images embedded in a PDF, as files: what they are, where they
 * go, and how they are remembered. */
#include "images.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_MAX = 256 * 1024 * 1024,
	IMAGE_MAX = 1024 * 1024 * 1024,
};

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
		&i->page, &i->number, type, &i->width, &i->height, &b[0], &b[1],
		&b[2], &b[3], hex) != 10)
		return -1;
	i->jpeg = strcmp(type, "jpeg") == 0;
	return pc_id_parse(hex, &i->id);
}

/* Write the image's file and say so.  -1: error. */
static int
place(const struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct image *i, const struct pc_buf *bytes, char error[MESSAGE_SIZE])
{
	struct pc_buf name = {0};
	int r = png_place_file(o, d,
	    &(struct file_of){.page = i->page,
		.image = i->number,
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
	cli_warn(c, "'%s', page %u, image %u: %s", d->name, i->page, i->number,
	    error);
	pc_buf_addf(&d->says,
	    "%s{\"page\":%u,\"image\":%u,\"error\":", d->says.len ? "," : "",
	    i->page, i->number);
	pc_json_string(&d->says, error, strlen(error));
	if (pc_buf_addf(&d->says, "}") < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	d->errors++;
}

/* ---- from the PDF ---- */

static void
take_image(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct place *p, struct pc_buf *value)
{
	struct image *i = &p->image;
	char error[MESSAGE_SIZE] = "";
	struct pc_buf bytes = {0};

	if (pdftohtml_take(p->name, &bytes, IMAGE_MAX) < 0)
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
    const struct places *all, struct pc_buf *value)
{
	for (unsigned n = 0;
	     all->count > 0 && n < d->wanted && !pdftohtml_stopped(); n++) {
		const unsigned page = doc_page(o, d, n);
		const struct place *end = all->list + all->count;
		struct place *p = bsearch(&page, all->list, all->count,
		    sizeof *p, compare_page);

		while (p && p > all->list && p[-1].image.page == page)
			p--;
		for (; p && p < end && p->image.page == page &&
		     !pdftohtml_stopped();
		     p++)
			if (!p->taken) {
				p->taken = 1;
				take_image(c, o, d, p, value);
			}
	}
}

void
images_make(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct pc_buf *value)
{
	struct places all = {0};
	struct pc_buf lines = {0};

	if (d->error[0]) {
		/* pc-doc's words would have a password given. */
		if (strncmp(d->error, "it is locked", 12) == 0)
			pdftohtml_locked(d);
		return;
	}
	if (pdftohtml_begin(o, d, &all) == 0)
		take_images(c, o, d, &all, &lines);
	free(all.list);
	pdftohtml_end();
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
		return doc_fail(d,
		    "it is no PDF: -f images takes the images "
		    "embedded in PDFs");
	if (!overlay_in_path("pdftohtml"))
		return doc_fail(d,
		    "-f images needs pdftohtml, which is not there: "
		    "install the package poppler-utils");
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
	    pages_find_image(c, o, &d->id, i.page, i.number, &i.id, &bytes) ==
		0)
		r = place(c, o, d, &i, &bytes, error) != 0;
	pc_buf_clear(&bytes);
	return r;
}

int
images_find_all(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct pc_buf lines = {0};
	int r = pc_hit_read(&d->hit, &lines, LIST_MAX);
	unsigned count = 0, n = 0;
	char *line, *end;

	if (r < 0 || pc_buf_add(&lines, "", 1) < 0 ||
	    sscanf((char *)lines.data, "{\"images\":%u}", &count) != 1)
		r = -1;
	line = (char *)lines.data +
	    (r == 0 ? strcspn((char *)lines.data, "\n") : 0);
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
