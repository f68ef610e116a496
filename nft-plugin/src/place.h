/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where in nft's grammar a token stands: is the word sysrq a statement here, or a name or value
 * that somebody gave to a table, an interface, a variable?
 *
 * Fed with every token, it follows commands, blocks and rules, and within a rule whether something
 * must still follow: after `iifname` comes a value, after `udp dport 9` a statement may begin.
 */
#ifndef NFT_SYSRQ_PLACE_H
#define NFT_SYSRQ_PLACE_H

#include <stdbool.h>

#include "scan.h"

#define PLACE_DEPTH	32	/* deeper blocks hold no statements of ours */

/* What a block holds. */
enum block {
	BLOCK_TOP,	/* commands: a file, the command line */
	BLOCK_ANY,	/* an included file: commands, or what stands in a table or chain */
	BLOCK_TABLE,
	BLOCK_CHAIN,
	BLOCK_OTHER,	/* elements of sets, flowtables, ...: no rules */
};

/* How far the command or line of a block has come. */
enum progress {
	AT_START,
	AT_OBJECT,	/* behind a verb */
	AT_TABLE,	/* behind `rule` */
	AT_CHAIN,
	AT_POSITION,	/* behind the chain's name */
	AT_HANDLE,	/* behind `handle`, `position`, `index` */
	AT_RULE,
	AT_REST,	/* nothing of interest until the line's end */
};

/* What a rule expects next. */
enum expect {
	EXPECT_STATEMENT,
	EXPECT_FIELD,	/* behind udp, meta, ct */
	EXPECT_VALUE,	/* behind dport, ==, set */
	EXPECT_NAME,	/* behind jump, @, $ */
	EXPECT_SUBFIELD,/* behind a protocol that may be a value or begin another field */
	EXPECT_SELECTOR,/* behind the dot of ip saddr . */
	EXPECT_ARP,	/* behind arp: its addresses have a protocol of their own */
	EXPECT_ARP_ADDR,
};

struct place {
	unsigned int	depth;
	struct place_level {
		enum block	block;
		enum progress	progress;
		enum expect	expect;
		enum block	opens;	/* what a brace would open here */
	} level[PLACE_DEPTH];
};

void place_init(struct place *pl, enum block block);
bool place_statement(const struct place *pl);
bool place_line(const struct place *pl);
void place_feed(struct place *pl, const struct token *t);

#endif
