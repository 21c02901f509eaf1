/* models.c - the files of tesseract's models, and the packages that contain
 * them. */
#include "language.h"
#include "recognise.h"

#include "pc.h"

#include <tesseract/capi.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
recogniser_init(struct TessBaseAPI *api, const char *lang,
    struct recogniser_settings *s)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), r;
	int spoken = fcntl(2, F_DUPFD_CLOEXEC, 3);

	if (null >= 0 && spoken >= 0)
		dup2(null, 2);
	r = s ? TessBaseAPIInit4(api, NULL, lang, OEM_DEFAULT, NULL, 0,
		    s->names, s->values, s->count, 0)
	      : TessBaseAPIInit3(api, NULL, lang);
	if (spoken >= 0) {
		dup2(spoken, 2);
		close(spoken);
	}
	if (null >= 0)
		close(null);
	return r;
}

const char *
recogniser_unknown(struct TessBaseAPI *api, const struct recogniser_settings *s)
{
	double real;
	int whole, yes;

	for (size_t i = 0; s && i < s->count; i++)
		if (!TessBaseAPIGetStringVariable(api, s->names[i]) &&
		    !TessBaseAPIGetIntVariable(api, s->names[i], &whole) &&
		    !TessBaseAPIGetBoolVariable(api, s->names[i], &yes) &&
		    !TessBaseAPIGetDoubleVariable(api, s->names[i], &real))
			return s->names[i];
	return NULL;
}

/* The Debian package with a language's model. */
static void
package_of(const char *lang, char *out, size_t n)
{
	size_t at = (size_t)snprintf(out, n, "tesseract-ocr-");
	int script = strncmp(lang, "script/", 7) == 0;

	if (script)
		at += (size_t)snprintf(out + at, n - at, "script-");
	if (script)
		lang += 7;
	/* chi_sim is in tesseract-ocr-chi-sim.  script/Latin is in -latn,
	 * which follows no rule. */
	for (; *lang && at + 1 < n; lang++)
		out[at++] = *lang == '_' ? '-' : *lang;
	out[at] = '\0';
}

void
recogniser_directory(char *out, size_t n)
{
	const char *env = getenv("TESSDATA_PREFIX");
	TessBaseAPI *api = TessBaseAPICreate();
	const char *path;

	/* The built-in path is known only after an attempt to start. */
	recogniser_init(api, "eng", NULL);
	path = TessBaseAPIGetDatapath(api);
	snprintf(out, n, "%s", path && *path ? path : env ? env : "");
	TessBaseAPIEnd(api);
	TessBaseAPIDelete(api);
	if (*out && out[strlen(out) - 1] == '/')
		out[strlen(out) - 1] = '\0';
}

static const char model_ending[] = ".traineddata";

/* The length of a model's name; 0: the file is not a model. */
static size_t
model_name(const char *file)
{
	const size_t n = strlen(file), ending = sizeof model_ending - 1;

	return n > ending && strcmp(file + n - ending, model_ending) == 0
	    ? n - ending
	    : 0;
}

/* List the installed models on one line. */
static void
print_installed(const char *dir, FILE *out)
{
	struct dirent **all;
	int n = scandir(dir, &all, NULL, alphasort);
	const char *between = "; there are: ";

	for (int i = 0; i < n; i++) {
		const size_t len = model_name(all[i]->d_name);

		if (len > 0) {
			fprintf(out, "%s%.*s", between, (int)len,
			    all[i]->d_name);
			between = ", ";
		}
		free(all[i]);
	}
	if (n >= 0)
		free(all);
}

/* Is it the model of a language?  Others find orientation and formulas, or
 * read seven-segment numbers, or columns of Chinese. */
