// SPDX-License-Identifier: GPL-2.0-only
/* Would a request reach the rule? Without a kernel: rulesets, and what must be said of them. */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <time.h>

#include "fake-ruleset.h"
#include "test.h"

#define INET	NFPROTO_INET
#define IPV4	NFPROTO_IPV4
#define NONE	0x7fff

static struct reach_query query;

/* inet t in, at hook input. */
static void begin(const char *policy)
{
	fake_begin();
	fake_table(INET, "t", false);
	fake_chain(INET, "in", NF_INET_LOCAL_IN, 0, policy);
	memset(&query, 0, sizeof(query));
}

/* Answers for IPv4 and IPv6 of the only rule with sysrq; what is said has @part. */
static void says_at(int line, enum tri four, enum tri six, const char *part)
{
	struct reach_words words = { "" };
	struct ruleset rs;
	struct reach r;
	uint32_t i;

	fake_load(&rs);
	for (i = 0; i < rs.n_rules && !rs.rule[i].sysrq; i++)
		;
	check(i < rs.n_rules);
	check(!rs_link(&rs, "lo", 1, true) && !rs_link(&rs, "eth0", 2, true) &&
	      !rs_link(&rs, "eth1", 3, false));
	reach_rule(&rs, i, &query, &r);
	reach_say(&rs, &r, &words);
	if (r.by[0].answer != four || r.by[1].answer != six || !strstr(words.text, part)) {
		fprintf(stderr, "%s:%d: %d %d %s\n", __FILE__, line, r.by[0].answer, r.by[1].answer,
			words.text);
		exit(1);
	}
	rs_free(&rs);
}

#define says(four, six, part) says_at(__LINE__, four, six, part)

/* One chain with @before, then the rule. */
#define behind(before, rule, four, six, part) do {	\
	begin("accept");				\
	fake_rule(INET, "in", before);			\
	fake_rule(INET, "in", rule);			\
	says(four, six, part);				\
} while (0)

#define RULE	"proto 17 dport 9 sysrq drop"

static void test_chain(void)
{
	behind("counter", RULE, YES, YES, "IPv4 and IPv6 to UDP port 9 reach it");
	behind("proto 6 drop", RULE, YES, YES, "");
	behind("proto 17 drop", RULE, NO, NO, "never reach it: inet t in handle 1 drops");
	behind("proto 17 dport 9 accept", RULE, NO, NO, "handle 1 accepts");
	behind("proto 17 dport 10 accept", RULE, YES, YES, "");
	behind("dport>= 10 drop", RULE, YES, YES, "");
	behind("dport>= 9 drop", RULE, NO, NO, "");
	behind("dport!= 9 drop", RULE, YES, YES, "");
	behind("limit drop", RULE, MAYBE, MAYBE, "may reach it: inet t in handle 1 drops");
	/* Who is asked may accept them, but behind this chain. */
	behind("queue", RULE, NO, NO, "handle 1 asks a program");
	behind("osf drop", RULE, YES, YES, "");
	behind("hash drop", RULE, MAYBE, MAYBE, "");
	behind("return", RULE, NO, NO, "handle 1 leaves the chain");
	behind("iif lo accept", RULE, YES, YES, "");
	behind("iif eth0 accept", RULE, MAYBE, MAYBE, "");
	behind("iif eth0 accept", "iif eth1 " RULE, YES, YES, "by eth1 reach it");
	behind("saddr8 127.0.0.0 drop", RULE, YES, YES, "");
	behind("saddr8 10.0.0.0 drop", RULE, MAYBE, YES, "");
	behind("saddr8 10.0.0.0 drop", "saddr8 11.0.0.0 " RULE, YES, NO, "IPv4 to UDP");
	behind("state 8 drop", RULE, NO, NO, "");
	behind("state 6 accept", RULE, YES, YES, "");
	behind("mark 1 drop", RULE, YES, YES, "");
	behind("counter", "proto 6 dport 9 sysrq", NO, NO, "the rule's own matches do not hold");
	behind("counter", "proto 17 dport 77 sysrq", YES, YES, "port 77");
	behind("counter", "sysrq", YES, YES, "port 9");
	behind("counter", "proto 1 sysrq", YES, NO, "IPv4 pings reach it");
	behind("counter", "mark 1 sysrq", NO, NO, "own matches");
	behind("setmark 1", "mark 1 sysrq", YES, YES, "");
	behind("limit setmark 1", "mark 1 sysrq", MAYBE, MAYBE, "");
	behind("proto 17 sysrq accept", RULE, YES, YES, "");
}

