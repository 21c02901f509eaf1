/* chat_file.c - the file of a chat: its path, and its lock. */
#include "chat_in.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LETTERS_MAX = 64,
	NAP_MIN = 500, /* us */
	NAP_MAX = 50000,
};

const char chat_ending[] = ".jsonl";

/* ---- where they are ---- */

int
chat_name_valid(const char *name, size_t n)
{
	if (n == 0 || n > LETTERS_MAX || !isalnum((unsigned char)*name))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    !memchr("._-", name[i], 3))
			return 0;
	return 1;
}

/* The directory of chats and a / in b. */
int
chat_add_directory(struct pc_buf *b, struct pc_error *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int r;

	/* The XDG Base Directory rules say to ignore a relative path. */
	if (state && *state == '/')
		r = pc_buf_addf(b, "%s/pc/chats/", state);
	else if (home && *home)
		r = pc_buf_addf(b, "%s/.local/state/pc/chats/", home);
	else {
		pc_error_set(err,
		    "no place for chats: set HOME or "
		    "XDG_STATE_HOME");
		return -1;
	}
	if (r < 0)
		pc_error_set(err, "%s", strerror(ENOMEM));
	return r;
}

char *
chat_path(const char *name, struct pc_error *err)
{
	struct pc_buf b = {0};

	if (!chat_name_valid(name, strlen(name))) {
		pc_error_set(err,
		    "bad name of a chat '%.80s': up to %d "
		    "letters, digits, '.', '_' and '-', a "
		    "letter or digit first",
		    name, LETTERS_MAX);
		return NULL;
	}
	if (chat_add_directory(&b, err) == 0 &&
	    (pc_buf_addf(&b, "%s%s", name, chat_ending) < 0 ||
		pc_buf_add(&b, "", 1) < 0))
		pc_error_set(err, "%s", strerror(ENOMEM));
	else if (b.len > 0)
		return (char *)b.data;
	pc_buf_clear(&b);
	return NULL;
}

/* Make the directories above the file. */
static void
make_directories(char *path)
{
	/* If a directory cannot be made, opening the file fails. */
	for (char *s = path + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		(void)mkdir(path, 0700);
		*s = '/';
	}
}

/* ---- one of them ---- */

int
chat_fail(const struct chat *c, struct pc_error *err, const char *what)
{
	const int e = errno;
	const char *remedy = "";

	if (e == EACCES || e == EROFS || e == EPERM || e == ENOENT ||
	    e == ENOTDIR)
		remedy = "; XDG_STATE_HOME can name another directory";
	else if (e == ENOSPC || e == EDQUOT)
		remedy = "; free some space there; this turn is not saved";
	pc_error_set(err, "cannot %s '%s': %s%s", what, c->path, strerror(e),
	    remedy);
	return -1;
}

static int
lock(struct chat *c, int64_t wait, struct pc_error *err)
{
	const int64_t give_up = pc_deadline(wait);
	useconds_t nap = NAP_MIN;

	while (flock(c->fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return chat_fail(c, err, "lock");
		if (pc_ticks() >= give_up) {
			c->busy = 1;
			pc_error_set(err,
			    "chat '%s' is still in use by "
			    "another process; try again when "
			    "that has ended",
			    c->path);
			return -1;
		}
		usleep(nap);
		if (nap < NAP_MAX)
			nap *= 2;
	}
	return 0;
}

int
chat_file_is_there(const struct chat *c)
{
	struct stat a, b;

	return fstat(c->fd, &a) == 0 && stat(c->path, &b) == 0 &&
	    a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

int
chat_file_open(struct chat *c, int create, int64_t wait, struct pc_error *err)
{
	const int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
	    (c->write ? O_RDWR | O_APPEND : O_RDONLY) | (create ? O_CREAT : 0);
	struct stat st;

	if (create)
		make_directories(c->path);
	for (;;) {
		c->fd = open(c->path, flags, 0600);
		if (c->fd < 0 && errno == ENOENT && !create)
			return 1;
		if (c->fd < 0 || fstat(c->fd, &st) < 0)
			return chat_fail(c, err, "open");
		if (!S_ISREG(st.st_mode)) {
			pc_error_set(err,
			    "'%s' is not a regular file; move it away",
			    c->path);
			return -1;
		}
		if (!c->write)
			return 0;
		if (lock(c, wait, err) < 0) {
			c->write = 0;
			return -1;
		}
		if (chat_file_is_there(c))
			return 0;
		/* Another process has deleted the chat meanwhile. */
		close(c->fd);
	}
}
