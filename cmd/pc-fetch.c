/* pc-fetch.c - HTTP GETs, many at once, remembered. */
#include "cli/cli.h"
#include "fetch/fetch.h"

#include <errno.h>
#include <string.h>

static const char usage[] =
    "usage: pc-fetch [option]... URL...\n"
    "Print what URLs of http and https give, many fetched at once, in order.\n"
    "Answers are remembered for a time; then the server is asked whether they\n"
    "have changed.\n"
    "\n"
    "  -o, --output PATTERN  into files: %i or %03i is the URL's number, %h its\n"
    "                        host, %b the last part of its path, %k its key\n"
    "  -H, --header LINE     a header to send, as 'Accept: text/plain'; it is\n"
    "                        part of the key\n"
    "      --header-file F   headers that are secret, a line each, in a file\n"
    "                        that only you can read; not part of the key\n"
    "  -t, --ttl TTL         how long an answer is good: 90s, 15m, 24h, never\n"
    "      --negative TTL    remember 404, 410 and empty answers, for so long\n"
    "      --stale-if-error DURATION  give what is so long past its time when\n"
    "                        the server fails\n"
    "      --offline         ask nobody; exit 1 when an answer is missing\n"
    "      --force-store     remember even what says no-store\n"
    "      --max-size SIZE   the most that a URL may bring, headers and redirects\n"
    "                        included: 64K, 10M, 1G\n"
    "      --max-time TIME   for a URL in all, with retries and redirects: 90s,\n"
    "                        1h, never\n"
    "      --max-redirects N to follow, 10 unless given\n"
    "  -j, --jobs N          requests at a time\n"
    "  -s, --stage STAGE     what this step is called, fetch unless given\n"
    "  -p, --param NAME=VALUE  make it another result\n"
    "  -0, --null            URLs in a list end with NUL; read it from standard\n"
    "                        input unless --files-from is given\n"
    "      --files-from FILE URLs from FILE, one a line\n"
    "      --jsonl           a JSON object a line for each; URLs as objects with\n"
    "                        \"url\" or strings on standard input unless they are\n"
    "                        given otherwise\n"
    "      --progress        show progress even without a terminal\n"
    "      --refresh         fetch and replace what is stored\n"
    "      --store DIR       the store\n"
    "      --no-cache        fetch, touch nothing\n"
    "      --read-only       use what is stored, write nothing\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say hit or miss, key and time\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version\n";

enum {
	OPT_HEADER_FILE = CLI_OWN,
	OPT_NEGATIVE,
	OPT_STALE,
	OPT_OFFLINE,
	OPT_FORCE,
	OPT_SIZE,
	OPT_TIME,
	OPT_REDIRECTS,
	REDIRECTS = 10,
	REDIRECTS_MAX = 100,
};

static const struct option options[] = {
    CLI_COMMON,
    CLI_KEYED,
    CLI_TTL,
    CLI_REFRESHING,
    CLI_MANY,
    CLI_JOBS,
    {"output", required_argument, NULL, 'o'},
    {"header", required_argument, NULL, 'H'},
    {"header-file", required_argument, NULL, OPT_HEADER_FILE},
    {"negative", required_argument, NULL, OPT_NEGATIVE},
    {"stale-if-error", required_argument, NULL, OPT_STALE},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"force-store", no_argument, NULL, OPT_FORCE},
    {"max-size", required_argument, NULL, OPT_SIZE},
    {"max-time", required_argument, NULL, OPT_TIME},
    {"max-redirects", required_argument, NULL, OPT_REDIRECTS},
    {0},
};

static struct cli cli;
static struct fetch_options o = {.size_max = (uint64_t)1 << 30,
    .negative = -1,
    .redirects = REDIRECTS};
static const char *header_file;
static int64_t time_max; /* us; 0: networking.timeout_total */

static void
take_option(int c)
{
	int64_t n;

	switch (c) {
	case 'o':
		files_check(&cli, optarg);
		o.output = strcmp(optarg, "-") == 0 ? NULL : optarg;
		break;
	case 'H':
		headers_add(&cli, &o, optarg);
		break;
	case OPT_HEADER_FILE:
		header_file = optarg;
		break;
	case OPT_NEGATIVE:
		o.negative = cli_duration(&cli, "TTL", optarg);
		break;
	case OPT_STALE:
		o.stale = cli_duration(&cli, "duration", optarg);
		break;
	case OPT_OFFLINE:
		o.offline = 1;
		break;
	case OPT_FORCE:
		o.force_store = 1;
		break;
	case OPT_SIZE:
		if (pc_parse_size(optarg, &n) < 0 || n < 1)
			cli_usage(&cli,
			    "bad --max-size '%s': give it as "
			    "64K, 10M or 1G",
			    optarg);
		o.size_max = (uint64_t)n;
		break;
	case OPT_TIME:
		time_max = cli_duration(&cli, "--max-time", optarg);
		if (time_max == 0)
			cli_usage(&cli, "--max-time must be more than 0");
		break;
	case OPT_REDIRECTS:
		if (pc_parse_int(optarg, 0, REDIRECTS_MAX, &n) < 0)
			cli_usage(&cli, "bad --max-redirects '%s': 0 to %d",
			    optarg, REDIRECTS_MAX);
		o.redirects = (unsigned)n;
		break;
	default:
		cli_option(&cli, c, optarg);
	}
}

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
	int c, status;

	cli_init(&cli, PC_PROGRAM_FETCH, usage);
	pc_spec_stage(&cli.spec, "fetch");
	while ((c = getopt_long(argc, argv, "o:H:j:s:p:t:0qvhV", options,
		    NULL)) != -1)
		take_option(c);
	argv += optind;
	if (!*argv && !cli_many(&cli))
		cli_usage(&cli, "no URL");
	if (o.offline && cli.refresh)
		cli_usage(&cli, "--offline and --refresh exclude each other");
	if (header_file)
		headers_read(&cli, &o, header_file);
	if (pc_spec_param(&cli.spec, "method=GET") < 0)
		cli_die(&cli, "%s", strerror(errno));
	cli_open(&cli);
	h = settle();
	cli_names_open(&cli, &names, argv);
	names.urls = 1;
	status = batch_run(&cli, &o, &h, &names);
	cli_names_close(&names);
	if (o.secrets.data)
		explicit_bzero(o.secrets.data, o.secrets.cap);
	pc_buf_clear(&o.headers);
	pc_buf_clear(&o.secrets);
	cli_exit(&cli, status);
}
