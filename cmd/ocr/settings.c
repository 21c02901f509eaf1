/* settings.c - see settings.h. */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORDS_MAX = 16 * 1024 * 1024 }; /* bytes of user words */

/* ---- names ---- */

/* Settings that write files or messages, or read other files. */
static const char *const with_files[] = {"file", "debug", "dump", "display",
    "write", "train", "path", "user_patterns", "tessedit_create_", "applybox",
    "interactive", "editor", "scroll"};

/* Settings that have an option, and others that choose what reads the page. */
static const struct {
	const char *name, *instead;
} with_options[] = {
    {"tessedit_pageseg_mode", "use --psm"},
    {"user_words_suffix", "use --user-words"},
    {"user_defined_dpi", "use --dpi"},
    {"tessedit_ocr_engine_mode", "only LSTM models are used"},
    {"tessedit_load_sublangs", "use --lang"},
    {"tessedit_init_config_only", "it reads no page"},
};

static const char *
refusal(const char *name)
{
	for (size_t i = 0; i < sizeof with_options / sizeof *with_options; i++)
		if (strcmp(name, with_options[i].name) == 0)
			return with_options[i].instead;
	if (strcmp(name, "user_words_file") == 0)
		return "use --user-words";
	for (size_t i = 0; i < sizeof with_files / sizeof *with_files; i++)
		if (strstr(name, with_files[i]))
			return "it reads or writes files or windows";
	return NULL;
}

static int
is_name(const char *s)
{
	if (!islower((unsigned char)*s))
		return 0;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return *s == '\0';
}

static int
same_name(const char *a, const char *b)
{
	const size_t n = strcspn(a, "=");

	return n == strcspn(b, "=") && memcmp(a, b, n) == 0;
}

void
settings_add(struct cli *c, struct ocr_settings *s, const char *text)
{
	const size_t n = strcspn(text, "=");
	const char *why;
	char name[128];

	snprintf(name, sizeof name, "%.*s", (int)n, text);
	if (text[n] != '=' || n >= sizeof name || !is_name(name))
		cli_usage(c, "bad --tesseract '%s': give it as NAME=VALUE",
		    text);
	why = refusal(name);
	if (why)
		cli_usage(c, "--tesseract %s is refused: %s", name, why);
	for (size_t i = 0; i < s->count; i++)
		if (same_name(s->list[i], text))
			cli_usage(c, "--tesseract %s is given twice", name);
	if (s->count == SETTINGS_MAX)
		cli_usage(c, "more than %d of --tesseract", SETTINGS_MAX);
	s->list[s->count++] = text;
}

/* ---- user words ---- */

void
settings_read_words(struct cli *c, struct ocr_settings *s)
{
	const int fd = s->words_file
	    ? open(s->words_file, O_RDONLY | O_CLOEXEC | O_NOCTTY)
	    : -1;
	struct pc_buf b = {0};
	int copy;

	if (!s->words_file)
		return;
	if (fd < 0 || pc_read_all(fd, &b, WORDS_MAX) < 0)
		cli_die(c, "cannot read '%s': %s", s->words_file,
		    strerror(errno));
	close(fd);
	pc_sha256(b.data, b.len, &s->words);
	/* The file without a name stays open until this process ends. */
	copy = memfd_create("words", MFD_CLOEXEC);
	if (copy < 0 || pc_write_full(copy, b.data, b.len) < 0)
		cli_die(c, "cannot keep '%s': %s", s->words_file,
		    strerror(errno));
	snprintf(s->words_path, sizeof s->words_path, "/proc/%ld/fd/%d",
	    (long)getpid(), copy);
	pc_buf_clear(&b);
}

/* ---- both ---- */

int
settings_add_params(const struct ocr_settings *s, struct pc_spec *spec)
{
	char hex[PC_ID_HEX];

	for (size_t i = 0; i < s->count; i++)
		if (pc_spec_addf(spec, PC_FIELD_PARAM, "tesseract.%s",
			s->list[i]) < 0)
			return -1;
	if (!s->words_file)
		return 0;
	pc_id_hex(&s->words, hex);
	return pc_spec_addf(spec, PC_FIELD_PARAM, "user_words=%s", hex);
}

char **
settings_add_options(const struct ocr_settings *s, char **at)
{
	for (size_t i = 0; i < s->count; i++) {
		*at++ = (char *)"--set";
		*at++ = (char *)(uintptr_t)s->list[i];
	}
	if (s->words_file) {
		*at++ = (char *)"--user-words";
		*at++ = (char *)(uintptr_t)s->words_path;
	}
	return at;
}
