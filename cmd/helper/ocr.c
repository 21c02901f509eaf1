/* ocr.c - OCR by libtesseract, image files by leptonica. */
#include "helper.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SIDE_MAX = 32767, /* tesseract refuses longer ones */
	DPI_MIN = 70,     /* what an image says below is a default, not true */
	DPI_MAX = 2400,
};

struct ocr {
	const struct options *options;
	TessBaseAPI *api; /* NULL until a page needs it */
};

struct ocr *
ocr_open(const struct options *o, char error[256])
{
	struct ocr *x = calloc(1, sizeof *x);

	if (!x) {
		snprintf(error, 256, "out of memory");
		return NULL;
	}
	x->options = o;
	setMsgSeverity(L_SEVERITY_NONE);
	return x;
}

void
ocr_close(struct ocr *x)
{
	if (!x)
		return;
	if (x->api) {
		TessBaseAPIEnd(x->api);
		TessBaseAPIDelete(x->api);
	}
	free(x);
}

const char *
ocr_version(void)
{
	return TessVersion();
}

static int
start(struct ocr *x, struct page *page)
{
	if (x->api)
		return 0;
	x->api = TessBaseAPICreate();
	if (x->api &&
	    TessBaseAPIInit3(x->api, NULL, x->options->lang) == 0) {
		/* It prints its doubts about pages otherwise. */
		TessBaseAPISetVariable(x->api, "debug_file", "/dev/null");
		TessBaseAPISetPageSegMode(
		    x->api, (TessPageSegMode)x->options->psm);
		return 0;
	}
	snprintf(page->error, sizeof page->error,
	    "tesseract cannot start with language '%s'", x->options->lang);
	if (x->api)
		TessBaseAPIDelete(x->api);
	x->api = NULL;
	return -1;
}

/* Is there anything on it?  A blank page needs no OCR. */
static int
is_blank(PIX *gray)
{
	PIX *bits = pixThresholdToBinary(gray, 200);
	l_int32 empty = 0;

	if (!bits)
		return 0;
	pixZero(bits, &empty);
	pixDestroy(&bits);
	return empty;
}

static void
recognise(struct ocr *x, PIX *gray, int dpi, struct page *page)
{
	char *text;

	if (is_blank(gray)) {
		page->text = strdup("");
		return;
	}
	if (start(x, page) < 0)
		return;
	TessBaseAPISetImage2(x->api, gray);
	TessBaseAPISetSourceResolution(x->api, dpi);
	if (TessBaseAPIRecognize(x->api, NULL) != 0) {
		snprintf(page->error, sizeof page->error,
		    "tesseract cannot recognise it");
	} else {
		text = TessBaseAPIGetUTF8Text(x->api);
		if (text) {
			page->text = strdup(text);
			page->length = strlen(text);
			page->confidence = TessBaseAPIMeanTextConf(x->api);
			TessDeleteText(text);
		}
	}
	TessBaseAPIClear(x->api);
	/* Else a page's text would depend on the pages before it. */
	TessBaseAPIClearAdaptiveClassifier(x->api);
}

void
ocr_gray(struct ocr *x, const unsigned char *pixels, int width, int height,
    int stride, int dpi, struct page *page)
{
	PIX *gray = pixCreate(width, height, 8);

	if (!gray) {
		snprintf(page->error, sizeof page->error, "out of memory");
		return;
	}
	for (int y = 0; y < height; y++) {
		l_uint32 *line = pixGetData(gray) + y * pixGetWpl(gray);
		const unsigned char *from = pixels + (size_t)y * (size_t)stride;

		for (int i = 0; i < width; i++)
			SET_DATA_BYTE(line, i, from[i]);
	}
	recognise(x, gray, dpi, page);
	pixDestroy(&gray);
}

/* ---- image files ---- */

unsigned
ocr_frames(const char *path, enum kind kind, char error[256])
{
	l_int32 n = 1;
	FILE *f;

	if (kind != KIND_TIFF)
		return 1;
	f = fopen(path, "re");
	if (!f || tiffGetCount(f, &n) != 0 || n < 1) {
		snprintf(error, 256, "not a TIFF that can be read");
		n = 0;
	}
	if (f)
		fclose(f);
	return (unsigned)n;
}

