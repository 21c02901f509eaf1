/* Summing up events: each counts once, before and after, even if processes are
 * killed at any time; damaged and newer files; days, months and their bounds.
 *
 * FOLD_ROUNDS is how often a process is killed (60). */
#include "ledger/fold.h"
#include "disk/disk.h"
#include "disk/lock.h"
#include "event/event.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[4096];
static const int64_t day = 24 * 3600 * 1000000LL;

static struct pc_store *
open_store(unsigned flags)
{
	struct pc_error err;
	struct pc_store *s = pc_store_open(dir, flags, &err);

	if (!s) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return s;
}

static const char *
path(const char *name)
{
	static char p[8192];

	snprintf(p, sizeof p, "%s/%s", dir, name);
	return p;
}

static void
wipe(void)
{
	struct pc_store *s = open_store(0);

	if (pc_event_reset(s) < 0)
		printf("# reset: %s\n", strerror(errno));
	pc_store_close(s);
}

static void
add(struct pc_store *s, int64_t when, const char *stage, uint32_t tokens)
{
	struct pc_event e = {.when = when,
	    .kind = PC_EVENT_HIT,
	    .program = PC_PROGRAM_GET,
	    .duration = 100 + tokens % 1000,
	    .saved = 1000,
	    .bytes = 10,
	    .tokens = tokens,
	    .price = 3};

	strcpy(e.stage, stage);
	pc_event_add(s, &e);
}

/* The number of events, and the sum of their tokens, which differ. */
static int
total(unsigned by, int64_t since, uint64_t *count, uint64_t *tokens)
{
	struct pc_store *s = open_store(PC_STORE_READ_ONLY);
	struct pc_tally t = {.by = by, .since = since};
	int r = pc_tally_read(s, &t);

	*count = *tokens = 0;
	for (size_t i = 0; i < t.count; i++) {
		*count += t.sums[i].count;
		*tokens += t.sums[i].tokens;
	}
	pc_tally_clear(&t);
	pc_store_close(s);
	return r;
}

static int
fold(uint64_t *n)
{
	struct pc_store *s = open_store(0);
	int r = pc_event_fold(s, n);

	pc_store_close(s);
	return r;
}

static void
test_once(void)
{
	struct pc_store *s = open_store(0);
	uint64_t n, count, tokens;
	int64_t now = pc_now();

	for (uint32_t i = 0; i < 1000; i++)
		add(s, now - 1000 + i, i % 2 ? "even" : "odd", i);
	OK(total(PC_BY_STAGE, 0, &count, &tokens) == 0 && count == 1000 &&
		tokens == 499500,
	    "events in the log are counted");
	OK(fold(&n) == 0 && n == 1000, "a thousand events are summed up");
	OK(total(PC_BY_STAGE, 0, &count, &tokens) == 0 && count == 1000 &&
		tokens == 499500,
	    "summing up does not change the count");
	OK(fold(&n) == 0 && n == 0, "events are summed up only once");
	add(s, 0, "more", 7);
	OK(total(PC_BY_STAGE, 0, &count, &tokens) == 0 && count == 1001 &&
		tokens == 499507,
	    "a later event is counted with the sums");
	OK(fold(&n) == 0 && n == 1, "only the later event is summed up");
	OK(total(0, 0, &count, &tokens) == 0 && count == 1001,
	    "events are counted as one group");
	OK(total(PC_BY_HOUR, 0, &count, &tokens) == 0 && count == 1001,
	    "events are counted by the hour, from the log");
	OK(total(0, now - 1000, &count, &tokens) == 0 && count == 1001,
	    "events since an exact time are counted");
	OK(rename(path("events"), dir[0] ? "moved" : "") == 0 &&
		total(0, 0, &count, &tokens) == 0 && count == 1001,
	    "the sums are counted without the log");
	add(s, 0, "lost", 1); /* into the renamed file */
	pc_store_close(s);
	s = open_store(0);
	add(s, 0, "new", 1);
	pc_store_close(s);
	OK(total(0, 0, &count, &tokens) == 0 && count == 1002,
	    "events in a new log are counted with the sums");
	s = open_store(PC_STORE_READ_ONLY);
	OK(pc_event_fold(s, NULL) < 0 && errno == EROFS,
	    "events of a read-only store are not summed up");
	pc_store_close(s);
	unlink("moved");
	wipe();
	OK(total(0, 0, &count, &tokens) == 0 && count == 0,
	    "a reset removes all events");
}

