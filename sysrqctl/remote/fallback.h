/* SPDX-License-Identifier: GPL-2.0-only */
/* How requests go to hosts that do not answer: what the user allows, and what is remembered. */
#ifndef SYSRQCTL_FALLBACK_H
#define SYSRQCTL_FALLBACK_H

#include "epochs.h"
#include "keyfile.h"
#include "remote.h"

/**
 * struct fallback - the same for all hosts
 * @r: the request
 * @right: this machine's clock is synchronised
 * @epochs: remembered
 */
struct fallback {
	const struct remote	*r;
	bool			right;
	struct epochs		epochs;
};

void fallback_begin(struct fallback *f, const struct remote *r);
enum report_unblind fallback_unblind(const struct fallback *f);
void fallback_fill(const struct fallback *f, const u8 material[NFT_SYSRQ_KEY_LEN],
		   const struct nft_sysrq_secrets *secrets, struct member *m);
void fallback_learn(struct fallback *f, const struct member *m);
void fallback_end(struct fallback *f);

#endif /* SYSRQCTL_FALLBACK_H */
