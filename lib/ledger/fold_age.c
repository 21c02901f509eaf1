/* fold_age.c - older sums in fewer periods: days become months, and months are
 * forgotten. */
#include "fold_age.h"

#include "tally.h"

#include <time.h>

enum {
	DAYS = 60,   /* kept apart */
	MONTHS = 24, /* kept */
};

static const int64_t day = 24 * 3600 * 1000000LL;

/* Find the month of a time, us since the epoch. */
static void
month_of(int64_t when, int64_t *from, int64_t *to)
{
	time_t t = (time_t)(when / 1000000);
	struct tm tm;

	*from = when - when % day;
	*to = *from + day;
	if (!gmtime_r(&t, &tm))
		return;
	tm = (struct tm){.tm_year = tm.tm_year,
	    .tm_mon = tm.tm_mon,
	    .tm_mday = 1};
	*from = (int64_t)timegm(&tm) * 1000000;
	tm.tm_mon++;
	*to = (int64_t)timegm(&tm) * 1000000;
}

int
fold_age(struct fold *f, int64_t now)
{
	struct pc_tally old = f->tally;
	int64_t edge, next, gone = now - (int64_t)MONTHS * 31 * day;
	int r = 0;

	/* Only whole months, so that no month has both a sum and days. */
	month_of(now > DAYS * day ? now - DAYS * day : 0, &edge, &next);
	f->tally = (struct pc_tally){.by = old.by};
	for (size_t i = 0; i < old.count && r == 0; i++) {
		struct pc_sum s = old.sums[i];

		if (s.to && s.to <= gone)
			continue;
		if (s.to && s.to <= edge)
			month_of(s.from, &s.from, &s.to);
		r = tally_add_sum(&f->tally, &s);
	}
	pc_tally_clear(&old);
	return r;
}
