// SPDX-License-Identifier: GPL-2.0-only
/* Which words are statements; statements to carriers and back; text of enemies. */
#include <stdlib.h>

#include "carrier.h"
#include "carry.h"
#include "tap.h"
#include "uncarry.h"

/* @typed with each replaced part in brackets. */
static char *marked(const char *typed, enum block block)
{
	struct buf out = { 0 }, carried = { 0 };
	struct edits edits = { 0 };
	size_t i, at = 0;

	carry(typed, strlen(typed), (struct carry_how){ .block = block }, &carried, &edits);
	for (i = 0; i < edits.count; i++) {
		buf_add(&out, typed + at, edits.e[i].in - at);
		buf_str(&out, "[");
		buf_add(&out, typed + edits.e[i].in, edits.e[i].in_len);
		buf_str(&out, edits.e[i].why ? "!]" : "]");
		at = edits.e[i].in + edits.e[i].in_len;
	}
	buf_str(&out, typed + at);
	edits_free(&edits);
	buf_free(&carried);
	return out.p;
}

struct sample {
	enum block	block;
	const char	*want;
};

/* The brackets are what is expected; without them it is what is typed. */
static const struct sample samples[] = {
	{ BLOCK_TOP, "add rule inet filter input udp dport 9 [sysrq]" },
	{ BLOCK_TOP, "add rule filter input [sysrq] drop" },
	/* Behind lines that nobody looks at closely, and such as go on in the next. */
	{ BLOCK_TOP, "table t {\nchain c {\naccept\n\n# no; { in here\ndrop; drop\n[sysrq]\n}\n}" },
	{ BLOCK_TOP, "table t {\nchain c {\nfirst\niifname \\\nsysrq [sysrq]\niifname\n[sysrq]\n}\n}" },
	{ BLOCK_TOP, "table t {\nchain c {\naccept\nudp dport {\n9,\n10\n} [sysrq]\n}\n}" },
	{ BLOCK_TOP, "table t {\nchain c {\naccept\nlog prefix \"a\nsysrq\n\" [sysrq]\n}\n}\nadd set t s\n"
		     "flush ruleset\nadd rule t c [sysrq]\nadd table sysrq\n" },
	{ BLOCK_TOP, "insert rule inet filter input index 0 [sysrq key ops] counter" },
	{ BLOCK_TOP, "replace rule inet filter input handle 7 [sysrq key \"ops\" silent]" },
	{ BLOCK_TOP, "inet filter input [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c counter packets 5 bytes 10 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c limit rate 1/second burst 5 packets [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ct state new,established [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ct state { new, established } [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta l4proto udp [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta l4proto udp udp dport 9 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c fib daddr type local [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c fib saddr . iif oif missing [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip saddr . udp dport { 1.1.1.1 . 9 } [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip saddr != 10.0.0.0/8 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip saddr @sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip6 saddr fe80:: [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip6 saddr ::/0 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip6 saddr fe80::1 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c fib saddr . iif oif sysrq drop" },
	{ BLOCK_TOP, "add rule inet t c fib daddr oifname sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c fib daddr type local [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c iifname . oifname sysrq . sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip saddr . iifname 1.1.1.1 . sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ip protocol . tcp dport @s [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta mark set ip saddr . tcp dport map @m [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta mark set meta mark and sysrq or 1 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta mark and 5 eq sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meter sysrq { ip saddr limit rate 1/second } [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c osf ttl skip version sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c socket cgroupv2 level 2 sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c log level debug [sysrq]" },
	{ BLOCK_TOP, "add rule arp t c arp saddr ip sysrq" },
	{ BLOCK_TOP, "add rule arp t c arp saddr ip 1.1.1.1 arp operation request [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ether saddr aa:bb:cc:dd:ee:ff [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c tcp flags & (fin|syn) == syn [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c @th,16,16 9 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c meta mark set 1 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c ct original saddr 1.1.1.1 [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c add @s { ip saddr } [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c log prefix \"sysrq \" level debug [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c udp dport $sysrq [sysrq key $sysrq]" },
	{ BLOCK_TOP, "add rule inet t c jump { udp dport 9 [sysrq]; [sysrq] }" },
	{ BLOCK_TOP, "add rule inet t c iifname \"lo\" [sysrq] comment \"sysrq\"" },
	{ BLOCK_TOP, "add rule inet t c [sysrq] # sysrq\nadd rule inet t c [sysrq]" },
	{ BLOCK_TOP, "add rule inet t c udp dport {\n9,\n10 } [sysrq]" },
	{ BLOCK_TOP, "table inet t {\n\tchain c {\n\t\t[sysrq]; [sysrq key a]\n\t}\n}\n" },
	{ BLOCK_TOP, "add chain inet t c { type filter hook input priority 0; [sysrq]; }" },
	{ BLOCK_CHAIN, "[sysrq]\\\n[key]\\\n[b silent] counter" },
	{ BLOCK_ANY, "[sysrq] drop\nadd rule inet t c [sysrq]\ntcp dport 22 [sysrq]" },

	{ BLOCK_TOP, "add table inet sysrq" },
	{ BLOCK_TOP, "add chain inet sysrq sysrq { type filter hook input priority 0; }" },
	{ BLOCK_TOP, "add rule inet sysrq sysrq [sysrq]" },
	{ BLOCK_TOP, "add rule sysrq sysrq udp dport 9 [sysrq]" },
	{ BLOCK_TOP, "list chain inet filter sysrq" },
	{ BLOCK_TOP, "delete table sysrq" },
	{ BLOCK_TOP, "define sysrq = { sysrq, lo }" },
	{ BLOCK_TOP, "add rule inet t c iifname sysrq accept" },
	{ BLOCK_TOP, "add rule inet t c iifname { lo, sysrq } accept" },
	{ BLOCK_TOP, "add rule inet t c iifname != sysrq accept" },
	{ BLOCK_TOP, "add rule inet t c jump sysrq" },
	{ BLOCK_TOP, "add rule inet t c counter name sysrq" },
	{ BLOCK_TOP, "add rule inet t c udp dport sysrq accept" },
	{ BLOCK_TOP, "add rule inet t c meta iifname sysrq* accept" },
	{ BLOCK_TOP, "add rule inet t c ip saddr @sysrq accept" },
	{ BLOCK_TOP, "add element inet t s { sysrq }" },
	{ BLOCK_TOP, "add rule inet t c log prefix \"a\nsysrq\"" },
	{ BLOCK_TOP, "table inet t {\n\tset sysrq { type ifname; elements = { sysrq } }\n"
		     "\tchain sysrq {\n\t\tjump sysrq\n\t\t# sysrq\n\t}\n}" },
	{ BLOCK_TOP, "{\"nftables\": [{\"add\": {\"rule\": {\"expr\": [{\"sysrq\": null}]}}}]}" },

	{ BLOCK_CHAIN, "[sysrq] [key!]" },
	{ BLOCK_CHAIN, "[sysrq] [key!]; drop" },
	{ BLOCK_CHAIN, "[sysrq key] [drop!]" },
	{ BLOCK_CHAIN, "[sysrq key] [silent!]" },
	{ BLOCK_CHAIN, "[sysrq key \"drop\"] drop" },
	{ BLOCK_CHAIN, "[sysrq key] [\"a b\"!] drop" },
	{ BLOCK_CHAIN, "[sysrq key] [\"a!]\nb\" drop" },
	{ BLOCK_CHAIN, "[sysrq key] [-!]x drop" },
	{ BLOCK_CHAIN, "[sysrq key] [a/b!] drop" },
	{ BLOCK_CHAIN, "[sysrq key $my_key1] drop" },
	{ BLOCK_CHAIN, "[sysrq key] [$my-key!] drop" },
	{ BLOCK_CHAIN, "[sysrq key] [$my.key!]" },
	{ BLOCK_CHAIN, "[sysrq silent] key ops" },
	{ BLOCK_CHAIN, "[sysrq silent] silent" },
	{ BLOCK_CHAIN, "[sysrq] [prefix!] \"x\"" },
	{ BLOCK_CHAIN, "[sysrq key ops] [level!] debug" },
};

