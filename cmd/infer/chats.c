/* chats.c - --chat-list, --chat-show, --chat-clear. */
#include "infer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOMENT = 5 * 1000000 }; /* us to wait for one that is in use */

static void
print_turn(const struct infer *in, const char *who, const char *text, size_t n)
{
	printf("%s: ", who);
	print_text(in, text, n);
	putchar('\n');
}

static int
list_one(void *ctx, const struct chat_info *i)
{
	const struct infer *in = ctx;
	time_t last = (time_t)(i->last / 1000000);
	char when[32] = "-";
	struct tm tm;

	if (i->error) {
		cli_warn(in->c, "%s", i->error);
	} else if (in->json || in->c->jsonl) {
		printf("{\"name\":\"%s\",\"turns\":%llu,\"tokens\":%lld,"
		       "\"last\":%lld}\n", i->name,
		    (unsigned long long)i->turns, (long long)i->tokens,
		    (long long)i->last / 1000000);
	} else {
		if (i->last && localtime_r(&last, &tm))
			strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
		printf("%-24s %4llu turns %7lld tokens  %s\n", i->name,
		    (unsigned long long)i->turns, (long long)i->tokens, when);
	}
	return 0;
}

static int
show(struct infer *in, const char *name, struct pc_error *err)
{
	struct chat c;
	int r = chat_open(&c, name, 0, MOMENT, err);

	if (r == 1)
		pc_error_set(err, "there is no chat '%s'; --chat-list lists "
		                  "them", name);
	if (r != 0)
		return r;
	r = chat_select(&c, PC_NEVER, err);
	if (r == 0 && c.system)
		print_turn(in, "system", c.system, c.system_len);
	for (size_t i = 0; r == 0 && i < c.count; i++) {
		print_turn(
		    in, "user", c.turns[i].user, c.turns[i].user_len);
		print_turn(in, "assistant", c.turns[i].answer,
		    c.turns[i].answer_len);
	}
	chat_close(&c);
	return r;
}

int
manage_chats(struct infer *in, const char *name, const char *clear)
{
	struct pc_error err = {""};
	int r;

	if (name) {
		r = show(in, name, &err);
	} else if (clear) {
		r = chat_clear(clear, MOMENT, &err);
		if (r == 1)
			pc_error_set(&err, "there is no chat '%s'", clear);
	} else {
		r = chat_list(list_one, in, &err);
	}
	if (r != 0)
		cli_warn(in->c, "%s", err.text);
	return r < 0 ? PC_EXIT_FAIL : r ? PC_EXIT_NO : PC_EXIT_OK;
}
