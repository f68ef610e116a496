// SPDX-License-Identifier: GPL-2.0-only
/* What is read from people, and told to them: durations, times, words. */
#include <errno.h>
#include <time.h>

#include "duration.h"
#include "options.h"
#include "test.h"
#include "words.h"

static void test_duration(void)
{
	static const struct {
		const char	*text;
		int64_t		ms;
	} good[] = {
		{ "0", 0 }, { "2", 2000 }, { "500ms", 500 }, { "1.5s", 1500 },
		{ "0.25", 250 }, { "1m", 60000 }, { "2h", 7200000 }, { "30d", 2592000000 },
		{ "1.001s", 1001 }, { "3650d", DURATION_MAX_MS },
	};
	static const char * const bad[] = {
		"", "s", "-1", "+1", "1x", "1 s", "1.s", ".5", "1.0001s", "1ss", "0x10", "1e3",
	};
	static const char * const far[] = { "3651d", "99999999999999999999999", "400000000" };
	int64_t ms;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check(!duration_parse(good[i].text, &ms) && ms == good[i].ms);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(duration_parse(bad[i], &ms) == -EINVAL);
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		check(duration_parse(far[i], &ms) == -ERANGE);
}

static void test_when(void)
{
	const int64_t now = 1900000000;
	uint64_t when;
	char buf[32];

	setenv("TZ", "UTC", 1);
	tzset();
	check(!when_parse("never", now, &when) && !when);
	check(!when_parse("+1d", now, &when) && when == 1900086400);
	check(!when_parse("@1900000001", now, &when) && when == 1900000001);
	check(!when_parse("2031-01-02", now, &when) && when == 1925078400);
	check(!when_parse("2031-01-02 03:04", now, &when) && when == 1925089440);
	check(!when_parse("2031-01-02T03:04:05Z", now, &when) && when == 1925089445);
	check(when_parse("2020-01-01", now, &when) == -ERANGE);
	check(when_parse("@1900000000", now, &when) == -ERANGE);
	check(when_parse("+0", now, &when) == -ERANGE);
	check(when_parse("", now, &when) == -EINVAL);
	check(when_parse("@", now, &when) == -EINVAL);
	check(when_parse("@-5", now, &when) == -EINVAL);
	check(when_parse("tomorrow", now, &when) == -EINVAL);
	check(when_parse("2031-13-01", now, &when) == -EINVAL);
	check(when_parse("2031-02-29", now, &when) == -EINVAL);
	check(when_parse("2031-04-31 12:00Z", now, &when) == -EINVAL);
	check(!when_parse("2032-02-29", now, &when) && when == 1961625600);
	check(when_parse("2031-01-02x", now, &when) == -EINVAL);
	when_print_clock(1900000000, now, buf, sizeof(buf));
	check(!strcmp(buf, "17:46:40"));
	when_print_clock(1900086400, now, buf, sizeof(buf));
	check(!strcmp(buf, "2030-03-18 17:46:40"));
}

static void test_words(void)
{
	const char *p = "0123456789abcdefghijklmnopqrstuvwxyzDRS";

	for (; *p; p++)
		check(*p == 'a' || strcmp(words_letter(*p), "unknown"));
	check(!strcmp(words_letter('s'), "sync") && !strcmp(words_letter(0), "wait"));
	check(words_mask_allows(1, 'q') && !words_mask_allows(438, 'c'));
	check(words_mask_allows(438, 's') && words_mask_allows(2, 'h') &&
	      !words_mask_allows(0, 'h'));
	check(words_mask_with(438, 's') == 438 && words_mask_with(0, 's') == 0x10);
	check(words_mask_with(438, 'c') == 446 && words_mask_with(438, 'q') == 1);
	check(words_mask_with(1, 'q') == 1 && words_mask_with(1, 's') == 1);
	check(!strcmp(words_status_id(200), "unknown"));
}

int main(void)
{
	test_duration();
	test_when();
	test_words();
	return 0;
}
