/* models.c - the files of tesseract's models, and the packages that contain
 * them. */
#include "language.h"
#include "recognise.h"

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

/* Find the directory in which tesseract looks for models. */
static void
data_path(char *out, size_t n)
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

/* List the installed models on one line. */
static void
print_installed(const char *dir, FILE *out)
{
	static const char ending[] = ".traineddata";
	struct dirent **all;
	int n = scandir(dir, &all, NULL, alphasort);
	const char *between = "; there are: ";

	for (int i = 0; i < n; i++) {
		const char *name = all[i]->d_name;
		size_t len = strlen(name);

		if (len > sizeof ending - 1 &&
		    strcmp(name + len - (sizeof ending - 1), ending) == 0) {
			fprintf(out, "%s%.*s", between,
			    (int)(len - (sizeof ending - 1)), name);
			between = ", ";
		}
		free(all[i]);
	}
	if (n >= 0)
		free(all);
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

int
recogniser_models(const char *lang, FILE *out)
{
	char dir[1024], path[1400], package[160], one[128];
	const char *other;

	if (recogniser_languages(lang) < 0) {
		fprintf(stderr,
		    "pc-tesseract: bad languages '%s': give them "
		    "as eng+deu\n",
		    lang);
		return -1;
	}
	data_path(dir, sizeof dir);
	for (const char *p = lang;; p++) {
		size_t n = strcspn(p, "+");

		snprintf(one, sizeof one, "%.*s", (int)n, p);
		snprintf(path, sizeof path, "%s/%s.traineddata", dir, one);
		if (access(path, R_OK) < 0) {
			other = language_suggest(one, n);
			package_of(other ? other : one, package,
			    sizeof package);
			fprintf(stderr,
			    "pc-tesseract: no OCR model for "
			    "language '%s' in '%s': ",
			    one, dir);
			if (other)
				fprintf(stderr, "use -l %s, and ", other);
			fprintf(stderr, "install %s", package);
			print_installed(dir, stderr);
			fputc('\n', stderr);
			return -1;
		}
		if (out)
			fprintf(out, "model.%s\t-\t%s\n", one, path);
		p += n;
		if (!*p)
			break;
	}
	snprintf(path, sizeof path, "%s/osd.traineddata", dir);
	if (out && access(path, R_OK) == 0)
		fprintf(out, "osd\t-\t%s\n", path);
	return 0;
}
