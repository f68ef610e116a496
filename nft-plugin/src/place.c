// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"

/* Static: else each question would build its list anew. */
#define WORDS(...)	({ static const char *const words[] = { __VA_ARGS__, NULL }; words; })

static bool one_of(const struct token *t, const char *const *words)
{
	/* No keyword begins with a digit; and its first letter tells nearly all from any other. */
	if (t->type != TOKEN_WORD || (*t->p >= '0' && *t->p <= '9'))
		return false;
	for (; *words; words++)
		if (**words == *t->p && token_is(t, *words))
			return true;
	return false;
}

static bool is_family(const struct token *t)
{
	return one_of(t, WORDS("ip", "ip6", "inet", "arp", "bridge", "netdev"));
}

/* Commands and lines of blocks that hold no rule. */
static bool begins_other(const struct token *t)
{
	return one_of(t, WORDS("delete", "destroy", "list", "flush", "get", "reset", "rename",
			       "describe", "monitor", "export", "import", "include", "define",
			       "redefine", "undefine"));
}

static bool begins_object(const struct token *t)
{
	return one_of(t, WORDS("set", "map", "element", "flowtable", "counter", "quota", "ct",
			       "limit", "secmark", "synproxy", "tunnel"));
}

static bool begins_property(const struct token *t)
{
	return one_of(t, WORDS("type", "policy", "flags", "device", "devices", "comment",
			       "elements", "hook"));
}

static bool is_header(const struct token *t)
{
	return one_of(t, WORDS("ip", "ip6", "arp", "ether", "vlan", "icmp", "icmpv6", "igmp",
			       "tcp", "udp", "udplite", "sctp", "dccp", "esp", "ah", "comp", "th",
			       "meta", "ct", "rt", "rt0", "rt2", "srh", "hbh", "dst", "frag", "mh",
			       "fib", "osf", "socket", "ipsec", "exthdr", "tunnel", "vxlan",
			       "geneve", "gre", "gretap", "xt"));
}

/* Between a header and its field. */
static bool is_direction(const struct token *t)
{
	return one_of(t, WORDS("original", "reply", "option", "ip", "ip6", "in", "out"));
}

static bool takes_value(const struct token *t)
{
	return one_of(t, WORDS("iif", "iifname", "iiftype", "iifgroup", "oif", "oifname",
			       "oiftype", "oifgroup", "mark", "skuid", "skgid", "pkttype", "cpu",
			       "cgroup", "ibriport", "ibrname", "obriport", "obrname", "rtclassid",
			       "nftrace", "dport", "sport", "saddr", "daddr", "protocol", "l4proto",
			       "nfproto", "nexthdr", "type", "code", "state", "status", "set",
			       "add", "update", "vmap", "map", "to", "with", "device", "rate",
			       "over", "until", "burst", "group", "level", "snaplen",
			       "queue-threshold", "num", "zone", "helper", "timeout", "expectation",
			       "mod", "seed", "offset", "hour", "day", "time", "priority", "id",
			       "version"));
}

static bool takes_name(const struct token *t)
{
	return one_of(t, WORDS("jump", "goto", "name", "prefix", "comment", "meter"));
}

/* Between two values, or a field and its value. */
static bool is_operator(const struct token *t)
{
	return one_of(t, WORDS("eq", "ne", "lt", "gt", "le", "ge", "and", "or", "xor", "lshift",
			       "rshift"));
}

/* Words that leave open the value that stands behind them. The last are what fib looks up. */
static bool leaves_open(const struct token *t)
{
	return is_operator(t) || one_of(t, WORDS("not", "set", "map", "vmap", "over", "until",
						 "oif", "oifname", "type"));
}

static bool is_dot(const struct token *t)
{
	return token_is(t, ".");
}

void place_init(struct place *pl, enum block block)
{
	pl->depth = 0;
	pl->level[0] = (struct place_level){ .block = block, .opens = BLOCK_OTHER };
}

static struct place_level *level_of(struct place *pl)
{
	return pl->depth < PLACE_DEPTH ? &pl->level[pl->depth] : NULL;
}

/* Whether a word at this place would begin a statement of a rule. */
bool place_statement(const struct place *pl)
{
	const struct place_level *l;

	if (pl->depth >= PLACE_DEPTH)
		return false;
	l = &pl->level[pl->depth];
	if (l->progress == AT_START)
		return l->block == BLOCK_CHAIN || l->block == BLOCK_ANY;
	if (l->progress == AT_POSITION)
		return true;
	return l->progress == AT_RULE &&
	       (l->expect == EXPECT_STATEMENT || l->expect == EXPECT_SUBFIELD);
}

/* Whether a line begins here that means nothing to those behind it. */
bool place_line(const struct place *pl)
{
	const struct place_level *l;

	if (pl->depth >= PLACE_DEPTH)
		return false;
	l = &pl->level[pl->depth];
	return l->progress == AT_START && (l->block == BLOCK_TOP || l->block == BLOCK_CHAIN);
}

static enum expect after_statement(const struct token *t)
{
	if (is_header(t))
		return token_is(t, "arp") ? EXPECT_ARP : EXPECT_FIELD;
	if (takes_name(t))
		return EXPECT_NAME;
	return takes_value(t) || is_operator(t) || is_dot(t) ? EXPECT_VALUE : EXPECT_STATEMENT;
}

static enum expect after_value(const struct token *t)
{
	if (is_dot(t))
		return EXPECT_SELECTOR;
	if (leaves_open(t))
		return EXPECT_VALUE;
	/* socket cgroupv2 level 2 "path" */
	if (token_is(t, "level"))
		return EXPECT_FIELD;
	return is_header(t) ? EXPECT_SUBFIELD : EXPECT_STATEMENT;
}

