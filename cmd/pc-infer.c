/* pc-infer.c - ask a language model, and remember what it answers. */
#include "infer/batch.h"
#include "infer/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-infer [option]... [PROMPT] [< TEXT]\n"
    "       pc-infer --jsonl [option]... [PROMPT] < RECORDS\n"
    "Ask a model of Ollama or an OpenAI-compatible server about a text, and\n"
    "remember the answer; the next time no server is needed.\n"
    "\n"
    "  -m, --model NAME      the model\n"
    "  -f, --file FILE       the text; '-' is standard input\n"
    "  -S, --system TEXT     the system prompt\n"
    "  -T, --template NAME   a prompt with a name; a path when it has a '/'\n"
    "      --templates       list them\n"
    "  -V, --var NAME=VALUE  what {{NAME}} in a prompt stands for\n"
    "  -p, --param NAME=VALUE  temperature, num_predict, num_ctx, seed, ...\n"
    "      --think LEVEL     on, off, low, medium or high\n"
    "      --image FILE      an image, or the pages of a PDF\n"
    "      --pages LIST      of a PDF: 1-3,7,9-\n"
    "      --image-side N    images are at most so wide and high: 1568\n"
    "      --schema FILE     the JSON Schema that the answer must have\n"
    "      --sample N        N answers, each with a key of its own\n"
    "      --allow-cut       keep an answer that a limit cut short\n"
    "      --json            answer, counts, times, model and key as JSON\n"
    "\n"
    "      --jsonl           a record a text in, a record an answer out\n"
    "  -0, --null            names of files on standard input, ended by NUL\n"
    "      --files-from LIST  a file with their names; '-' is standard input\n"
    "  -j, --jobs N          ask so much at a time\n"
    "      --as-completed    answers as they come, not in order\n"
    "      --warm LIST       ask all prompts of a list, print nothing\n"
    "      --progress        show how far it is\n"
    "\n"
    "      --embed           embeddings of lines, or of records' texts\n"
    "      --dimensions N    of so many numbers\n"
    "      --field NAME      the records' member that is the text\n"
    "      --binary          as float32, little-endian\n"
    "\n"
    "      --chat NAME       remember what was said; --memory limits it\n"
    "      --memory N        tokens of it that are sent: 8000\n"
    "      --chat-list       list chats\n"
    "      --chat-show NAME  print one\n"
    "      --chat-clear NAME  forget one\n"
    "\n"
    "      --url URL         the server; several: the first that answers\n"
    "      --api NAME        auto, ollama or openai\n"
    "      --key-file FILE   the API key, else $PC_INFER_KEY\n"
    "      --engine-cmd COMMAND [ARG...]  a program that answers instead\n"
    "      --offline         answer from the store alone\n"
    "      --list            the server's models\n"
    "      --pull MODEL      have the server fetch one\n"
    "\n"
    "      --dry-run         print the request and its key, ask nothing\n"
    "      --explain         print the key and why it misses\n"
    "  -s, --stage STAGE     what this step is called\n"
    "  -t, --ttl TTL         how long it is good: 90s, 15m, 24h, 30d, never\n"
    "      --refresh         ask, and replace what is stored\n"
    "      --store DIR       the store\n"
    "      --no-cache        ask, touch nothing\n"
    "      --read-only       use what is stored, write nothing\n"
    "  -q, --quiet           no warnings\n"
    "  -v, --verbose         say hit or miss, key, time and tokens a second\n"
    "  -h, --help            this text\n"
    "      --version         the version\n";

enum {
	OPT_TEMPLATES = CLI_OWN,
	OPT_THINK,
	OPT_IMAGE,
	OPT_PAGES,
	OPT_IMAGE_SIDE,
	OPT_SCHEMA,
	OPT_SAMPLE,
	OPT_ALLOW_CUT,
	OPT_JSON,
	OPT_AS_COMPLETED,
	OPT_WARM,
	OPT_EMBED,
	OPT_DIMENSIONS,
	OPT_FIELD,
	OPT_BINARY,
	OPT_CHAT,
	OPT_MEMORY,
	OPT_CHAT_LIST,
	OPT_CHAT_SHOW,
	OPT_CHAT_CLEAR,
	OPT_URL,
	OPT_API,
	OPT_KEY_FILE,
	OPT_ENGINE_CMD,
	OPT_OFFLINE,
	OPT_LIST,
	OPT_PULL,
	OPT_DRY_RUN,
	OPT_EXPLAIN,
	OPT_VERSION,
};

