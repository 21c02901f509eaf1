/* process_tree.c - the memory of all processes below this one. */
#include "memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PROCESSES_MAX = 4096,
	TEXT_SIZE = 4096,
};

static ssize_t
slurp(const char *path, char text[TEXT_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : pc_read_full(fd, text, TEXT_SIZE - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n;
}

static uint64_t
resident_kib(long pid)
{
	char path[64], text[TEXT_SIZE];
	unsigned long long size, resident;

	snprintf(path, sizeof path, "/proc/%ld/statm", pid);
	if (slurp(path, text) > 0 &&
	    sscanf(text, "%llu %llu", &size, &resident) == 2)
		return resident * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	return 0;
}

/* PSS counts shared memory in parts, so that a sum is right.  Of another user's
 * process only the resident size can be read. */
static uint64_t
share_kib(long pid)
{
	char path[64], text[TEXT_SIZE], *p;

	snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", pid);
	if (slurp(path, text) > 0 && (p = strstr(text, "\nPss:")))
		return strtoull(p + strlen("\nPss:"), NULL, 10);
	return resident_kib(pid);
}

/* Add the children of each of its threads to the list. */
static size_t
add_children(long pid, long *list, size_t count)
{
	char path[300], text[TEXT_SIZE];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%ld/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		char *p = text, *end;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%ld/task/%s/children", pid,
		    e->d_name);
		if (slurp(path, text) <= 0)
			continue;
		/* The last number may be incomplete. */
		if (strlen(text) == TEXT_SIZE - 1 && strrchr(text, ' '))
			*strrchr(text, ' ') = '\0';
		for (;;) {
			long child = strtol(p, &end, 10);

			if (end == p || count == PROCESSES_MAX)
				break;
			list[count++] = child;
			p = end;
		}
	}
	if (d)
		closedir(d);
	return count;
}

uint32_t
process_tree_kib(int shares)
{
	static long list[PROCESSES_MAX];
	size_t count = add_children((long)getpid(), list, 0);
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		count = add_children(list[i], list, count);
		sum += shares ? share_kib(list[i]) : resident_kib(list[i]);
	}
	return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}