static enum expect after_word(enum expect now, const struct token *t)
{
	switch (now) {
	case EXPECT_STATEMENT:
		return after_statement(t);
	case EXPECT_FIELD:
		return is_direction(t) ? EXPECT_FIELD : EXPECT_VALUE;
	case EXPECT_VALUE:
		return after_value(t);
	case EXPECT_SUBFIELD:
		if (is_dot(t) || is_operator(t))
			return EXPECT_VALUE;
		return is_header(t) ? EXPECT_FIELD : EXPECT_STATEMENT;
	case EXPECT_SELECTOR:
		return is_header(t) ? EXPECT_FIELD : EXPECT_VALUE;
	case EXPECT_ARP:
		return one_of(t, WORDS("saddr", "daddr")) ? EXPECT_ARP_ADDR : EXPECT_VALUE;
	case EXPECT_ARP_ADDR:
		return EXPECT_VALUE;
	case EXPECT_NAME:
		break;
	}
	return EXPECT_STATEMENT;
}

static void feed_rule(struct place_level *l, const struct token *t)
{
	l->opens = token_is(t, "jump") || token_is(t, "goto") ? BLOCK_CHAIN : BLOCK_OTHER;
	if (t->type == TOKEN_WORD)
		l->expect = after_word(l->expect, t);
	else if (t->type == TOKEN_QUOTED)
		l->expect = EXPECT_STATEMENT;
	else if (token_punct(t, '$') || token_punct(t, '@'))
		l->expect = EXPECT_NAME;
	else
		l->expect = token_punct(t, ')') || token_punct(t, ']') ? EXPECT_STATEMENT :
									  EXPECT_VALUE;
}

static void begin_rule(struct place_level *l, const struct token *t)
{
	l->progress = AT_RULE;
	l->expect = EXPECT_STATEMENT;
	feed_rule(l, t);
}

/* The object of a command, named or, for a rule, left out. */
static void feed_object(struct place_level *l, const struct token *t)
{
	l->progress = AT_REST;
	if (token_is(t, "table"))
		l->opens = BLOCK_TABLE;
	else if (token_is(t, "chain"))
		l->opens = BLOCK_CHAIN;
	else if (token_is(t, "rule"))
		l->progress = AT_TABLE;
	else if (is_family(t))
		l->progress = AT_TABLE;
	else if (!begins_object(t) && !begins_other(t))
		l->progress = AT_CHAIN;
}

/* In an included file: whatever cannot begin a rule is a command. */
static void feed_any(struct place_level *l, const struct token *t)
{
	if (one_of(t, WORDS("table", "chain", "rule", "inet", "bridge", "netdev", "element",
			    "flowtable", "set", "map", "secmark")))
		feed_object(l, t);
	else if (begins_property(t))
		l->progress = AT_REST;
	else
		begin_rule(l, t);
}

static void feed_start(struct place_level *l, const struct token *t)
{
	bool commands = l->block == BLOCK_TOP || l->block == BLOCK_ANY;

	if (l->block == BLOCK_OTHER || begins_other(t)) {
		l->progress = AT_REST;
	} else if (l->block == BLOCK_TABLE) {
		l->progress = AT_REST;
		if (token_is(t, "chain"))
			l->opens = BLOCK_CHAIN;
	} else if (l->block == BLOCK_CHAIN) {
		if (begins_property(t))
			l->progress = AT_REST;
		else
			begin_rule(l, t);
	} else if (commands && one_of(t, WORDS("add", "create", "insert", "replace"))) {
		l->progress = AT_OBJECT;
	} else if (l->block == BLOCK_ANY) {
		feed_any(l, t);
	} else {
		feed_object(l, t);
	}
}

static void feed_word(struct place_level *l, const struct token *t)
{
	switch (l->progress) {
	case AT_START:
		feed_start(l, t);
		break;
	case AT_OBJECT:
		feed_object(l, t);
		break;
	case AT_TABLE:
		if (!is_family(t))
			l->progress = AT_CHAIN;
		break;
	case AT_CHAIN:
		l->progress = AT_POSITION;
		break;
	case AT_POSITION:
		if (one_of(t, WORDS("handle", "position", "index")))
			l->progress = AT_HANDLE;
		else
			begin_rule(l, t);
		break;
	case AT_HANDLE:
		/* A number, or $ and the name of a variable. */
		if (t->type != TOKEN_PUNCT)
			l->progress = AT_POSITION;
		break;
	case AT_RULE:
		feed_rule(l, t);
		break;
	case AT_REST:
		break;
	}
}

static void end_line(struct place_level *l)
{
	if (l->block == BLOCK_OTHER)
		return;
	l->progress = AT_START;
	l->expect = EXPECT_STATEMENT;
	l->opens = BLOCK_OTHER;
}

static void open_brace(struct place *pl)
{
	struct place_level *l = level_of(pl);
	enum block block = l ? l->opens : BLOCK_OTHER;

	pl->depth++;
	l = level_of(pl);
	if (l)
		*l = (struct place_level){ .block = block, .opens = BLOCK_OTHER };
}

static void close_brace(struct place *pl)
{
	struct place_level *l;

	if (!pl->depth)
		return;
	pl->depth--;
	l = level_of(pl);
	if (l && l->progress == AT_RULE)
		l->expect = EXPECT_STATEMENT;
}

void place_feed(struct place *pl, const struct token *t)
{
	struct place_level *l;

	if (token_punct(t, '{')) {
		open_brace(pl);
		return;
	}
	if (token_punct(t, '}')) {
		close_brace(pl);
		return;
	}
	l = level_of(pl);
	if (!l)
		return;
	if (t->type == TOKEN_NEWLINE || token_punct(t, ';'))
		end_line(l);
	else
		feed_word(l, t);
}
