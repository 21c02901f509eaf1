/* recognise.c - OCR by libtesseract. */
#include "recognise.h"
#include "choice.h"
#include "language.h"
#include "leaders.h"
#include "left_out.h"
#include "paper.h"
#include "reader/reader_protocol.h"
#include "rules.h"
#include "script.h"
#include "spread.h"
#include "upright.h"
#include "words.h"

#include "pc.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Per cent.  A page that is upside down has a confidence of 20 to 55, an
 * upright one 70 or more, a clean one 85 or more. */
enum { DOUBTFUL = 60, UNSURE = 80 };

/* Per cent: if more letter-like components are in no word, the page is
 * doubtful too, unless they are few. */
enum { LEFT = 20, LEFT_MIN = 10 };

enum { SLOW = 20 }; /* CPU seconds: a slower page is read in only one way */

struct recogniser {
	TessBaseAPI *api;
	struct recogniser_how how;
	const char *lang;
	struct language_choice *choice; /* NULL: all pages are in lang */
	struct script_finder *scripts;  /* NULL: its model is not installed */
};

/* Detecting orientation and script needs a model that no worker could open;
 * its pages are upright by then (upright.c). */
static TessPageSegMode
without_osd(int psm)
{
	return psm == PSM_AUTO_OSD       ? PSM_AUTO
	    : psm == PSM_SPARSE_TEXT_OSD ? PSM_SPARSE_TEXT
					 : (TessPageSegMode)psm;
}

/* Read with the first language until a page has chosen its own.  -1: there is
 * none. */
static int
open_installed(struct recogniser *r, struct recogniser_how how)
{
	char dir[1024], *langs;

	recogniser_directory(dir, sizeof dir);
	langs = recogniser_installed(dir);
	if (!langs)
		return -1;
	r->choice = choice_open(dir, langs, without_osd(how.psm), how.settings);
	free(langs);
	if (r->choice)
		r->api = choice_make(r->choice, NULL, NULL, 0, &r->lang);
	r->scripts = script_open(dir);
	return r->api ? 0 : -1;
}

static int
open_languages(struct recogniser *r, const char *lang,
    struct recogniser_how how)
{
	r->api = TessBaseAPICreate();
	if (!r->api || recogniser_init(r->api, lang, how.settings) != 0)
		return -1;
	r->lang = lang;
	r->scripts = script_open(TessBaseAPIGetDatapath(r->api));
	/* Otherwise it prints its doubts about pages. */
	TessBaseAPISetVariable(r->api, "debug_file", "/dev/null");
	TessBaseAPISetPageSegMode(r->api, without_osd(how.psm));
	return 0;
}

struct recogniser *
recogniser_open(const char *lang, struct recogniser_how how)
{
	const int automatic = strcmp(lang, LANGUAGE_AUTO) == 0;
	const char *unknown;
	struct recogniser *r;

	if (recogniser_languages(lang) < 0)
		return NULL;
	r = calloc(1, sizeof *r);
	setMsgSeverity(L_SEVERITY_NONE);
	if (!r ||
	    (automatic ? open_installed(r, how)
		       : open_languages(r, lang, how)) < 0) {
		free(r);
		return NULL;
	}
	unknown = recogniser_unknown(r->api, how.settings);
	if (unknown) {
		fprintf(stderr, "pc-tesseract: tesseract has no setting '%s'\n",
		    unknown);
		/* Destructors of libraries would report leaks. */
		_exit(PC_EXIT_FAIL);
	}
	r->how = how;
	return r;
}

const char *
recogniser_version(void)
{
	return TessVersion();
}

static PIX *
pack(const unsigned char *pixels, int width, int height)
{
	PIX *gray = pixCreate(width, height, 8);

	for (int y = 0; gray && y < height; y++) {
		l_uint32 *line = pixGetData(gray) +
		    (size_t)y * (size_t)pixGetWpl(gray);

		memcpy(line, pixels + (size_t)y * (size_t)width, (size_t)width);
	}
	if (gray)
		pixEndianByteSwap(gray);
	return gray;
}

/* Remove grains and uneven light.  NULL: out of memory. */
static PIX *
cleaned(PIX *gray)
{
	PIX *even = pixBackgroundNormSimple(gray, NULL, NULL);
	PIX *smooth = pixMedianFilter(even ? even : gray, 3, 3);

	pixDestroy(&even);
	return smooth;
}

static void
fail(struct page_answer *a, const char *message)
{
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message, "%s", message);
}

/* ---- one page, read in several ways ---- */

struct sheet {
	struct recogniser *r;
	const struct page_request *ask;
	struct paper paper;
};

/* One way to read the page, and its result. */
struct reading {
	struct upright upright;
	struct page_answer answer;
	struct pc_buf words;
	double score; /* as in struct word_writer */
	PIX *left;    /* ink that is in no certain word */
};

static void
clear(struct reading *g)
{
	pc_buf_clear(&g->words);
	pixDestroy(&g->left);
}

