// SPDX-License-Identifier: GPL-2.0-only
/* Durations and points in time, as people write and read them. */
#include "duration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char	*name;
	int64_t		ms;
} units[] = {
	{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 },
};

/**
 * duration_parse - a duration from text
 * @text: a number with at most three decimals, then ms, s, m, h, d or, for
 *	seconds, nothing
 * @ms: 0..DURATION_MAX_MS; what is left after whole ms is dropped
 *
 * Return: 0, or -EINVAL if it is none, -ERANGE if it is too long.
 */
int duration_parse(const char *text, int64_t *ms)
{
	int64_t whole = 0, part = 0, scale = 1000;
	const char *p = text;
	size_t i;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		whole = whole * 10 + *p - '0';
		if (whole > DURATION_MAX_MS)
			return -ERANGE;
	}
	if (*p == '.') {
		if (*++p < '0' || *p > '9')
			return -EINVAL;
		for (; *p >= '0' && *p <= '9'; p++) {
			if (scale == 1)
				return -EINVAL;
			scale /= 10;
			part += (*p - '0') * scale;
		}
	}
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(p, units[i].name))
			continue;
		if (whole > DURATION_MAX_MS / units[i].ms)
			return -ERANGE;
		*ms = whole * units[i].ms + part * units[i].ms / 1000;
		return 0;
	}
	return -EINVAL;
}

/**
 * duration_print - a duration for people, in at most two units
 * @ms: not negative
 * @buf: where to
 * @len: of @buf; 32 is enough
 */
void duration_print(int64_t ms, char *buf, size_t len)
{
	int64_t s = ms / 1000;

	if (s < 60)
		snprintf(buf, len, "%d.%d s", (int)s, (int)(ms % 1000 / 100));
	else if (s < 3600)
		snprintf(buf, len, "%d min %d s", (int)(s / 60), (int)(s % 60));
	else if (s < 86400)
		snprintf(buf, len, "%d h %d min", (int)(s / 3600), (int)(s % 3600 / 60));
	else
		snprintf(buf, len, "%lld d %d h", (long long)(s / 86400),
			 (int)(s % 86400 / 3600));
}

static int date_parse(const char *text, int64_t *s)
{
	static const char * const forms[] = {
		"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
	};
	struct tm tm, day;
	const char *end;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		tm.tm_isdst = -1;
		end = strptime(text, forms[i], &tm);
		if (!end || (*end && strcmp(end, "Z")))
			continue;
		/* There is no 31st of February; it would be taken for a day in March. */
		day = tm;
		if (timegm(&day) == -1 || day.tm_mday != tm.tm_mday)
			return -EINVAL;
		*s = *end ? timegm(&tm) : mktime(&tm);
		return *s > 0 ? 0 : -EINVAL;
	}
	return -EINVAL;
}

/**
 * when_parse - a point in time from text
 * @text: "never", "+DURATION" from now, "@SECONDS" since 1970, or
 *	"YYYY-MM-DD[ HH:MM[:SS]][Z]": local time, with Z UTC
 * @now_s: s since 1970
 * @when_s: s since 1970; 0 for never
 *
 * Return: 0, or -EINVAL if it is none, -ERANGE if it lies in the past.
 */
int when_parse(const char *text, int64_t now_s, uint64_t *when_s)
{
	long long number;
	int64_t t;
	char *end;
	int err;

	*when_s = 0;
	if (!strcmp(text, "never"))
		return 0;
	if (text[0] == '+') {
		err = duration_parse(text + 1, &t);
		if (err)
			return err;
		t = now_s + t / 1000;
	} else if (text[0] == '@') {
		errno = 0;
		number = strtoll(text + 1, &end, 10);
		if (text[1] < '0' || text[1] > '9' || *end || errno)
			return -EINVAL;
		t = number;
	} else {
		err = date_parse(text, &t);
		if (err)
			return err;
	}
	if (t <= now_s)
		return -ERANGE;
	*when_s = t;
	return 0;
}

static void print_tm(int64_t when_s, const char *form, char *buf, size_t len)
{
	time_t t = when_s;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(buf, len, form, &tm))
		snprintf(buf, len, "@%lld", (long long)when_s);
}

/**
 * when_print - a point in time for people: local date and time
 * @when_s: s since 1970
 * @buf: where to
 * @len: of @buf; 32 is enough
 */
void when_print(int64_t when_s, char *buf, size_t len)
{
	print_tm(when_s, "%Y-%m-%d %H:%M:%S", buf, len);
}

/**
 * when_print_clock - as when_print(), but without today's date
 * @when_s: s since 1970
 * @now_s: s since 1970
 * @buf: where to
 * @len: of @buf; 32 is enough
 */
void when_print_clock(int64_t when_s, int64_t now_s, char *buf, size_t len)
{
	char today[16], day[16];

	print_tm(now_s, "%Y-%m-%d", today, sizeof(today));
	print_tm(when_s, "%Y-%m-%d", day, sizeof(day));
	print_tm(when_s, strcmp(today, day) ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", buf, len);
}
