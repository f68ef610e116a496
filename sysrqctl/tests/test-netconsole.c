// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams of netconsole to lines: both formats, fragments, and what is neither. */
#include "netconsole.h"
#include "test.h"

static struct netconsole n;
static char got[65536];
static size_t lines;

static void on_line(const struct netconsole_line *l, void *arg)
{
	char *to = arg;

	to += strlen(to);
	if (l->extended)
		to += sprintf(to, "%u,%llu,%llu:", l->level, (unsigned long long)l->seq,
			      (unsigned long long)l->us);
	memcpy(to, l->text, l->len);
	strcpy(to + l->len, "\n");
	lines++;
}

static void begin(void)
{
	memset(&n, 0, sizeof(n));
	n.line = on_line;
	n.arg = got;
	got[0] = '\0';
	lines = 0;
}

static void take(const char *text)
{
	netconsole_take(&n, text, strlen(text));
}

static void is(const char *text)
{
	if (strcmp(got, text))
		fprintf(stderr, "got: %s, not: %s", got, text);
	check(!strcmp(got, text));
	begin();
}

static void test_basic(void)
{
	begin();
	take("[   49.361310] sysrq: Show Blocked State\n");
	is("[   49.361310] sysrq: Show Blocked State\n");
	/* A message of two lines; one that is cut into two datagrams; an empty line. */
	take("one\ntwo\n");
	is("one\ntwo\n");
	take("a long ");
	check(!lines);
	take("line\n\n");
	is("a long line\n\n");
	/* One whose end never comes. */
	take("half");
	netconsole_flush(&n);
	netconsole_flush(&n);
	is("half\n");
}

static void test_extended(void)
{
	begin();
	take("6,339,5140900,-;NET: Registered protocol family 10\n");
	is("6,339,5140900:NET: Registered protocol family 10\n");
	/* With facility, release and caller; a dictionary, and what an administrator has added. */
	take("6.12.0-7-amd64,30,7,99,c,caller=T1;text\n SUBSYSTEM=pci\n DEVICE=+pci:0\n rack=7\n");
	is("6,7,99:text\n");
	take("0,1,2,-;no end");
	is("0,1,2:no end\n");
	take("4,1,2,-;two\\x0alines, \\x5c and \\x1b[2J\\x0\\y\n");
	is("4,1,2:two\n4,1,2:lines, \\ and \x1b[2J\\x0\\y\n");
	take("4,1,2,-;\n");
	is("4,1,2:\n");
}

static void test_fragments(void)
{
	begin();
	take("6,416,17,-,ncfrag=0/32;the first chunk,");
	check(!lines);
	take("6,416,17,-,ncfrag=16/32; the 2nd chunk.\n");
	is("6,416,17:the first chunk, the 2nd chunk.\n");
	/* The other way round; one of them twice; a release before each. */
	take("6.1.0,6,5,1,-,ncfrag=3/6;def");
	take("6.1.0,6,5,1,-,ncfrag=3/6;xyz");
	take("6.1.0,6,5,1,-,ncfrag=0/6;abc");
	is("6,5,1:abcdef\n");
	/* One is lost, and another message comes; the last is lost. */
	take("6,5,1,-,ncfrag=0/9;abc");
	take("6,5,1,-,ncfrag=6/9;ghi");
	take("6,6,2,-,ncfrag=0/9;ABC");
	check(!strcmp(got, "6,5,1:abc[...]ghi\n"));
	netconsole_flush(&n);
	is("6,5,1:abc[...]ghi\n6,6,2:ABC[...]\n");
}

/* None of these has a header that can be: they are shown as they came. */
static void test_neither(void)
{
	static const char * const texts[] = {
		"6,5,1,-", "6,5,1;text", "6,,1,-;text", "x,y,5,1,-;text", "6,5,1,-,ncfrag=0/0;a",
		"6,5,1,-,ncfrag=5/5;a", "6,5,1,-,ncfrag=0/5;abcdef", "6,5,1,-,ncfrag=4/5;ab",
		"6,5,1,-,ncfrag=0/16385;a", "6,5,1,-,ncfrag=-1/5;a", "6,5,1,-,ncfrag=0/5;",
		"6,5,1,-,ncfrag=0/9999999999999999999999;a", "6,5,1,-,ncfrag=0/5,a=b;a",
		"99999999999999999999,5,1,-;text", "6,5,1,-,key;text", "6,5,1,;text", ";", ",;", "",
	};
	char want[128];
	size_t i;

	begin();
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		take(texts[i]);
		netconsole_flush(&n);
		snprintf(want, sizeof(want), "%s%s", texts[i], texts[i][0] ? "\n" : "");
		is(want);
	}
	netconsole_take(&n, "6,5\0,1,-;text\n", 14);
	check(lines == 1 && !strcmp(got, "6,5"));
}

/* Lines and messages as long as can be, and longer. */
static void test_long(void)
{
	static char text[NETCONSOLE_LINE * 2 + 2];
	size_t at;
	char part[1200];

	begin();
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 2] = '\n';
	take(text);
	check(lines == 2 && strlen(got) == sizeof(text));
	begin();
	for (at = 0; at < NETCONSOLE_BODY; at += 512) {
		sprintf(part, "6,5,1,-,ncfrag=%zu/%d;%.512s", at, NETCONSOLE_BODY, text);
		take(part);
	}
	check(lines == NETCONSOLE_BODY / NETCONSOLE_LINE);
	/* Every other byte is missing: no more than fits comes of it. */
	begin();
	for (at = 0; at < NETCONSOLE_BODY; at += 2) {
		sprintf(part, "6,5,1,-,ncfrag=%zu/%d;b", at, NETCONSOLE_BODY);
		take(part);
	}
	netconsole_flush(&n);
	check(lines >= 8 && lines <= 9);
}

int main(void)
{
	test_basic();
	test_extended();
	test_fragments();
	test_neither();
	test_long();
	return 0;
}