static void
test_periods(void)
{
	struct pc_store *s = open_store(0);
	struct pc_tally t = {.by = PC_BY_DAY};
	uint64_t n, count, tokens, months = 0, days = 0;
	int64_t now = pc_now();
	struct stat st;

	/* One event a day for two and a half years. */
	for (int64_t i = 900; i >= 0; i--)
		add(s, now - i * day, "daily", 1);
	OK(fold(&n) == 0 && n == 901, "the events of 901 days are summed up");
	/* Remove the log, so that only the sums are left. */
	unlink(path("events"));
	pc_tally_read(s, &t);
	for (size_t i = 0; i < t.count; i++) {
		if (t.sums[i].to - t.sums[i].from > day)
			months++;
		else
			days++;
		if (t.sums[i].first < t.sums[i].from ||
		    t.sums[i].last >= t.sums[i].to)
			months += 1000;
	}
	OK(days >= 60 && days <= 93, "%d days have their own sums", (int)days);
	OK(months >= 20 && months <= 24, "%d months have their own sums",
	    (int)months);
	pc_tally_clear(&t);
	OK(total(0, now - 10 * day, &count, &tokens) == 0 && count >= 10 &&
		count <= 11,
	    "events of the last ten days are counted");
	OK(fold(&n) == 0 && n == 0, "no event is left to sum up");
	pc_store_close(s);
	wipe();
	s = open_store(0);
	/* More stages than the file has room for. */
	for (uint32_t i = 0; i < 40000; i++) {
		char stage[32];

		snprintf(stage, sizeof stage, "stage-%u", i);
		add(s, now - (i % 50) * day, stage, 1);
	}
	pc_store_close(s);
	OK(fold(&n) == 0 && total(PC_BY_STAGE, 0, &count, &tokens) == 0 &&
		count == 40000,
	    "the events of 40,000 stages are all counted");
	OK(stat(path("events.folded"), &st) == 0 &&
		st.st_size < 8 * 1024 * 1024,
	    "the sums of 40,000 stages take %ld KiB", (long)st.st_size / 1024);
	wipe();
}

static void
scribble(const char *name, off_t at, const void *p, size_t n)
{
	int fd = open(path(name), O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || pwrite(fd, p, n, at) != (ssize_t)n)
		printf("# cannot write %s\n", name);
	close(fd);
}

static void
test_damage(void)
{
	struct pc_store *s = open_store(0);
	unsigned char p[64], next[4];
	uint64_t n, count, tokens;
	struct pc_buf b = {0};
	struct pc_sha256 h;
	struct pc_id id;
	int fd;

	for (uint32_t i = 0; i < 100; i++)
		add(s, 0, "x", 1);
	fold(&n);
	scribble("events.folded", 70, "?", 1);
	OK(total(0, 0, &count, &tokens) == 1 && count == 100,
	    "if the sums are damaged, events are counted from the log");
	OK(fold(&n) == 0 && n == 100 &&
		access(path("events.folded.damaged"), F_OK) == 0,
	    "damaged sums are put aside and made again from the log");
	OK(total(0, 0, &count, &tokens) == 0 && count == 100,
	    "events count once after damaged sums were made again");
	/* A file of a newer format with a valid checksum. */
	fd = open(path("events.folded"), O_RDWR);
	pc_read_all(fd, &b, 1 << 20);
	pc_encode_u32(next, 2);
	memcpy(b.data + 8, next, 4);
	pc_sha256_init(&h);
	pc_sha256_add(&h, b.data, 32);
	pc_sha256_add(&h, b.data + 64, b.len - 64);
	pc_sha256_end(&h, &id);
	memcpy(b.data + 32, id.b, 32);
	if (pwrite(fd, b.data, b.len, 0) != (ssize_t)b.len)
		printf("# cannot write\n");
	close(fd);
	pc_buf_clear(&b);
	OK(pc_event_fold(s, &n) < 0 && errno == EPROTONOSUPPORT,
	    "summing up refuses sums of a newer format");
	OK(total(0, 0, &count, &tokens) == 1 && errno == EPROTONOSUPPORT &&
		count == 100,
	    "reading sums of a newer format reports it");
	wipe();
	/* Garbage in the log before an event. */
	memset(p, 0x70, sizeof p);
	scribble("events", 0, p, 51);
	pc_store_close(s);
	s = open_store(0);
	add(s, 0, "x", 1);
	pc_store_close(s);
	fold(&n);
	OK(total(0, 0, &count, &tokens) == 0 && count == 1,
	    "an event behind garbage is counted");
	s = open_store(0);
	add(s, -5, "x", 1);
	add(s, INT64_MAX, "x", 1);
	add(s, INT64_MIN, "x", 1);
	pc_store_close(s);
	OK(total(PC_BY_DAY, 0, &count, &tokens) == 0 && count == 4,
	    "events with impossible times are counted");
	OK(fold(&n) == 0 && n == 3 && total(0, 0, &count, &tokens) == 0 &&
		count == 4,
	    "events with impossible times are summed up");
	wipe();
}

/* ---- in steps ---- */