static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPT_VERSION},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"store", required_argument, NULL, CLI_STORE},
    {"no-cache", no_argument, NULL, CLI_NO_CACHE},
    {"read-only", no_argument, NULL, CLI_READ_ONLY},
    CLI_KEYED,
    CLI_TTL,
    CLI_REFRESHING,
    CLI_MANY,
    CLI_JOBS,
    {"model", required_argument, NULL, 'm'},
    {"file", required_argument, NULL, 'f'},
    {"system", required_argument, NULL, 'S'},
    {"template", required_argument, NULL, 'T'},
    {"templates", no_argument, NULL, OPT_TEMPLATES},
    {"var", required_argument, NULL, 'V'},
    {"think", required_argument, NULL, OPT_THINK},
    {"image", required_argument, NULL, OPT_IMAGE},
    {"pages", required_argument, NULL, OPT_PAGES},
    {"image-side", required_argument, NULL, OPT_IMAGE_SIDE},
    {"schema", required_argument, NULL, OPT_SCHEMA},
    {"sample", required_argument, NULL, OPT_SAMPLE},
    {"allow-cut", no_argument, NULL, OPT_ALLOW_CUT},
    {"json", no_argument, NULL, OPT_JSON},
    {"as-completed", no_argument, NULL, OPT_AS_COMPLETED},
    {"warm", required_argument, NULL, OPT_WARM},
    {"embed", no_argument, NULL, OPT_EMBED},
    {"dimensions", required_argument, NULL, OPT_DIMENSIONS},
    {"field", required_argument, NULL, OPT_FIELD},
    {"binary", no_argument, NULL, OPT_BINARY},
    {"chat", required_argument, NULL, OPT_CHAT},
    {"memory", required_argument, NULL, OPT_MEMORY},
    {"chat-list", no_argument, NULL, OPT_CHAT_LIST},
    {"chat-show", required_argument, NULL, OPT_CHAT_SHOW},
    {"chat-clear", required_argument, NULL, OPT_CHAT_CLEAR},
    {"url", required_argument, NULL, OPT_URL},
    {"api", required_argument, NULL, OPT_API},
    {"key-file", required_argument, NULL, OPT_KEY_FILE},
    {"engine-cmd", required_argument, NULL, OPT_ENGINE_CMD},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"list", no_argument, NULL, OPT_LIST},
    {"pull", required_argument, NULL, OPT_PULL},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"explain", no_argument, NULL, OPT_EXPLAIN},
    {0},
};

static struct cli cli;
static struct infer in = {.c = &cli, .memory = -1};
static struct given given = {.think = -1};

/* ---- options ---- */

static int
one_of(const char *option, const char *arg, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(arg, words[i]) == 0)
			return i;
	cli_usage(&cli, "bad %s '%s'", option, arg);
}

static void
set_var(const char *arg)
{
	size_t n = strcspn(arg, "=");

	if (arg[n] != '=' || n == 0)
		cli_usage(&cli, "bad variable '%s': give it as name=value",
		    arg);
	if (pairs_get(&in.vars, arg, n))
		cli_usage(&cli, "variable '%.*s' is given twice", (int)n, arg);
	if (pairs_set(&in.vars, arg, n, arg + n + 1, strlen(arg + n + 1)) < 0)
		cli_die(&cli, "%s", strerror(errno));
}

static void
set_param(const char *arg)
{
	struct pc_error err;
	char name[64];

	snprintf(name, sizeof name, "%.*s",
	    (int)strcspn(arg, "=") < 60 ? (int)strcspn(arg, "=") : 60, arg);
	if (params_get(&in.params, name))
		cli_usage(&cli, "parameter '%s' is given twice", name);
	if (params_parse(&in.params, arg, &err) < 0)
		cli_usage(&cli, "%s", err.text);
}

/* The options that are about what is asked.  0: it is none of them. */
static int
asking_option(int c)
{
	switch (c) {
	case 'm':
		in.model_name = optarg;
		break;
	case 'f':
		given.files[given.file_count++] = optarg;
		break;
	case 'S':
		given.system = optarg;
		break;
	case 'T':
		given.template = optarg;
		break;
	case 'V':
		set_var(optarg);
		break;
	case 'p':
		set_param(optarg);
		break;
	case OPT_THINK:
		given.think = one_of("--think", optarg, think_names, THINKS);
		break;
	case OPT_IMAGE:
		given.images[given.image_count++] = optarg;
		break;
	case OPT_PAGES:
		in.pages = optarg;
		break;
	case OPT_IMAGE_SIDE:
		in.side_max = cli_int(&cli, "--image-side", optarg, 16, 8192);
		break;
	case OPT_SCHEMA:
		given.schema = optarg;
		break;
	case OPT_SAMPLE:
		in.samples = cli_int(&cli, "--sample", optarg, 1, 1000);
		break;
	case OPT_CHAT:
		given.chat = optarg;
		break;
	case OPT_MEMORY:
		in.memory = cli_int(&cli, "--memory", optarg, 0, 100000000);
		break;
	default:
		return 0;
	}
	return 1;
}

