/* fuzz_config.c - any bytes as a configuration file. */
#include "pc.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
ignore(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static void
look(void *ctx, const char *name, const char *value, const char *origin,
    const char *what)
{
	(void)ctx;
	(void)what;
	if (!name || !value || !origin)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static int fd = -1;
	char path[40];
	struct pc_config *config;
	struct pc_error err;

	if (fd < 0) {
		fd = memfd_create("config.json", MFD_CLOEXEC);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		setenv("PC_CONFIG", path, 1);
	}
	if (ftruncate(fd, 0) < 0 || pc_pwrite_full(fd, p, n, 0) < 0)
		abort();
	config = pc_config_load(ignore, NULL, &err);
	if (config)
		pc_config_each(config, look, NULL);
	pc_config_free(config);
	return 0;
}
