/* threads.c - num_thread, if it was not given.
 *
 * More threads than physical cores can make a model very slow.  The number is
 * not part of the key: it does not change the meaning of an answer, and a
 * store copied from another machine should give hits. */
#include "infer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Does the processor come first among those that share its core?  The list is
 * "0,4" or "0-1". */
static int
is_first_of_core(long cpu)
{
	char path[96];
	int first = -1;
	FILE *f;

	snprintf(path, sizeof path,
	    "/sys/devices/system/cpu/cpu%ld/topology/thread_siblings_list",
	    cpu);
	f = fopen(path, "re");
	if (!f)
		return 1;
	if (fscanf(f, "%d", &first) != 1)
		first = (int)cpu;
	fclose(f);
	return first == cpu;
}

void
set_thread_count(struct infer *in)
{
	int64_t most = pc_config_int(in->c->config, "inference.num_threads");
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	struct pc_error err;
	int64_t cores = 0;
	char text[24];

	if (in->backend.command ||
	    params_get(&in->question.params, "num_thread"))
		return;
	for (long cpu = 0; cpu < online && cores < most; cpu++)
		cores += is_first_of_core(cpu);
	snprintf(text, sizeof text, "%lld", (long long)(cores ? cores : 1));
	if (params_set(&in->question.params, "num_thread", strlen("num_thread"),
		text, PARAM_UNKEYED, &err) < 0)
		cli_die(in->c, "%s", err.text);
}
