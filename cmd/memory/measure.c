/* measure.c - run a command and measure all of its processes: with a cgroup if
 * there is one, else by sampling.  The more a sample costs, the fewer are
 * taken. For a command that ends before the first sample, wait4(2) tells the
 * peak of its largest process. */
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST = 1000,    /* us before the first sample; doubled after each */
	OFTEN = 10000,   /* us between samples, */
	RARELY = 100000, /* up to this, */
	SELDOM = 20,     /* so that sampling takes 1/20 of the time at most */
};

/* ---- the command ---- */

static void
become(const struct measure *m, int go, int report)
{
	sigset_t none;
	char byte;
	int e;

	/* The command waits until it is in its cgroup. */
	while (read(go, &byte, 1) < 0 && errno == EINTR)
		;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGXFSZ, SIG_DFL);
	if ((m->in < 0 || dup2(m->in, 0) >= 0) &&
	    (m->out < 0 || dup2(m->out, 1) >= 0))
		execvp(m->argv[0], m->argv);
	e = errno;
	(void)!write(report, &e, sizeof e);
	_exit(PC_EXIT_NOENT);
}

/* The process; -1 with m->error. */
static pid_t
begin(struct measure *m, const struct zone *z, int *in_zone)
{
	int go[2] = {-1, -1}, report[2] = {-1, -1};
	pid_t pid = -1;

	if (pipe2(go, O_CLOEXEC) == 0 && pipe2(report, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0) {
		close(go[1]);
		become(m, go[0], report[1]);
	}
	m->error = pid < 0 ? errno : 0;
	*in_zone = pid > 0 && zone_enter(z, pid) == 0;
	for (int i = 0; i < 2; i++)
		if (go[i] >= 0)
			close(go[i]);
	if (report[1] >= 0)
		close(report[1]);
	if (pid > 0 &&
	    pc_read_full(report[0], &m->error, sizeof m->error) ==
		sizeof m->error) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		pid = -1;
	}
	if (report[0] >= 0)
		close(report[0]);
	return pid;
}

/* ---- looks ---- */

struct looks {
	struct measure *m;
	unsigned each, held; /* samples in a point; in the last one */
	uint32_t most;       /* KiB resident at the peak so far */
	uint32_t known;      /* KiB resident when shares were last counted */
	double part;         /* shares / resident at that time */
	int64_t next;        /* pc_ticks() when shares may be counted again */
};

/* If the time line is full, pairs of points are merged. */
static void
add_sample(struct looks *l, uint32_t kib)
{
	struct measure *m = l->m;

	if (l->held > 0 && kib < m->samples[m->sample_count - 1])
		kib = m->samples[m->sample_count - 1];
	if (l->held == 0 && m->sample_count == SAMPLES_MAX) {
		for (size_t i = 0; i < SAMPLES_MAX / 2; i++) {
			const uint32_t a = m->samples[2 * i];
			const uint32_t b = m->samples[2 * i + 1];

			m->samples[i] = a > b ? a : b;
		}
		m->sample_count = SAMPLES_MAX / 2;
		l->each *= 2;
	}
	m->sample_count += l->held == 0;
	m->samples[m->sample_count - 1] = kib;
	l->held = (l->held + 1) % l->each;
}

static int64_t
cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Shares (PSS) never exceed the resident size, and counting them is slow.  They
 * are counted when the resident size reaches a new peak; in between they are
 * estimated from it. */
static void
look(struct looks *l)
{
	const uint32_t resident = process_tree_kib(0);
	int64_t began, cost;

	if (resident == 0)
		return;
	if (resident > l->most)
		l->most = resident;
	if (resident > l->known && pc_ticks() >= l->next) {
		uint32_t shares;

		began = cpu_time();
		shares = process_tree_kib(1);
		cost = cpu_time() - began;
		l->next = pc_ticks() + SELDOM * cost;
		l->known = resident;
		l->part = shares < resident ? (double)shares / (double)resident
					    : 1;
		if (shares > l->m->peak_kib)
			l->m->peak_kib = shares;
	}
	add_sample(l, (uint32_t)(l->part * resident));
}

