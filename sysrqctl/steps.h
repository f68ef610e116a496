/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs: from a command line to steps. */
#ifndef SYSRQCTL_STEPS_H
#define SYSRQCTL_STEPS_H

#include "sequence.h"
#include "wire.h"

/* Between two letters, unless the command line says otherwise. */
#define STEPS_WAIT_MS	1000

/**
 * struct steps - a program
 * @step: as it goes over the wire
 * @n: how many
 * @rounded: a wait is longer than was asked for
 */
struct steps {
	struct nft_sysrq_step	step[NFT_SYSRQ_MAX_STEPS];
	unsigned int		n;
	bool			rounded;
};

int steps_parse(struct steps *s, int argc, char **argv, const struct sequence *sequences,
		char *why, size_t len);
int steps_delay(struct steps *s, s64 ms, char *why, size_t len);
const char *steps_end(const struct steps *s, unsigned int *i);
u32 steps_before_ms(const struct steps *s, unsigned int i);

#endif /* SYSRQCTL_STEPS_H */
