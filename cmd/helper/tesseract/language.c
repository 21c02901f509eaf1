/* language.c - names and scripts of languages. */
#include "language.h"

#include <string.h>
#include <strings.h>

static const char *const names[][2] = {
    {"de", "deu"},
    {"german", "deu"},
    {"deutsch", "deu"},
    {"ger", "deu"},
    {"en", "eng"},
    {"english", "eng"},
    {"fr", "fra"},
    {"french", "fra"},
    {"francais", "fra"},
    {"fre", "fra"},
    {"es", "spa"},
    {"spanish", "spa"},
    {"espanol", "spa"},
    {"esp", "spa"},
    {"it", "ita"},
    {"italian", "ita"},
    {"italiano", "ita"},
    {"pt", "por"},
    {"portuguese", "por"},
    {"portugues", "por"},
    {"nl", "nld"},
    {"dutch", "nld"},
    {"nederlands", "nld"},
    {"dut", "nld"},
    {"pl", "pol"},
    {"polish", "pol"},
    {"polski", "pol"},
    {"cs", "ces"},
    {"czech", "ces"},
    {"cestina", "ces"},
    {"cze", "ces"},
    {"sk", "slk"},
    {"slovak", "slk"},
    {"slovencina", "slk"},
    {"da", "dan"},
    {"danish", "dan"},
    {"dansk", "dan"},
    {"sv", "swe"},
    {"swedish", "swe"},
    {"svenska", "swe"},
    {"no", "nor"},
    {"nb", "nor"},
    {"norwegian", "nor"},
    {"norsk", "nor"},
    {"fi", "fin"},
    {"finnish", "fin"},
    {"suomi", "fin"},
    {"hu", "hun"},
    {"hungarian", "hun"},
    {"magyar", "hun"},
    {"ro", "ron"},
    {"romanian", "ron"},
    {"romana", "ron"},
    {"tr", "tur"},
    {"turkish", "tur"},
    {"turkce", "tur"},
    {"vi", "vie"},
    {"vietnamese", "vie"},
    {"ru", "rus"},
    {"russian", "rus"},
    {"russki", "rus"},
    {"uk", "ukr"},
    {"ukrainian", "ukr"},
    {"bg", "bul"},
    {"bulgarian", "bul"},
    {"el", "ell"},
    {"greek", "ell"},
    {"gr", "ell"},
    {"he", "heb"},
    {"hebrew", "heb"},
    {"ivrit", "heb"},
    {"ar", "ara"},
    {"arabic", "ara"},
    {"fa", "fas"},
    {"persian", "fas"},
    {"farsi", "fas"},
    {"hi", "hin"},
    {"hindi", "hin"},
    {"th", "tha"},
    {"thai", "tha"},
    {"ja", "jpn"},
    {"jp", "jpn"},
    {"japanese", "jpn"},
    {"nihongo", "jpn"},
    {"ko", "kor"},
    {"korean", "kor"},
    {"zh", "chi_sim"},
    {"chinese", "chi_sim"},
    {"chi", "chi_sim"},
};

/* Scripts that tesseract confuses share one kind.  Languages that are not in
 * the list use Latin letters. */
static const char *const scripts[][2] = {
    {"Latin", ""},
    {"Fraktur", ""},
    {"Cyrillic", "rus ukr bul bel srp mkd kaz kir mon tgk tat"},
    {"Greek", "ell grc"},
    {"Hebrew", "heb yid"},
    {"Arabic", "ara fas urd pus uig snd syr"},
    {"Han", "chi jpn kor"},
    {"HanS", "chi jpn kor"},
    {"HanT", "chi jpn kor"},
    {"Japanese", "chi jpn kor"},
    {"Korean", "chi jpn kor"},
    {"Hangul", "chi jpn kor"},
    {"Hiragana", "chi jpn kor"},
    {"Katakana", "chi jpn kor"},
    {"Thai", "tha"},
    {"Devanagari", "hin mar nep san"},
    {"Bengali", "ben asm"},
    {"Tamil", "tam"},
    {"Telugu", "tel"},
    {"Kannada", "kan"},
    {"Malayalam", "mal"},
    {"Gujarati", "guj"},
    {"Gurmukhi", "pan"},
    {"Sinhala", "sin"},
    {"Georgian", "kat"},
    {"Armenian", "hye"},
    {"Ethiopic", "amh tir"},
    {"Lao", "lao"},
    {"Khmer", "khm"},
    {"Myanmar", "mya"},
    {"Tibetan", "bod dzo"},
};

enum { SCRIPTS = sizeof scripts / sizeof *scripts, CODE = 3 };

const char *
language_suggest(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i][0]) == n &&
		    strncasecmp(names[i][0], name, n) == 0)
			return names[i][1];
	return NULL;
}

size_t
language_rank(const char *name)
{
	size_t i = 0;

	if (strcmp(name, "eng") == 0)
		return 0;
	while (
	    i < sizeof names / sizeof *names && strcmp(names[i][1], name) != 0)
		i++;
	return i + 1;
}

/* The kind of script of a language, given by n bytes: a list of the languages
 * that share it. */
static const char *
kind_of_language(const char *lang, size_t n)
{
	char code[CODE + 1] = "";

	memcpy(code, lang, n < CODE ? n : CODE);
	for (size_t i = 0; i < SCRIPTS; i++)
		if (n >= CODE && strstr(scripts[i][1], code))
			return scripts[i][1];
	return "";
}

static const char *
kind_of_script(const char *script, size_t n)
{
	for (size_t i = 0; i < SCRIPTS; i++)
		if (strlen(scripts[i][0]) == n &&
		    memcmp(scripts[i][0], script, n) == 0)
			return scripts[i][1];
	return NULL;
}

int
language_has_script(const char *langs, const char *script)
{
	static const char prefix[] = "script/";
	const char *kind = kind_of_script(script, strlen(script));

	for (; kind; langs++) {
		const size_t n = strcspn(langs, "+");
		const size_t skip = sizeof prefix - 1;
		const char *other = n > skip &&
			strncmp(langs, prefix, skip) == 0
		    ? kind_of_script(langs + skip, n - skip)
		    : kind_of_language(langs, n);

		if (!other || strcmp(other, kind) == 0)
			return 1;
		langs += n;
		if (!*langs)
			return 0;
	}
	return 1;
}
