/* team.c - pc-ocr's side of the protocol with its helpers. */
#include "team.h"

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STARTS_MAX = 1000,
	SEND_MAX = 10, /* seconds for a worker to take pixels */
};

static int
start(struct team *t)
{
	const char *env[2] = {NULL};
	struct pc_buf pair = {0};
	int fds[2], files[3] = {-1, -1, 2}, r = -1, e;

	if (t->started++ >= STARTS_MAX) {
		errno = EAGAIN;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -1;
	files[0] = fds[1];
	if (t->password &&
	    pc_buf_addf(&pair, "PC_OCR_PASSWORD=%s", t->password) == 0)
		env[0] = (char *)pair.data;
	if (!pair.failed)
		r = pc_spawn(t->argv, 0, files, env, &t->pid);
	e = errno;
	pc_buf_clear(&pair);
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		errno = e;
		return -1;
	}
	t->control = fds[0];
	return 0;
}

void
team_end(struct team *t)
{
	int status;

	if (!t->pid)
		return;
	close(t->control);
	while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
		;
	t->pid = 0;
}

int
team_refused(struct team *t)
{
	enum { MOMENT = 50 }; /* ms from its files being closed to its end */
	int status;

	for (int i = 0; i < MOMENT && t->pid && t->answers == 0; i++) {
		if (waitpid(t->pid, &status, WNOHANG) == t->pid) {
			close(t->control);
			t->pid = 0;
			/* If it was killed, it printed nothing. */
			return WIFEXITED(status);
		}
		usleep(1000);
	}
	return 0;
}

/* Send the helper a channel and a document. */
static int
send_wanted(int control, int channel, int document)
{
	const int fds[2] = {channel, document};
	const size_t n = (document < 0 ? 1 : 2) * sizeof(int);
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof fds)] = {0};
	char byte = 'w';
	struct iovec v = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &v,
	    .msg_iovlen = 1,
	    .msg_control = room,
	    .msg_controllen = CMSG_SPACE(n)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t r;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n);
	memcpy(CMSG_DATA(c), fds, n);
	do
		r = sendmsg(control, &m, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r == 1 ? 0 : -1;
}

/* In a new process: keep only the standard descriptors, the channel and the
 * document, as a copy of another worker's channel would keep that worker
 * alive. */
static _Noreturn void
serve(const struct team *t, int channel, int document)
{
	enum { CHANNEL = 3, DOCUMENT, FIRST };
	const int moved = document < 0 ? -1 : fcntl(document, F_DUPFD, FIRST);

	if ((document < 0) == (moved < 0) && dup2(channel, CHANNEL) >= 0 &&
	    (moved < 0 || dup2(moved, DOCUMENT) >= 0)) {
		close_range(moved < 0 ? DOCUMENT : FIRST, ~0U, 0);
		t->serve(t->ctx, CHANNEL, moved < 0 ? -1 : DOCUMENT);
	}
	_exit(0);
}