static char *plain(const char *want)
{
	struct buf b = { 0 };
	const char *p;

	for (p = want; *p; p++) {
		if (*p == '[' && (p == want || strchr(" \n\t", p[-1])))
			continue;
		if (*p == '!' && p[1] == ']')
			continue;
		if (*p == ']' && !strchr("}", p[1] ? p[1] : ' '))
			continue;
		buf_add(&b, p, 1);
	}
	return b.p;
}

static void test_places(void)
{
	char *typed, *got;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		/* JSON has brackets of its own. */
		typed = samples[i].want[0] == '{' ? strdup(samples[i].want) :
						    plain(samples[i].want);
		got = marked(typed, samples[i].block);
		same(got, samples[i].want, "statements found as marked");
		free(got);
		free(typed);
	}
}

static void round_trip(const char *typed, const char *want)
{
	struct buf carried = { 0 }, back = { 0 };

	carry(typed, strlen(typed), (struct carry_how){ .block = BLOCK_CHAIN }, &carried, NULL);
	uncarry(carried.p, carried.len, &back, NULL);
	same(back.p, want, "carried and back");
	buf_free(&carried);
	buf_free(&back);
}

/* In errors, nft shows a variable's name as long as it is. */
static void test_long_variable(void)
{
	struct buf typed = { 0 };

	buf_str(&typed, "sysrq key $");
	while (typed.len < 2 * CARRIER_MAX)
		buf_str(&typed, "a");
	round_trip(typed.p, typed.p);
	buf_free(&typed);
}

static void test_debug(void)
{
	struct buf text = { 0 }, back = { 0 };

	buf_str(&text, "  [ log prefix ");
	carrier_put(&text, "ops", 3, true);
	buf_str(&text, " ]\n");
	uncarry(text.p, text.len, &back, NULL);
	same(back.p, "  [ sysrq key \"ops\" silent ]\n", "as libnftnl lists it");
	buf_free(&text);
	buf_free(&back);
}

