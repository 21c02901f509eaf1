/* chat.c - open and close a chat, and its system prompt. */
#include "chat_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
chat_open(struct chat *c, const char *name, int write, int64_t wait,
    struct pc_error *err)
{
	int r;

	*c = (struct chat){.fd = -1, .write = write};
	c->path = chat_path(name, err);
	if (!c->path)
		return -1;
	r = chat_file_open(c, write, wait, err);
	if (r == 1)
		pc_error_set(err, "there is no chat '%s'", name);
	if (r == 0)
		r = chat_head_read(c, err);
	if (r != 0)
		chat_close(c);
	return r;
}

void
chat_close(struct chat *c)
{
	struct stat st;

	/* A chat without a turn leaves no file. */
	if (c->fd >= 0 && c->write && fstat(c->fd, &st) == 0 &&
	    st.st_size == 0 && chat_file_is_there(c))
		(void)unlink(c->path);
	if (c->fd >= 0)
		close(c->fd);
	chat_drop_turns(c);
	free(c->system);
	free(c->path);
	*c = (struct chat){.fd = -1};
}

int
chat_set_system(struct chat *c, const char *text, size_t n,
    struct pc_error *err)
{
	if (c->begun) {
		if (c->system && c->system_len == n &&
		    memcmp(c->system, text, n) == 0)
			return 0;
		pc_error_set(err,
		    "chat '%s' began with %s: go on without, "
		    "clear it, or begin another chat",
		    c->path,
		    c->system ? "other instructions" : "no instructions");
		return -1;
	}
	if (n > CHAT_SYSTEM_MAX) {
		pc_error_set(err,
		    "the instructions of a chat have more than "
		    "%d KiB",
		    CHAT_SYSTEM_MAX >> 10);
		return -1;
	}
	free(c->system);
	c->system = malloc(n + 1);
	if (!c->system) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		return -1;
	}
	memcpy(c->system, text, n);
	c->system[n] = '\0';
	c->system_len = n;
	return 0;
}
