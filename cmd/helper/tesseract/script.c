/* script.c - detect a page's script with tesseract's OSD model.
 *
 * A worker cannot open files, so the model is mapped before.  The worker uses
 * it at the first page with uncertain OCR. */
#include "script.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* In tesseract's unit.  Pages of mixed or no script have less. */
static const float sure_min = 0.5f;

struct script_finder {
	const char *bytes; /* mapped */
	int size;
	TessBaseAPI *api; /* NULL: not started yet */
	int failed;
};

struct script_finder *
script_open(const char *models)
{
	struct script_finder *f = NULL;
	char path[1200];
	struct stat st;
	void *map = MAP_FAILED;
	int fd;

	snprintf(path, sizeof path, "%s/osd.traineddata", models);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < 1 << 30)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
		    0);
	close(fd);
	if (map == MAP_FAILED)
		return NULL;
	f = calloc(1, sizeof *f);
	if (f) {
		f->bytes = map;
		f->size = (int)st.st_size;
	}
	return f;
}

static int
start(struct script_finder *f)
{
	if (f->api || f->failed)
		return f->failed;
	f->api = TessBaseAPICreate();
	f->failed = !f->api ||
	    TessBaseAPIInit5(f->api, f->bytes, f->size, "osd",
		OEM_TESSERACT_ONLY, NULL, 0, NULL, NULL, 0, 0) != 0;
	if (!f->failed) {
		TessBaseAPISetVariable(f->api, "debug_file", "/dev/null");
		TessBaseAPISetPageSegMode(f->api, PSM_OSD_ONLY);
	}
	return f->failed;
}

const char *
script_find(struct script_finder *f, PIX *page, int dpi)
{
	const char *script = NULL;
	float turn_sure, sure = 0;
	int turn, found;

	if (!f || start(f) != 0)
		return NULL;
	TessBaseAPISetImage2(f->api, page);
	TessBaseAPISetSourceResolution(f->api, dpi);
	found = TessBaseAPIDetectOrientationScript(f->api, &turn, &turn_sure,
	    &script, &sure);
	TessBaseAPIClear(f->api);
	return found && sure >= sure_min ? script : NULL;
}
