/* machine.c - the memory of the machine and of this process's cgroup, from
 * /proc and /sys.  Their numbers are not trusted. */
#include "machine.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_SIZE = 16 * 1024, /* bytes of meminfo and similar files */
	LEVELS_MAX = 32,       /* of nested cgroups */
};

#define SANE (UINT64_C(1) << 53) /* bytes; more is wrong, or means no limit */

/* Read the number at p, in units of unit bytes. */
static int
number(const char *p, uint64_t unit, uint64_t *v)
{
	char *end;
	uintmax_t n;

	p += strspn(p, " \t");
	if (*p < '0' || *p > '9')
		return -1;
	errno = 0;
	n = strtoumax(p, &end, 10);
	if (errno || (*end && !strchr(" \t\n", *end)) || n > SANE / unit)
		return -1;
	*v = n * unit;
	return 0;
}

int
host_field(const char *text, const char *name, uint64_t unit, uint64_t *bytes)
{
	const size_t n = strlen(name);

	while (text) {
		if (strncmp(text, name, n) == 0)
			return number(text + n, unit, bytes);
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return -1;
}

static int
read_meminfo(struct machine *h)
{
	char text[FILE_SIZE];
	uint64_t free_, buffers = 0, cached = 0;

	if (host_file("/proc/meminfo", text, sizeof text) < 0)
		return -1;
	if (host_field(text, "MemTotal:", 1024, &h->total) < 0 ||
	    h->total == 0) {
		errno = EBADMSG;
		return -1;
	}
	if (host_field(text, "MemAvailable:", 1024, &h->available) < 0) {
		/* A kernel before 3.14, or a container that hides it. */
		if (host_field(text, "MemFree:", 1024, &free_) < 0) {
			errno = EBADMSG;
			return -1;
		}
		(void)host_field(text, "Buffers:", 1024, &buffers);
		(void)host_field(text, "Cached:", 1024, &cached);
		h->available = free_ + buffers + cached;
	}
	if (h->available > h->total)
		h->available = h->total;
	(void)host_field(text, "SwapTotal:", 1024, &h->swap_total);
	if (host_field(text, "SwapFree:", 1024, &h->swap_free) < 0 ||
	    h->swap_free > h->swap_total)
		h->swap_free = h->swap_total;
	return 0;
}

/* ---- cgroups ---- */

/* Use the cgroup's limit if it leaves less than what was found so far. */
static void
take_limit(struct machine *h, const struct cgroup_kind *k, const char *path)
{
	uint64_t limit, current = 0, inactive = 0, room;
	const uint64_t was = h->limit ? h->limit - (h->current - h->reclaimable)
				      : UINT64_MAX;
	char text[FILE_SIZE];

	if (cgroup_file(k, path, k->max, text, sizeof text) < 0 ||
	    number(text, 1, &limit) < 0 || limit == 0 ||
	    (k == &cgroup_v1 && limit >= h->total))
		return;
	if (cgroup_file(k, path, k->current, text, sizeof text) < 0 ||
	    number(text, 1, &current) < 0)
		return;
	if (cgroup_file(k, path, "memory.stat", text, sizeof text) < 0 ||
	    host_field(text, k->inactive, 1, &inactive) < 0 ||
	    inactive > current)
		inactive = 0;
	/* Usage can exceed the limit for a moment. */
	if (current > limit)
		current = limit;
	if (inactive > current)
		inactive = current;
	room = limit - (current - inactive);
	if (room >= was)
		return;
	h->limit = limit;
	h->current = current;
	h->reclaimable = inactive;
	snprintf(h->cgroup, sizeof h->cgroup, "%s", path);
}

/* Check the cgroup and all above it: any of them may be full. */
static void
read_limits(struct machine *h, const struct cgroup_kind *k)
{
	char path[CGROUP_MAX];

	if (cgroup_own(k, path) < 0)
		return;
	for (int i = 0; i < LEVELS_MAX; i++) {
		char *slash = strrchr(path, '/');

		take_limit(h, k, path);
		if (strcmp(path, "/") == 0)
			return;
		slash[slash == path] = '\0';
	}
}

/* ---- pressure ---- */

static int
share(const char *line, const char *name, double *v)
{
	const char *p = strstr(line, name);
	char *end;

	if (!p)
		return -1;
	*v = strtod(p + strlen(name), &end);
	return isfinite(*v) && *v >= 0 && *v <= 100 ? 0 : -1;
}

static int
take_pressure(char *text, const char *name, struct pressure *p)
{
	char *line = strstr(text, name), *total;
	char *end;
	char was;
	int r;

	if (!line)
		return -1;
	end = line + strcspn(line, "\n");
	was = *end;
	*end = '\0';
	total = strstr(line, "total=");
	r = !total || share(line, "avg10=", &p->avg10) < 0 ||
		share(line, "avg60=", &p->avg60) < 0 ||
		share(line, "avg300=", &p->avg300) < 0 ||
		number(total + strlen("total="), 1, &p->total) < 0
	    ? -1
	    : 0;
	*end = was;
	return r;
}

static void
read_pressure(struct machine *h)
{
	char text[1024], path[CGROUP_MAX];

	if ((cgroup_own(&cgroup_v2, path) < 0 || strcmp(path, "/") == 0 ||
		cgroup_file(&cgroup_v2, path, "memory.pressure", text,
		    sizeof text) < 0) &&
	    host_file("/proc/pressure/memory", text, sizeof text) < 0)
		return;
	h->has_pressure = take_pressure(text, "some ", &h->some) == 0 &&
	    take_pressure(text, "full ", &h->full) == 0;
}

int
host_read(struct machine *h)
{
	*h = (struct machine){0};
	if (read_meminfo(h) < 0)
		return -1;
	read_limits(h, &cgroup_v2);
	read_limits(h, &cgroup_v1);
	read_pressure(h);
	return 0;
}

uint64_t
host_total(const struct machine *h)
{
	return h->limit && h->limit < h->total ? h->limit : h->total;
}

uint64_t
host_available(const struct machine *h)
{
	const uint64_t room = h->limit
	    ? h->limit - (h->current - h->reclaimable)
	    : UINT64_MAX;

	return room < h->available ? room : h->available;
}

double
host_used_percent(const struct machine *h)
{
	const uint64_t total = host_total(h), left = host_available(h);

	return left >= total ? 0 : 100 * (double)(total - left) / (double)total;
}

uint32_t
host_used_kib(void)
{
	struct machine h;
	uint64_t used;

	if (host_read(&h) < 0)
		return 0;
	used = (host_total(&h) - host_available(&h)) / 1024;
	return used > UINT32_MAX ? UINT32_MAX : (uint32_t)used;
}
