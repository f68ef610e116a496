// SPDX-License-Identifier: GPL-2.0-only
/* What may be said of rules, and what not: words, and whole command lines. */
#include <errno.h>
#include <linux/netfilter.h>

#include "command.h"
#include "rule.h"
#include "test-run.h"
#include "test.h"

static void test_numbers(void)
{
	uint64_t n = 7;

	check(!rule_read_number("1", 65535, &n) && n == 1);
	check(!rule_read_number("65535", 65535, &n) && n == 65535);
	check(!rule_read_number("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX);
	n = 7;
	check(rule_read_number("65536", 65535, &n) == -EINVAL);
	check(rule_read_number("18446744073709551616", UINT64_MAX, &n) == -EINVAL);
	check(rule_read_number("0", 9, &n) == -EINVAL);
	check(rule_read_number("", 9, &n) == -EINVAL);
	check(rule_read_number("-1", 9, &n) == -EINVAL);
	check(rule_read_number("+1", 9, &n) == -EINVAL);
	check(rule_read_number(" 1", 9, &n) == -EINVAL);
	check(rule_read_number("1 ", 9, &n) == -EINVAL);
	check(rule_read_number("0x1", 9, &n) == -EINVAL);
	check(n == 7);
}

static void test_from(void)
{
	static const char *const bad[] = {
		"", "/", "/8", "10.0.0.0/", "10.0.0.0/0", "10.0.0.0/33", "10.0.0.1/8", "10.0.0",
		"10.0.0.0/8/8", "10.0.0.0/-8", "fd00::/129", "fd00::1/64", "::/0", "fd00::%eth0",
		"localhost", "10.0.0.256", ":", "1111:2222:3333:4444:5555:6666:7777:8888:9999:0:0:0",
	};
	struct rule_spec s = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check(rule_read_from(bad[i], &s) == -EINVAL);
		check(!s.from_family && !s.from_len);
	}
	check(!rule_read_from("10.0.0.0/8", &s));
	check(s.from_family == NFPROTO_IPV4 && s.from_len == 8 && s.from[0] == 10);
	check(!rule_read_from("192.0.2.255", &s));
	check(s.from_len == 32 && s.from[3] == 255);
	check(!rule_read_from("fd00::/9", &s));
	check(s.from_family == NFPROTO_IPV6 && s.from_len == 9 && s.from[0] == 0xfd);
	check(!rule_read_from("::1", &s));
	check(s.from_len == 128 && s.from[15] == 1);
	check(!rule_read_from("128.0.0.0/1", &s) && s.from_len == 1);
}

static void test_iface(void)
{
	struct rule_spec s = { 0 };

	check(!rule_read_iface("a234567890abcde", &s));
	check(!rule_read_iface("br0", &s) && !strcmp(s.iface, "br0") && !s.iface[5]);
	check(rule_read_iface("", &s) == -EINVAL);
	check(rule_read_iface("a234567890abcdef", &s) == -EINVAL);
	check(rule_read_iface("a/b", &s) == -EINVAL);
	check(rule_read_iface("a b", &s) == -EINVAL);
	check(rule_read_iface("..", &s) == -EINVAL);
	check(!strcmp(s.iface, "br0"));
}

static void bad(const char *command, const char *part)
{
	struct run r;

	run(&r, NULL, command);
	if (r.status != EXIT_USAGE)
		fprintf(stderr, "%s: status %d\n", command, r.status);
	check(r.status == EXIT_USAGE && !r.out[0]);
	check_has(r.err, part);
}

static void test_lines(void)
{
	bad("rule", "rule: needs one of add, list, del");
	bad("rule add x", "takes no 'x'");
	bad("rule add --family bridge", "--family 'bridge': not inet, ip, ip6 or netdev");
	bad("rule add --table ''", "--table '': not a name");
	bad("rule add --port 0", "--port '0': not 1 to 65535");
	bad("rule add --port 9x", "--port '9x': not 1 to 65535");
	bad("rule add --icmp --port 9", "--icmp and --port exclude each other");
	bad("rule add --first --after 3", "exclude each other");
	bad("rule add --before 0", "--before '0': not a handle");
	bad("rule add --from 10.0.0.1/8", "--from '10.0.0.1/8': not an address");
	bad("rule add --family ip --from ::1", "--from is no address of family ip");
	bad("rule add --key a/b", "--key 'a/b': not 1 to 31");
	bad("rule add --iface a/b", "--iface 'a/b': not a name");
	bad("rule del", "needs one HANDLE, not 0");
	bad("rule del 1 2", "needs one HANDLE, not 2");
	bad("rule del x", "HANDLE 'x': not a number");
	bad("rule list x", "takes no 'x'");
	bad("arm x", "takes no 'x'");
	bad("arm --table t", "unknown option --table");
	bad("arm --icmp --port 9", "--icmp and --port exclude each other");
	bad("arm --hold x", "takes no 'x'");
	bad("arm --hold=1", "--hold takes no argument");
	bad("rule add --hold", "unknown option --hold");
	bad("disarm x", "takes no 'x'");
}

int main(int argc, char **argv)
{
	check(argc == 2);
	run_binary = argv[1];
	check(strcmp(rule_family(NFPROTO_INET), "inet") == 0);
	test_numbers();
	test_from();
	test_iface();
	test_lines();
	return 0;
}
