/* manage_chats.c - --chat-list, --chat-show, --chat-clear. */
#include "manage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOMENT = 5 * 1000000 }; /* us to wait for a chat in use */

static int
wants_json(const struct infer *in)
{
	return in->json || in->c->jsonl;
}

static void
print_turn(const struct infer *in, const char *who, const char *text, size_t n)
{
	struct pc_buf b = {0};

	if (wants_json(in)) {
		pc_json_begin_object(&b, NULL);
		pc_json_add_text(&b, "role", who);
		pc_json_add_bytes(&b, "content", text, n);
		pc_json_end_object(&b);
		pc_buf_add(&b, "\n", 1);
	} else {
		pc_buf_addf(&b, "%s: ", who);
		pc_buf_add(&b, text, n);
		pc_buf_addf(&b, "\n");
	}
	if (b.failed)
		cli_die(in->c, "%s", strerror(ENOMEM));
	print_text(in, (char *)b.data, b.len);
	pc_buf_clear(&b);
}

static void
add_chat_text(struct pc_buf *b, const struct chat_info *i)
{
	time_t last = (time_t)(i->last / 1000000);
	char when[32] = "-";
	struct tm tm;

	if (i->last && localtime_r(&last, &tm))
		strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
	pc_buf_addf(b, "%-24s %4llu turns %7lld tokens  %s\n", i->name,
	    (unsigned long long)i->turns, (long long)i->tokens, when);
}

static void
add_chat_json(struct pc_buf *b, const struct chat_info *i)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "name", i->name);
	pc_json_add_uint(b, "turns", i->turns);
	pc_json_add_int(b, "tokens", i->tokens);
	pc_json_add_int(b, "last", i->last / 1000000);
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

static int
list_one(void *ctx, const struct chat_info *i)
{
	const struct infer *in = ctx;
	struct pc_buf b = {0};

	if (i->error) {
		cli_warn(in->c, "%s", i->error);
		return 0;
	}
	if (wants_json(in))
		add_chat_json(&b, i);
	else
		add_chat_text(&b, i);
	if (b.failed)
		cli_die(in->c, "%s", strerror(ENOMEM));
	print_text(in, (char *)b.data, b.len);
	pc_buf_clear(&b);
	return 0;
}

static int
show(struct infer *in, const char *name, struct pc_error *err)
{
	struct chat c;
	int r = chat_open(&c, name, 0, MOMENT, err);

	if (r == 1)
		pc_error_set(err,
		    "there is no chat '%s'; --chat-list lists "
		    "them",
		    name);
	if (r != 0)
		return r;
	r = chat_select(&c, CHAT_ALL, err);
	if (r == 0 && c.system)
		print_turn(in, "system", c.system, c.system_len);
	for (size_t i = 0; r == 0 && i < c.count; i++) {
		print_turn(in, "user", c.turns[i].user, c.turns[i].user_len);
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