static int
is_language(const struct dirent *entry)
{
	static const char *const others[] = {"osd", "equ", "snum", NULL};
	static const char vertical[] = "_vert";
	const size_t n = model_name(entry->d_name);

	for (int i = 0; others[i]; i++)
		if (n == strlen(others[i]) &&
		    memcmp(entry->d_name, others[i], n) == 0)
			return 0;
	return n > 0 &&
	    !(n > sizeof vertical - 1 &&
		memcmp(entry->d_name + n - (sizeof vertical - 1), vertical,
		    sizeof vertical - 1) == 0);
}

static size_t
rank_of(const struct dirent *entry)
{
	char name[256];

	snprintf(name, sizeof name, "%.*s", (int)model_name(entry->d_name),
	    entry->d_name);
	return language_rank(name);
}

static int
by_rank(const struct dirent **a, const struct dirent **b)
{
	const size_t ra = rank_of(*a), rb = rank_of(*b);

	return ra != rb ? (ra > rb) - (ra < rb) : alphasort(a, b);
}

char *
recogniser_installed(const char *dir)
{
	struct dirent **all;
	const int n = scandir(dir, &all, is_language, by_rank);
	struct pc_buf b = {0};

	for (int i = 0; i < n; i++) {
		pc_buf_addf(&b, "%s%.*s", i ? "+" : "",
		    (int)model_name(all[i]->d_name), all[i]->d_name);
		free(all[i]);
	}
	if (n >= 0)
		free(all);
	if (b.len > 0 && pc_buf_add(&b, "", 1) == 0)
		return (char *)b.data;
	pc_buf_clear(&b);
	return NULL;
}

int
recogniser_languages(const char *lang)
{
	static const char of_names[] =
	    "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.";

	for (;; lang++) {
		size_t n = strspn(lang, of_names);

		if (n == 0 || memmem(lang, n, "..", 2))
			return -1;
		lang += n;
		if (*lang != '+')
			return *lang ? -1 : 0;
	}
}

/* Print the line of a language's model.  -1 after a message: it is missing. */
static int
print_model(const char *dir, const char *lang, size_t n, FILE *out)
{
	char path[1400], package[160], one[128];
	const char *other;

	snprintf(one, sizeof one, "%.*s", (int)n, lang);
	snprintf(path, sizeof path, "%s/%s%s", dir, one, model_ending);
	if (access(path, R_OK) == 0) {
		if (out)
			fprintf(out, "model.%s\t-\t%s\n", one, path);
		return 0;
	}
	other = language_suggest(one, n);
	package_of(other ? other : one, package, sizeof package);
	fprintf(stderr,
	    "pc-tesseract: no OCR model for language '%s' in '%s': ", one, dir);
	if (other)
		fprintf(stderr, "use -l %s, and ", other);
	fprintf(stderr, "install %s", package);
	print_installed(dir, stderr);
	fputc('\n', stderr);
	return -1;
}

static int
print_models(const char *dir, const char *lang, FILE *out)
{
	char path[1400];

	for (size_t n; *lang; lang += n + (lang[n] == '+')) {
		n = strcspn(lang, "+");
		if (print_model(dir, lang, n, out) < 0)
			return -1;
	}
	snprintf(path, sizeof path, "%s/osd%s", dir, model_ending);
	if (out && access(path, R_OK) == 0)
		fprintf(out, "osd\t-\t%s\n", path);
	return 0;
}

int
recogniser_models(const char *lang, FILE *out)
{
	char dir[1024], *installed = NULL;
	int r;

	if (recogniser_languages(lang) < 0) {
		fprintf(stderr,
		    "pc-tesseract: bad languages '%s': give them "
		    "as eng+deu\n",
		    lang);
		return -1;
	}
	recogniser_directory(dir, sizeof dir);
	if (strcmp(lang, LANGUAGE_AUTO) == 0) {
		installed = recogniser_installed(dir);
		lang = installed ? installed : "eng";
		if (out)
			fprintf(out, "models\t-\t%s/\n", dir);
	}
	r = print_models(dir, lang, out);
	free(installed);
	return r;
}
