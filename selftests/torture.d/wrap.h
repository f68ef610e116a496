/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets around a datagram, as they should be or not. */
#ifndef TORTURE_WRAP_H
#define TORTURE_WRAP_H

#include <net/ethernet.h>
#include <netinet/in.h>

#include "dice.h"

#define FRAME_LONGEST	2048
#define FRAMES_MAX	3	/* that a packet is cut into */

/**
 * struct route - from whom to whom
 * @host: hardware address of this host's end
 * @peer: of the other one
 * @host4: this host's address
 * @peer4: the other one
 * @host6: likewise
 * @peer6: likewise
 */
struct route {
	uint8_t		host[ETH_ALEN];
	uint8_t		peer[ETH_ALEN];
	struct in_addr	host4;
	struct in_addr	peer4;
	struct in6_addr	host6;
	struct in6_addr	peer6;
};

struct frame {
	uint8_t	data[FRAME_LONGEST];
	size_t	len;
};

/**
 * struct wrapping - what a packet is to be like
 * @six: IPv6
 * @echo: an echo request; else UDP
 * @odd: whatever else may be wrong with it, is now and then
 */
struct wrapping {
	bool	six;
	bool	echo;
	bool	odd;
};

unsigned int wrap(struct dice *d, const struct route *r, const struct wrapping *how,
		  const uint8_t *payload, size_t len, struct frame frames[FRAMES_MAX]);

#endif /* TORTURE_WRAP_H */
