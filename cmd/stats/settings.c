/* settings.c - pc-stats --config: every setting, its value and its origin. */
#include "stats.h"

#include <stdlib.h>

static void
print_setting(void *ctx, const char *name, const char *value,
    const char *origin, const char *what)
{
	char *line;

	(void)ctx;
	(void)what;
	if (asprintf(&line, "%-36s %-20s %s", name, value, origin) < 0)
		return; /* no memory */
	terminal_line(line);
	puts(line);
	free(line);
}

static void
add_setting(void *ctx, const char *name, const char *value, const char *origin,
    const char *what)
{
	struct pc_buf *b = ctx;

	pc_json_begin_object(b, name);
	pc_json_add_text(b, "value", value);
	pc_json_add_text(b, "origin", origin);
	pc_json_add_text(b, "meaning", what);
	pc_json_end_object(b);
}

int
settings_print(struct cli *c, int json)
{
	struct pc_buf b = {0};

	if (!json) {
		pc_config_each(c->config, print_setting, NULL);
		return PC_EXIT_OK;
	}
	pc_json_begin_object(&b, NULL);
	pc_config_each(c->config, add_setting, &b);
	pc_json_end_object(&b);
	stats_print(c, &b);
	return PC_EXIT_OK;
}
