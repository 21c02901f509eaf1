/* engine.c - the parts of the command line that pc-ocr's helpers share. */
#include "engine.h"

#include "pc.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void
engine_close_from(int fd)
{
	if (syscall(SYS_close_range, fd, ~0U, 0) == 0)
		return;
	/* Linux before 5.9, or an outer filter that does not know the call. */
	for (int i = (int)sysconf(_SC_OPEN_MAX) - 1; i >= fd; i--)
		close(i);
}

_Noreturn void
engine_usage(const char *program, const char *what)
{
	fprintf(stderr, "%s: %s; see '%s --help'\n", program, what, program);
	exit(PC_EXIT_FAIL);
}

_Noreturn void
engine_option(const char *program, const char *usage, int c)
{
	if (c == 'h')
		fputs(usage, stdout);
	else if (c == 'V')
		printf("%s (pc) %s\n", program, PC_VERSION);
	else
		engine_usage(program, "nothing was done");
	exit(engine_end(program, PC_EXIT_OK));
}

unsigned
engine_number(const char *program, const char *arg, unsigned min, unsigned max)
{
	int64_t v;

	if (pc_parse_int(arg, min, max, &v) < 0)
		engine_usage(program, "a number is out of range");
	return (unsigned)v;
}

static int
print_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	for (const struct engine_library *l = ctx; l->file; l++)
		if (strstr(info->dlpi_name, l->file))
			printf("%s\t%s\t%s\n", l->name,
			    l->version ? l->version() : "-", info->dlpi_name);
	return 0;
}

void
engine_list(const char *program, const struct engine_library *libraries)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0) {
		fprintf(stderr, "%s: cannot find its own program file\n",
		    program);
		exit(PC_EXIT_FAIL);
	}
	self[n] = '\0';
	printf("%s\t%s\t%s\n", program, PC_VERSION, self);
	/* The callback takes no const, but ours does not write here. */
	dl_iterate_phdr(print_library, (void *)(uintptr_t)libraries);
}

int
engine_end(const char *program, int status)
{
	if (pc_stdout_close() == 0)
		return status;
	fprintf(stderr, "%s: cannot write standard output\n", program);
	return PC_EXIT_FAIL;
}
