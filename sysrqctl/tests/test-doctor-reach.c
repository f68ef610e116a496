// SPDX-License-Identifier: GPL-2.0-only
/* doctor: would a request get to the live rules? What is said, how bad it is, and what mends it. */
#include <errno.h>

#include "fake-root.h"
#include "fake-ruleset.h"
#include "test.h"

#include <linux/netfilter.h>

#define INET	NFPROTO_INET
#define RULE	"proto 17 dport 9 sysrq drop"
#define COUNT	"/proc/sys/net/netfilter/nf_conntrack_count"
#define MAX	"/proc/sys/net/netfilter/nf_conntrack_max"

static struct doctor d;

static void begin(const char *first)
{
	rs_free(&d.ruleset);
	root_doctor(&d);
	d.rules.n = 1;
	fake_begin();
	fake_table(INET, "t", false);
	fake_chain(INET, "in", NF_INET_LOCAL_IN, 0, "accept");
	fake_rule(INET, "in", first);
}

static void look(void)
{
	rs_free(&d.ruleset);
	fake_load(&d.ruleset);
	check(!rs_link(&d.ruleset, "eth0", 2, true) && !rs_link(&d.ruleset, "eth1", 3, false));
	root_look(&d, doctor_reach);
}

static void test_in_the_way(void)
{
	begin("counter");
	fake_rule(INET, "in", RULE);
	look();
	root_found("ok", "reach", "inet t in handle 2: IPv4 and IPv6 to UDP port 9 reach it", NULL);
	root_fine();

	begin("proto 17 drop");
	fake_rule(INET, "in", RULE);
	look();
	root_found("problem", "reach", "never reach it: inet t in handle 1 drops",
		   "sysrqctl rule add --family inet --table t --chain in --before 1");
	begin("limit accept");
	fake_rule(INET, "in", "proto 17 dport 77 sysrq");
	look();
	root_found("warning", "reach", "may reach it: inet t in handle 1 accepts",
		   "sysrqctl rule add --family inet --table t --chain in --before 1 --port 77");

	/* Where no rule of ours can be, or in another table: let it pass. */
	begin(RULE);
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "proto 17 drop");
	look();
	root_found("problem", "reach", "inet t raw handle 2 drops",
		   "nft insert rule inet t raw handle 2 udp dport 9 accept");
	begin("proto 1 sysrq");
	fake_table(NFPROTO_IPV4, "t", false);
	fake_chain(NFPROTO_IPV4, "a b", NF_INET_LOCAL_IN, -5, "drop");
	look();
	root_found("problem", "reach", "IPv4 pings never reach it: policy of ip t a b drops",
		   "sysrqctl arm --icmp");
	begin(RULE);
	fake_chain(NFPROTO_IPV6, "in", NF_INET_LOCAL_IN, -5, "drop");
	look();
	root_found("warning", "reach", "IPv4 to UDP port 9 reach it; IPv6 to UDP port 9 never reach it",
		   "nft add rule ip6 t in udp dport 9 accept");
}

static void test_placed(void)
{
	begin("proto 6 sysrq");
	look();
	root_found("problem", "reach", "own matches", "sysrqctl arm");
	fake_rule(INET, "in", RULE);
	look();
	root_found("warning", "reach", "own matches", "sysrqctl arm");
	root_found("ok", "reach", "handle 2: IPv4 and IPv6", NULL);
	begin("counter");
	fake_device("dev", "eth1");
	fake_rule(NFPROTO_NETDEV, "dev", RULE);
	look();
	root_found("problem", "reach", "is down", "ip link set dev eth1 up");
}

static void test_others(void)
{
	unsigned int i;

	begin(RULE);
	for (i = 0; i < DOCTOR_FEW + 1; i++)
		fake_rule(INET, "in", RULE);
	look();
	root_found("note", "reach", "2 more rules were not looked at", NULL);
	d.ruleset.legacy = true;
	root_look(&d, doctor_reach);
	root_found("note", "reach", "iptables-legacy", NULL);

	begin(RULE);
	root_put(COUNT, 0444, "58982\n");
	root_put(MAX, 0444, "65536\n");
	look();
	root_fine();
	root_put(COUNT, 0444, "58983\n");
	look();
	root_found("warning", "reach", "58983 of at most 65536 entries", "sysrqctl arm");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(INET, "raw", "proto 17 dport 9 notrack");
	look();
	root_fine();
	root_remove("/proc");

	d.ruleset_err = -EINTR;
	look();
	root_found("warning", "reach", "cannot be worked out: the ruleset is changed all the time", DOCTOR_AGAIN);
	d.rules.n = 0;
	look();
	check(!root_count());
	rs_free(&d.ruleset);
}

int main(void)
{
	root_begin();
	test_in_the_way();
	test_placed();
	test_others();
	root_end();
	return 0;
}
