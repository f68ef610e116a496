// SPDX-License-Identifier: GPL-2.0-only
/* What is read from people, and told to them: durations, times, hosts. */
#include <errno.h>
#include <time.h>

#include "duration.h"
#include "hosts.h"
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
	check(when_parse("2031-01-02x", now, &when) == -EINVAL);
	when_print_clock(1900000000, now, buf, sizeof(buf));
	check(!strcmp(buf, "17:46:40"));
	when_print_clock(1900086400, now, buf, sizeof(buf));
	check(!strcmp(buf, "2030-03-18 17:46:40"));
}

static void one_host(const char *text, const char *name, const char *port, bool literal,
		     const char *id0, const char *id1)
{
	struct host *h;
	char why[256];
	size_t n;

	check(!hosts_parse(text, "9", &h, &n, why, sizeof(why)) && n == 1);
	check(!strcmp(h->name, name) && !strcmp(h->port, port) && h->literal == literal);
	check(h->nidentities == (unsigned int)(!!id0 + !!id1));
	check(!id0 || !strcmp(h->identities[0], id0));
	check(!id1 || !strcmp(h->identities[1], id1));
	free(h);
}

static void no_hosts(const char *text, const char *part)
{
	struct host *h;
	char why[256];
	size_t n;

	check(hosts_parse(text, "9", &h, &n, why, sizeof(why)) == -EINVAL && !h);
	check_has(why, part);
}

static void test_hosts(void)
{
	char text[HOSTS_MAX * 8 + 64];
	struct host *h;
	size_t i, n;

	one_host("web1", "web1", "9", false, "web1", NULL);
	one_host("Web1.Example.ORG.", "Web1.Example.ORG.", "9", false, "web1.example.org", "web1");
	one_host("web1:99", "web1", "99", false, "web1", NULL);
	one_host("192.0.2.1:99", "192.0.2.1", "99", true, NULL, NULL);
	one_host("2001:db8::1", "2001:db8::1", "9", true, NULL, NULL);
	one_host("[2001:db8::1]:99", "2001:db8::1", "99", true, NULL, NULL);
	one_host("[::1]", "::1", "9", true, NULL, NULL);
	one_host("fe80::1%lo", "fe80::1%lo", "9", true, NULL, NULL);
	one_host("[web1]:99", "web1", "99", false, "web1", NULL);

	check(!hosts_parse("a,b:9,::1,b:10", "9", &h, &n, text, sizeof(text)) && n == 4);
	free(h);
	no_hosts("", "an empty host");
	no_hosts("a,", "an empty host");
	no_hosts("a,,b", "an empty host");
	no_hosts("a:", "port '' is not one of");
	no_hosts("a:0", "port '0' is not one of");
	no_hosts("a:65536", "port '65536' is not one of");
	no_hosts("a:9x", "port '9x' is not one of");
	no_hosts("[::1", "not [ADDRESS]:PORT");
	no_hosts("[::1]9", "not [ADDRESS]:PORT");
	no_hosts("[]:9", "neither a name nor an address");
	no_hosts("a b", "neither a name nor an address");
	no_hosts("root@a", "neither a name nor an address");
	no_hosts("2001:db8::g", "not an IPv6 address");
	no_hosts("a,b,A:9", "named twice");
	memset(text, 'a', 300);
	text[300] = '\0';
	no_hosts(text, "is longer than");
	for (i = 0, n = 0; i <= HOSTS_MAX; i++)
		n += sprintf(text + n, "h%zu,", i);
	no_hosts(text, "more than 4096 hosts");
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
	check(!strcmp(words_status_id(200), "unknown"));
}

int main(void)
{
	test_duration();
	test_when();
	test_hosts();
	test_words();
	return 0;
}
