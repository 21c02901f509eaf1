/* pc-infer.c - ask a language model, and remember what it answers. */
#include "cli/option.h"
#include "infer/batch.h"
#include "infer/manage.h"
#include "infer/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pc-infer [option]... [PROMPT] [< TEXT]\n"
    "       pc-infer --jsonl [option]... [PROMPT] < RECORDS\n"
    "Ask a model of an Ollama or OpenAI-compatible server about a text and cache\n"
    "the answer.  A cached answer needs no server.\n";

static struct cli cli;
static struct infer in = {.c = &cli, .question.memory = -1};
static struct given given = {.think = -1};
static int action; /* one of those below; 0: ask a model */
static int api;    /* enum api */

/* ---- options ---- */

/* What is done instead of asking a model. */
enum {
	ACTION_LIST = 1,
	ACTION_PULL,
	ACTION_TEMPLATES,
	ACTION_CHAT_LIST,
	ACTION_CHAT_SHOW,
	ACTION_CHAT_CLEAR,
};

/* Add to one of the lists, which have room for all of argv. */
static void
add_file(const char *name)
{
	given.files[given.file_count++] = (char *)(uintptr_t)name;
}

static void
add_image(const char *name)
{
	given.images[given.image_count++] = (char *)(uintptr_t)name;
}

static void
add_url(const char *url)
{
	given.urls[given.url_count++] = (char *)(uintptr_t)url;
}

static void
add_key_file(const char *name)
{
	given.key_files[given.key_count++] = (char *)(uintptr_t)name;
}

static void
set_var(const char *arg)
{
	size_t n = strcspn(arg, "=");

	if (arg[n] != '=' || n == 0)
		cli_usage(&cli, "bad variable '%s': give it as name=value",
		    arg);
	if (pairs_get(&in.question.vars, arg, n))
		cli_usage(&cli, "variable '%.*s' is given twice", (int)n, arg);
	if (pairs_set(&in.question.vars, arg, n, arg + n + 1,
		strlen(arg + n + 1)) < 0)
		cli_die(&cli, "%s", strerror(errno));
}

static void
set_param(const char *arg)
{
	struct pc_error err;
	char name[64];

	snprintf(name, sizeof name, "%.*s",
	    (int)strcspn(arg, "=") < 60 ? (int)strcspn(arg, "=") : 60, arg);
	if (params_get(&in.question.params, name))
		cli_usage(&cli, "parameter '%s' is given twice", name);
	if (params_parse(&in.question.params, arg, &err) < 0)
		cli_die(&cli, "%s", err.text);
}

static const char *
param_name(size_t i)
{
	return param_kinds[i].name;
}

/* cut_command() takes the option where it is written as the help says. */
static _Noreturn void
refuse_command(const char *arg)
{
	cli_usage(&cli,
	    "write --engine-cmd in full and '%s' as a word after it", arg);
}