/* Recognise the page, or its selected part.  -1: tesseract failed. */
static int
read_part(TessBaseAPI *api, struct word_writer *w, double *confidence)
{
	const size_t before = w->count;

	if (TessBaseAPIRecognize(api, NULL) != 0)
		return -1;
	words_add(w, api);
	*confidence += TessBaseAPIMeanTextConf(api) *
	    (double)(w->count - before);
	return 0;
}

/* Recognise the page; if it has a fold, as two parts separated at this
 * pixel. */
static int
read_parts(const struct sheet *s, PIX *page, int fold,
    const struct leaders *leaders, struct reading *g)
{
	const int width = pixGetWidth(page), height = pixGetHeight(page);
	PIX *ink = pixCopy(NULL, g->left); /* words will be erased from it */
	PIX *shown = leaders_without_numbers(leaders, page, s->paper.reduction);
	TessBaseAPI *api = s->r->api;
	struct word_writer w = {.upright = &g->upright,
	    .scale = 7200.0 / s->ask->dpi,
	    .page = page,
	    .ink = g->left,
	    .reduction = s->paper.reduction,
	    .out = &g->words};
	double confidence = 0;
	int failed, down;

	TessBaseAPISetImage2(api, shown ? shown : page);
	TessBaseAPISetSourceResolution(api, (int)s->ask->dpi);
	if (fold)
		TessBaseAPISetRectangle(api, 0, 0, fold, height);
	failed = read_part(api, &w, &confidence) < 0;
	if (fold && !failed) {
		TessBaseAPISetRectangle(api, fold, 0, width - fold, height);
		failed = read_part(api, &w, &confidence) < 0;
	}
	if (ink && w.count > 0 && !failed) {
		rules_add(&w, ink, (int)s->ask->dpi);
		confidence += left_out_add(&w, api, page, ink,
		    (int)s->ask->dpi);
		TessBaseAPISetPageSegMode(api, without_osd(s->r->how.psm));
		for (int i = 0; i < leaders->count; i++)
			words_lead(&w, &leaders->all[i].place,
			    leaders->all[i].dots);
	}
	pixDestroy(&ink);
	pixDestroy(&shown);
	word_writer_clear(&w);
	g->score = w.score;
	g->answer.confidence = w.count > 0
	    ? (int32_t)(confidence * 100 / (double)w.count)
	    : 0;
	/* Tesseract itself detects lines that run down the page. */
	down = w.down > w.count / 2 ? 3 : 0;
	g->answer.rotation = (g->upright.quarters + down) % 4 * 90;
	return failed ? -1 : 0;
}

/* Read these pixels, turned as g says.  -1: g's answer has the reason. */
static int
read_pixels(const struct sheet *s, PIX *gray, struct reading *g)
{
	TessBaseAPI *api = s->r->api;
	PIX *page = upright_page(&g->upright, gray);
	struct leaders leaders = {0};
	int fold = 0, failed;

	g->left = upright_ink(&g->upright, s->paper.ink);
	/* The ink will be changed, and may be the page's own: copy it. */
	if (g->left == s->paper.ink) {
		pixDestroy(&g->left);
		g->left = pixCopy(NULL, s->paper.ink);
	}
	if (!page || !g->left) {
		fail(&g->answer, "out of memory");
		pixDestroy(&page);
		return -1;
	}
	/* The page may be the caller's. */
	if (page == gray) {
		pixDestroy(&page);
		page = pixCopy(NULL, gray);
	}
	if (page)
		leaders_erase(&leaders, g->left, page, (int)s->ask->dpi,
		    s->paper.reduction);
	if (s->r->how.split_spreads)
		fold = spread_fold(g->left) * s->paper.reduction;
	failed = read_parts(s, page, fold, &leaders, g);
	free(leaders.all);
	if (failed)
		fail(&g->answer, "tesseract cannot recognise it");
	pixDestroy(&page);
	TessBaseAPIClear(api);
	/* Otherwise a page's text would depend on earlier pages. */
	TessBaseAPIClearAdaptiveClassifier(api);
	return failed ? -1 : 0;
}

/* Read the page in another way, and keep the result in *best if it has more
 * text. */
static void
try_other(const struct sheet *s, PIX *gray, const struct upright *upright,
    struct reading *best)
{
	struct reading other = {.upright = *upright, .answer = best->answer};
	struct reading worse = other;

	if (read_pixels(s, gray, &other) == 0 && other.score > best->score) {
		worse = *best;
		*best = other;
	} else {
		worse = other;
	}
	clear(&worse);
}

/* Is much of what may be letters in no word? */
static int
is_doubtful(const struct sheet *s, const struct reading *g)
{
	int left;

	if (g->answer.confidence < DOUBTFUL * 100 || g->score <= 0)
		return 1;
	left = paper_letters(g->left);
	return left > LEFT_MIN &&
	    left * 100.0 > LEFT * (double)paper_letters(s->paper.ink);
}

static int
is_unsure(const struct reading *g)
{
	return g->answer.confidence < UNSURE * 100;
}

/* Does the page only show print from the other side?  That is pale, and can be
 * read only when mirrored. */
