/* remedy.c - how to convert an unsupported file. */

#include "kind.h"
#include <stdio.h>
#include <string.h>

struct remedy {
	const char *type, *name;
	const char *pandoc; /* pandoc's name of the format; NULL: pandoc
			     * cannot read it */
	int libreoffice;    /* LibreOffice can read it */
};

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF "application/vnd.oasis.opendocument."

/* The first entry whose type is a prefix of the MIME type applies. */
static const struct remedy remedies[] = {
    {OOXML "wordprocessingml", "Word (docx)", "docx", 1},
    {OOXML "spreadsheetml", "Excel (xlsx)", NULL, 1},
    {OOXML "presentationml", "PowerPoint (pptx)", NULL, 1},
    {"application/msword", "Word (doc)", NULL, 1},
    {"application/vnd.ms-excel", "Excel (xls)", NULL, 1},
    {"application/vnd.ms-powerpoint", "PowerPoint (ppt)", NULL, 1},
    {"application/vnd.ms-office", "Microsoft Office", NULL, 1},
    {"application/CDFV2", "Microsoft Office", NULL, 1},
    {"application/x-ole-storage", "Microsoft Office", NULL, 1},
    {"application/vnd.wordperfect", "WordPerfect", NULL, 1},
    {ODF "text", "OpenDocument (odt)", "odt", 1},
    {ODF, "OpenDocument", NULL, 1},
    {"application/epub", "EPUB", "epub", 0},
    {"text/rtf", "RTF", "rtf", 1},
    {"application/rtf", "RTF", "rtf", 1},
    {"text/html", "HTML", "html", 1},
};

static const struct remedy *
find_remedy(const char *type)
{
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (strncmp(type, remedies[i].type, strlen(remedies[i].type)) ==
		    0)
			return &remedies[i];
	return NULL;
}

void
remedy_say(const char *type, char out[MESSAGE_SIZE])
{
	const struct remedy *r = find_remedy(type);
	int n;

	if (strcmp(type, "message/rfc822") == 0 ||
	    strcmp(type, "application/mbox") == 0) {
		snprintf(out, MESSAGE_SIZE,
		    "mail is not supported; extract its parts with 'munpack -t "
		    "FILE' (package mpack)");
		return;
	}
	if (!r) {
		snprintf(out, MESSAGE_SIZE,
		    "%s is not supported; convert it to %s", type,
		    strncmp(type, "image/", 6) == 0 ? "JPEG" : "PDF");
		return;
	}
	n = snprintf(out, MESSAGE_SIZE, "%s is not supported; convert it with ",
	    r->name);
	if (r->pandoc)
		n += snprintf(out + n, MESSAGE_SIZE - (size_t)n,
		    "'pandoc -f %s -t plain -o FILE.txt FILE'%s", r->pandoc,
		    r->libreoffice ? " or " : "");
	if (r->libreoffice)
		snprintf(out + n, MESSAGE_SIZE - (size_t)n,
		    "'libreoffice --headless --convert-to pdf FILE'");
}
