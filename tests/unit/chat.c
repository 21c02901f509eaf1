/* chat.c - chats: what is kept, what is chosen, who waits for whom. */
#include "infer/chat/chat.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECOND = 1000000 };

static char top[64];
static struct pc_error err;

static const char *
file_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/state/pc/chats/%s.jsonl", top, name);
	return path;
}

static void
append(const char *name, const char *text)
{
	int fd = open(file_of(name), O_WRONLY | O_APPEND | O_CREAT, 0600);

	if (fd < 0 || pc_write_full(fd, text, strlen(text)) < 0)
		printf("# cannot write\n");
	close(fd);
}

static int
add(struct chat *c, const char *user, const char *answer, int64_t prompt,
    int64_t answered)
{
	const struct chat_said s = {.model = "m:1",
	    .user = user,
	    .user_len = strlen(user),
	    .answer = answer,
	    .answer_len = strlen(answer),
	    .prompt_tokens = prompt,
	    .answer_tokens = answered};

	return chat_add(c, &s, &err);
}

/* A turn more in that chat. */
static int
say(const char *name, const char *user, const char *answer)
{
	struct chat c;
	int r = chat_open(&c, name, 1, SECOND, &err);

	if (r == 0)
		r = add(&c, user, answer, -1, -1);
	chat_close(&c);
	return r;
}

static void
test_turns(void)
{
	struct chat c;
	struct stat st;

	OK(chat_open(&c, "none", 0, 0, &err) == 1 &&
		strstr(err.text, "no chat 'none'"),
	    "a chat that is not there: %s", err.text);
	OK(chat_open(&c, "one", 1, 0, &err) == 0 && !c.begun, "a new chat");
	OK(chat_set_system(&c, "Be \"brief\".", 11, &err) == 0,
	    "its instructions");
	OK(chat_select(&c, 100, &err) == 0 && c.count == 0 && c.tokens == 2,
	    "nothing was said, but the instructions count");
	OK(add(&c, "Hi\n\xc3\xa4", "Ho", 30, 5) == 0, "a turn");
	chat_close(&c);
	OK(stat(file_of("one"), &st) == 0 && (st.st_mode & 0777) == 0600,
	    "its file is its owner's");
	OK(chat_open(&c, "one", 1, 0, &err) == 0 && c.begun &&
		strcmp(c.system, "Be \"brief\".") == 0,
	    "the instructions are kept");
	OK(chat_set_system(&c, "Be \"brief\".", 11, &err) == 0,
	    "the same instructions are accepted a second time");
	OK(chat_set_system(&c, "Be long.", 8, &err) == -1 &&
		strstr(err.text, "began with other instructions"),
	    "others: %s", err.text);
	OK(chat_select(&c, 100, &err) == 0 && c.count == 1 && c.first == 0 &&
		strcmp(c.turns[0].user, "Hi\n\xc3\xa4") == 0 &&
		c.turns[0].user_len == 5 &&
		strcmp(c.turns[0].answer, "Ho") == 0,
	    "what was said");
	OK(c.turns[0].tokens == 30 - 2 + 5 && c.tokens == 35,
	    "its tokens are those of the prompt without the instructions");
	OK(c.turns[0].when > pc_now() - 60LL * SECOND, "and when");
	OK(add(&c, "More?", "No.", 50, 3) == 0, "another turn");
	OK(chat_select(&c, 1000, &err) == 0 && c.count == 2 &&
		c.turns[1].tokens == 50 - 35 + 3,
	    "its tokens are without the history");
	chat_close(&c);
	OK(say("bytes", "12345678", "abc") == 0 &&
		chat_open(&c, "bytes", 0, 0, &err) == 0 &&
		chat_select(&c, 10, &err) == 0 && c.count == 1 &&
		c.turns[0].tokens == 3 && !c.system,
	    "without counts four bytes are a token");
	chat_close(&c);
}

static void
test_select(void)
{
	static const int64_t memories[] = {0, 4, 10, 11, 21, 100, 4999, 5001};
	char user[2000];
	struct chat c;
	int good = 1;

	chat_open(&c, "long", 1, 0, &err);
	chat_set_system(&c, "1234", 4, &err);
	for (int i = 0; i < 500; i++) {
		/* Some lines are longer than what is read first. */
		snprintf(user, sizeof user, "%d %*d", i, 1900, 0);
		chat_select(&c, 0, &err);
		good &= add(&c, user, "a", c.tokens + 6, 4) == 0;
	}
	OK(good, "500 turns of 10 tokens");
	for (size_t k = 0; k < sizeof memories / sizeof *memories; k++) {
		const size_t want = memories[k] < 1
		    ? 0
		    : (size_t)(memories[k] - 1) / 10;

		good = chat_select(&c, memories[k], &err) == 0 &&
		    c.count - c.first == want;
		for (size_t i = 0; i < want && good; i++)
			good = atoi(c.turns[c.first + i].user) ==
			    (int)(500 - want + i);
		OK(good, "%zu of them in a memory of %lld", c.count - c.first,
		    (long long)memories[k]);
	}
	chat_close(&c);
	append("wide", "{\"pc_chat\":1,\"system\":null}\n");
	memset(user, 'u', 1999);
	user[1999] = '\0';
	for (int i = 0; i < 3; i++) {
		append("wide",
		    "{\"when\":1,\"tokens\":5,\"answer\":\"x\","
		    "\"user\":\"");
		for (int k = 0; k < 200; k++)
			append("wide", user);
		append("wide", "\"}\n");
	}
	OK(chat_open(&c, "wide", 0, 0, &err) == 0 &&
		chat_select(&c, 10, &err) == 0 && c.count == 2 &&
		c.turns[1].user_len == 200 * 1999,
	    "long lines: %s", err.text);
	OK(chat_select(&c, 100, &err) == 0 && c.count == 3, "all of them");
	chat_close(&c);
}

