/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a sender and one host say to each other. No sockets, no clocks: the
 * caller carries the datagrams and tells the time.
 */
#ifndef SYSRQCTL_EXCHANGE_H
#define SYSRQCTL_EXCHANGE_H

#include "mac.h"
#include "steps.h"

#define EXCHANGE_ADDRS	8	/* addresses of a host that are tried */
#define EXCHANGE_KEYS	2	/* of which a host may have one */
#define EXCHANGE_TAGS	2	/* names a host may have in wall-clock mode */
#define EXCHANGE_PROBES	128	/* remembered, the latest */
#define EXCHANGE_COPIES	64	/* of one request */

/**
 * struct exchange_clock - the sender's clocks, ns
 * @boot: CLOCK_BOOTTIME
 * @real: CLOCK_REALTIME
 */
struct exchange_clock {
	s64	boot;
	s64	real;
};

/**
 * struct exchange_plan - what is the same for all hosts
 * @secrets: of the key
 * @other: of another key that the host may have instead, or NULL; what is
 *	sent blind by a remembered epoch goes under @secrets
 * @type: NFT_SYSRQ_RUN, NFT_SYSRQ_CANCEL, or NFT_SYSRQ_PROBE: a dry run, or
 *	without steps a bare probe
 * @steps: the program; none in a cancel
 * @timeout: ns, at most NFT_SYSRQ_TRY_NS
 * @partial: of a run, ask once more without the letters that are refused
 */
struct exchange_plan {
	const struct nft_sysrq_secrets *secrets;
	const struct nft_sysrq_secrets *other;
	enum nft_sysrq_type	type;
	struct steps		steps;
	s64			timeout;
	bool			partial;
};

/**
 * struct exchange_fallback - how a request goes to a host that does not answer
 * @epoch: of the host, remembered: copies go in epoch mode, and none in
 *	wall-clock mode; 0: none is
 * @ahead: host's CLOCK_BOOTTIME less ours as it is estimated, ns, rather too
 *	small than too large; if @epoch
 * @tags: host tags, one for each name that it may have in wall-clock mode
 * @ntags: 0..EXCHANGE_TAGS; 0: send nothing in wall-clock mode
 * @at_once: do not wait for half of the time before
 */
struct exchange_fallback {
	__be64		epoch;
	s64		ahead;
	__be64		tags[EXCHANGE_TAGS];
	unsigned int	ntags;
	bool		at_once;
};

/**
 * struct exchange_learned - what is worth remembering of a host
 * @epoch: 0: nothing was learned
 * @boot: host's CLOCK_BOOTTIME, ns
 * @at: the sender's clocks when that came
 * @lead_ms: by how much the sender's wall clock leads the host's
 */
struct exchange_learned {
	__be64			epoch;
	s64			boot;
	struct exchange_clock	at;
	s64			lead_ms;
};

enum exchange_state {
	EXCHANGE_PROBING,	/* looking for the host's epoch; blind copies */
	EXCHANGE_ASKING,	/* the request, in epoch mode */
	EXCHANGE_WAITING,	/* for the answer to what was sent blind; nothing more goes out */
	EXCHANGE_LOOKING,	/* answered; now at the pending program */
	EXCHANGE_DONE,
};

enum exchange_outcome {
	EXCHANGE_NO_ANSWER,	/* to the request */
	EXCHANGE_ANSWERED,	/* @reply says what */
	EXCHANGE_RESTARTED,	/* the host has, since the request was first sent */
	EXCHANGE_CLOCKS,	/* sent blind by a time that leads the host's */
};

/**
 * struct exchange_probe - a bare probe that was sent
 * @nonce: its own
 * @addr: where to
 * @key: sealed with which of the exchange's keys
 * @page: NFT_SYSRQ_PAGE_*
 * @stamp: as it was encoded
 * @sent: CLOCK_BOOTTIME, ns
 */
struct exchange_probe {
	u32	nonce;
	u8	addr;
	u8	key;
	u8	page;
	s64	stamp;
	s64	sent;
};

/**
 * struct exchange_copy - of the request
 * @stamp: as it was encoded
 * @sent: CLOCK_BOOTTIME, ns
 */
