/* eater.c - several processes that use memory at the same time.
 *
 * eater MIB MS [PROCESSES [FILE]]: each process takes MIB MiB.  When all have
 * them, the first writes its pid to FILE, and all keep them for MS ms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int
say_pid(const char *path)
{
	FILE *f = fopen(path, "w");

	return !f || fprintf(f, "%d\n", (int)getpid()) < 0 || fclose(f) != 0;
}

int
main(int argc, char **argv)
{
	const size_t size = (size_t)atoi(argc > 1 ? argv[1] : "1") << 20;
	const int ms = atoi(argc > 2 ? argv[2] : "0");
	const int processes = atoi(argc > 3 ? argv[3] : "1");
	int have[2], hold[2], parent = 1;
	volatile char *p;
	char byte = 0;

	if (pipe(have) < 0 || pipe(hold) < 0)
		return 1;
	for (int i = 1; parent && i < processes; i++)
		parent = fork() != 0;
	p = malloc(size + 1);
	if (!p)
		return 1;
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	if (!parent) {
		close(hold[1]);
		return write(have[1], &byte, 1) != 1 ||
		    read(hold[0], &byte, 1) != 0;
	}
	for (int i = 1; i < processes; i++)
		if (read(have[0], &byte, 1) != 1)
			return 1;
	if (argc > 4 && say_pid(argv[4]))
		return 1;
	usleep((useconds_t)ms * 1000);
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	return p[0] != 1;
}
