/* pc-fetch.c - HTTP GETs, many at once, remembered. */
#include "cli/cli.h"
#include "cli/option.h"
#include "fetch/fetch.h"

#include <errno.h>
#include <string.h>

static const char usage[] =
    "usage: pc-fetch [option]... URL...\n"
    "Download http and https URLs in parallel and print the results in order.\n"
    "Results are cached for a time; after that, the server is asked whether they\n"
    "have changed.\n";

enum { REDIRECTS = 10, REDIRECTS_MAX = 100 };

static struct cli cli;
static struct fetch_options o;
static const char *header_file, *output;
static int64_t size_max = INT64_C(1) << 30, redirects = REDIRECTS;
static int64_t time_max; /* us; 0: networking.timeout_total */

static void
add_header(const char *line)
{
	headers_add(&cli, &o, line);
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_TEXT, NULL),
    OPT_TEXT('o', "output", "PATTERN", OPTION_FILE, NULL, &output,
	"write each result to a file: %i or %03i is the URL's number, %h the "
	"host, %b the last part of the path, %k the key"),
    OPT_CALL('H', "header", "LINE", OPTION_TEXT,
	WORDS("Accept: application/json", "Accept: text/plain"), add_header,
	"send this header; it becomes part of the key"),
    OPT_TTL(cli, "how long a result stays valid"),
    OPT_FLAG(0, "offline", &cli.offline,
	"send no request; exit with 1 if a result is not in the cache"),
    OPT_FILES_FROM(cli, "download the URLs in FILE, one per line"),
    OPT_JSONL(cli,
	"print one JSON object per URL; without URLs, read strings or objects "
	"with \"url\" from standard input"),
    OPT_REFRESH(cli, "download and replace the cached results"),
    OPT_STORE(cli),
    OPT_HELP,

    OPT_SECTION("Requests"),
    OPT_TEXT(0, "header-file", "FILE", OPTION_FILE, NULL, &header_file,
	"send the secret headers in FILE, one per line; only you may read FILE, "
	"and it is not part of the key"),
    OPT_SIZE(0, "max-size", 1, WORDS("1M", "10M", "100M", "1G"), &size_max,
	"the most that one URL may transfer, with headers and redirects"),
    OPT_TIME(0, "max-time", 1, WORDS("90s", "15m", "1h", "24h", "never"),
	&time_max,
	"the longest that one URL may take, with retries and redirects"),
    OPT_NUMBER(0, "max-redirects", 0, REDIRECTS_MAX, NULL, &redirects,
	"follow at most N redirects (default: 10)"),
    OPT_JOBS(cli, "send N requests in parallel"),

    OPT_SECTION("Many URLs"),
    OPT_NULL(cli,
	"URLs in the list end with NUL; without --files-from, read the list "
	"from standard input"),
    OPT_PROGRESS(cli),

    OPT_SECTION("Cache"),
    OPT_STAGE("name this step (default: fetch)"),
    OPT_PARAM("keep a separate result for this parameter"),
    OPT_NEGATIVE(&cli.negative,
	"cache 404, 410 and empty answers too, and how long they stay valid"),
    OPT_TIME(0, "stale-if-error", 0, OPT_TIMES, &o.stale,
	"if the server fails, serve a result that expired at most this long "
	"ago"),
    OPT_FLAG(0, "force-store", &o.force_store,
	"cache answers with no-store too"),
    OPT_NO_CACHE(cli, "download without the cache"),
    OPT_READ_ONLY(cli, "use cached results, but store none"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli, "print hit or miss, the key and the time"),
    OPT_VERSION('V'),
    OPT_END,
};

static struct http_options
settle(void)
{
	struct http_options h = {
	    .connect_max = pc_config_span(cli.config,
		"networking.timeout_connect"),
	    .idle_max = pc_config_span(cli.config, "networking.timeout_read"),
	    .total_max = time_max
		? time_max
		: pc_config_span(cli.config, "networking.timeout_total"),
	    .speed_min = (unsigned)pc_config_int(cli.config,
		"networking.min_speed"),
	    .speed_time = pc_config_span(cli.config,
		"networking.min_speed_time"),
	    .allow_private = pc_config_bool(cli.config,
		"networking.allow_private"),
	    .attempts = (unsigned)pc_config_int(cli.config,
		"networking.retry_attempts"),
	    .at_once = (unsigned)pc_config_int(cli.config,
		"networking.max_concurrent"),
	    .per_host = (unsigned)pc_config_int(cli.config,
		"networking.per_host"),
	};

	if (cli.jobs)
		h.at_once = (unsigned)cli.jobs;
	if (output && strcmp(output, "-") != 0)
		o.output = output;
	o.size_max = (uint64_t)size_max;
	o.redirects = (unsigned)redirects;
	o.value_max = (uint64_t)pc_config_int(cli.config, "caching.max_bytes");
	if (!o.value_max)
		o.value_max = UINT64_MAX;
	return h;
}

int
main(int argc, char **argv)
{
	struct http_options h;
	struct cli_names names;
	int status;

	cli_init(&cli, PC_PROGRAM_FETCH, usage);
	pc_spec_stage(&cli.spec, "fetch");
	argv = cli_options(&cli, options, argc, argv);
	if (output)
		files_check(&cli, output);
	if (!*argv && !cli_many(&cli))
		cli_usage(&cli, "no URL");
	if (cli.offline && cli.refresh)
		cli_usage(&cli, "--offline cannot be combined with --refresh");
	if (header_file)
		headers_read(&cli, &o, header_file);
	if (pc_spec_param(&cli.spec, "method=GET") < 0)
		cli_die(&cli, "%s", strerror(errno));
	cli_open(&cli);
	h = settle();
	cli_names_open(&cli, &names, argv);
	names.urls = 1;
	status = fetch_all(&cli, &o, &h, &names);
	cli_names_close(&names);
	if (o.secrets.data)
		explicit_bzero(o.secrets.data, o.secrets.cap);
	pc_buf_clear(&o.headers);
	pc_buf_clear(&o.secrets);
	cli_exit(&cli, status);
}