static void
test_faults(void)
{
	static const char *const names[] = {"", "../x", "a/b", ".hidden", "-x",
	    "a b", "caf\xc3\xa9", "x\ny",
	    "0123456789012345678901234567890123456789012345678901234567890"
	    "1234"};
	struct chat c;
	struct stat before, after;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		OK(chat_open(&c, names[i], 1, 0, &err) == -1 &&
			strstr(err.text, "bad name"),
		    "no name: %.20s", i == 7 ? "x, newline, y" : names[i]);
	say("torn", "one", "two");
	append("torn", "{\"when\":1,\"user\":\"lo");
	OK(chat_open(&c, "torn", 0, 0, &err) == 0 &&
		chat_select(&c, 100, &err) == 0 && c.count == 1,
	    "a line that was cut is none");
	chat_close(&c);
	OK(say("torn", "three", "four") == 0 &&
		chat_open(&c, "torn", 0, 0, &err) == 0 &&
		chat_select(&c, 100, &err) == 0 && c.count == 2 &&
		strcmp(c.turns[1].user, "three") == 0,
	    "the next takes its place");
	chat_close(&c);
	append("begun", "{\"pc_ch");
	OK(say("begun", "one", "two") == 0 &&
		chat_open(&c, "begun", 0, 0, &err) == 0 && c.begun,
	    "a first line that was cut is none either");
	chat_close(&c);

	append("mixed",
	    "{\"pc_chat\":1,\"system\":null}\n{\"when\":1,"
	    "\"user\":\"a\",\"answer\":\"b\",\"tokens\":2}\n"
	    "{\"user\":1}\n");
	OK(chat_open(&c, "mixed", 0, 0, &err) == 0 &&
		chat_select(&c, 100, &err) == -1 &&
		strstr(err.text, "mixed.jsonl', line 3: "),
	    "a malformed line: %s", err.text);
	chat_close(&c);
	append("foreign", "Dear diary,");
	OK(say("foreign", "a", "b") == -1 && strstr(err.text, "foreign") &&
		strstr(err.text, "not a chat of pc-infer") &&
		stat(file_of("foreign"), &after) == 0 && after.st_size == 11,
	    "a file of another program: %s", err.text);
	append("json", "{\"a\":1}\n");
	OK(say("json", "a", "b") == -1 && strstr(err.text, "line 1"),
	    "JSON Lines of another program");
	append("newer", "{\"pc_chat\":2,\"system\":null}\n");
	OK(say("newer", "a", "b") == -1 && strstr(err.text, "newer version"),
	    "a newer format: %s", err.text);
	mkdir(file_of("folder"), 0700);
	OK(say("folder", "a", "b") == -1 && strstr(err.text, "folder.jsonl"),
	    "a directory: %s", err.text);
	rmdir(file_of("folder"));
	truncate(file_of("newer"), 65LL * 1024 * 1024);
	OK(say("newer", "a", "b") == -1 && strstr(err.text, "64 MiB"),
	    "too large: %s", err.text);

	chat_open(&c, "quiet", 1, 0, &err);
	chat_close(&c);
	OK(stat(file_of("quiet"), &before) < 0,
	    "of a chat in which nothing was said nothing is left");
}

static void
test_unwritable(void)
{
	char path[128];
	struct chat c;

	snprintf(path, sizeof path, "%s/state", top);
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	OK(chat_open(&c, "one", 1, 0, &err) == -1 &&
		strstr(err.text, "/proc/nowhere/pc/chats/one.jsonl"),
	    "a directory that cannot be made: %s", err.text);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", top, 1);
	OK(say("at-home", "a", "b") == 0, "a relative one is not taken");
	snprintf(path, sizeof path, "%s/.local/state/pc/chats/at-home.jsonl",
	    top);
	OK(access(path, F_OK) == 0, "but that at home");
	unsetenv("HOME");
	OK(chat_open(&c, "one", 1, 0, &err) == -1 &&
		strstr(err.text, "set HOME"),
	    "no home: %s", err.text);
	snprintf(path, sizeof path, "%s/state", top);
	setenv("XDG_STATE_HOME", path, 1);
}