/* 1: it has ended, and m->status is set. */
static int
reap(struct measure *m, pid_t pid, uint32_t *largest)
{
	struct rusage usage;
	int status, over = 0;
	pid_t r;

	/* Processes that lose their parent become our children. */
	while ((r = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		if ((uint32_t)usage.ru_maxrss > *largest)
			*largest = (uint32_t)usage.ru_maxrss;
		if (r != pid)
			continue;
		over = 1;
		m->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						: WEXITSTATUS(status);
	}
	return over;
}

/* Wait at most us for an event; pass signals on to the command, except those
 * from the terminal, which it gets itself. */
static void
pause_for(int64_t us, const sigset_t *set, pid_t pid)
{
	const struct timespec t = {.tv_sec = us / 1000000,
	    .tv_nsec = us % 1000000 * 1000};
	siginfo_t info;
	int sig = sigtimedwait(set, &info, &t);

	if (sig > 0 && sig != SIGCHLD && info.si_code != SI_KERNEL)
		kill(pid, sig);
}

static void
watch(struct measure *m, pid_t pid, const sigset_t *set, uint32_t *largest)
{
	struct looks l = {.m = m, .each = 1, .part = 1};
	int64_t nap = FIRST, next = pc_ticks() + FIRST;

	while (!reap(m, pid, largest)) {
		int64_t now = pc_ticks(), cost;

		if (now < next) {
			pause_for(next - now, set, pid);
			continue;
		}
		cost = cpu_time();
		look(&l);
		cost = cpu_time() - cost;
		nap = 2 * nap < OFTEN ? 2 * nap : OFTEN;
		next = pc_ticks() +
		    (cost * SELDOM < nap             ? nap
			    : cost * SELDOM < RARELY ? cost * SELDOM
						     : RARELY);
	}
	/* It ended before the last sample could be taken. */
	if (l.most > l.known && l.part * l.most > m->peak_kib)
		m->peak_kib = (uint32_t)(l.part * l.most);
}

/* The kernel's count is the true peak, but includes the files that were read
 * and written.  At the end there are at least as many of these as at the
 * peak, so subtracting them may give too little: the sampled peak is a lower
 * bound. */
static void
count_zone(struct measure *m, const struct zone *z, uint32_t *held)
{
	const uint32_t peak = zone_peak_kib(z), now = zone_held_kib(z);
	const uint32_t files = zone_files_kib(z);
	const uint32_t rest = peak > files ? peak - files : 0;

	if (!peak)
		return;
	if (m->peak_kib > peak)
		m->peak_kib = peak;
	if (m->peak_kib < rest)
		m->peak_kib = rest;
	*held = now > files ? now - files : 0;
	m->how = z->kind == &cgroup_v2 ? PC_MEASURED_CGROUP2
				       : PC_MEASURED_CGROUP1;
}

void
measure_run(struct measure *m)
{
	static const int sigs[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP,
	    SIGUSR1, SIGUSR2};
	sigset_t set, was;
	struct zone zone;
	uint32_t largest = 0, held;
	int64_t began;
	int in_zone;
	pid_t pid;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof sigs / sizeof *sigs; i++)
		sigaddset(&set, sigs[i]);
	sigprocmask(SIG_BLOCK, &set, &was);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	zone_open(&zone);
	m->start_kib = host_used_kib();
	m->peak_kib = 0;
	m->sample_count = 0;
	m->how = PC_MEASURED_SAMPLES;
	began = pc_ticks();
	pid = begin(m, &zone, &in_zone);
	if (pid > 0)
		watch(m, pid, &set, &largest);
	else
		m->status = m->error == ENOENT ? PC_EXIT_NOENT : PC_EXIT_NOEXEC;
	m->wall = pc_ticks() - began;
	if (largest > m->peak_kib) {
		m->peak_kib = largest;
		m->how = PC_MEASURED_RUSAGE;
	}
	/* Processes that the command left running still hold memory. */
	held = process_tree_kib(1);
	if (in_zone)
		count_zone(m, &zone, &held);
	zone_close(&zone);
	m->end_kib = host_used_kib();
	m->freed_kib = m->peak_kib > held ? m->peak_kib - held : 0;
	sigprocmask(SIG_SETMASK, &was, NULL);
}
