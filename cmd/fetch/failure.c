/* failure.c - describe in words why a URL failed. */
#include "fetch.h"

#include <stdarg.h>

void
result_fail(struct fetch_result *r, int later, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->error, sizeof r->error, fmt, ap);
	va_end(ap);
	r->how = HOW_FAILED;
	r->later = later;
}

static const char *
meaning(int status)
{
	switch (status) {
	case 400:
		return ", a bad request";
	case 401:
	case 407:
		return ", authentication required: give credentials with --header-file";
	case 403:
		return ", forbidden";
	case 404:
		return ", not found";
	case 410:
		return ", gone";
	case 429:
		return ", too many requests";
	case 500:
		return ", it failed";
	case 502:
	case 503:
	case 504:
		return ", it cannot answer now";
	}
	return "";
}

void
result_fail_status(struct fetch_result *r, int64_t retry_after)
{
	const int s = r->status;
	const int later = s == 408 || s == 425 || s == 429 || s == 500 ||
	    (s >= 502 && s <= 504);

	if (retry_after)
		result_fail(r, later,
		    "the server says %d%s; try again in "
		    "%lld s",
		    s, meaning(s),
		    (long long)((retry_after + 999999) / 1000000));
	else
		result_fail(r, later, "the server says %d%s", s, meaning(s));
}