static void
test_together(void)
{
	enum { PROCESSES = 4, TURNS = 25 };
	int64_t began;
	struct chat c;
	int status, good = 1, order[2] = {0};
	pid_t pid;

	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			int r = 0;

			for (int k = 0; k < TURNS; k++) {
				char text[32];

				snprintf(text, sizeof text, "%d %d", i, k);
				if (chat_open(&c, "crowd", 1, 30 * SECOND,
					&err) < 0)
					_exit(1);
				r |= chat_select(&c, 1000, &err);
				r |= add(&c, text, "ok", -1, -1);
				chat_close(&c);
			}
			_exit(r != 0);
		}
	for (int i = 0; i < PROCESSES; i++)
		good &= wait(&status) > 0 && status == 0;
	OK(good && chat_open(&c, "crowd", 0, 0, &err) == 0 &&
		chat_select(&c, INT64_MAX, &err) == 0 &&
		c.count == PROCESSES * TURNS,
	    "%d processes took %zu turns", PROCESSES, c.count);
	chat_close(&c);

	chat_open(&c, "held", 1, 0, &err);
	pid = fork();
	if (pid == 0) {
		struct chat mine;

		close(c.fd);
		began = pc_ticks();
		good = chat_open(&mine, "held", 1, 100000, &err) == -1 &&
		    strstr(err.text, "still in use") &&
		    pc_ticks() - began >= 100000;
		_exit(!good);
	}
	OK(waitpid(pid, &status, 0) == pid && status == 0,
	    "who has waited long enough gives up");
	OK(access(file_of("held"), F_OK) == 0, "and takes nothing away");
	pid = fork();
	if (pid == 0) {
		struct chat mine;

		/* The lock is of all who have what was opened. */
		close(c.fd);
		good = chat_open(&mine, "held", 1, 10 * SECOND, &err) == 0 &&
		    chat_select(&mine, 100, &err) == 0;
		for (size_t i = 0; i < mine.count; i++)
			order[i & 1] += strcmp(mine.turns[i].user, "mine") == 0;
		_exit(!good || mine.count != 1 || order[0] != 1);
	}
	usleep(50000);
	add(&c, "mine", "x", -1, -1);
	chat_close(&c);
	OK(waitpid(pid, &status, 0) == pid && status == 0,
	    "a process that waited sees the turns added meanwhile");

	/* The file is removed while another process waits for it. */
	chat_open(&c, "gone", 1, 0, &err);
	add(&c, "old", "x", -1, -1);
	pid = fork();
	if (pid == 0) {
		close(c.fd);
		_exit(say("gone", "new", "y") != 0);
	}
	usleep(50000);
	unlink(file_of("gone"));
	chat_close(&c);
	OK(waitpid(pid, &status, 0) == pid && status == 0 &&
		chat_open(&c, "gone", 0, 0, &err) == 0 &&
		chat_select(&c, 100, &err) == 0 && c.count == 1 &&
		strcmp(c.turns[0].user, "new") == 0,
	    "no turn is written to a file that was removed");
	chat_close(&c);
}

struct seen {
	char names[512];
	uint64_t turns;
	int errors;
};

static int
see(void *ctx, const struct chat_info *i)
{
	struct seen *s = ctx;
	const size_t n = strlen(s->names);

	snprintf(s->names + n, sizeof s->names - n, " %s", i->name);
	if (strcmp(i->name, "crowd") == 0)
		s->turns = i->turns;
	s->errors += i->error != NULL;
	return strcmp(i->name, "one") == 0 && i->last > 0 ? 7 : 0;
}

static void
test_list(void)
{
	struct seen s = {.turns = 0};
	struct chat c;

	OK(chat_list(see, &s, &err) == 7, "each chat, until told to stop");
	OK(strcmp(s.names,
	       " begun bytes crowd foreign gone held json long "
	       "mixed newer one") == 0,
	    "in order:%s", s.names);
	OK(s.turns == 100 && s.errors == 4, "with turns, or what is wrong");
	OK(chat_clear("one", 0, &err) == 0 &&
		chat_open(&c, "one", 0, 0, &err) == 1,
	    "one is cleared");
	OK(chat_clear("one", 0, &err) == 1, "and is there no more");
	OK(chat_clear("../one", 0, &err) == -1, "a bad name");
	setenv("XDG_STATE_HOME", top, 1);
	s.names[0] = '\0';
	OK(chat_list(see, &s, &err) == 0 && !s.names[0], "no chats");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char state[128], command[128];

	snprintf(top, sizeof top, "%s/pc-chat.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(top))
		return 1;
	snprintf(state, sizeof state, "%s/state", top);
	setenv("XDG_STATE_HOME", state, 1);
	test_turns();
	test_select();
	test_faults();
	test_unwritable();
	test_together();
	test_list();
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return system(command) != 0 || tap_done();
}
