// SPDX-License-Identifier: GPL-2.0-only
/* Programs: letters, waits, sequences, a later begin. */
#include "steps.h"
#include "test.h"

static int parse(struct steps *s, const char *a, const char *b, const char *c, char why[256])
{
	char *argv[] = { (char *)a, (char *)b, (char *)c };

	return steps_parse(s, c ? 3 : b ? 2 : a ? 1 : 0, argv, NULL, why, 256);
}

static void test_steps(void)
{
	struct steps s;
	char why[256];

	check(!parse(&s, "sub", NULL, NULL, why) && s.n == 3);
	check(s.step[0].letter == 's' && s.step[0].wait == 10 && s.step[1].wait == 10);
	check(s.step[2].letter == 'b' && !s.step[2].wait);
	check(!parse(&s, "s", "+2s", "u", why) && s.n == 2 && s.step[0].wait == 20);
	check(!parse(&s, "s +500ms u", NULL, NULL, why) && s.step[0].wait == 5);
	check(!parse(&s, "s+0 u", NULL, NULL, why) && s.n == 2 && !s.step[0].wait);
	check(!parse(&s, "+1m", "b", NULL, why) && s.n == 2 && !s.step[0].letter);
	check(s.step[0].wait == 133 && !s.rounded && steps_before_ms(&s, 1) == 60000);
	check(!parse(&s, "s", "+12s +10s", "b", why) && s.n == 3 && !s.step[1].letter);
	check(steps_before_ms(&s, 2) == 22000);
	check(!parse(&s, "s", "+15s", "b", why) && s.rounded);
	check(steps_before_ms(&s, 1) == 20000);
	check(!parse(&s, "adddfghjklm", NULL, NULL, why) && s.n == 11);

	check(parse(&s, "adddfghjklmn", NULL, NULL, why) == -EINVAL);
	check_has(why, "more than 11 steps");
	check(parse(&s, "+1 adddfghjklm", NULL, NULL, why) == -EINVAL);
	check_has(why, "more than 11 steps");
	check(parse(&s, "s!", NULL, NULL, why) == -EINVAL);
	check_has(why, "'!' is no SysRq letter");
	check(parse(&s, "s\xc3\xa4", NULL, NULL, why) == -EINVAL);
	check_has(why, "byte 0xc3 is no SysRq letter");
	check(parse(&s, "s", "+x", "b", why) == -EINVAL);
	check_has(why, "'+x' is no wait");
	check(parse(&s, "s", "+2sb", NULL, why) == -EINVAL);
	check(parse(&s, "s", "+1h", "b", why) == -EINVAL);
	check_has(why, "at most 1280 s");
	check(parse(&s, "s", "+1", NULL, why) == -EINVAL);
	check_has(why, "waits for nothing");
	check(parse(&s, "+1", NULL, NULL, why) == -EINVAL);
	check(parse(&s, "s", "", NULL, why) == -EINVAL);
	check_has(why, "empty command");
	check(parse(&s, NULL, NULL, NULL, why) == -EINVAL);
}

/* Words that are taken for letters: other commands, and hosts behind a blank. */
static void test_words(void)
{
	static const char * const bad[] = { "reboot", "show", "stop", "cancel", "shutdown", "web2",
		"db1", "host7", "bb", "crash", "s+2sbs", "help", "test", "kill", "list", "sei" };
	static const char * const good[] = { "sub", "suo", "c", "b", "o b", "o +10s b", "sb e",
		"r e i s u b", "e+5s i" };
	struct steps s;
	char why[256];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(parse(&s, bad[i], NULL, NULL, why) == -EINVAL);
	check(parse(&s, "web2", "sub", NULL, why) == -EINVAL);
	check(!strcmp(why, "'web2' would be letters, and behind 'b' (reboot) nothing runs any more; "
		      "should that be meant, put a blank behind b"));
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check(!parse(&s, good[i], NULL, NULL, why));
}

