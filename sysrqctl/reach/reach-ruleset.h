/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ruleset as the kernel told it, made small: what decides whether a packet gets somewhere, and
 * nothing else. Parts refer to each other by numbers, bytes of any length lie in one heap.
 */
#ifndef SYSRQCTL_REACH_RULESET_H
#define SYSRQCTL_REACH_RULESET_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_NONE		UINT32_MAX	/* no such part */
#define RS_REGS		64		/* bytes of all registers */
#define RS_VERDICT	0xff		/* in place of a register: the verdict */
#define RS_FIELDS	16		/* of a concatenation */

/* In the order of doubt: what holds for none, some or all of the packets that are looked at. */
enum tri { NO, MAYBE, YES };

/* What an expression does, as far as it matters here. */
enum op_kind {
	OP_NOTHING,	/* goes on */
	OP_BREAK,	/* never matches a request */
	OP_MAYBE,	/* goes on or not: limits and the like */
	OP_BLUR,	/* likewise, and nobody knows what registers hold then */
	OP_STRANGE,	/* nobody knows what it does */
	OP_LOAD,	/* dreg: packet bytes */
	OP_META,	/* dreg: meta data */
	OP_CT,		/* dreg: of the connection */
	OP_FIB,		/* dreg: what routes say */
	OP_CMP,		/* sreg by how: data */
	OP_RANGE,	/* sreg in (how 0) or not in data to data2 */
	OP_MASK,	/* dreg: sreg & data ^ data2 */
	OP_SWAP,	/* dreg: sreg, each how bytes in the other order */
	OP_FORGET,	/* dreg: nobody knows what */
	OP_DATA,	/* dreg: data */
	OP_LOOKUP,	/* sreg in set key; dreg: what the element maps to */
	OP_VERDICT,	/* key: code; data: chain */
	OP_NOTRACK,
	OP_PUT_LOAD,	/* sreg into the packet */
	OP_PUT_META,
	OP_PUT_CT,
	OP_NAT,		/* of destination; sreg: port, or RS_VERDICT if it stays */
	OP_REDIRECT,	/* likewise, to this host */
	OP_QUEUE,
	OP_FORWARD,	/* goes elsewhere */
	OP_SYSRQ,
	OP_XT,		/* an iptables match; how: enum xt_kind; data: of it */
};

/**
 * struct op - an expression
 * @kind: OP_*
 * @how: what depends on the kind
 * @sreg: byte of the registers where it reads
 * @dreg: where it writes; RS_VERDICT: the verdict
 * @len: bytes that it reads or writes
 * @invert: of a lookup
 * @key: what depends on the kind: offset, key, set, verdict
 * @data: where in the heap, or RS_NONE
 * @data2: likewise
 */
struct op {
	uint8_t		kind;
	uint8_t		how;
	uint8_t		sreg;
	uint8_t		dreg;
	uint8_t		len;
	bool		invert;
	uint32_t	key;
	uint32_t	data;
	uint32_t	data2;
};

/* Matches of iptables that are understood. */
enum xt_kind { XT_CONNTRACK, XT_STATE, XT_ADDRTYPE, XT_UDP, XT_ICMP };

struct rs_table {
	uint16_t	family;
	uint32_t	name;
	bool		dormant;
};

/**
 * struct rs_chain - a chain
 * @family: NFPROTO_*
 * @table: its table's name, in the heap
 * @name: its name, in the heap
 * @base: it is hooked
 * @nat: of type nat
 * @drop: its policy
 * @hook: NF_INET_* or NF_NETDEV_INGRESS
 * @priority: within the hook
 * @devices: names of IFNAMSIZ bytes, in the heap
 * @n_devices: how many; UINT32_MAX: nobody knows
 * @first: its first rule
 * @last: its last rule
 */
struct rs_chain {
	uint16_t	family;
	uint32_t	table;
	uint32_t	name;
	bool		base;
	bool		nat;
	bool		drop;
	uint32_t	hook;
	int32_t		priority;
	uint32_t	devices;
	uint32_t	n_devices;
	uint32_t	first;
	uint32_t	last;
};

struct rs_rule {
	uint32_t	chain;
	uint64_t	handle;
	uint32_t	op;
	uint32_t	n_ops;
	uint32_t	next;
	bool		sysrq;
};

/**
 * struct rs_elem - an element of a set
 * @key: in the heap
 * @end: the greatest key, in the heap; same as @key if there is one only
 * @data: what it maps to, in the heap, or RS_NONE
 * @code: the verdict that it maps to
 * @chain: of the verdict
 * @all: catches what no other does
 * @doubt: may be gone soon, or matches only sometimes
 * @stop: is the end of an interval, before it is made whole
 */
