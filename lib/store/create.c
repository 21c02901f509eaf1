/* create.c - is a directory a store, or can it become one?
 *
 * A state file with a known header makes it a store.  If there is no such file,
 * the entries decide: a directory can become a store if it is empty, if it
 * contains only what a store leaves behind, or if it contains the log of a
 * shard. */
#include "create.h"

#include "disk/disk.h"
#include "disk/entry.h"
#include "disk/file.h"
#include "shard/logfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
store_survey(struct pc_store *s, int *used)
{
	DIR *d = dir_read(s, STORE_TOP);
	struct dirent *e;
	int seen[ENTRY_KINDS] = {0}, foreign;

	if (!d)
		return -1;
	while (!seen[ENTRY_FOREIGN] && (e = readdir(d))) {
		seen[entry_kind(e->d_name)] = 1;
		if (strlen(e->d_name) == 2 && e->d_name[0] != '.')
			*used = 1;
	}
	closedir(d);
	foreign = seen[ENTRY_FOREIGN] ||
	    (seen[ENTRY_COMMON] && !seen[ENTRY_OURS]);
	if (foreign)
		errno = EEXIST;
	return foreign ? -1 : 0;
}

/* Create a file for programs that make backups or keep history, unless it
 * exists.  Errors are ignored, since the store does not need it. */
static void
write_note(struct pc_store *s, const char *note, const char *text)
{
	int fd = file_open(s, STORE_TOP, note, O_WRONLY | O_CREAT | O_EXCL);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

void
store_write_gitignore(struct pc_store *s)
{
	struct stat st;

	/* Look once in each process: stores of an older pc lack the file. */
	if (s->ignored)
		return;
	s->ignored = 1;
	if (fstatat(s->dir, IGNORE_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
	    errno == ENOENT)
		write_note(s, IGNORE_NAME, "*\n");
}

/* Write the state file under another name and link it into place, so that no
 * process sees a part of it.  If two processes do this at once, one of them
 * succeeds. */
int
store_create(struct pc_store *s, int used)
{
	unsigned char p[STATE_BYTES] = {0};
	char tmp[64];
	int fd, r = -1;

	state_header(p);
	if (used) {
		struct slot dirty = {.dirty = 1};

		for (unsigned i = 0; i < PC_SHARDS; i++)
			state_encode(&dirty, i,
			    p + STATE_HEADER + i * STATE_SLOT);
	}
	snprintf(tmp, sizeof tmp, "tmp.state.%ld.%lld", (long)getpid(),
	    (long long)pc_now());
	fd = file_open(s, STORE_TOP, tmp, O_WRONLY | O_CREAT | O_EXCL);
	if (fd < 0)
		return -1;
	if (pc_write_full(fd, p, sizeof p) == 0 &&
	    (linkat(s->dir, tmp, s->dir, STATE_NAME, 0) == 0 ||
		errno == EEXIST))
		r = 0;
	close(fd);
	unlinkat(s->dir, tmp, 0);
	if (r == 0) {
		/* https://bford.info/cachedir/ */
		write_note(s, "CACHEDIR.TAG",
		    "Signature: 8a477f597d28d172789f06886806bc55\n"
		    "# This directory is a cache made by pc, the pipeline "
		    "cache.\n");
		store_write_gitignore(s);
	}
	return r;
}

/* If the directory holds a shard's log with a valid header, it is a store, even
 * if its state file is damaged or missing. */
static int
has_store_log(struct pc_store *s)
{
	const int e = errno;
	unsigned char id[LOG_ID];
	int found = 0;

	for (unsigned i = 0; i < PC_SHARDS && !found; i++) {
		const int fd = file_open(s, i, "log", O_RDONLY);

		found = fd >= 0 && log_header_read(fd, i, id) == 0;
		if (fd >= 0)
			close(fd);
	}
	errno = e;
	return found;
}

int
store_can_create(struct pc_store *s, int *used)
{
	if (store_survey(s, used) == 0)
		return 0;
	if (errno != EEXIST || !has_store_log(s))
		return -1;
	*used = 1;
	return 0;
}

/* Write the header, and extend the file to hold all slots.  Slots that were
 * lost then read as unused; state_read reports those of shards with a log as
 * damaged. */
static void
header_write(struct pc_store *s, const unsigned char *header)
{
	struct stat st;

	if (s->flags & PC_STORE_READ_ONLY ||
	    pc_pwrite_full(s->state, header, STATE_HEADER, 0) < 0)
		return;
	/* Another process may do the same, so never make the file shorter. */
	if (fstat(s->state, &st) == 0 && st.st_size < STATE_BYTES)
		(void)!ftruncate(s->state, STATE_BYTES);
}

int
store_check_header(struct pc_store *s, const char *dir, struct pc_error *err)
{
	unsigned char p[STATE_HEADER] = {0}, good[STATE_HEADER];
	ssize_t n = pc_pread_full(s->state, p, sizeof p, 0);
	long format;
	int used;

	if (n < 0) {
		pc_error_set(err, "cannot read store '%s': %s", dir,
		    strerror(errno));
		return -1;
	}
	state_header(good);
	if (memcmp(p, good, sizeof p) == 0)
		return 0;
	format = state_format(p);
	if (format > STATE_FORMAT) {
		pc_error_set(err,
		    "store '%s' has format %ld, this pc knows %d: upgrade pc, "
		    "or name another store with --store",
		    dir, format, STATE_FORMAT);
		errno = EPROTONOSUPPORT;
		return -1;
	}
	/* A power loss can leave the file empty or truncated. */
	if (!(n < STATE_HEADER && memcmp(p, good, (size_t)n) == 0 &&
		store_survey(s, &used) == 0) &&
	    memcmp(p, good, STATE_CHECK) != 0 &&
	    memcmp(p + STATE_CHECK, good + STATE_CHECK,
		STATE_HEADER - STATE_CHECK) != 0 &&
	    !has_store_log(s)) {
		pc_error_set(err,
		    "'%s/%s' is not the state file of a pc "
		    "store: name another directory with --store or PC_STORE",
		    dir, STATE_NAME);
		errno = EEXIST;
		return -1;
	}
	s->header_damaged = 1;
	header_write(s, good);
	return 0;
}