static void
test_steps(void)
{
	enum { MANY = 3000, A_STEP = FOLD_STEP / EVENT_BYTES };
	struct pc_store *s = open_store(0);
	uint64_t count, tokens;
	int steps = 0, left, good = 1;

	wipe();
	for (unsigned i = 0; i < MANY; i++)
		add(s, 0, i % 2 ? "a" : "b", 1);
	renameat(s->dir, "events", s->dir, "events.old");
	do {
		left = fold_step(s);
		steps++;
		good &= total(PC_BY_STAGE, 0, &count, &tokens) == 0 &&
		    count == MANY;
	} while (left == 1);
	OK(left == 0 && steps == (MANY + A_STEP - 1) / A_STEP,
	    "an old log is summed up in steps of 64 KiB: %d", steps);
	OK(good, "each event counts once after each step");
	unlink(path("events.old"));
	OK(total(PC_BY_STAGE, 0, &count, &tokens) == 0 && count == MANY,
	    "the old log is not needed after the last step: %llu",
	    (unsigned long long)count);
	pc_store_close(s);
	wipe();
}

/* The programs that append events also sum them up: at a small cap the log is
 * replaced by a new one, and no event is lost. */
static void
test_small_cap(void)
{
	enum { MANY = 5000, CAP = 500 * 1024 };
	struct pc_store *s = open_store(0);
	uint64_t count, tokens, most = 0;

	wipe();
	pc_store_set_max(s, CAP);
	for (unsigned i = 0; i < MANY; i++) {
		static const char *const names[] = {"events", "events.old",
		    "events.folded"};
		uint64_t sum = 0;
		struct stat st;

		add(s, 0, i % 2 ? "a" : "b", 1);
		for (size_t n = 0; n < 3; n++)
			if (stat(path(names[n]), &st) == 0)
				sum += (uint64_t)st.st_blocks * 512;
		most = sum > most ? sum : most;
	}
	OK(most < CAP / 3,
	    "at a cap of 500K events take less than a third: %llu",
	    (unsigned long long)most);
	OK(total(PC_BY_STAGE, 0, &count, &tokens) == 0 && count == MANY,
	    "at a cap of 500K each event counts once: %llu",
	    (unsigned long long)count);
	pc_store_close(s);
	wipe();
}

/* ---- killed at any moment ---- */

static uint64_t *written; /* shared memory: how many events were appended */

static void
work(int seed)
{
	struct pc_store *s = open_store(0);

	srandom((unsigned)seed);
	for (;;) {
		int what = (int)(random() % 8);

		if (what == 0) {
			pc_event_fold(s, NULL);
		} else if (what == 1 && random() % 8 == 0) {
			int left;

			/* As is done at 128 MiB, but earlier. */
			if (lock_range(s->state, LOCK_FOLD, RANGE_EXCLUSIVE,
				0) != 0)
				continue;
			do
				left = fold_step(s);
			while (left == 1);
			if (access(path("events"), F_OK) == 0 && left == 0) {
				lock_range(s->state, LOCK_ROTATE,
				    RANGE_EXCLUSIVE, 1000000);
				renameat(s->dir, "events", s->dir,
				    "events.old");
				lock_range(s->state, LOCK_ROTATE, RANGE_FREE,
				    0);
			}
			lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
		}
	}
}

static void
test_killed(void)
{
	const char *rounds = getenv("FOLD_ROUNDS");
	int many = rounds ? atoi(rounds) : 60, wrong = 0, odd = 0;
	uint64_t count, tokens, sum = 0;

	written = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int round = 0; round < many; round++) {
		pid_t workers[2];
		struct pc_store *s;

		for (int i = 0; i < 2; i++) {
			workers[i] = fork();
			if (workers[i] == 0)
				work(2 * round + i);
		}
		/* Only this process appends, so it knows the number. */
		for (int i = 0; i < 40; i++) {
			s = open_store(0);
			add(s, 0, i % 2 ? "a" : "b", 1 + (uint32_t)i);
			pc_store_close(s);
			++*written;
			sum += 1 + (uint64_t)i;
			if (i % 8 == 0 &&
			    (total(PC_BY_STAGE, 0, &count, &tokens) != 0 ||
				count != *written || tokens != sum))
				odd++;
		}
		usleep((useconds_t)(random() % 3000));
		for (int i = 0; i < 2; i++)
			kill(workers[i], SIGKILL);
		for (int i = 0; i < 2; i++)
			waitpid(workers[i], NULL, 0);
		if (total(PC_BY_STAGE, 0, &count, &tokens) != 0 ||
		    count != *written || tokens != sum) {
			wrong++;
			fprintf(stderr, "# round %d: %llu of %llu\n", round,
			    (unsigned long long)count,
			    (unsigned long long)*written);
		}
	}
	OK(odd == 0, "each event counts once while other processes sum up (%d)",
	    odd);
	OK(wrong == 0, "each event counts once after %d kills (%d)", 2 * many,
	    wrong);
	OK(fold(NULL) == 0 && total(0, 0, &count, &tokens) == 0 &&
		count == *written,
	    "all %llu events are counted in the end",
	    (unsigned long long)count);
	wipe();
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char command[8192];

	snprintf(dir, sizeof dir, "%s/pc-fold.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	strcat(dir, "/store");
	test_once();
	test_periods();
	test_damage();
	test_steps();
	test_small_cap();
	test_killed();
	*strrchr(dir, '/') = '\0';
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	return system(command) != 0 || tap_done();
}
