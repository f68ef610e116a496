// SPDX-License-Identifier: GPL-2.0-only
/* At once, then ever more seldom; who goes on fighting is told of once, who stops is forgiven. */
#include "pace.h"
#include "test.h"

static void test_fight(void)
{
	struct pace p = { 0 };
	int64_t now = 1000, left, before = 0;
	int i, told = 0, in_a_minute = 0;

	check(!pace_left(&p, now));
	for (i = 0; i < 100; i++) {
		told += pace_done(&p, now);
		in_a_minute += now < 61000;
		left = pace_left(&p, now);
		check(left >= PACE_MIN_MS && left <= PACE_MAX_MS && left >= before);
		check(pace_left(&p, now + left - 1) == 1 && !pace_left(&p, now + left));
		before = left;
		now += left;
	}
	check(told == 1);
	check(before == PACE_MAX_MS);
	/* 10 ms, doubled nine times, last 5 s; then each takes 5. */
	check(in_a_minute > 15 && in_a_minute < 30);
}

static void test_peace(void)
{
	struct pace p = { 0 };
	int64_t now = 0;
	int i;

	/* Now and then is no fight. */
	for (i = 0; i < 100; i++, now += 3 * PACE_MAX_MS) {
		check(!pace_left(&p, now));
		check(!pace_done(&p, now));
		check(pace_left(&p, now) == PACE_MIN_MS);
	}
	/* A new fight is told of anew. */
	for (i = 0; i < 20; i++)
		now += pace_left(&p, now), pace_done(&p, now);
	check(pace_left(&p, now) == PACE_MAX_MS);
	now += 3 * PACE_MAX_MS;
	check(!pace_done(&p, now));
	check(pace_left(&p, now) == PACE_MIN_MS);
}

int main(void)
{
	test_fight();
	test_peace();
	return 0;
}
