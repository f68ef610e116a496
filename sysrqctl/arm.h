/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of sysrqctl's own. */
#ifndef SYSRQCTL_ARM_H
#define SYSRQCTL_ARM_H

#include "nft.h"
#include "rule.h"

#define ARM_TABLE	"sysrq"

/* Whether there is a table of that name, and whose. */
enum arm_state {
	ARM_NONE,
	ARM_OURS,
	ARM_FOREIGN,
};

int arm_state(struct nft *n);
int arm_make(struct nft *n, const struct rule_spec *spec);
int arm_remove(struct nft *n);

#endif /* SYSRQCTL_ARM_H */