static const struct cli_option options[] = {
    OPT_OPERANDS(OPTION_FILE, NULL),
    OPT_TEXT('m', "model", "NAME", OPTION_MODEL, NULL, &in.backend.wanted,
	"the model to ask"),
    OPT_CALL('f', "file", "FILE", OPTION_FILE, NULL, add_file,
	"the text; '-' is standard input"),
    OPT_TEXT('S', "system", "TEXT", OPTION_TEXT, NULL, &given.system,
	"the system prompt"),
    OPT_TEXT('T', "template", "NAME", OPTION_TEMPLATE, NULL, &given.template,
	"use a named prompt, or the file NAME if it contains '/'"),
    OPT_CALL('V', "var", "NAME=VALUE", OPTION_VAR, NULL, set_var,
	"replace {{NAME}} in the prompt"),
    {.letter = 'p',
	.name = "param",
	.arg = "NAME=VALUE",
	.help = "set temperature, num_predict, num_ctx, seed, ...",
	.value = OPTION_SETTING,
	.name_at = param_name,
	.take = set_param},
    OPT_CALL(0, "image", "FILE", OPTION_FILE, NULL, add_image,
	"ask about an image or the pages of a PDF"),
    OPT_TEXT(0, "schema", "FILE", OPTION_FILE, NULL, &given.schema,
	"the answer must match this JSON Schema"),
    OPT_FLAG(0, "json", &in.json,
	"print answer, token counts, times and key as JSON"),
    OPT_JSONL(cli, "read one record per text, print one per answer"),
    OPT_FILES_FROM(cli, "ask about each file named in FILE, one per line"),
    OPT_JOBS(cli, "send N requests in parallel"),
    OPT_TEXT(0, "chat", "NAME", OPTION_CHAT, NULL, &given.chat,
	"continue the conversation NAME"),
    OPT_FLAG(0, "offline", &cli.offline, "answer only from the cache"),
    OPT_REFRESH(cli, "ask again and replace the cached answer"),
    OPT_HELP,

    OPT_SECTION("Questions and answers"),
    OPT_MODE("templates", &action, ACTION_TEMPLATES, "list the named prompts"),
    OPT_WORD(0, "think", "LEVEL", think_names, &given.think,
	"how much the model thinks before it answers"),
    OPT_TEXT(0, "pages", "RANGES", OPTION_TEXT, NULL, &in.question.pages,
	"use only these pages of a PDF, such as 1-3,7,9-"),
    OPT_NUMBER(0, "image-side", 16, 8192, WORDS("768", "1024", "1568", "2048"),
	&in.question.side_max,
	"scale images down to N pixels wide and high (default: 1568)"),
    OPT_NUMBER(0, "sample", 1, 1000, WORDS("2", "3", "5", "10"),
	&in.question.samples, "ask for N answers and cache each separately"),
    OPT_FLAG(0, "allow-cut", &in.allow_cut,
	"cache answers that a token limit truncated"),

    OPT_SECTION("Many texts"),
    OPT_NULL(cli,
	"names in the list end with NUL; without --files-from, read the list "
	"from standard input"),
    OPT_FLAG(0, "as-completed", &in.as_completed,
	"print answers when they are ready, not in input order"),
    OPT_TEXT(0, "warm", "LIST", OPTION_FILE, NULL, &given.warm,
	"cache the answers for all prompts of LIST, print nothing"),
    OPT_PROGRESS(cli),

    OPT_SECTION("Embeddings"),
    OPT_FLAG(0, "embed", &given.embed,
	"print embeddings of lines, or of the texts in records"),
    OPT_NUMBER(0, "dimensions", 1, 65536, WORDS("256", "512", "768", "1024"),
	&given.embedding.dimensions, "vectors with N numbers"),
    OPT_TEXT(0, "field", "NAME", OPTION_TEXT, NULL, &given.embedding.field,
	"the member of each record that is the text (default: text)"),
    OPT_FLAG(0, "binary", &given.embedding.binary,
	"print vectors as float32, little-endian"),

    OPT_SECTION("Conversations"),
    OPT_NUMBER(0, "memory", 0, 100000000,
	WORDS("2000", "4000", "8000", "16000"), &in.question.memory,
	"send at most N tokens of the conversation (default: 8000)"),
    OPT_MODE("chat-list", &action, ACTION_CHAT_LIST, "list conversations"),
    OPT_MODE_TEXT("chat-show", "NAME", OPTION_CHAT, NULL, &given.chat_show,
	&action, ACTION_CHAT_SHOW, "print a conversation"),
    OPT_MODE_TEXT("chat-clear", "NAME", OPTION_CHAT, NULL, &given.chat_clear,
	&action, ACTION_CHAT_CLEAR, "delete a conversation"),

    OPT_SECTION("Servers"),
    OPT_CALL(0, "url", "URL", OPTION_TEXT, NULL, add_url,
	"the server; if given several times, the first that answers"),
    OPT_WORD(0, "api", "NAME", WORDS("auto", "ollama", "openai"), &api,
	"the server's API"),
    OPT_CALL(0, "key-file", "FILE", OPTION_FILE, NULL, add_key_file,
	"read the server's API key from FILE (default: $PC_INFER_KEY)"),
    OPT_CALL(0, "engine-cmd", "COMMAND [ARG...]", OPTION_COMMAND, NULL,
	refuse_command,
	"run a command that reads the prompt and prints the answer"),
    OPT_MODE("list", &action, ACTION_LIST, "list the server's models"),
    OPT_MODE_TEXT("pull", "MODEL", OPTION_MODEL, NULL, &given.pull, &action,
	ACTION_PULL, "have the server download a model"),

    OPT_SECTION("Cache"),
    OPT_FLAG(0, "dry-run", &in.dry_run,
	"print the request and its key, send nothing"),
    OPT_FLAG(0, "explain", &in.explain, "print the key and why it misses"),
    OPT_STAGE("name this step (default: infer)"),
    OPT_TTL(cli, "how long the answer stays valid"),
    OPT_STORE(cli),
    OPT_NO_CACHE(cli, "ask without the cache"),
    OPT_READ_ONLY(cli, "use cached answers, but store none"),

    OPT_SECTION("Messages"),
    OPT_QUIET(cli),
    OPT_VERBOSE(cli,
	"print hit or miss, the key, the time and tokens per second"),
    OPT_VERSION(0),
    OPT_END,
};