static void
other_option(int c)
{
	switch (c) {
	case OPT_TEMPLATES:
		given.templates = 1;
		break;
	case OPT_ALLOW_CUT:
		in.allow_cut = 1;
		break;
	case OPT_JSON:
		in.json = 1;
		break;
	case OPT_AS_COMPLETED:
		in.as_completed = 1;
		break;
	case OPT_WARM:
		given.warm = optarg;
		break;
	case OPT_EMBED:
		given.embed = 1;
		break;
	case OPT_DIMENSIONS:
		given.embedding.dimensions = cli_int(&cli, "--dimensions",
		    optarg, 1, 65536);
		break;
	case OPT_FIELD:
		given.embedding.field = optarg;
		break;
	case OPT_BINARY:
		given.embedding.binary = 1;
		break;
	case OPT_CHAT_LIST:
		given.chat_list = 1;
		break;
	case OPT_CHAT_SHOW:
		given.chat_show = optarg;
		break;
	case OPT_CHAT_CLEAR:
		given.chat_clear = optarg;
		break;
	case OPT_URL:
		given.urls[given.url_count++] = optarg;
		break;
	case OPT_API:
		in.api = (enum api)one_of("--api", optarg, api_names,
		    API_OPENAI + 1);
		break;
	case OPT_KEY_FILE:
		given.key_file = optarg;
		break;
	case OPT_OFFLINE:
		cli.offline = 1;
		break;
	case OPT_LIST:
		given.list = 1;
		break;
	case OPT_PULL:
		given.pull = optarg;
		break;
	case OPT_DRY_RUN:
		in.dry_run = 1;
		break;
	case OPT_EXPLAIN:
		in.explain = cli.reports = 1;
		break;
	case OPT_VERSION:
		c = 'V';
		/* fall through */
	default:
		cli_option(&cli, c, optarg);
	}
}

/* All words after --engine-cmd are the command's. */
static void
cut_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--engine-cmd") == 0) {
			if (i + 1 == *argc)
				cli_usage(&cli, "--engine-cmd needs a command");
			argv[i] = NULL;
			*argc = i;
			in.command = argv + i + 1;
			return;
		}
}

static void
parse_options(int argc, char **argv)
{
	int c;

	given.files = calloc((size_t)argc + 1, sizeof *given.files);
	given.images = calloc((size_t)argc + 1, sizeof *given.images);
	given.urls = calloc((size_t)argc + 1, sizeof *given.urls);
	if (!given.files || !given.images || !given.urls)
		cli_die(&cli, "%s", strerror(errno));
	/* -V is the version where it stands alone, as in the others. */
	if (argc == 2 && strcmp(argv[1], "-V") == 0)
		cli_option(&cli, 'V', NULL);
	cut_command(&argc, argv);
	while ((c = getopt_long(argc, argv, "m:f:S:T:V:p:s:t:0j:qvh", options,
		    NULL)) != -1)
		if (!asking_option(c))
			other_option(c);
	argv += optind;
	in.prompt = *argv;
	if (*argv && argv[1])
		cli_usage(&cli,
		    "more than one prompt: '%s' and '%s'; quote "
		    "it, and give files with -f",
		    *argv, argv[1]);
	if (in.prompt && !*in.prompt)
		in.prompt = NULL;
}

/* What is asked about: a server's models or chats are none of it. */
static int
asks(void)
{
	return in.prompt || given.file_count || given.image_count ||
	    given.system || given.template || given.schema || given.chat ||
	    given.embed || given.warm || in.vars.count || in.samples ||
	    in.command || in.dry_run || in.explain || cli.nul || cli.files_from;
}

