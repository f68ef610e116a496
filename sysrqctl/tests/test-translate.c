// SPDX-License-Identifier: GPL-2.0-only
/* Rules of the old targets: what is said of them here, and what is not understood. */
#include "test-run.h"
#include "test.h"

static struct run r;

/* It says @arm and @nft. */
static void good(const char *rule, const char *arm, const char *nft)
{
	char line[700];

	snprintf(line, sizeof(line), "%s\n", rule);
	run(&r, line, "rule translate");
	if (r.status)
		fprintf(stderr, "%s: %s", rule, r.err);
	check(!r.status && !r.err[0]);
	snprintf(line, sizeof(line), "\nsysrqctl arm%s\n", arm);
	check_has(r.out, line);
	snprintf(line, sizeof(line), "\nnft '%s'\n", nft);
	check_has(r.out, line);
	check_has(r.out, "sysrqctl key set");
}

static void bad(const char *rule, const char *why)
{
	char line[4096];

	snprintf(line, sizeof(line), "%s\n", rule);
	run(&r, line, "rule translate");
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, why);
}

static void test_good(void)
{
	good("-A INPUT -p udp -m udp --dport 9 -j SYSRQ", "", "add rule inet filter input udp dport 9 sysrq drop");
	good("[12:3456] -A INPUT -p udp -m udp --dport 9 -j SYSRQ", "",
	     "add rule inet filter input udp dport 9 sysrq drop");
	good("iptables -I INPUT -s 10.10.25.1 -p udp --dport 700 -j SYSRQ", " --port 700 --from 10.10.25.1",
	     "insert rule inet filter input ip saddr 10.10.25.1 udp dport 700 sysrq drop");
	good("/usr/sbin/iptables-legacy -t filter -I INPUT 3 -i eth0 -p icmp --icmp-type 8 -j SYSRQ",
	     " --icmp --iface eth0", "insert rule inet filter input iifname \"eth0\" icmp type echo-request sysrq drop");
	good("ip6tables --append INPUT --source fd00::/64 -p udp --destination-port 9 --jump SYSRQ",
	     " --from fd00::/64", "add rule inet filter input ip6 saddr fd00::/64 udp dport 9 sysrq drop");
	good("ip6tables -A INPUT -p ipv6-icmp --icmpv6-type echo-request -j SYSRQ", " --icmp",
	     "add rule inet filter input icmpv6 type echo-request sysrq drop");
	good("-A INPUT -s 192.0.2.0/255.255.255.0 -p udp -m comment --comment \"who is on call\" -m udp --dport 9 -j SYSRQ",
	     " --from 192.0.2.0/24",
	     "add rule inet filter input ip saddr 192.0.2.0/24 udp dport 9 sysrq drop comment \"who is on call\"");
	good("-A INPUT -s 10.10.25.1/32 -d 10.10.25.7/32 -p udp -m mac --mac-source AA:bb:cc:dd:ee:0f -m udp --dport 9 -j SYSRQ",
	     " --from 10.10.25.1", "add rule inet filter input ether saddr AA:bb:cc:dd:ee:0f ip saddr 10.10.25.1 "
	     "ip daddr 10.10.25.7/32 udp dport 9 sysrq drop");
	check_has(r.out, "without -d 10.10.25.7/32");
	check_has(r.out, "without --mac-source");
	good("-A INPUT -s 10.1.1.1 -m policy --dir in --pol ipsec --proto esp --tunnel-src 10.1.1.1 --tunnel-dst 10.1.1.2 "
	     "-p udp --dport 9 -j SYSRQ", " --from 10.1.1.1",
	     "add rule inet filter input ip saddr 10.1.1.1 udp dport 9 sysrq drop");
	check_has(r.out, "without -m policy");
}

static void test_bad(void)
{
	char longest[3000];

	bad("", "no rule with the target SYSRQ");
	bad("-A INPUT -p udp --dport 9 -j DROP", "no rule with the target SYSRQ");
	bad("# iptables -A INPUT -p udp --dport 9 -j SYSRQ", "no rule with the target SYSRQ");
	bad("-A FORWARD -p udp --dport 9 -j SYSRQ", "'-A FORWARD' is not understood");
	bad("-A INPUT -p tcp --dport 9 -j SYSRQ", "'-p tcp' is not understood");
	bad("-A INPUT ! -s 10.0.0.1 -p udp --dport 9 -j SYSRQ", "'!' is not understood");
	bad("-A INPUT -p udp --dport 9:10 -j SYSRQ", "'--dport 9:10'");
	bad("-A INPUT -p udp --dport 0 -j SYSRQ", "'--dport 0'");
	bad("-A INPUT -s 10.0.0.0/255.0.255.0 -p udp --dport 9 -j SYSRQ", "'-s 10.0.0.0/255.0.255.0'");
	bad("-A INPUT -i eth+ -p udp --dport 9 -j SYSRQ", "'-i eth+'");
	bad("-A INPUT -i 'a;b' -p udp --dport 9 -j SYSRQ", "'-i a;b'");
	bad("-A INPUT -m comment --comment \"'; reboot\" -p udp --dport 9 -j SYSRQ", "'--comment '; reboot'");
	bad("-A INPUT -m recent --set -p udp --dport 9 -j SYSRQ", "'-m recent'");
	bad("-A INPUT -p udp --dport -j SYSRQ", "'--dport -j'");
	bad("-A INPUT -p udp -j SYSRQ --dport", "'--dport '");
	bad("-A INPUT -m comment --comment \"open -p udp --dport 9 -j SYSRQ", "its quotes");
	bad("ip6tables -A INPUT -s 10.0.0.1 -p udp --dport 9 -j SYSRQ", "addresses of two families");
	bad("-A INPUT -m mac --mac-source aa:bb:cc:dd:ee -j SYSRQ", "'--mac-source aa:bb:cc:dd:ee'");
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + 2900, " -j SYSRQ", 10);
	bad(longest, "a line of 2048 bytes or more");
}

/* Of many lines, those that matter; an error has its line's number. */
static void test_input(void)
{
	run(&r, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n"
	    "-A INPUT -p udp -m udp --dport 9 -j SYSRQ\n-A INPUT -p udp -m udp --dport 10 -j SYSRQ\nCOMMIT\n",
	    "rule translate");
	check(!r.status);
	check_has(r.out, "sysrqctl arm --port 10\n");
	run(&r, "*filter\n-A OUTPUT -p udp -m udp --dport 9 -j SYSRQ\n-A INPUT -p udp --dport 9 -j SYSRQ\n",
	    "rule translate");
	check(r.status == 2);
	check_has(r.err, "line 2: '-A OUTPUT'");
	check_has(r.out, "sysrqctl arm\n");
	run(&r, NULL, "rule translate 'iptables -A INPUT -p udp --dport 11 -j SYSRQ'");
	check(!r.status);
	check_has(r.out, "sysrqctl arm --port 11\n");
	run(&r, NULL, "rule translate nonsense");
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, "'nonsense' is no rule with the target SYSRQ");
}

int main(int argc, char **argv)
{
	check(argc == 2);
	run_binary = argv[1];
	test_good();
	test_bad();
	test_input();
	return 0;
}
