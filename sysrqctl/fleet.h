/* SPDX-License-Identifier: GPL-2.0-only */
/* Exchanges with many hosts at once: sockets, clocks, one loop. */
#ifndef SYSRQCTL_FLEET_H
#define SYSRQCTL_FLEET_H

#include <sys/socket.h>

#include "exchange.h"
#include "hosts.h"

enum member_state {
	MEMBER_LOOKUP,		/* its name is being looked up */
	MEMBER_READY,		/* has addresses, waits for sockets */
	MEMBER_BUSY,		/* exchange under way */
	MEMBER_DONE,
};

/**
 * struct member - a host, and how far we are with it
 * @host: as it was named
 * @plan: what it is asked
 * @key: name of the key, or ""
 * @fallback: how to send blind
 * @heard_s: when the host was last heard before, s since 1970; 0: not known
 * @heard_lead_ms: by how much this machine's wall clock led the host's then
 * @state: how far
 * @found: its addresses, while MEMBER_READY
 * @eai: EAI_*, if its name was not found
 * @err: errno of the last thing that could not be done; 0
 * @refused: ICMP: its port is closed
 * @naddrs: how many addresses there are sockets for
 * @fds: sockets
 * @addrs: the addresses, as digits
 * @x: the exchange, if @naddrs
 */
struct member {
	const struct host *host;
	const struct exchange_plan *plan;
	const char	*key;
	struct exchange_fallback fallback;
	s64		heard_s;
	s64		heard_lead_ms;
	enum member_state state;
	struct addrinfo	*found;
	int		eai;
	int		err;
	bool		refused;
	unsigned int	naddrs;
	int		fds[EXCHANGE_ADDRS];
	char		addrs[EXCHANGE_ADDRS][64];
	struct exchange	x;
};

/**
 * struct fleet - all hosts of a command
 * @members: the hosts
 * @n: how many
 * @finished: called once for each, as it is done
 * @arg: for @finished
 */
struct fleet {
	struct member	*members;
	size_t		n;
	void		(*finished)(const struct member *m, void *arg);
	void		*arg;
};

int fleet_run(struct fleet *f);
bool clock_is_synchronised(void);

#endif /* SYSRQCTL_FLEET_H */
