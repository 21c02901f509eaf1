/* choice.c - which of the installed languages a page is in.
 *
 * Those of the page's script read a part of the page, and the one with the
 * highest confidence is taken: letters with accents and the words of its
 * dictionary make it surer than the others.  Models are mapped before, and
 * loaded when a page first needs them. */
#include "choice.h"
#include "language.h"
#include "recognise.h"
#include "script.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LANGUAGES_MAX = 256,
	READ_MAX = 6,  /* languages that read a part of one page */
	BANDS = 5,     /* of a page; the one with most ink is read */
	BAND_MIN = 1,  /* inch */
	DOUBTFUL = 60, /* %: with less, the page may be upside down */
	SURE = 90,     /* %: with less, languages of other scripts are tried,
			* because short pages may have another script */
};

struct language_model {
	char name[64];
	const char *bytes; /* mapped */
	int size;
	TessBaseAPI *api; /* NULL: not loaded */
	int failed;
};

struct language_choice {
	struct language_model models[LANGUAGES_MAX];
	size_t count;
	int psm;
	struct recogniser_settings *settings;
};

/* What is known of the page. */
struct language_trial {
	struct language_choice *choice;
	PIX *band;
	int dpi;
	struct language_model *best;
	int confidence; /* of the best, % */
	int left;       /* languages that may still be tried */
};

static void
map_model(struct language_model *m, const char *dir)
{
	char path[1400];
	struct stat st;
	void *map = MAP_FAILED;
	int fd;

	snprintf(path, sizeof path, "%s/%s.traineddata", dir, m->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 &&
	    st.st_size < 1 << 30)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
		    0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED) {
		m->failed = 1;
		return;
	}
	m->bytes = map;
	m->size = (int)st.st_size;
}

struct language_choice *
choice_open(const char *dir, const char *langs, int psm,
    struct recogniser_settings *settings)
{
	struct language_choice *c = calloc(1, sizeof *c);

	for (size_t n; c && *langs && c->count < LANGUAGES_MAX;
	     langs += n + (langs[n] == '+')) {
		struct language_model *m = &c->models[c->count++];

		n = strcspn(langs, "+");
		snprintf(m->name, sizeof m->name, "%.*s", (int)n, langs);
		map_model(m, dir);
	}
	if (c) {
		c->psm = psm;
		c->settings = settings;
	}
	return c;
}

/* Load the model.  0: it is not one. */
static int
load(struct language_choice *c, struct language_model *m)
{
	struct recogniser_settings *s = c->settings;

	if (m->api || m->failed)
		return !m->failed;
	m->api = TessBaseAPICreate();
	m->failed = !m->api ||
	    TessBaseAPIInit5(m->api, m->bytes, m->size, m->name, OEM_DEFAULT,
		NULL, 0, s ? s->names : NULL, s ? s->values : NULL,
		s ? s->count : 0, 0) != 0;
	if (!m->failed) {
		TessBaseAPISetVariable(m->api, "debug_file", "/dev/null");
		TessBaseAPISetPageSegMode(m->api, (TessPageSegMode)c->psm);
	}
	return !m->failed;
}

/* Copy the part of the page with most ink; a low page is taken as a whole.
 * Tesseract itself reads only parts that are as high as the page. */
static PIX *
cut_band(PIX *page, int dpi)
{
	const int width = pixGetWidth(page), height = pixGetHeight(page);
	const int step = height / (2 * BANDS);
	PIX *ink = height / BANDS >= BAND_MIN * dpi
	    ? pixThresholdToBinary(page, 128)
	    : NULL;
	NUMA *rows = ink ? pixCountPixelsByRow(ink, NULL) : NULL;
	double most = -1;
	int at = 0;
	BOX *box;
	PIX *band;

	for (int y = 0; rows && y + 2 * step <= height; y += step) {
		l_float32 sum = 0;

		numaGetSumOnInterval(rows, y, y + 2 * step - 1, &sum);
		if ((double)sum > most) {
			most = (double)sum;
			at = y;
		}
	}
	pixDestroy(&ink);
	if (!rows)
		return pixCopy(NULL, page);
	numaDestroy(&rows);
	box = boxCreate(0, at, width, 2 * step);
	band = pixClipRectangle(page, box, NULL);
	boxDestroy(&box);
	return band;
}

/* Read the part with this language. */
static void
try_language(struct language_trial *t, struct language_model *m)
{
	int confidence;

	if (t->left == 0 || !t->band || !load(t->choice, m))
		return;
	t->left--;
	TessBaseAPISetImage2(m->api, t->band);
	TessBaseAPISetSourceResolution(m->api, t->dpi);
	confidence = TessBaseAPIRecognize(m->api, NULL) == 0
	    ? TessBaseAPIMeanTextConf(m->api)
	    : 0;
	TessBaseAPIClear(m->api);
	TessBaseAPIClearAdaptiveClassifier(m->api);
	if (!t->best || confidence > t->confidence) {
		t->best = m;
		t->confidence = confidence;
	}
}

/* Try those languages that have the script, or those that have not. */
static void
try_script(struct language_trial *t, const char *script, int has)
{
	for (size_t i = 0; i < t->choice->count; i++) {
		struct language_model *m = &t->choice->models[i];

		if (!script || language_has_script(m->name, script) == has)
			try_language(t, m);
	}
}

static struct language_model *
first_of(struct language_choice *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (load(c, &c->models[i]))
			return &c->models[i];
	return NULL;
}

/* The best by what it reads. */
static struct language_model *
read_with_each(struct language_choice *c, const char *script, PIX *page,
    int dpi)
{
	struct language_trial t = {.choice = c,
	    .band = cut_band(page, dpi),
	    .dpi = dpi,
	    .left = READ_MAX};

	try_script(&t, script, 1);
	if (t.band && t.confidence < DOUBTFUL) {
		pixRotate180(t.band, t.band);
		t.left = READ_MAX;
		try_script(&t, script, 1);
	}
	if (script && t.confidence < SURE)
		try_script(&t, script, 0);
	pixDestroy(&t.band);
	return t.best;
}

struct TessBaseAPI *
choice_make(struct language_choice *c, struct script_finder *scripts,
    struct Pix *page, int dpi, const char **lang)
{
	const char *script = page && c->count > 1
	    ? script_find(scripts, page, dpi)
	    : NULL;
	struct language_model *m = NULL;

	if (page && c->count > 1)
		m = read_with_each(c, script, page, dpi);
	if (!m)
		m = first_of(c);
	if (!m)
		return NULL;
	*lang = m->name;
	return m->api;
}
