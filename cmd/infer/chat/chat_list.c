/* chat_list.c - list all chats, and delete one. */
#include "chat_in.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The length of the chat's name, 0: it is not the file of a chat. */
static size_t
chat_name(const char *file)
{
	const size_t n = strlen(file), end = strlen(chat_ending);

	return n > end && strcmp(file + n - end, chat_ending) == 0 &&
		chat_name_valid(file, n - end)
	    ? n - end
	    : 0;
}

static int
is_chat(const struct dirent *d)
{
	return chat_name(d->d_name) > 0;
}

static int
list_one(const char *name, int (*each)(void *ctx, const struct chat_info *),
    void *ctx)
{
	struct chat_info info = {.name = name};
	struct pc_error err;
	struct chat c;
	int r = chat_open(&c, name, 0, 0, &err);

	if (r == 1) /* removed just now */
		return 0;
	if (r == 0)
		r = chat_select(&c, CHAT_ALL, &err);
	info.turns = c.count;
	for (size_t i = 0; r == 0 && i < c.count; i++) {
		info.tokens += c.turns[i].tokens;
		info.last = c.turns[i].when;
	}
	info.error = r < 0 ? err.text : NULL;
	r = each(ctx, &info);
	chat_close(&c);
	return r;
}

int
chat_list(int (*each)(void *ctx, const struct chat_info *), void *ctx,
    struct pc_error *err)
{
	struct pc_buf b = {0};
	struct dirent **files;
	int n, r = 0;

	if (chat_add_directory(&b, err) < 0 || pc_buf_add(&b, "", 1) < 0) {
		pc_buf_clear(&b);
		return -1;
	}
	n = scandir((char *)b.data, &files, is_chat, alphasort);
	if (n < 0 && errno != ENOENT) {
		pc_error_set(err, "cannot read '%s': %s", (char *)b.data,
		    strerror(errno));
		r = -1;
	}
	for (int i = 0; i < n; i++) {
		files[i]->d_name[chat_name(files[i]->d_name)] = '\0';
		if (r == 0)
			r = list_one(files[i]->d_name, each, ctx);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	pc_buf_clear(&b);
	return r;
}

int
chat_clear(const char *name, int64_t wait, struct pc_error *err)
{
	struct chat c = {.fd = -1, .write = 1};
	int r;

	c.path = chat_path(name, err);
	if (!c.path)
		return -1;
	r = chat_file_open(&c, 0, wait, err);
	if (r == 0 && unlink(c.path) < 0)
		r = chat_fail(&c, err, "remove");
	chat_close(&c);
	return r;
}
