/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of nft's grammar that tell whether a statement may follow. */
#ifndef NFT_SYSRQ_WORD_H
#define NFT_SYSRQ_WORD_H

#include "scan.h"

/* What a word may be; which of it, its place decides. */
enum word_trait {
	IS_FAMILY	= 1 << 0,
	IS_VERB		= 1 << 1,	/* a command that may add a rule */
	IS_TABLE	= 1 << 2,	/* the word itself, as the next ones */
	IS_CHAIN	= 1 << 3,
	IS_RULE		= 1 << 4,
	BEGINS_OBJECT	= 1 << 5,	/* behind a verb, what is no rule */
	BEGINS_OTHER	= 1 << 6,	/* a command or a line of a block that holds no rule */
	BEGINS_COMMAND	= 1 << 7,	/* in an included file, what cannot begin a rule */
	BEGINS_PROPERTY	= 1 << 8,	/* of a chain */
	BEGINS_PLACE	= 1 << 9,	/* of a rule in its chain */
	IS_HEADER	= 1 << 10,	/* has fields */
	IS_DIRECTION	= 1 << 11,	/* between a header and its field */
	IS_ARP		= 1 << 12,
	IS_ADDRESS	= 1 << 13,	/* a field of arp that has a protocol in between */
	IS_LEVEL	= 1 << 14,
	TAKES_VALUE	= 1 << 15,
	TAKES_NAME	= 1 << 16,
	IS_JUMP		= 1 << 17,	/* takes a chain, perhaps one in braces */
	IS_OPERATOR	= 1 << 18,	/* between two values, or a field and its value */
	LEAVES_OPEN	= 1 << 19,	/* the value behind it is still to come; or what fib looks up */
	IS_DOT		= 1 << 20,
	IS_KEYWORD	= 1 << 21,	/* goes on with the rule: a forgotten name does not swallow it */
};

unsigned int word_traits(const struct token *t);

#endif
