/* retry.c - when a server is asked again. */
#include "helper/http/retry.h"
#include "tap.h"

#include <string.h>
#include <time.h>

static int64_t
waits(unsigned attempt, const char *headers, int *late)
{
	int64_t wait = -1;

	*late = retry_wait(attempt, headers, &wait);
	return wait;
}

int
main(void)
{
	static const int again[] = {408, 409, 429, 500, 502, 503, 504, 529};
	static const int final[] = {400, 401, 403, 404, 410, 413, 422};
	static const char none[] = "Server: x\n";
	char text[128];
	time_t now = time(NULL);
	int late;
	int64_t w;

	for (size_t i = 0; i < sizeof again / sizeof *again; i++)
		OK(retry_status(again[i], none), "%d may pass", again[i]);
	for (size_t i = 0; i < sizeof final / sizeof *final; i++)
		OK(!retry_status(final[i], none), "%d stays", final[i]);
	OK(!retry_status(503, "X-Should-Retry: false\n"), "the server says no");
	OK(retry_status(400, "x-should-retry: true\n"), "the server says yes");
	OK(!retry_status(200, "x-should-retry: true\n"), "not of a success");
	OK(retry_hopeless(429, "{\"code\":\"insufficient_quota\"}", 29),
	    "no money");
	OK(!retry_hopeless(429, "{\"code\":\"rate_limit\"}", 21), "slow down");
	OK(!retry_hopeless(429, "", 0), "no body");

	for (int i = 0; i < 50; i++) {
		w = waits(1, NULL, &late);
		if (w < 75000 || w > 100000)
			break;
		w = waits(2, none, &late);
		if (w < 225000 || w > 300000)
			break;
		w = waits(3, none, &late);
		if (w < 675000 || w > 900000)
			break;
	}
	OK(w >= 675000 && w <= 900000 && !late, "100, 300, 900 ms, less a bit");
	w = waits(1000, none, &late);
	OK(w >= 6000000 && w <= 8000000, "at most 8 s");
	OK(waits(1, "Retry-After: 7\n", &late) == 7000000 && !late, "seconds");
	OK(waits(1, "retry-after-ms: 50\nRetry-After: 7\n", &late) == 50000,
	    "milliseconds win");
	OK(waits(1, "Retry-After: 61\n", &late) == 61000000 && late,
	    "too long");
	OK(waits(1, "Retry-After: 99999999999999999999\n", &late) > 0 && late,
	    "far too long");
	w = waits(1, "Retry-After: soon\n", &late);
	OK(w > 0 && w <= 100000 && !late, "no number and no date");
	w = waits(1, "Retry-After: -5\n", &late);
	OK(w > 0 && w <= 100000 && !late, "less than nothing");
	strftime(text, sizeof text, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\n",
	    gmtime(&(time_t){now + 20}));
	w = waits(1, text, &late);
	OK(w >= 18000000 && w <= 20000000 && !late, "a date");
	OK(waits(1,
	       "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
	       "Retry-After: Sunday, 06-Nov-94 08:49:40 GMT\n",
	       &late) == 3000000,
	    "by the server's clock, in an old form");
	w = waits(1, "Retry-After: Sun Nov  6 08:49:37 1994\n", &late);
	OK(w > 0 && w <= 100000, "a date that is past");
	return tap_done();
}
