/* late.c - a text layer that takes too long to read. */
#include "late.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static int channel = -1;
static struct page_answer answer;

/* This does not block: the answer is smaller than the socket's buffer, which
 * is empty. */
static void
give_up(int signal)
{
	(void)signal;
	_exit(write(channel, &answer, sizeof answer) != sizeof answer);
}

static void
set_timer(time_t seconds)
{
	const struct itimerval t = {.it_value = {.tv_sec = seconds}};

	setitimer(ITIMER_PROF, &t, NULL);
}

void
late_set_channel(int fd)
{
	const struct sigaction on_late = {.sa_handler = give_up};

	channel = fd;
	sigaction(SIGPROF, &on_late, NULL);
}

void
late_set_page(uint32_t page)
{
	answer = (struct page_answer){.magic = ANSWER_MAGIC,
	    .kind = ANSWER_LATE,
	    .page = page,
	    .confidence = -1};
}

void
late_begin(void)
{
	if (channel >= 0)
		set_timer(TEXT_SECONDS);
}

void
late_end(void)
{
	if (channel >= 0)
		set_timer(0);
}