static int
is_other_side(const struct sheet *s, PIX *gray, const struct reading *g)
{
	struct sheet mirrored = *s;
	struct reading back = {.answer = g->answer};
	PIX *page = pixFlipLR(NULL, gray);
	int is = 0;

	mirrored.paper.ink = pixFlipLR(NULL, s->paper.ink);
	if (page && mirrored.paper.ink) {
		upright_find(mirrored.paper.ink, &back.upright);
		is = read_pixels(&mirrored, page, &back) == 0 &&
		    !is_unsure(&back) && back.score > g->score;
	}
	pixDestroy(&page);
	pixDestroy(&mirrored.paper.ink);
	clear(&back);
	return is;
}

/* Mark the page as blank: what was read belongs to the other side. */
static void
drop_words(struct reading *g)
{
	pc_buf_clear(&g->words);
	g->answer.confidence = -1;
	g->answer.marks = MARK_BLANK;
}

/* Try it with even light, and without pale print; keep what has more text. */
static void
read_even(const struct sheet *s, PIX *even, struct reading *best)
{
	const struct upright upright = best->upright;

	if (is_doubtful(s, best))
		try_other(s, even, &upright, best);
	if (is_unsure(best) && paper_strip(even) == 0)
		try_other(s, even, &upright, best);
}

static int
is_slow(clock_t began)
{
	return (clock() - began) / CLOCKS_PER_SEC >= SLOW;
}

static void
read_best(const struct sheet *s, PIX *gray, struct reading *best)
{
	const clock_t began = clock();
	struct upright other;
	PIX *even;

	if (read_pixels(s, gray, best) < 0 || is_slow(began))
		return;
	/* The letters of Cyrillic show the wrong side. */
	if (best->words.len > 0 && best->answer.confidence < DOUBTFUL * 100) {
		other = best->upright;
		other.quarters = (other.quarters + 2) % 4;
		try_other(s, gray, &other, best);
	}
	if (!is_unsure(best) && !is_doubtful(s, best))
		return;
	if (paper_is_pale(&s->paper)) {
		if (is_other_side(s, gray, best))
			drop_words(best);
		return;
	}
	even = paper_even(&s->paper, gray);
	if (even)
		read_even(s, even, best);
	pixDestroy(&even);
}

/* Is the page in a script that none of the languages uses? */
static int
is_foreign(const struct sheet *s, PIX *page)
{
	const char *script = script_find(s->r->scripts, page, (int)s->ask->dpi);

	return script && !language_has_script(s->r->lang, script);
}

/* Read the page in the language that it is in. */
static void
choose_language(const struct sheet *s, PIX *page, const struct upright *upright)
{
	struct recogniser *r = s->r;
	struct upright u = *upright;
	PIX *turned = r->choice ? upright_page(&u, page) : NULL;
	TessBaseAPI *api = turned ? choice_make(r->choice, r->scripts, turned,
					(int)s->ask->dpi, &r->lang)
				  : NULL;

	if (api)
		r->api = api;
	pixDestroy(&turned);
}

static void
read_page(struct sheet *s, PIX *gray, struct reading *best)
{
	/* Tesseract would take the paper's grains for letters. */
	PIX *page = paper_is_pale(&s->paper) ? paper_even(&s->paper, gray)
					     : pixClone(gray);

	if (!page) {
		fail(&best->answer, "out of memory");
		return;
	}
	upright_find(s->paper.ink, &best->upright);
	choose_language(s, page, &best->upright);
	read_best(s, page, best);
	if (best->answer.kind == ANSWER_WORDS && !best->answer.marks &&
	    (!best->words.len || (is_unsure(best) && is_doubtful(s, best)))) {
		best->answer.marks = MARK_LOW_CONFIDENCE;
		if (is_foreign(s, page))
			best->answer.marks |= MARK_LANGUAGE_SUSPECT;
	}
	pixDestroy(&page);
}

static PIX *
clean_page(PIX *gray)
{
	PIX *page = gray ? cleaned(gray) : NULL;

	pixDestroy(&gray);
	return page;
}

void
recognise(struct recogniser *r, const struct page_request *ask,
    const unsigned char *pixels, struct page_answer *a, struct pc_buf *out)
{
	PIX *gray = pack(pixels, (int)ask->width, (int)ask->height);
	struct sheet s = {.r = r, .ask = ask};
	struct reading best = {.answer = *a};

	best.answer.kind = ANSWER_WORDS;
	if (r->how.clean)
		gray = clean_page(gray);
	if (!gray || paper_measure(gray, (int)ask->dpi, &s.paper) < 0)
		fail(&best.answer, "out of memory");
	else if (paper_is_blank(&s.paper))
		best.answer.marks = MARK_BLANK;
	else
		read_page(&s, gray, &best);
	pixDestroy(&gray);
	paper_clear(&s.paper);
	*a = best.answer;
	*out = best.words;
	best.words = (struct pc_buf){0};
	clear(&best);
	a->length = out->len;
	if (out->failed)
		fail(a, "out of memory");
}