/* All words after --engine-cmd are the command's. */
static void
cut_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--engine-cmd") == 0) {
			if (i + 1 == *argc)
				cli_usage(&cli,
				    "--engine-cmd requires a command");
			argv[i] = NULL;
			*argc = i;
			in.backend.command = argv + i + 1;
			return;
		}
}

static void
parse_options(int argc, char **argv)
{
	given.files = calloc((size_t)argc + 1, sizeof *given.files);
	given.images = calloc((size_t)argc + 1, sizeof *given.images);
	given.urls = calloc((size_t)argc + 1, sizeof *given.urls);
	given.key_files = calloc((size_t)argc + 1, sizeof *given.key_files);
	if (!given.files || !given.images || !given.urls || !given.key_files)
		cli_die(&cli, "%s", strerror(errno));
	/* -V is the version where it stands alone, as in the others. */
	if (argc == 2 && strcmp(argv[1], "-V") == 0)
		argv[1] = (char *)(uintptr_t) "--version";
	cut_command(&argc, argv);
	argv = cli_options(&cli, options, argc, argv);
	in.backend.api = (enum api)api;
	cli.reports = in.explain;
	given.list = action == ACTION_LIST;
	given.templates = action == ACTION_TEMPLATES;
	given.chat_list = action == ACTION_CHAT_LIST;
	in.question.prompt = *argv;
	if (*argv && argv[1])
		cli_usage(&cli,
		    "more than one prompt: '%s' and '%s'; quote "
		    "it, and give files with -f",
		    *argv, argv[1]);
	if (in.question.prompt && !*in.question.prompt)
		in.question.prompt = NULL;
}

/* What is asked about: a server's models or chats are none of it. */
static int
asks(void)
{
	return in.question.prompt || given.file_count || given.image_count ||
	    given.system || given.template || given.schema || given.chat ||
	    given.embed || given.warm || in.question.vars.count ||
	    in.question.samples || in.backend.command || in.dry_run ||
	    in.explain || cli.nul || cli.files_from;
}

/* ---- options that contradict each other ---- */

static void
check_action(void)
{
	if (action && asks())
		cli_usage(&cli, "--%s cannot be combined with a prompt",
		    option_mode_name(options, &action));
	if ((in.json || cli.jsonl) &&
	    (given.pull || given.templates || given.chat_clear))
		cli_usage(&cli,
		    "--pull, --templates and --chat-clear cannot be combined "
		    "with --json or --jsonl");
	if (cli.offline && (given.list || given.pull))
		cli_usage(&cli,
		    "--offline cannot be combined with --list or --pull");
}

