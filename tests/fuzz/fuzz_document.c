/* fuzz_document.c - any bytes as a document for pc-doc: pc-ocr accepts every
 * answer about it.
 *
 * Each document is opened in its own process, as pc-doc does.  If a signal or a
 * limit ends that process, the cause is in a library, and pc-ocr survives it.
 * If a status ends it, this fuzzer has found a fault. */
#include "helper/doc/document.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/rescue.h"
#include "ocr/page/page.h"
#include "reader/team.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__asan_default_options(void);

enum {
	DPI = 36,
	MEGAPIXELS = 4,
	PAGES = 3,   /* pages asked for */
	SIDE = 50,   /* pixels of a PNG file */
	SECONDS = 5, /* of processor time */
	OURS = 77,   /* the exit status for a fault */
};

/* The compiler's coverage counters, which would be lost with the process.  Its
 * own names for them cannot be declared here: it would then make other ones. */
__asm__(".pushsection .data.rel,\"aw\"\n"
	".balign 8\n"
	"counters_first: .quad __start___sancov_cntrs\n"
	"counters_end: .quad __stop___sancov_cntrs\n"
	".popsection");
extern char *const counters_first, *const counters_end;
static char *counters;
static size_t counted;

/* Workers never free a document. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0:exitcode=77";
}

static void
check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_document: %s\n", what);
	_exit(OURS);
}

/* The bytes of a file that is attached or made of an image may be any. */
static int
is_piece(const struct page_request *q)
{
	return q->what == REQUEST_ATTACHMENT || q->what == REQUEST_IMAGE;
}

static void
check_image(const struct page_request *q, const struct page_answer *a,
    const unsigned char *p)
{
	if (q->what == REQUEST_IMAGE && a->length > 0)
		check(a->length > 8 &&
			(memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0 ||
			    memcmp(p, "\xff\xd8", 2) == 0),
		    "an image that is neither PNG nor JPEG");
}

static void
check_payload(const struct page_request *q, struct page_answer *a,
    void *payload)
{
	struct page page = {.data = payload, .length = (size_t)a->length};

	check(a->length == 0 || payload, "an answer without bytes");
	check_image(q, a, payload);
	if (a->kind == ANSWER_TEXT && !is_piece(q))
		check(pc_utf8_valid(payload, page.length), "text, not UTF-8");
	if (a->kind == ANSWER_WORDS)
		check(page_parse(&page) == 0, "words that cannot be parsed");
	if (a->kind == ANSWER_FILE)
		check(page.length > 8 &&
			memcmp(page.data, "\x89PNG\r\n\x1a\n", 8) == 0,
		    "a file that is not a PNG");
	page_drop(&page);
}

static void
ask(struct document *d, unsigned page, enum request_kind what)
{
	/* With 0 a scan has its own resolution. */
	const struct page_request q = {.what = what,
	    .page = page,
	    .dpi = what == REQUEST_PIXELS ? DPI : 0,
	    .side_max = what == REQUEST_PNG ? SIDE : 0,
	    .width = what == REQUEST_IMAGE};
	struct page_answer a = {.magic = ANSWER_MAGIC,
	    .page = page,
	    .confidence = -1};
	void *payload;

	document_answer(d, &q, &a, &payload);
	/* As crew_send_answer() does. */
	if (a.kind == ANSWER_ERROR)
		a.length = 0;
	check(page_answer_valid(&a), "an answer that pc-ocr refuses");
	check((a.kind == ANSWER_ERROR) == (a.message[0] != '\0'),
	    "an error without a message, or the other way round");
	check(a.kind != ANSWER_FILE ||
		(a.pixel_width <= SIDE && a.pixel_height <= SIDE),
	    "an image that is larger than it may be");
	check_payload(&q, &a, payload);
}

static void
declare(struct document *d, unsigned pages)
{
	struct declared declared = {0};
	void *payload;
	size_t n;

	check(document_declare(d, 0, &payload, &n) == 0, "no memory");
	check(n <= DECLARED_MAX, "more than may be declared");
	check(declared_parse(&declared, payload, n, pages) == 0,
	    "what is declared cannot be parsed");
	declared_clear(&declared);
	free(payload);
}

static void
read_document(const struct doc_bytes *b)
{
	static const enum request_kind asks[] = {REQUEST_TEXT, REQUEST_WORDS,
	    REQUEST_PIXELS, REQUEST_PNG, REQUEST_CHECK, REQUEST_ATTACHMENT,
	    REQUEST_IMAGE};
	const struct doc_options o = {.ocr = OCR_AUTO,
	    .dpi = DPI,
	    .max_megapixels = MEGAPIXELS,
	    .max_pages = 100000,
	    .password = ""};
	char message[MESSAGE_SIZE] = "";
	struct document *d = document_open(b, &o, message);
	unsigned pages;

	check(pc_utf8_valid(message, strlen(message)), "a message");
	check(d || message[0], "neither a document nor a message");
	if (message[0])
		return;
	pages = document_pages(d, message);
	check(pages >= 1 && pages <= o.max_pages,
	    "a number of pages out of bounds");
	declare(d, pages);
	for (unsigned page = 1; page <= pages && page <= PAGES; page++)
		for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
			ask(d, page, asks[i]);
}

static void
rescue(const struct doc_bytes *b)
{
	for (int how = 0; how < RESCUES; how++) {
		struct doc_bytes out;

		if (rescue_pdf(b, (enum rescue)how, &out) != 0)
			continue;
		check(out.n > b->n && memcmp(out.p, b->p, b->n) == 0,
		    "a rescue that changes existing bytes");
		free((void *)(uintptr_t)out.p);
	}
}

static void
child(const uint8_t *p, size_t n)
{
	static const int deaths[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
	    SIGALRM, SIGXCPU};
	const struct rlimit cpu = {SECONDS, SECONDS};
	struct doc_bytes b = {.n = n, .fd = memfd_create("document", 0)};

	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
		signal(deaths[i], SIG_DFL);
	setrlimit(RLIMIT_CPU, &cpu);
	alarm(4 * SECONDS);
	if (b.fd < 0 || pc_write_full(b.fd, p, n) < 0)
		_exit(0);
	b.p = n == 0 ? (const unsigned char *)""
		     : mmap(NULL, n, PROT_READ, MAP_PRIVATE, b.fd, 0);
	rescue(&b);
	read_document(&b);
	memcpy(counters, counters_first, counted);
	_exit(0);
}

/* Find fonts and load libqpdf once, not in each child. */
static void
warm_up(void)
{
	static const char pdf[] =
	    "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
	    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
	    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]"
	    "/Contents 4 0 R/Resources<</Font<</A 5 0 R>>>>>>\nendobj\n"
	    "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\n"
	    "endobj\n4 0 obj\n<</Length 34>>stream\n"
	    "BT /A 9 Tf 9 50 Td (two words) Tj ET\nendstream\nendobj\n"
	    "trailer\n<</Root 1 0 R>>\n%%EOF\n";
	const struct doc_bytes b = {.p = (const unsigned char *)pdf,
	    .n = sizeof pdf - 1,
	    .fd = -1};

	read_document(&b);
	pdf_details_library();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	counted = (size_t)(counters_end - counters_first);
	counters = mmap(NULL, counted, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counters == MAP_FAILED)
		abort();
	warm_up();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int status = 0;
	pid_t pid;

	memset(counters, 0, counted);
	pid = fork();
	if (pid == 0)
		child(p, n);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == OURS)
		abort();
	for (size_t i = 0; i < counted; i++)
		counters_first[i] |= counters[i];
	return 0;
}
