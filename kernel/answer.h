/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of a request: the reply to its sender, the line in the log. */
#ifndef NFT_SYSRQ_ANSWER_H
#define NFT_SYSRQ_ANSWER_H

#include <linux/nft_sysrq.h>
#include <linux/types.h>

#include "window.h"

struct nft_sysrq_key;
struct nft_sysrq_packet;

/* A request on its way through the checks. */
struct request {
	const struct nft_sysrq_dgram	*d;
	struct nft_sysrq_key		*key;
	struct nft_sysrq_clock		now;
	u32				now_ms;
	u32				nonce;
	s64				stamp;
	enum nft_sysrq_mode		mode;
	bool				probe;
};

/* What became of it. */
struct outcome {
	int				stat;	/* enum nft_sysrq_stat */
	bool				answer;
	enum nft_sysrq_status		status;
	u32				reasons;
	u8				bits;
	s64				stamp;
	u64				token;	/* of a program to start, or 0 */
};

int nft_sysrq_answer(const struct request *r, const struct outcome *o,
		     const struct nft_sysrq_packet *p);
void nft_sysrq_answer_log(const struct request *r, const struct nft_sysrq_packet *p);

#endif /* NFT_SYSRQ_ANSWER_H */
