/* SPDX-License-Identifier: GPL-2.0-only */
/* A world for tests of the sender: one host, a way to it, and a clock that is moved by hand. */
#ifndef SYSRQCTL_TEST_WORLD_H
#define SYSRQCTL_TEST_WORLD_H

#include "duration.h"
#include "exchange.h"
#include "fake-host.h"
#include "test.h"

#define MS	NS_PER_MS
#define S	NS_PER_S

extern const u8 world_key[NFT_SYSRQ_KEY_LEN];

/* One sender, one host with up to two addresses, a way between them. */
extern struct world {
	struct exchange_clock	now;
	struct fake_host	host;
	struct nft_sysrq_secrets secrets;
	struct exchange_plan	plan;
	struct exchange_fallback fallback;	/* its tags are world_run()'s */
	struct exchange		x;
	s64			delay;		/* each way */
	s64			deaf_until;	/* requests are lost before */
	s64			mute_until;	/* replies are lost before */
	bool			no_probes;	/* bare probes are lost */
	bool			lose_run_reply;	/* of runs, the first */
	unsigned int		dead_addrs;	/* bits: addresses that lose all */
	unsigned int		chaos;		/* percent lost; as many come twice, all late */
	unsigned int		sent;
	unsigned int		sent_runs;
	unsigned int		sent_blind;
	u32			run_nonce[2];	/* first and last */
	s64			max_lead;	/* of stamps, ahead of the host */
	struct {
		s64			due;
		unsigned int		addr;
		bool			reply;
		struct nft_sysrq_dgram	d;
	} wire[256];
	unsigned int		nwire;
	void			(*on_request)(struct nft_sysrq_dgram *d);
	void			(*on_reply)(struct nft_sysrq_dgram *d);
} w;

void world_begin(enum nft_sysrq_type type, const char *commands, s64 timeout);
void world_pend(void);
s64 world_run(unsigned int naddrs, unsigned int ntags);
u8 world_status(void);

#endif /* SYSRQCTL_TEST_WORLD_H */