/* What iptables-nft leaves. */
static void test_iptables(void)
{
	behind("xtstate 6 accept", RULE, YES, YES, "");
	behind("xtstate 8 drop", RULE, NO, NO, "");
	behind("xtstate 256 drop", RULE, YES, YES, "");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "notrack");
	says(NO, NO, "");
	behind("xtaddr 4 drop", RULE, NO, NO, "");
	behind("xtaddr 40 drop", RULE, YES, YES, "");
	behind("xtudp 9 accept", RULE, NO, NO, "");
	behind("xtudp 10 accept", RULE, YES, YES, "");
	behind("xt tcp drop", RULE, YES, YES, "");
	behind("xt comment drop", RULE, NO, NO, "");
	behind("xt recent drop", RULE, MAYBE, MAYBE, "");
}

static void test_query(void)
{
	behind("counter", RULE, YES, YES, "");
	query.port = 10;
	says(NO, NO, "own matches");
	query.port = 9;
	says(YES, YES, "");
	behind("iif eth0 drop", RULE, MAYBE, MAYBE, "");
	strcpy(query.iface, "eth1");
	says(YES, YES, "");
	strcpy(query.iface, "eth0");
	says(NO, NO, "");
	behind("saddr8 10.0.0.0 drop", RULE, MAYBE, YES, "");
	query.family = IPV4;
	memcpy(query.from, "\x0a\1\1\1", 4);
	says(NO, NO, "");
	query.from[0] = 11;
	says(YES, NO, "IPv4 to UDP");
}

static void test_hooks(void)
{
	behind("counter", RULE, YES, YES, "");
	fake_chain(INET, "early", NF_INET_LOCAL_IN, -5, "drop");
	says(NO, NO, "policy of inet t early drops");
	fake_rule(INET, "early", "proto 17 accept");
	says(YES, YES, "");
	fake_chain(INET, "late", NF_INET_LOCAL_IN, 5, "drop");
	says(YES, YES, "");
	fake_chain(INET, "beside", NF_INET_LOCAL_IN, 0, "drop");
	says(MAYBE, MAYBE, "policy of inet t beside drops");
	behind("state 64 accept", RULE, YES, YES, "");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "notrack");
	says(NO, NO, "accepts");
	behind("state 8 drop", RULE, NO, NO, "");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "limit notrack");
	says(MAYBE, MAYBE, "handle 1 drops");
	behind("counter", RULE, YES, YES, "");
	fake_table(IPV4, "t", false);
	fake_chain(IPV4, "raw", NF_INET_PRE_ROUTING, -300, "drop");
	says(NO, YES, "IPv4 to UDP port 9 never reach it: policy of ip t raw drops; IPv6 to UDP");
	behind("counter", RULE, YES, YES, "");
	fake_chain(INET, "nat", NF_INET_PRE_ROUTING, -100, "nat");
	fake_rule(INET, "nat", "proto 17 dport 9 redirect 10");
	says(NO, NO, "inet t nat handle 3 sends on");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "notrack");
	says(YES, YES, "");
}

static void test_placed(void)
{
	begin("accept");
	fake_regular(INET, "x");
	fake_rule(INET, "x", RULE);
	says(NO, NO, "no rule jumps to its chain");
	fake_rule(INET, "in", "proto 6 jump x");
	says(NO, NO, "but not with them");
	fake_rule(INET, "in", "iif eth0 jump x");
	says(YES, YES, "by eth0 reach it where inet t in handle 3 sends only some here");
	fake_rule(INET, "in", "goto x");
	says(YES, YES, "IPv4 and IPv6 to UDP port 9");

	fake_begin();
	fake_table(INET, "t", true);
	fake_chain(INET, "in", NF_INET_LOCAL_IN, 0, "accept");
	fake_rule(INET, "in", RULE);
	says(NO, NO, "dormant");
	fake_begin();
	fake_chain(INET, "out", NF_INET_LOCAL_OUT, 0, "accept");
	fake_rule(INET, "out", RULE);
	says(NO, NO, "another hook");

	fake_begin();
	fake_table(NFPROTO_NETDEV, "t", false);
	fake_device("in", "eth0");
	fake_rule(NFPROTO_NETDEV, "in", RULE);
	says(YES, YES, "");
	strcpy(query.iface, "eth1");
	says(NO, NO, "");
	query.iface[0] = '\0';
	fake_begin();
	fake_device("in", "eth1");
	fake_rule(NFPROTO_NETDEV, "in", RULE);
	says(NO, NO, "down");
	fake_begin();
	fake_device("in", "eth9");
	fake_rule(NFPROTO_NETDEV, "in", RULE);
	says(NO, NO, "no device");

	behind("counter", RULE, YES, YES, "");
	fake_device("dev", "eth0");
	fake_rule(NFPROTO_NETDEV, "dev", "drop");
	says(MAYBE, MAYBE, "netdev t dev handle 3 drops");
	strcpy(query.iface, "eth1");
	says(YES, YES, "");
}

