/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Would a request reach a rule? Not tried, but worked out from the whole ruleset: what is known of
 * a request decides; where that is not enough, the answer is "maybe".
 */
#ifndef SYSRQCTL_REACH_H
#define SYSRQCTL_REACH_H

#include "nft.h"
#include "reach-walk.h"

#define REACH_PORT	9
#define REACH_BUDGET	100000000	/* expressions and elements, for all questions together */

/**
 * struct reach_query - what requests are meant
 * @port: UDP port that they are sent to; 0: the one that the rule asks for, else REACH_PORT
 * @iface: interface that they come in by; "": any
 * @family: NFPROTO_IPV4 or _IPV6 if @from and @to are known; else 0
 * @from: address that they come from
 * @to: address of this host
 */
struct reach_query {
	uint16_t	port;
	char		iface[16];
	uint16_t	family;
	uint8_t		from[16];
	uint8_t		to[16];
};

enum reach_why {
	REACH_FREE,		/* nothing is in the way */
	REACH_TAKEN,		/* something may be, or is: see left */
	REACH_OWN,		/* the rule's own matches never hold for a request */
	REACH_UNHOOKED,		/* no base chain leads to the rule */
	REACH_DORMANT,		/* its table is dormant */
	REACH_HOOK,		/* it can only be come to where no request is taken */
	REACH_NO_DEVICE,	/* no device of its chain is there */
	REACH_DOWN,		/* none is up */
	REACH_UNSENT,		/* rules send packets to its chain, but no request */
	REACH_TOO_MUCH,		/* too large a ruleset, or no memory */
};

/**
 * struct reach_one - the answer, for requests of one family
 * @answer: do they get to the rule?
 * @why: if not, or not surely
 * @icmp: pings are meant
 * @tracked: connection tracking looks at them before, and drops them if it has no room
 * @port: UDP port that is meant; 0: pings
 * @iface: interface that they must come in by; "": any
 * @left: what is in the way
 * @n_left: how many are in @left
 * @only: rules that send only some requests to the rule's chain
 * @n_only: how many are in @only
 */
struct reach_one {
	enum tri	answer;
	enum reach_why	why;
	bool		icmp;
	bool		tracked;
	uint16_t	port;
	char		iface[16];
	struct left	left[LEFT_TOLD];
	unsigned int	n_left;
	struct left	only[LEFT_TOLD];
	unsigned int	n_only;
};

/**
 * struct reach - both answers
 * @by: for IPv4, for IPv6
 */
struct reach {
	struct reach_one	by[2];
};

void reach_rule(struct ruleset *rs, uint32_t rule, const struct reach_query *q, struct reach *r);

/* reach-dump.c */
int reach_dump(struct nft *n, struct ruleset *rs);
void reach_text(const struct ruleset *rs, uint32_t rule, char *text, size_t size);

/* reach-words.c */
struct reach_words {
	char	text[1024];
};

void reach_say(const struct ruleset *rs, const struct reach *r, struct reach_words *w);
void reach_place(const struct ruleset *rs, const struct left *l, char *text, size_t size);

#endif /* SYSRQCTL_REACH_H */