/* Fork a worker.  Its parent ends at once, so that it is not waited for. */
static int
fork_worker(struct team *t, struct worker *w, int document)
{
	int fds[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (fork() != 0)
			_exit(0);
		serve(t, fds[1], document);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*w = (struct worker){.fd = fds[0]};
	t->hired++;
	return 0;
}

int
team_hire(struct team *t, struct worker *w, int document)
{
	const struct timeval most = {.tv_sec = SEND_MAX};
	int fds[2], r, e;

	if (t->serve)
		return fork_worker(t, w, document);
	if (!t->pid && start(t) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -1;
	r = send_wanted(t->control, fds[1], document);
	if (r < 0) {
		/* The helper died; a new one may work. */
		team_end(t);
		r = start(t) < 0 ? -1
				 : send_wanted(t->control, fds[1], document);
	}
	e = errno;
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		errno = e;
		return -1;
	}
	setsockopt(fds[0], SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
	*w = (struct worker){.fd = fds[0]};
	t->hired++;
	return 0;
}

/* ---- one worker ---- */

static int
send_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t r = send(fd, p, n, MSG_NOSIGNAL);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

int
worker_send(struct worker *w, const struct page_request *ask,
    const void *pixels)
{
	if (w->pending++ == 0)
		w->asked = pc_ticks();
	if (send_all(w->fd, ask, sizeof *ask) < 0)
		return -1;
	return ask->what == REQUEST_OCR || ask->what == REQUEST_LAYER ||
		ask->what == REQUEST_KIND
	    ? send_all(w->fd, pixels, (size_t)ask->width * ask->height)
	    : 0;
}

/* An error has no page of its own. */
static int
damage_valid(const struct page_answer *a)
{
	for (int i = 0; i < DAMAGE_KINDS; i++)
		if (a->damage[i] > (a->kind == ANSWER_ERROR ? 0 : DAMAGE_MAX))
			return 0;
	return 1;
}

static int
trim_valid(const int32_t trim[4])
{
	for (int i = 0; i < 4; i++)
		if (trim[i] < -PLACE_MAX || trim[i] > PLACE_MAX)
			return 0;
	return 1;
}

/* The pixels, and the text layer after them. */
static int
pixels_valid(const struct page_answer *a)
{
	return a->layer_quality <= LAYER_GARBAGE &&
	    a->layer_words <= PAYLOAD_MAX && a->layer_text <= PAYLOAD_MAX &&
	    a->length ==
	    (uint64_t)a->pixel_width * a->pixel_height + a->layer_words +
		a->layer_text;
}

static int
type_valid(const char type[TYPE_SIZE])
{
	size_t n = 0;

	while (n < TYPE_SIZE && type[n] > ' ' && type[n] < 127)
		n++;
	return n < TYPE_SIZE && type[n] == '\0';
}

int
page_answer_valid(struct page_answer *a)
{
	if (a->magic != ANSWER_MAGIC || a->kind < ANSWER_OPEN ||
	    a->kind > ANSWER_ERROR || a->source >= SOURCE_VISION ||
	    !memchr(a->message, '\0', sizeof a->message) ||
	    !pc_utf8_valid(a->message, strlen(a->message)) ||
	    !type_valid(a->type) || a->confidence < -1 ||
	    a->confidence > 10000 ||
	    (a->rotation != 0 && a->rotation != 90 && a->rotation != 180 &&
		a->rotation != 270) ||
	    a->width > PLACE_MAX || a->height > PLACE_MAX ||
	    !trim_valid(a->trim) || !damage_valid(a) ||
	    a->user_unit > UNIT_MAX || a->assumed > 1 || a->unsupported > 1 ||
	    (a->marks & ~(uint32_t)MARKS) ||
	    (a->kind != ANSWER_PIXELS && a->length > PAYLOAD_MAX))
		return 0;
	if (a->kind == ANSWER_PIXELS || a->kind == ANSWER_FILE)
		return a->pixel_width > 0 && a->pixel_width <= SIDE_MAX &&
		    a->pixel_height > 0 && a->pixel_height <= SIDE_MAX &&
		    a->dpi > 0 && a->dpi <= 2400 &&
		    (a->kind == ANSWER_FILE || pixels_valid(a));
	if (a->kind == ANSWER_OPEN)
		return a->pages > 0 && a->pages <= PAGES_MAX &&
		    a->length <= DECLARED_MAX;
	return (a->kind != ANSWER_ERROR && a->kind != ANSWER_LATE) ||
	    a->length == 0;
}

/* Read up to most bytes into p.  Returns what worker_read() does. */
static int
read_some(struct worker *w, void *p, size_t most)
{
	ssize_t n = recv(w->fd, p, most, MSG_DONTWAIT);

	if (n > 0) {
		w->have += (size_t)n;
		return 1;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	errno = n == 0 ? EPIPE : errno;
	return -1;
}

static void
note_answer(struct team *t, struct worker *w)
{
	const int64_t now = pc_ticks();

	t->answers++;
	t->firsts += w->answers == 0;
	*(w->answers++ == 0 ? &t->first : &t->later) += now - w->asked;
	w->asked = now;
	w->pending -= w->pending > 0;
	if (w->head.peak_kib > t->peak_kib)
		t->peak_kib = w->head.peak_kib;
}

void
team_account(const struct team *t, struct pc_run *m)
{
	m->peak_kib = t->peak_kib;
	m->started = t->hired;
	m->reused = t->answers - t->firsts;
	m->first = t->first;
	m->later = t->later;
}

int
worker_read(struct team *t, struct worker *w)
{
	const size_t head = sizeof w->head;
	int r;

	while (w->have < head) {
		r = read_some(w, (char *)&w->head + w->have, head - w->have);
		if (r <= 0)
			return r;
		if (w->have < head)
			continue;
		if (!page_answer_valid(&w->head)) {
			errno = EBADMSG;
			return -1;
		}
		/* Memory is used only as the data arrive. */
		w->payload = malloc(w->head.length + 1);
		if (!w->payload)
			return -1;
		w->payload[w->head.length] = '\0';
	}
	while (w->have < head + w->head.length) {
		r = read_some(w, w->payload + (w->have - head),
		    head + w->head.length - w->have);
		if (r <= 0)
			return r;
	}
	note_answer(t, w);
	return 1;
}

void
worker_clear(struct worker *w)
{
	free(w->payload);
	w->payload = NULL;
	w->have = 0;
}

void
worker_dismiss(struct worker *w)
{
	worker_clear(w);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
