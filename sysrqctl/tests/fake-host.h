/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests: a host that answers as the module does, from the same core. */
#ifndef SYSRQCTL_FAKE_HOST_H
#define SYSRQCTL_FAKE_HOST_H

#include "exchange.h"
#include "window.h"

/**
 * struct fake_host - a host with one key
 * @secrets: of the key
 * @tag: its host tag
 * @epoch: of the key
 * @booted: when it booted, by the test's CLOCK_BOOTTIME, ns
 * @wall_off: its wall clock less the test's, ns
 * @wall: the key allows wall-clock mode
 * @key_forbids: letters
 * @sysrq_forbids: letters
 * @lacks: letters without handler
 * @mask: kernel.sysrq
 * @status: what it says to every fresh request instead of judging; to bare probes
 *	only NFT_SYSRQ_ST_EXPIRED
 * @restart: a run that is accepted restarts it
 * @pending: the program that is pending, if @pending_n
 * @pending_n: its steps
 * @pending_nonce: its
 * @pending_since: by the test's CLOCK_BOOTTIME, ns
 * @runs: runs accepted
 * @cancels: cancels carried out
 * @datagrams: genuine ones that came
 */
struct fake_host {
	struct nft_sysrq_secrets secrets;
	__be64		tag;
	u64		epoch;
	s64		booted;
	s64		wall_off;
	bool		wall;
	const char	*key_forbids;
	const char	*sysrq_forbids;
	const char	*lacks;
	u16		mask;
	enum nft_sysrq_status status;
	bool		restart;
	struct nft_sysrq_step pending[NFT_SYSRQ_MAX_STEPS];
	unsigned int	pending_n;
	u32		pending_nonce;
	s64		pending_since;
	unsigned int	runs;
	unsigned int	cancels;
	unsigned int	datagrams;
	struct nft_sysrq_window window;
	void		*mem;
};

void fake_host_begin(struct fake_host *h, const u8 key[NFT_SYSRQ_KEY_LEN],
		     const char *identity, const struct exchange_clock *now);
void fake_host_boot(struct fake_host *h, const struct exchange_clock *now);
bool fake_host_take(struct fake_host *h, const struct nft_sysrq_dgram *d,
		    struct nft_sysrq_dgram *reply, const struct exchange_clock *now);
void fake_host_end(struct fake_host *h);

#endif /* SYSRQCTL_FAKE_HOST_H */