static void test_sets(void)
{
	begin("accept");
	fake_set("s", 0, false);
	fake_elem("s", 53, 0, NONE, NULL);
	fake_rule(INET, "in", "in s drop");
	fake_rule(INET, "in", RULE);
	says(YES, YES, "");
	fake_elem("s", 9, 0, NONE, NULL);
	says(NO, NO, "");
	begin("accept");
	fake_set("s", 0, false);
	fake_elem("s", 4242, 0, NONE, NULL);
	fake_elem("s", 4243, 0, NONE, NULL);
	fake_rule(INET, "in", "notin s drop");
	fake_rule(INET, "in", "in s sysrq");
	says(YES, YES, "port 4242");

	begin("accept");
	fake_set("i", NFT_SET_INTERVAL, false);
	fake_elem("i", 10, NFT_SET_ELEM_INTERVAL_END, NONE, NULL);
	fake_elem("i", 3, 0, NONE, NULL);
	fake_rule(INET, "in", "in i drop");
	fake_rule(INET, "in", RULE);
	says(NO, NO, "");
	fake_elem("i", 9, NFT_SET_ELEM_INTERVAL_END, NONE, NULL);
	says(YES, YES, "");
	fake_elem("i", 9, 0, NONE, NULL);
	says(NO, NO, "");

	begin("drop");
	fake_regular(INET, "x");
	fake_set("m", NFT_SET_MAP, true);
	fake_elem("m", 7777, 0, NFT_JUMP, "x");
	fake_elem("m", 9, 0, NF_DROP, NULL);
	fake_rule(INET, "in", "proto 17 vmap m");
	fake_rule(INET, "x", "sysrq");
	says(YES, YES, "port 7777");
	query.port = 9;
	says(NO, NO, "inet t in handle 1 drops");
}

/* 100,000 rules; what is said is right, and takes less than a slow machine's seconds. */
static void test_cost(void)
{
	struct ruleset rs;
	struct timespec from, to;
	struct reach r;
	unsigned int i;

	begin("accept");
	fake_rule(INET, "in", "saddr8 10.0.0.0 proto 17 dport 10 drop");
	fake_rule(INET, "in", RULE);
	fake_load(&rs);
	check(rs.n_rules == 2);
	/* The first one, again and again before the second. */
	for (i = 0; i < 100000; i++)
		check(rs_rule(&fake_msg[2].nlh, &rs) == MNL_CB_OK);
	check(rs_rule(&fake_msg[3].nlh, &rs) == MNL_CB_OK);
	rs.rule[0].next = 2;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	reach_rule(&rs, rs.n_rules - 1, &query, &r);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	check(r.by[0].answer == YES && r.by[1].answer == YES);
	fprintf(stderr, "%zu rules: %ld ms\n", rs.n_rules, (to.tv_sec - from.tv_sec) * 1000 +
		(to.tv_nsec - from.tv_nsec) / 1000000);
	check(to.tv_sec - from.tv_sec < 20);
	rs_free(&rs);
}

/* Chains that jump to the next twice: no more work than is allowed. */
static void test_bound(void)
{
	char name[8], words[32];
	struct ruleset rs;
	unsigned int i;
	struct reach r;

	begin("accept");
	for (i = 0; i < 14; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		fake_regular(INET, name);
		snprintf(words, sizeof(words), "limit jump c%u", i + 1);
		if (i < 13) {
			fake_rule(INET, name, words);
			fake_rule(INET, name, words);
		}
	}
	fake_rule(INET, "in", "limit jump c0");
	fake_rule(INET, "in", RULE);
	fake_load(&rs);
	rs.work = REACH_BUDGET - 1000;
	reach_rule(&rs, rs.n_rules - 1, &query, &r);
	check(r.by[0].answer == MAYBE && r.by[0].why == REACH_TOO_MUCH);
	check(r.by[1].answer == MAYBE && rs.work < REACH_BUDGET + 100);
	rs.work = 0;
	reach_rule(&rs, rs.n_rules - 1, &query, &r);
	check(r.by[0].answer == YES);
	rs_free(&rs);
}

int main(void)
{
	test_chain();
	test_iptables();
	test_query();
	test_hooks();
	test_placed();
	test_sets();
	test_cost();
	test_bound();
	return 0;
}
