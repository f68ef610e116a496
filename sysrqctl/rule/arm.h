/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of sysrqctl's own. */
#ifndef SYSRQCTL_ARM_H
#define SYSRQCTL_ARM_H

#include "nft.h"
#include "rule.h"

#define ARM_TABLE	"sysrq"

/*
 * Nobody else may change a table that is held, nor make one of its name. So what nft lists of it, once it
 * is saved, must not name it, or the whole file would be refused: nft does not quote names, and reads
 * this one back without the space.
 */
#define ARM_TABLE_HELD	"sysrq-held "

/* Which of them. */
enum arm_which {
	ARM_PLAIN,	/* goes by any flush of the ruleset, stays when processes die */
	ARM_HELD,	/* the other way round */
};

/* Whether there is a table of that name, and whose. */
enum arm_whose {
	ARM_NONE,
	ARM_OURS,
	ARM_FOREIGN,
};

/**
 * struct arm_state - what there is
 * @whose: of enum arm_which
 * @owner: port of the socket that holds the held one; 0: none
 */
struct arm_state {
	enum arm_whose	whose[2];
	uint32_t	owner;
};

int arm_state(struct nft *n, struct arm_state *state);
int arm_make(struct nft *n, enum arm_which which, const struct rule_spec *spec);
int arm_remove(struct nft *n, enum arm_which which);

/**
 * struct arm_print - what the plain table is like
 * @sum: a number that changes when it does, or one of its chains or of its rules
 * @gen: generation of the ruleset, its lower 16 bits, when that was looked at
 * @mixed: there were several meanwhile
 */
struct arm_print {
	uint64_t	sum;
	uint16_t	gen;
	bool		mixed;
};

int arm_print(struct nft *n, struct arm_print *print);

struct command;

int arm_foreign(const struct command *cmd, enum arm_which which);
int arm_error(const struct command *cmd, const struct nft *n, int err);
int arm_held(const struct command *cmd, uint32_t owner);
int hold(const struct command *cmd, const struct rule_spec *spec);

#endif /* SYSRQCTL_ARM_H */