/* For nft -o: a line stays a line, and nobody sees what keeps rules apart. */
static void test_apart(void)
{
	struct buf carried = { 0 }, back = { 0 }, debug = { 0 };

	carry("sysrq key a log drop", 20, (struct carry_how){ .block = BLOCK_CHAIN, .apart = true }, &carried, NULL);
	ok(strstr(carried.p, APART_HEAD) != NULL, "a rule that the optimizer leaves alone");
	uncarry(carried.p, carried.len, &back, NULL);
	same(back.p, "sysrq key \"a\" log drop", "it is not seen");
	buf_free(&back);
	buf_str(&debug, "  [ log prefix x ]\n" APART_DEBUG);
	carrier_put_apart(&debug);
	buf_str(&debug, " ]\n  [ objref type 2 name q ]\n");
	uncarry(debug.p, debug.len, &back, NULL);
	same(back.p, "  [ log prefix x ]\n  [ objref type 2 name q ]\n", "nor as libnftnl lists it");
	buf_free(&carried);
	buf_free(&debug);
	buf_free(&back);
}

/* Whatever the pieces in which a carrier is written, none of it gets through. */
static void test_pieces(void)
{
	struct buf text = { 0 }, pending, back;
	size_t cut, settled, bad = 0;

	buf_str(&text, "udp log log prefix \"");
	carrier_put(&text, "ops", 3, false);
	buf_str(&text, "\" log prefix \"x\" drop\n" APART_DEBUG);
	carrier_put_apart(&text);
	buf_str(&text, " ]\n");
	for (cut = 0; cut <= text.len; cut++) {
		memset(&pending, 0, sizeof(pending));
		memset(&back, 0, sizeof(back));
		buf_add(&pending, text.p, cut);
		settled = cut ? uncarry_settled(pending.p, pending.len) : 0;
		if (settled)
			uncarry(pending.p, settled, &back, NULL);
		uncarry(text.p + settled, text.len - settled, &back, NULL);
		bad += strcmp(back.p, "udp log sysrq key \"ops\" log prefix \"x\" drop\n") != 0;
		buf_free(&pending);
		buf_free(&back);
	}
	ok(!bad, "written in two pieces, cut anywhere");
	ok(uncarry_settled("a rule\n", 7) == 7, "nothing is held back without need");
	buf_free(&text);
}

static size_t lines(const struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		n += b->p[i] == '\n';
	return n;
}

/* What is not edited is the same before and after; lines stay lines. */
static bool sound(const struct buf *typed, enum block block, bool columns)
{
	struct carry_how how = { .block = block };
	struct buf carried = { 0 }, again = { 0 };
	struct edits edits = { 0 };
	size_t i, at = 0;
	bool good;

	if (columns)
		how.unit = carry_unit(typed->p, typed->len, how);
	carry(typed->p, typed->len, how, &carried, &edits);
	for (i = 0; i < edits.count; i++) {
		buf_add(&again, carried.p + at, edits.e[i].out - at);
		buf_add(&again, typed->p + edits.e[i].in, edits.e[i].in_len);
		at = edits.e[i].out + edits.e[i].out_len;
	}
	buf_add(&again, carried.p + at, carried.len - at);
	good = buf_ok(&again) && again.len == typed->len &&
	       !memcmp(again.p, typed->p, typed->len) && lines(&carried) == lines(typed);
	buf_free(&carried);
	buf_free(&again);
	edits_free(&edits);
	return good;
}

static void test_random(void)
{
	static const char *const words[] = {
		"sysrq", " ", " ", " ", "\n", "key", "silent", "ops", "\"", "\"a\"", "{", "}", ";",
		"$", "@", "#", "\\", "\\\n", "add rule t c", "table", "chain", "inet", "jump",
		"udp dport", "9", ":", "::", ",", ".", "-", "/", "*", "prefix", "\t", "\r", "\xff",
		"ip saddr", "comment", "=", "!", "set", "drop", "counter", "(", ")",
	};
	unsigned int seed = 1, i, j, n, bad = 0;
	struct buf b;

	for (i = 0; i < 20000; i++) {
		memset(&b, 0, sizeof(b));
		seed = seed * 1103515245 + 12345;
		n = seed >> 16 & 63;
		for (j = 0; j < n; j++) {
			seed = seed * 1103515245 + 12345;
			buf_str(&b, words[(seed >> 16) % (sizeof(words) / sizeof(*words))]);
		}
		bad += buf_ok(&b) && b.len && !sound(&b, i % 5, i & 1);
		buf_free(&b);
	}
	ok(!bad, "20000 texts at random: only statements are changed");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	carrier_init();
	test_places();
	round_trip("udp dport 9   sysrq   drop", "udp dport 9   sysrq   drop");
	round_trip("sysrq  key ops  silent", "sysrq key \"ops\" silent");
	round_trip("sysrq key \"1.a-b_C\"", "sysrq key \"1.a-b_C\"");
	round_trip("sysrq key $ops silent", "sysrq key $ops silent");
	test_long_variable();
	test_debug();
	test_apart();
	test_pieces();
	test_random();
	return tap_end();
}
