/* SPDX-License-Identifier: GPL-2.0-only */
/* Exchanges with many hosts at once: sockets, clocks, one loop. */
#ifndef SYSRQCTL_FLEET_H
#define SYSRQCTL_FLEET_H

#include "exchange.h"
#include "hosts.h"
#include "transport.h"

#define FLEET_PARALLEL		500	/* hosts at once, unless said otherwise */
#define FLEET_PARALLEL_MAX	10000

/**
 * struct member - a host whose turn it is, and how far we are with it
 * @host: as it was named
 * @plan: what it is asked
 * @key: name of the key, or ""
 * @fallback: how to send blind
 * @heard_s: when the host was last heard before, s since 1970; 0: not known
 * @heard_lead_ms: by how much this machine's wall clock led the host's then
 * @transport: what carries
 * @eai: EAI_*, if its name was not found
 * @err: errno of the last thing that could not be done; 0
 * @refused: ICMP: its port is closed
 * @echoed: what was sent came back as it was
 * @naddrs: how many addresses there are sockets for
 * @channels: to them
 * @addrs: the addresses, as digits
 * @x: the exchange; its plan is NULL if there was none
 * @due: when it needs something, CLOCK_BOOTTIME, ns
 * @place: in the heap
 * @next: in the loop's list of those that are done
 */
struct member {
	const struct host *host;
	const struct exchange_plan *plan;
	const char	*key;
	struct exchange_fallback fallback;
	s64		heard_s;
	s64		heard_lead_ms;
	const struct transport *transport;
	int		eai;
	int		err;
	bool		refused;
	bool		echoed;
	unsigned int	naddrs;
	struct channel	channels[EXCHANGE_ADDRS];
	char		addrs[EXCHANGE_ADDRS][ADDRESS_TEXT];
	struct exchange	x;
	s64		due;
	size_t		place;
	struct member	*next;
};

/**
 * struct fleet - all hosts of a command
 * @hosts: the hosts
 * @n: how many
 * @parallel: how many at once, 1..FLEET_PARALLEL_MAX
 * @begin: called for each when its turn comes, with its index: sets plan, key,
 *	fallback and transport
 * @opened: called for each when its addresses are known, before anything goes out; or NULL
 * @finished: called once for each, as it is done; it is freed after that
 * @progress: called from time to time with how many are busy, if not NULL
 * @ear: a socket beside those of the hosts, if @heard is not NULL
 * @heard: called when something has come to it
 * @arg: for all of them
 */
struct fleet {
	const struct host *hosts;
	size_t		n;
	size_t		parallel;
	void		(*begin)(struct member *m, size_t i, void *arg);
	void		(*opened)(const struct member *m, void *arg);
	void		(*finished)(const struct member *m, void *arg);
	void		(*progress)(size_t busy, void *arg);
	int		ear;
	void		(*heard)(void *arg);
	void		*arg;
};

int fleet_run(struct fleet *f);
bool fleet_interrupted(void);
bool clock_is_synchronised(void);

#endif /* SYSRQCTL_FLEET_H */
