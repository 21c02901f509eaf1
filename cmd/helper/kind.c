/* kind.c - what a document is, told from its content by libmagic. */
#include "helper.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <magic.h>
#include <string.h>
#include <unistd.h>

enum { PREFIX = 64 * 1024, PDF_WITHIN = 1024 };

static int
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static enum kind
kind_of_type(const char *type)
{
	static const char *const images[] = {"image/png", "image/jpeg",
	    "image/webp", "image/bmp", "image/x-ms-bmp", "image/gif",
	    "image/x-portable-"};
	static const char *const texts[] = {"text/", "application/json",
	    "application/x-ndjson", "application/xml",
	    "application/javascript", "message/", "application/x-empty"};

	if (starts(type, "application/pdf"))
		return KIND_PDF;
	if (starts(type, "image/tiff"))
		return KIND_TIFF;
	for (size_t i = 0; i < sizeof images / sizeof images[0]; i++)
		if (starts(type, images[i]))
			return KIND_IMAGE;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (starts(type, texts[i]))
			return KIND_TEXT;
	return KIND_OTHER;
}

int
kind_of(const char *path, struct kind_info *k)
{
	static unsigned char prefix[PREFIX];
	magic_t magic;
	const char *said;
	size_t type;
	ssize_t n;
	int fd, r = -1;

	*k = (struct kind_info){.kind = KIND_OTHER};
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -1;
	n = pc_read_full(fd, prefix, sizeof prefix);
	close(fd);
	if (n < 0)
		return -1;
	magic = magic_open(MAGIC_MIME);
	if (!magic || magic_load(magic, NULL) < 0 ||
	    !(said = magic_buffer(magic, prefix, (size_t)n))) {
		errno = ENOSYS;
		goto out;
	}
	/* "text/plain; charset=us-ascii" */
	type = strcspn(said, ";");
	snprintf(k->name, sizeof k->name, "%.*s", (int)type, said);
	said = strstr(said + type, "charset=");
	if (said)
		snprintf(k->charset, sizeof k->charset, "%s", said + 8);
	k->kind = kind_of_type(k->name);
	/* A PDF may have other bytes before its header (ISO 32000-1, annex
	 * H.3, note 13). */
	if (k->kind != KIND_PDF &&
	    memmem(prefix, n < PDF_WITHIN ? (size_t)n : PDF_WITHIN, "%PDF-",
	        5))
		k->kind = KIND_PDF;
	r = 0;
out:
	if (magic)
		magic_close(magic);
	return r;
}