struct exchange_copy {
	s64	stamp;
	s64	sent;
};

/**
 * struct exchange_turn - when to send what comes several times
 * @due: sender's CLOCK_BOOTTIME, ns
 * @count: rounds sent
 * @cursor: next datagram of the round
 */
struct exchange_turn {
	s64		due;
	unsigned int	count;
	unsigned int	cursor;
};

/**
 * struct exchange - with one host
 * @plan: what is asked
 * @keys: that the host may have; only bare probes go out under more than one
 * @nkeys: how many
 * @steps: the program, as it is asked for
 * @left_out: letters of the plan are missing in it
 * @refusal: why, of the plan's steps, if @left_out
 * @naddrs: how many addresses it has
 * @fallback: for blind copies
 * @state: where it stands
 * @outcome: if EXCHANGE_DONE
 * @start: ns, as all times by the sender's CLOCK_BOOTTIME
 * @deadline: when it is given up, or was
 * @probe: the next bare probes
 * @blind: the next blind copies
 * @ask: the next copy in epoch mode, or look at the pending program
 * @probes: bare probes sent, the latest
 * @nprobes: how many were ever sent
 * @nonce: of the request
 * @copies: of the request under that nonce; several at once count as one
 * @ncopies: how many
 * @redrawn: how often the nonce was found taken
 * @mended: how often a stale copy was followed by another one at once
 * @first: when the request was first sent, under any nonce; 0: not yet
 * @last_real: when it was last sent, CLOCK_REALTIME, ns
 * @blind_sent: some copy was blind
 * @blind_lead_ms: by how much their stamps lead the host, if EXCHANGE_CLOCKS
 * @stale: the host's last word was that the request is stale
 * @addr: which one answered
 * @epoch: of the host
 * @ahead: host's CLOCK_BOOTTIME less ours, at most
 * @learned: from the latest reply
 * @rtt: ns, of the last datagram that was answered; -1: none was
 * @reply: the one that @outcome is about
 * @pending: the pending program, if a bare probe was told of one; all zero:
 *	it was not
 * @reply_real: when it came, CLOCK_REALTIME, ns
 */
struct exchange {
	const struct exchange_plan *plan;
	const struct nft_sysrq_secrets *keys[EXCHANGE_KEYS];
	unsigned int		nkeys;
	struct steps		steps;
	bool			left_out;
	struct nft_sysrq_outcome refusal;
	unsigned int		naddrs;
	struct exchange_fallback fallback;
	enum exchange_state	state;
	enum exchange_outcome	outcome;
	s64			start;
	s64			deadline;
	struct exchange_turn	probe;
	struct exchange_turn	blind;
	struct exchange_turn	ask;
	struct exchange_probe	probes[EXCHANGE_PROBES];
	unsigned int		nprobes;
	u32			nonce;
	struct exchange_copy	copies[EXCHANGE_COPIES];
	unsigned int		ncopies;
	unsigned int		redrawn;
	unsigned int		mended;
	s64			first;
	s64			last_real;
	bool			blind_sent;
	s64			blind_lead_ms;
	bool			stale;
	unsigned int		addr;
	__be64			epoch;
	s64			ahead;
	struct exchange_learned	learned;
	s64			rtt;
	struct nft_sysrq_dgram	reply;
	struct nft_sysrq_pending pending;
	s64			reply_real;
};

void exchange_begin(struct exchange *x, const struct exchange_plan *plan,
		    unsigned int naddrs, const struct exchange_fallback *fallback,
		    const struct exchange_clock *now);
bool exchange_next(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		   const struct exchange_clock *now);
void exchange_receive(struct exchange *x, const void *data, size_t len,
		      unsigned int addr, const struct exchange_clock *now);
void exchange_stop(struct exchange *x, const struct exchange_clock *now);
s64 exchange_due(const struct exchange *x);

/** exchange_body - of the reply to a request */
static inline const struct nft_sysrq_outcome *exchange_body(const struct nft_sysrq_dgram *d)
{
	return (const struct nft_sysrq_outcome *)d->body;
}
s64 exchange_lead_ms(const struct nft_sysrq_dgram *d, const struct exchange_clock *now);

#endif /* SYSRQCTL_EXCHANGE_H */