struct rs_elem {
	uint32_t	key;
	uint32_t	end;
	uint32_t	data;
	int32_t		code;
	uint32_t	chain;
	bool		all;
	bool		doubt;
	bool		stop;
};

/**
 * struct rs_set - a set or map
 * @family: NFPROTO_*
 * @table: in the heap
 * @name: in the heap
 * @flags: NFT_SET_*
 * @key_len: bytes of a key, 1..RS_REGS
 * @data_len: bytes that elements map to
 * @field: bytes of each field of a concatenation, without what fills up to 4
 * @n_fields: how many
 * @elem: sorted by key
 * @n: how many
 * @cap: room
 * @state: 0: elements were not asked for yet; 1: they are there; else a negative errno
 */
struct rs_set {
	uint16_t	family;
	uint32_t	table;
	uint32_t	name;
	uint32_t	flags;
	uint32_t	key_len;
	uint32_t	data_len;
	uint8_t		field[RS_FIELDS];
	uint32_t	n_fields;
	struct rs_elem	*elem;
	size_t		n;
	size_t		cap;
	int		state;
};

/**
 * struct rs_link - a network interface
 * @name: its name
 * @index: its number
 * @up: it is up
 */
struct rs_link {
	char		name[16];
	uint32_t	index;
	bool		up;
};

/**
 * struct ruleset - all of it
 * @fetch: asks for the elements of a set, by rs_element() for each; NULL: nobody can be asked
 * @text: what a rule says; NULL: nobody can be asked
 * @arg: of @fetch and @text
 * @link: interfaces of this host
 * @below: are frames for interface @name seen at @lower first? NULL: none are
 * @sorted: all chains and sets have been told
 * @work: expressions and elements that were looked at so far
 * @legacy: there are rules of iptables-legacy, which nobody can look into
 */
struct ruleset {
	uint8_t		*heap;
	size_t		heap_len, heap_cap;
	struct rs_table	*table;
	size_t		n_tables, cap_tables;
	struct rs_chain	*chain;
	size_t		n_chains, cap_chains;
	struct rs_set	*set;
	size_t		n_sets, cap_sets;
	struct rs_rule	*rule;
	size_t		n_rules, cap_rules;
	struct op	*op;
	size_t		n_ops, cap_ops;
	struct rs_link	*link;
	size_t		n_links, cap_links;
	bool		sorted;
	bool		legacy;
	uint64_t	work;
	int		(*fetch)(struct ruleset *rs, uint32_t set, void *arg);
	bool		(*below)(const char *name, const char *lower);
	void		(*text)(const struct ruleset *rs, uint32_t rule, char *text, size_t size);
	void		*arg;
};

void rs_free(struct ruleset *rs);
int rs_grow(void *array, size_t *cap, size_t n, size_t size);
int rs_keep(struct ruleset *rs, const void *data, size_t len, uint32_t *at);
int rs_link(struct ruleset *rs, const char *name, uint32_t index, bool up);
void rs_sort(struct ruleset *rs);
uint32_t rs_find_chain(const struct ruleset *rs, uint16_t family, const char *table,
		       const char *name);
uint32_t rs_find_set(const struct ruleset *rs, uint16_t family, const char *table,
		     const char *name);
bool rs_dormant(const struct ruleset *rs, const struct rs_chain *c);

static inline const void *rs_bytes(const struct ruleset *rs, uint32_t at)
{
	return rs->heap + at;
}

/* reach-parse.c: what the kernel says of each part; for mnl_cb_run(), data is the ruleset. */
int rs_table(const struct nlmsghdr *nlh, void *data);
int rs_chain(const struct nlmsghdr *nlh, void *data);
int rs_set(const struct nlmsghdr *nlh, void *data);
int rs_rule(const struct nlmsghdr *nlh, void *data);

/* Where a rule or an element is: jumps stay within the table. */
struct rs_place {
	uint16_t	family;
	const char	*table;
};

/* reach-expr.c, reach-xt.c */
int rs_expr(struct ruleset *rs, const struct rs_place *place, const struct nlattr *elem);
int rs_xt_match(struct ruleset *rs, const struct nlattr *data, struct op *op);
int rs_xt_target(struct ruleset *rs, const struct nlattr *data, struct op *op);

/* reach-elem.c */
int rs_element(struct ruleset *rs, uint32_t set, const struct nlattr *elem);
int rs_elements(const struct nlmsghdr *nlh, struct ruleset *rs, uint32_t set);
void rs_elements_done(struct ruleset *rs, uint32_t set);

#endif /* SYSRQCTL_REACH_RULESET_H */
