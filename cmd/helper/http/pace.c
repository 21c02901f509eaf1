/* pace.c - whether the bytes of a transfer come fast enough. */
#include "transfer_in.h"

#include <stdio.h>

/* Bytes of the body, without chunk headers, before it is decoded. */
static uint64_t
body_bytes(const struct transfer *t)
{
	curl_off_t n = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &n);
	return (uint64_t)n;
}

uint64_t
transfer_framing(const struct transfer *t)
{
	const uint64_t body = body_bytes(t);

	return t->raw > body ? t->raw - body : 0;
}

/* Bytes in both directions on the wire: compressed data may arrive for long
 * before anything can be decoded. */
static int64_t
moved(struct transfer *t)
{
	curl_off_t up = 0, down = 0;
	long headers = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &headers);
	return up + down + headers;
}

/* How long it may be idle. */
static int64_t
patience(const struct transfer *t)
{
	return t->answered ? t->idle_max : t->first_max;
}

/* Was it idle for too long?  Connecting has a limit of its own. */
static int
is_idle(struct transfer *t, int64_t now)
{
	const int64_t n = moved(t);
	curl_off_t connected = 0;

	if (t->paused || n != t->moved) {
		t->moved = n;
		t->last = now;
	}
	if (patience(t) == PC_NEVER || now - t->last < patience(t))
		return 0;
	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (connected == 0)
		t->last = now;
	else if (t->began + connected > t->last)
		t->last = t->began + connected;
	return now - t->last >= patience(t);
}

/* Do headers, or trailers, arrive byte by byte? */
static int
is_late(const struct transfer *t, int64_t now)
{
	return t->block_at && !t->paused && t->idle_max != PC_NEVER &&
	    now - t->block_at >= t->idle_max;
}

static int
has_speed_limit(const struct transfer *t)
{
	return t->raw > 0 && !t->paused && t->all->options.speed_min > 0;
}

/* Did too little of the body arrive in the last period? */
static int
is_slow(struct transfer *t, int64_t now)
{
	const struct transfer_options *o = &t->all->options;
	const uint64_t least = o->speed_min * (uint64_t)o->speed_time / 1000000;
	uint64_t body, from = t->speed_from;

	if (!has_speed_limit(t))
		return 0;
	if (t->speed_at && now - t->speed_at < o->speed_time)
		return 0;
	body = body_bytes(t);
	t->speed_from = body;
	if (!t->speed_at) {
		t->speed_at = now;
		return 0;
	}
	t->speed_at = now;
	return body - from < least;
}

int
transfer_overdue(struct transfer *t, int64_t now, char text[TRANSFER_TEXT])
{
	const struct transfer_options *o = &t->all->options;

	if (is_idle(t, now))
		snprintf(text, TRANSFER_TEXT, "nothing came for %.3g s",
		    (double)patience(t) / 1e6);
	else if (is_late(t, now))
		snprintf(text, TRANSFER_TEXT,
		    "its headers were not complete after %.3g s",
		    (double)t->idle_max / 1e6);
	else if (is_slow(t, now))
		snprintf(text, TRANSFER_TEXT,
		    "the body came at less than %u bytes/s for %.3g s",
		    o->speed_min, (double)o->speed_time / 1e6);
	else
		return 0;
	return 1;
}

int64_t
transfer_next_look(const struct transfer *t, int64_t now)
{
	int64_t at = INT64_MAX;

	if (patience(t) != PC_NEVER)
		at = t->last + patience(t);
	if (t->block_at && t->idle_max != PC_NEVER &&
	    t->block_at + t->idle_max < at)
		at = t->block_at + t->idle_max;
	if (has_speed_limit(t) && t->speed_at &&
	    t->speed_at + t->all->options.speed_time < at)
		at = t->speed_at + t->all->options.speed_time;
	if (t->paused || at == INT64_MAX)
		return INT64_MAX;
	return at > now ? at - now : 0;
}