/* The size that the file claims, before its pixels are unpacked. */
static int
too_large(const char *path, enum kind kind, unsigned frame,
    const struct options *o, struct page *page)
{
	l_int32 format, w = 0, h = 0, bps, spp, cmap;
	l_int32 failed = kind == KIND_TIFF
	    ? readHeaderTiff(path, (l_int32)frame, &w, &h, &bps, &spp, NULL,
	          NULL, NULL)
	    : pixReadHeader(path, &format, &w, &h, &bps, &spp, &cmap);

	if (failed || (double)w * h <= o->max_megapixels * 1e6)
		return 0; /* reading it says what is wrong */
	snprintf(page->error, sizeof page->error,
	    "%d x %d pixels are more than %u megapixels; "
	    "ocr.max_megapixels allows more", w, h, o->max_megapixels);
	return 1;
}

/* Gray, without transparency, no side too long. */
static PIX *
normalise(PIX *in)
{
	l_int32 w, h, longer;
	PIX *flat = pixGetSpp(in) == 4 ? pixAlphaBlendUniform(in, 0xffffff00)
	                               : pixClone(in);
	PIX *gray = flat ? pixConvertTo8(flat, 0) : NULL;

	pixDestroy(&flat);
	if (!gray)
		return NULL;
	pixGetDimensions(gray, &w, &h, NULL);
	longer = w > h ? w : h;
	if (longer > SIDE_MAX) {
		float scale = (float)SIDE_MAX / (float)longer;
		PIX *small = pixScale(gray, scale, scale);

		pixDestroy(&gray);
		gray = small;
	}
	return gray;
}

void
ocr_file(struct ocr *x, const char *path, enum kind kind, unsigned frame,
    struct page *page)
{
	PIX *in, *gray;
	int dpi;

	if (too_large(path, kind, frame, x->options, page))
		return;
	in = kind == KIND_TIFF ? pixReadTiff(path, (l_int32)frame)
	                       : pixRead(path);
	gray = in ? normalise(in) : NULL;
	if (!gray) {
		snprintf(page->error, sizeof page->error,
		    "not an image that can be read");
		pixDestroy(&in);
		return;
	}
	dpi = pixGetXRes(in);
	if (dpi < DPI_MIN || dpi > DPI_MAX)
		dpi = x->options->dpi;
	pixDestroy(&in);
	recognise(x, gray, dpi, page);
	pixDestroy(&gray);
}

/* ---- models ---- */

/* The Debian package that has a language's model. */
static void
package_of(const char *lang, char *out, size_t n)
{
	size_t at = (size_t)snprintf(out, n, "tesseract-ocr-");
	int script = strncmp(lang, "script/", 7) == 0;

	if (script)
		at += (size_t)snprintf(out + at, n - at, "script-");
	if (script)
		lang += 7;
	/* chi_sim is in tesseract-ocr-chi-sim; script/Latin in -latn, which
	 * no rule gives. */
	for (; *lang && at + 1 < n; lang++)
		out[at++] = *lang == '_' ? '-' : *lang;
	out[at] = '\0';
}

/* Where tesseract looks for models. */
static void
data_path(char *out, size_t n)
{
	const char *env = getenv("TESSDATA_PREFIX");
	TessBaseAPI *api = TessBaseAPICreate();
	const char *path;

	/* The built-in path is known only after an attempt to start. */
	TessBaseAPIInit3(api, NULL, "eng");
	path = TessBaseAPIGetDatapath(api);
	snprintf(out, n, "%s", path && *path ? path : env ? env : "");
	TessBaseAPIEnd(api);
	TessBaseAPIDelete(api);
	if (*out && out[strlen(out) - 1] == '/')
		out[strlen(out) - 1] = '\0';
}

int
ocr_list_models(const char *lang, FILE *out)
{
	char dir[1024], path[1400], package[160], one[128];

	data_path(dir, sizeof dir);
	for (const char *p = lang;; p++) {
		size_t n = strcspn(p, "+");

		snprintf(one, sizeof one, "%.*s", (int)n, p);
		snprintf(path, sizeof path, "%s/%s.traineddata", dir, one);
		if (n == 0 || strstr(one, "..") || access(path, R_OK) < 0) {
			package_of(one, package, sizeof package);
			fprintf(stderr,
			    "pc-doc: no OCR model for language '%s' in '%s': "
			    "install %s\n", one, dir, package);
			return -1;
		}
		fprintf(out, "model.%s\t-\t%s\n", one, path);
		p += n;
		if (!*p)
			return 0;
	}
}
