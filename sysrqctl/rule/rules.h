/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of this network namespace that have the expression. */
#ifndef SYSRQCTL_RULES_H
#define SYSRQCTL_RULES_H

#include <stddef.h>
#include <stdint.h>

#include <libnftnl-sysrq/sysrq.h>

#include "nft.h"

/**
 * struct listed_rule - a rule with the expression
 * @family: NFPROTO_*
 * @table: its table
 * @chain: its chain
 * @handle: its handle
 * @text: what it does, in nft's words where they are simple; "[NAME]" for other expressions
 * @key: the only one that it takes; "": any, or one of several
 */
struct listed_rule {
	uint16_t	family;
	char		*table;
	char		*chain;
	uint64_t	handle;
	char		*text;
	char		key[NFTNL_SYSRQ_KEY_MAX + 1];
};

/**
 * struct rules - all of them
 * @rule: in the kernel's order
 * @n: how many
 */
struct rules {
	struct listed_rule	*rule;
	size_t			n;
};

int rules_get(struct nft *n, uint16_t family, struct rules *rules);
void rules_free(struct rules *rules);

struct nftnl_rule;

/* Text of libnftnl's expressions, a piece for each; see rule-text.c. */
#define RULE_PIECES	128
#define RULE_PIECE_LEN	80

struct rule_text {
	char		piece[RULE_PIECES][RULE_PIECE_LEN];
	unsigned int	n;
};

void rule_text(struct nftnl_rule *rule, struct rule_text *t);

#endif /* SYSRQCTL_RULES_H */
