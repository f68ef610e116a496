// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "word.h"

#define LETTERS		26
#define WORDS_MAX	19	/* with the same first letter */

struct word {
	char		text[16];
	unsigned int	len;
	unsigned int	traits;
};

#define WORD(text_, traits_)	{ text_, sizeof(text_) - 1, traits_ }

/* By the first letter, and behind the last of a letter one without length. */
static const struct word words[LETTERS][WORDS_MAX + 1] = {
	['a' - 'a'] = {
		WORD("accept", IS_KEYWORD),
		WORD("add", TAKES_VALUE | IS_VERB | IS_KEYWORD),
		WORD("ah", IS_HEADER | IS_KEYWORD),
		WORD("and", IS_OPERATOR | LEAVES_OPEN),
		WORD("arp", IS_FAMILY | IS_HEADER | IS_ARP | IS_KEYWORD),
	},
	['b' - 'a'] = {
		WORD("bridge", IS_FAMILY | BEGINS_COMMAND),
		WORD("burst", TAKES_VALUE),
	},
	['c' - 'a'] = {
		WORD("cgroup", TAKES_VALUE),
		WORD("chain", BEGINS_COMMAND | IS_CHAIN),
		WORD("code", TAKES_VALUE),
		WORD("comment", BEGINS_PROPERTY | TAKES_NAME | IS_KEYWORD),
		WORD("comp", IS_HEADER | IS_KEYWORD),
		WORD("continue", IS_KEYWORD),
		WORD("counter", BEGINS_OBJECT | IS_KEYWORD),
		WORD("cpu", TAKES_VALUE),
		WORD("create", IS_VERB),
		WORD("ct", BEGINS_OBJECT | IS_HEADER | IS_KEYWORD),
	},
	['d' - 'a'] = {
		WORD("daddr", TAKES_VALUE | IS_ADDRESS),
		WORD("day", TAKES_VALUE),
		WORD("dccp", IS_HEADER | IS_KEYWORD),
		WORD("define", BEGINS_OTHER),
		WORD("delete", BEGINS_OTHER | IS_KEYWORD),
		WORD("describe", BEGINS_OTHER),
		WORD("destroy", BEGINS_OTHER),
		WORD("device", BEGINS_PROPERTY | TAKES_VALUE),
		WORD("devices", BEGINS_PROPERTY),
		WORD("dnat", IS_KEYWORD),
		WORD("dport", TAKES_VALUE),
		WORD("drop", IS_KEYWORD),
		WORD("dst", IS_HEADER | IS_KEYWORD),
		WORD("dup", IS_KEYWORD),
	},
	['e' - 'a'] = {
		WORD("element", BEGINS_OBJECT | BEGINS_COMMAND),
		WORD("elements", BEGINS_PROPERTY),
		WORD("eq", IS_OPERATOR | LEAVES_OPEN),
		WORD("esp", IS_HEADER | IS_KEYWORD),
		WORD("ether", IS_HEADER | IS_KEYWORD),
		WORD("expectation", TAKES_VALUE),
		WORD("export", BEGINS_OTHER),
		WORD("exthdr", IS_HEADER | IS_KEYWORD),
	},
	['f' - 'a'] = {
		WORD("fib", IS_HEADER | IS_KEYWORD),
		WORD("flags", BEGINS_PROPERTY),
		WORD("flow", IS_KEYWORD),
		WORD("flowtable", BEGINS_OBJECT | BEGINS_COMMAND),
		WORD("flush", BEGINS_OTHER),
		WORD("frag", IS_HEADER | IS_KEYWORD),
		WORD("fwd", IS_KEYWORD),
	},
	['g' - 'a'] = {
		WORD("ge", IS_OPERATOR | LEAVES_OPEN),
		WORD("geneve", IS_HEADER),
		WORD("get", BEGINS_OTHER),
		WORD("goto", TAKES_NAME | IS_JUMP | IS_KEYWORD),
		WORD("gre", IS_HEADER),
		WORD("gretap", IS_HEADER),
		WORD("group", TAKES_VALUE),
		WORD("gt", IS_OPERATOR | LEAVES_OPEN),
	},
	['h' - 'a'] = {
		WORD("handle", BEGINS_PLACE),
		WORD("hbh", IS_HEADER | IS_KEYWORD),
		WORD("helper", TAKES_VALUE),
		WORD("hook", BEGINS_PROPERTY),
		WORD("hour", TAKES_VALUE),
	},
	['i' - 'a'] = {
		WORD("ibriport", TAKES_VALUE),
		WORD("ibrname", TAKES_VALUE),
		WORD("icmp", IS_HEADER | IS_KEYWORD),
		WORD("icmpv6", IS_HEADER | IS_KEYWORD),
		WORD("id", TAKES_VALUE),
		WORD("igmp", IS_HEADER | IS_KEYWORD),
		WORD("iif", TAKES_VALUE | IS_KEYWORD),
		WORD("iifgroup", TAKES_VALUE),
		WORD("iifname", TAKES_VALUE | IS_KEYWORD),
		WORD("iiftype", TAKES_VALUE),
		WORD("import", BEGINS_OTHER),
		WORD("in", IS_DIRECTION),
		WORD("include", BEGINS_OTHER),
		WORD("index", BEGINS_PLACE),
		WORD("inet", IS_FAMILY | BEGINS_COMMAND),
		WORD("insert", IS_VERB),
		WORD("ip", IS_FAMILY | IS_HEADER | IS_DIRECTION | IS_KEYWORD),
		WORD("ip6", IS_FAMILY | IS_HEADER | IS_DIRECTION | IS_KEYWORD),
		WORD("ipsec", IS_HEADER | IS_KEYWORD),
	},
	['j' - 'a'] = {
		WORD("jhash", IS_KEYWORD),
		WORD("jump", TAKES_NAME | IS_JUMP | IS_KEYWORD),
	},
	['k' - 'a'] = {
		WORD("key", IS_KEYWORD),
	},
	['l' - 'a'] = {
		WORD("l4proto", TAKES_VALUE),
		WORD("last", IS_KEYWORD),
		WORD("le", IS_OPERATOR | LEAVES_OPEN),
		WORD("level", TAKES_VALUE | IS_LEVEL),
		WORD("limit", BEGINS_OBJECT | IS_KEYWORD),
		WORD("list", BEGINS_OTHER),
		WORD("log", IS_KEYWORD),
		WORD("lshift", IS_OPERATOR | LEAVES_OPEN),
		WORD("lt", IS_OPERATOR | LEAVES_OPEN),
	},
	['m' - 'a'] = {
		WORD("map", BEGINS_OBJECT | TAKES_VALUE | LEAVES_OPEN | BEGINS_COMMAND |
		     IS_KEYWORD),
		WORD("mark", TAKES_VALUE | IS_KEYWORD),
		WORD("masquerade", IS_KEYWORD),
		WORD("meta", IS_HEADER | IS_KEYWORD),
		WORD("meter", TAKES_NAME),
		WORD("mh", IS_HEADER | IS_KEYWORD),
		WORD("mod", TAKES_VALUE),
		WORD("monitor", BEGINS_OTHER),
	},
	['n' - 'a'] = {
		WORD("name", TAKES_NAME),
		WORD("ne", IS_OPERATOR | LEAVES_OPEN),
		WORD("netdev", IS_FAMILY | BEGINS_COMMAND),
		WORD("nexthdr", TAKES_VALUE),
		WORD("nfproto", TAKES_VALUE),
		WORD("nftrace", TAKES_VALUE),
		WORD("not", LEAVES_OPEN),
		WORD("notrack", IS_KEYWORD),
		WORD("num", TAKES_VALUE),
		WORD("numgen", IS_KEYWORD),
	},
	['o' - 'a'] = {
		WORD("obriport", TAKES_VALUE),
		WORD("obrname", TAKES_VALUE),
		WORD("offset", TAKES_VALUE),
		WORD("oif", TAKES_VALUE | LEAVES_OPEN | IS_KEYWORD),
		WORD("oifgroup", TAKES_VALUE),
		WORD("oifname", TAKES_VALUE | LEAVES_OPEN | IS_KEYWORD),
		WORD("oiftype", TAKES_VALUE),
		WORD("option", IS_DIRECTION),
		WORD("or", IS_OPERATOR | LEAVES_OPEN),
		WORD("original", IS_DIRECTION),
		WORD("osf", IS_HEADER | IS_KEYWORD),
		WORD("out", IS_DIRECTION),
		WORD("over", TAKES_VALUE | LEAVES_OPEN),
	},
	['p' - 'a'] = {
		WORD("pkttype", TAKES_VALUE),
		WORD("policy", BEGINS_PROPERTY),
		WORD("position", BEGINS_PLACE),
		WORD("prefix", TAKES_NAME),
		WORD("priority", TAKES_VALUE),
		WORD("protocol", TAKES_VALUE),
	},
	['q' - 'a'] = {
		WORD("queue", IS_KEYWORD),
		WORD("queue-threshold", TAKES_VALUE),
		WORD("quota", BEGINS_OBJECT | IS_KEYWORD),
	},
	['r' - 'a'] = {
		WORD("rate", TAKES_VALUE),
		WORD("redefine", BEGINS_OTHER),
		WORD("redirect", IS_KEYWORD),
		WORD("reject", IS_KEYWORD),
		WORD("rename", BEGINS_OTHER),
		WORD("replace", IS_VERB),
		WORD("reply", IS_DIRECTION),
		WORD("reset", BEGINS_OTHER | IS_KEYWORD),
		WORD("return", IS_KEYWORD),
		WORD("rshift", IS_OPERATOR | LEAVES_OPEN),
		WORD("rt", IS_HEADER | IS_KEYWORD),
		WORD("rt0", IS_HEADER),
		WORD("rt2", IS_HEADER),
		WORD("rtclassid", TAKES_VALUE),
		WORD("rule", BEGINS_COMMAND | IS_RULE),
	},
	['s' - 'a'] = {
		WORD("saddr", TAKES_VALUE | IS_ADDRESS),
		WORD("sctp", IS_HEADER | IS_KEYWORD),
		WORD("secmark", BEGINS_OBJECT | BEGINS_COMMAND),
		WORD("seed", TAKES_VALUE),
		WORD("set", BEGINS_OBJECT | TAKES_VALUE | LEAVES_OPEN | BEGINS_COMMAND |
		     IS_KEYWORD),
		WORD("silent", IS_KEYWORD),
		WORD("skgid", TAKES_VALUE),
		WORD("skuid", TAKES_VALUE),
		WORD("snaplen", TAKES_VALUE),
		WORD("snat", IS_KEYWORD),
		WORD("socket", IS_HEADER | IS_KEYWORD),
		WORD("sport", TAKES_VALUE),
		WORD("srh", IS_HEADER),
		WORD("state", TAKES_VALUE),
		WORD("status", TAKES_VALUE),
		WORD("symhash", IS_KEYWORD),
		WORD("synproxy", BEGINS_OBJECT | IS_KEYWORD),
		WORD("sysrq", IS_KEYWORD),
	},
	['t' - 'a'] = {
		WORD("table", BEGINS_COMMAND | IS_TABLE),
		WORD("tcp", IS_HEADER | IS_KEYWORD),
		WORD("th", IS_HEADER | IS_KEYWORD),
		WORD("time", TAKES_VALUE),
		WORD("timeout", TAKES_VALUE),
		WORD("to", TAKES_VALUE),
		WORD("tproxy", IS_KEYWORD),
		WORD("tunnel", BEGINS_OBJECT | IS_HEADER | IS_KEYWORD),
		WORD("type", BEGINS_PROPERTY | TAKES_VALUE | LEAVES_OPEN),
	},
	['u' - 'a'] = {
		WORD("udp", IS_HEADER | IS_KEYWORD),
		WORD("udplite", IS_HEADER | IS_KEYWORD),
		WORD("undefine", BEGINS_OTHER),
		WORD("until", TAKES_VALUE | LEAVES_OPEN),
		WORD("update", TAKES_VALUE | IS_KEYWORD),
	},
	['v' - 'a'] = {
		WORD("version", TAKES_VALUE),
		WORD("vlan", IS_HEADER | IS_KEYWORD),
		WORD("vmap", TAKES_VALUE | LEAVES_OPEN | IS_KEYWORD),
		WORD("vxlan", IS_HEADER),
	},
	['w' - 'a'] = {
		WORD("with", TAKES_VALUE),
	},
	['x' - 'a'] = {
		WORD("xor", IS_OPERATOR | LEAVES_OPEN),
		WORD("xt", IS_HEADER | IS_KEYWORD),
	},
	['z' - 'a'] = {
		WORD("zone", TAKES_VALUE),
	},
};

/**
 * word_traits - what the grammar takes a token for
 * @t: the token
 *
 * Asked of each word of a ruleset, so that it costs little. Returns bits of enum word_trait; 0 for
 * what is no word, and for words that mean nothing here.
 */
unsigned int word_traits(const struct token *t)
{
	const struct word *w;

	if (t->type != TOKEN_WORD)
		return 0;
	if (*t->p < 'a' || *t->p > 'z')
		return t->len == 1 && *t->p == '.' ? IS_DOT : 0;
	for (w = words[*t->p - 'a']; w->len; w++)
		if (w->len == t->len && !memcmp(w->text, t->p, t->len))
			return w->traits;
	return 0;
}
