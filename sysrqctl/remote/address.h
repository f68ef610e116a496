/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a host is: its addresses, in one piece that needs no freeing. */
#ifndef SYSRQCTL_ADDRESS_H
#define SYSRQCTL_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "exchange.h"

#define ADDRESS_TEXT	64	/* as digits, with interface and NUL */

/**
 * struct address - of IPv4 or IPv6, with a port
 * @len: of the member in use
 * @sa: to be handed to the kernel
 * @in: IPv4
 * @in6: IPv6
 */
struct address {
	socklen_t	len;
	union {
		struct sockaddr		sa;
		struct sockaddr_in	in;
		struct sockaddr_in6	in6;
	};
};

/**
 * struct addresses - of one host
 * @n: 0..EXCHANGE_ADDRS
 * @all: the addresses
 */
struct addresses {
	unsigned int	n;
	struct address	all[EXCHANGE_ADDRS];
};

int addresses_find(struct addresses *a, const char *name, const char *port, bool literal);
bool address_same_host(const struct address *a, const struct address *b);
void address_text(const struct address *a, char text[ADDRESS_TEXT]);

#endif /* SYSRQCTL_ADDRESS_H */