static void test_sequences(void)
{
	static const struct sequence own[] = {
		{ "reisub", "s b" }, { "quick-stop_1", "s +2s o" }, { "bad", "s +1x b" },
		{ "empty", " " }, { "ends", "s +1" }, { }
	};
	char *words[] = { (char *)"reisub", (char *)"reisub" };
	struct steps s;
	char why[256];

	check(!parse(&s, "reisub", NULL, NULL, why) && s.n == 6);
	check(s.step[0].wait == 10 && s.step[1].wait == 100 && s.step[5].letter == 'b');
	check(steps_before_ms(&s, 5) == 23000);
	check(!parse(&s, "reisuo", NULL, NULL, why) && s.step[5].letter == 'o');
	/* Letters as ever: another word. Beside other words it would be letters, with e and i. */
	check(!parse(&s, "sub", NULL, NULL, why) && steps_before_ms(&s, 2) == 2000);
	check(parse(&s, "reisub", "h", NULL, why) == -EINVAL);

	/* The user's own come first. */
	check(!steps_parse(&s, 1, words, own, why, sizeof(why)) && s.n == 2);
	words[1] = (char *)"h";
	check(steps_parse(&s, 2, words, own, why, sizeof(why)) == -EINVAL);
	words[0] = (char *)"quick-stop_1";
	check(!steps_parse(&s, 1, words, own, why, sizeof(why)) && s.step[0].wait == 20);
	words[0] = (char *)"reisuo";
	check(!steps_parse(&s, 1, words, own, why, sizeof(why)) && s.n == 6);

	words[0] = (char *)"bad";
	check(steps_parse(&s, 1, words, own, why, sizeof(why)) == -EINVAL);
	check_has(why, "sequence 'bad': '+1x' is no wait");
	words[0] = (char *)"empty";
	check(steps_parse(&s, 1, words, own, why, sizeof(why)) == -EINVAL);
	check_has(why, "sequence 'empty': no command");
	words[0] = (char *)"ends";
	check(steps_parse(&s, 1, words, own, why, sizeof(why)) == -EINVAL);
	check_has(why, "sequence 'ends': a wait at the end");
}

static void test_names(void)
{
	static const char * const bad[] = { "", "s", "Sub", "a b", "a.b", "\xc3\xa4\xc3\xa4",
		"abcdefghijklmnopqrstuvwxyz012345" };
	const struct sequence *seq;
	struct steps s;
	char why[256];
	size_t i;

	check(sequence_name("ab") && sequence_name("0-_") &&
	      sequence_name("abcdefghijklmnopqrstuvwxyz01234"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(!sequence_name(bad[i]));
	for (seq = sequences_builtin; seq->name[0]; seq++)
		check(sequence_name(seq->name) && !parse(&s, seq->name, NULL, NULL, why));
}

/* What --after makes of a program of @n letters: each @ms is reached, or is refused. */
static void test_delay(void)
{
	static const s64 exact[] = { 100, 5000, 12700, 10000, 65000, 300000, 1275000, 1280000,
		1285000, 3600000, 7265400 };
	struct steps s;
	char why[256];
	s64 ms, got;
	size_t i;

	for (i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
		check(!parse(&s, "sb", NULL, NULL, why));
		check(!steps_delay(&s, exact[i], why, sizeof(why)));
		check(steps_before_ms(&s, s.n - 1) == exact[i] + 1000 && !s.rounded);
		check(s.step[s.n - 2].letter == 's' && !s.step[0].letter);
	}
	check(!parse(&s, "sb", NULL, NULL, why) && !steps_delay(&s, 0, why, sizeof(why)));
	check(s.n == 2);

	/* Never shorter than was asked, and longer by less than a wait's next size. */
	for (ms = 1; ms <= 9 * NFT_SYSRQ_WAIT_MAX_MS; ms += 7919) {
		check(!parse(&s, "sb", NULL, NULL, why));
		check(!steps_delay(&s, ms, why, sizeof(why)) && s.n <= NFT_SYSRQ_MAX_STEPS);
		got = steps_before_ms(&s, s.n - 2);
		check(got >= ms && got < ms + 10000 && s.rounded == (got != ms));
	}

	/* No room for the tenths: rounded, and said. */
	check(!parse(&s, "adddfghjkl", NULL, NULL, why));
	check(!steps_delay(&s, 65000, why, sizeof(why)) && s.n == 11 && s.rounded);
	check(steps_before_ms(&s, 1) == 70000);

	check(!parse(&s, "sb", NULL, NULL, why));
	check(steps_delay(&s, 9 * NFT_SYSRQ_WAIT_MAX_MS + 1, why, sizeof(why)) == -EINVAL);
	check_has(why, "beside the 2 steps of COMMANDS there is room for 9 waits of 1280 s each, "
		  "together 3 h 12 min");
	check(s.n == 2);
	check(!parse(&s, "adddfghjklm", NULL, NULL, why));
	check(steps_delay(&s, 1, why, sizeof(why)) == -EINVAL && s.n == 11);
}

int main(void)
{
	test_steps();
	test_words();
	test_sequences();
	test_names();
	test_delay();
	return 0;
}