static void
check_inputs(int many)
{
	const struct question *q = &in.question;

	if (many && (given.file_count || given.image_count))
		cli_usage(&cli,
		    "a list cannot be combined with -f or --image; name all "
		    "inputs in the list");
	if (given.warm &&
	    (given.file_count || given.image_count || cli.files_from ||
		cli.jsonl))
		cli_usage(&cli,
		    "--warm cannot be combined with -f, --image, --files-from "
		    "or --jsonl");
	if ((q->pages || q->side_max) &&
	    !(given.image_count || given.template || cli.jsonl || given.warm))
		cli_usage(&cli, "--pages and --image-side require images");
}

static void
check_chat(int many)
{
	if (in.question.memory >= 0 && !given.chat)
		cli_usage(&cli, "--memory requires --chat");
	if (given.chat &&
	    (many || given.warm || in.question.samples || given.embed ||
		in.backend.command))
		cli_usage(&cli,
		    "--chat cannot be combined with a list, --warm, --sample, "
		    "--embed or --engine-cmd");
}

static void
check_command(void)
{
	const struct question *q = &in.question;

	if (!in.backend.command)
		return;
	if (given.url_count || in.backend.api || given.key_count)
		cli_usage(&cli,
		    "--engine-cmd cannot be combined with --url, --api or "
		    "--key-file");
	if (given.image_count || q->pages || q->side_max || given.embed ||
	    q->params.count || in.backend.wanted || given.schema ||
	    given.think >= 0 || in.allow_cut || cli.jobs || cli.offline)
		cli_usage(&cli,
		    "--engine-cmd cannot be combined with -m, -p, -j, "
		    "--image, --pages, --image-side, --embed, --schema, "
		    "--think, --allow-cut or --offline");
}

static void
check_embedding(void)
{
	const struct question *q = &in.question;

	if (given.embed &&
	    (q->prompt || given.template || given.image_count || given.schema ||
		q->params.count || in.json || q->samples || given.warm ||
		given.system || q->vars.count || in.dry_run || in.explain ||
		in.as_completed || in.allow_cut || q->pages || q->side_max ||
		given.think >= 0 || given.file_count > 1))
		cli_usage(&cli,
		    "--embed can only be combined with a list of texts");
	if (!given.embed &&
	    (given.embedding.binary || given.embedding.dimensions))
		cli_usage(&cli, "--binary and --dimensions require --embed");
	if (given.embedding.field && !(given.embed && cli.jsonl))
		cli_usage(&cli, "--field requires --embed and --jsonl");
}

static void
check_answers(int many)
{
	if (in.as_completed && !cli.jsonl)
		cli_usage(&cli, "--as-completed requires --jsonl");
	if (in.explain && many)
		cli_usage(&cli, "--explain cannot be combined with a list");
	if (cli.offline && (cli.refresh || cli.no_cache))
		cli_usage(&cli,
		    "--offline cannot be combined with --refresh or --no-cache");
}

static void
check_options(void)
{
	int many;

	check_action();
	/* -f LIST names the list of --embed. */
	if (given.embed && given.file_count == 1 && !cli.files_from) {
		cli.files_from = given.files[0];
		given.file_count = 0;
	}
	many = cli_many(&cli);
	check_inputs(many);
	check_chat(many);
	check_command();
	check_embedding();
	check_answers(many);
}

static void
set_defaults(void)
{
	if (in.question.memory < 0)
		in.question.memory = 8000;
	if (!in.question.side_max)
		in.question.side_max = 1568;
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
	    !in.question.t.schema && !in.question.samples;
	status = answer_questions(&in, &source);
	source_close(&source);
	finish(status);
}