/* Options that contradict each other. */
static void
check_options(void)
{
	const int others = given.list + (given.pull != NULL) + given.templates +
	    given.chat_list + (given.chat_show != NULL) +
	    (given.chat_clear != NULL);
	int many;

	if (others > 1 || (others && asks()))
		cli_usage(&cli,
		    "--list, --pull, --templates, --chat-list, "
		    "--chat-show and --chat-clear ask no question "
		    "and go alone");
	if ((in.json || cli.jsonl) &&
	    (given.pull || given.templates || given.chat_clear))
		cli_usage(&cli,
		    "--pull, --templates and --chat-clear print "
		    "no JSON");
	if (given.embed && given.file_count == 1 && !cli.files_from) {
		cli.files_from = given.files[0];
		given.file_count = 0;
	}
	many = cli_many(&cli);
	if (many && (given.file_count || given.image_count))
		cli_usage(&cli,
		    "a list and -f or --image: name all inputs "
		    "in the list");
	if (given.warm &&
	    (given.file_count || given.image_count || cli.files_from ||
		cli.jsonl))
		cli_usage(&cli, "--warm takes its inputs from the list");
	if (in.memory >= 0 && !given.chat)
		cli_usage(&cli, "--memory goes with --chat");
	if ((in.pages || in.side_max) &&
	    !(given.image_count || given.template || cli.jsonl || given.warm))
		cli_usage(&cli, "--pages and --image-side go with images");
	if (given.chat &&
	    (many || given.warm || in.samples || given.embed || in.command))
		cli_usage(&cli,
		    "--chat is one question at a time, to a "
		    "server");
	if (in.command && (given.url_count || in.api || given.key_file))
		cli_usage(&cli,
		    "--engine-cmd is instead of a server: no "
		    "--url, --api or --key-file");
	if (in.command &&
	    (given.image_count || in.pages || in.side_max || given.embed ||
		in.params.count || in.model_name || given.schema ||
		given.think >= 0 || in.allow_cut || cli.jobs || cli.offline))
		cli_usage(&cli,
		    "--engine-cmd is one program at a time that "
		    "reads a prompt: no -m, -p, -j, --image, "
		    "--pages, --image-side, --embed, --schema, "
		    "--think, --allow-cut or --offline");
	if (given.embed &&
	    (in.prompt || given.template || given.image_count || given.schema ||
		in.params.count || in.json || in.samples || given.warm ||
		given.system || in.vars.count || in.dry_run || in.explain ||
		in.as_completed || in.allow_cut || in.pages || in.side_max ||
		given.think >= 0 || given.file_count > 1))
		cli_usage(&cli, "--embed takes texts alone, of one list");
	if (!given.embed &&
	    (given.embedding.binary || given.embedding.dimensions))
		cli_usage(&cli, "--binary and --dimensions go with --embed");
	if (given.embedding.field && !(given.embed && cli.jsonl))
		cli_usage(&cli, "--field goes with --embed and --jsonl");
	if (in.as_completed && !cli.jsonl)
		cli_usage(&cli,
		    "--as-completed goes with --jsonl: else "
		    "nobody could tell the answers apart");
	if (in.explain && many)
		cli_usage(&cli, "--explain is about one question");
	if (cli.offline && (given.list || given.pull))
		cli_usage(&cli, "--offline asks nobody: no --list or --pull");
	if (cli.offline && (cli.refresh || cli.no_cache))
		cli_usage(&cli, "--offline needs the store");
}

static void
set_defaults(void)
{
	if (in.memory < 0)
		in.memory = 8000;
	if (!in.side_max)
		in.side_max = 1568;
	if (!given.embedding.field)
		given.embedding.field = "text";
}

static _Noreturn void
finish(int status)
{
	clear_up(&in, &given);
	cli_exit(&cli, status);
}

static int
print_template(void *ctx, const char *name, const char *description,
    const char *path)
{
	struct pc_buf b = {0};

	(void)ctx;
	pc_buf_addf(&b, "%s\t%s\t%s\n", name, description, path);
	print_text(&in, (char *)b.data, b.len);
	pc_buf_clear(&b);
	return 0;
}

int
main(int argc, char **argv)
{
	struct source source;
	int status;

	cli_init(&cli, PC_PROGRAM_INFER, usage);
	in.terminal = isatty(1);
	parse_options(argc, argv);
	check_options();
	set_defaults();
	if (given.templates) {
		template_each(print_template, NULL);
		finish(PC_EXIT_OK);
	}
	if (given.chat_list || given.chat_show || given.chat_clear)
		finish(manage_chats(&in, given.chat_show, given.chat_clear));
	set_up(&in, &given);
	if (given.list)
		finish(manage_list(&in));
	if (given.pull)
		finish(manage_pull(&in, given.pull));
	if (given.embed)
		finish(embed_run(&in, &given.embedding));
	source_open(&source, &in, given.files, given.images);
	in.streaming = !source.many && in.terminal && !in.json &&
	    !in.t.schema && !in.samples;
	status = batch_run(&in, &source);
	source_close(&source);
	finish(status);
}
