/* attack.c - what a compromised worker or tool would try.  Each attempt gives a
 * line, so that a test can compare it with a process outside the sandbox. */
#include "attack.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *
nothing(void *p)
{
	return p;
}

static int
count_threads(void)
{
	enum { TRIES = 8 };
	pthread_t id;
	int n = 0;

	for (int i = 0; i < TRIES; i++)
		if (pthread_create(&id, NULL, nothing, NULL) == 0) {
			pthread_join(id, NULL);
			n++;
		}
	return n;
}

static int
count_processes(void)
{
	struct clone_args a = {.exit_signal = SIGCHLD};
	int n = 0;

	for (int i = 0; i < 3; i++) {
		long r = i == 0 ? fork()
		    : i == 1    ? syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)
				: syscall(SYS_clone3, &a, sizeof a);

		if (r == 0)
			_exit(0);
		n += r > 0;
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return n;
}

static const char *
read_from(int fd)
{
	static char text[64];
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);

	if (n < 0)
		return "nothing";
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* Look for the secret in descriptors from 3 on. */
static const char *
read_inherited(const char *secret)
{
	for (int fd = 3; fd < 64 && secret; fd++)
		if (strcmp(read_from(fd), secret) == 0)
			return "found";
	return "nothing";
}

static const char *
connect_to(const char *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port ? port : "0")),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0
	    ? "connected"
	    : "nothing";
}

size_t
attack(char *text, size_t size)
{
	const char *secret = getenv("ATTACK_FILE");
	const char *link = getenv("ATTACK_LINK");
	const char *seen = getenv("ATTACK_SECRET");
	char target[256];
	struct stat st;
	size_t n = 0;
	int fd;

	/* Do this first, else descriptors opened below would be found. */
	n += (size_t)snprintf(text + n, size - n, "inherited: %s\n",
	    read_inherited(seen));
	n += (size_t)snprintf(text + n, size - n, "threads: %d\n",
	    count_threads());
	n += (size_t)snprintf(text + n, size - n, "processes: %d\n",
	    count_processes());
	fd = open(secret ? secret : "", O_RDONLY);
	n += (size_t)snprintf(text + n, size - n, "secret: %s\n",
	    read_from(fd));
	n += (size_t)snprintf(text + n, size - n, "stat: %s\n",
	    stat(secret ? secret : "", &st) == 0 ? "found" : "nothing");
	n += (size_t)snprintf(text + n, size - n, "readlink: %s\n",
	    readlink(link ? link : "", target, sizeof target) > 0 ? "found"
								  : "nothing");
	n += (size_t)snprintf(text + n, size - n, "socket: %s\n",
	    connect_to(getenv("ATTACK_PORT")));
	fd = open(getenv("ATTACK_NEW") ? getenv("ATTACK_NEW") : "",
	    O_WRONLY | O_CREAT, 0600);
	n += (size_t)snprintf(text + n, size - n, "new file: %s\n",
	    fd >= 0 ? "made" : "nothing");
	return n;
}

#ifdef ALONE
int
main(void)
{
	char text[1024];

	fwrite(text, 1, attack(text, sizeof text), stdout);
	return 0;
}
#endif
