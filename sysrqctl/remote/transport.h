/* SPDX-License-Identifier: GPL-2.0-only */
/* What carries datagrams to an address and back. */
#ifndef SYSRQCTL_TRANSPORT_H
#define SYSRQCTL_TRANSPORT_H

#include <sys/types.h>

#include "address.h"

struct member;
struct transport;

/**
 * struct channel - to one address
 * @fd: its socket
 * @to: the address
 * @transport: what carries
 * @member: whose it is
 * @raw: ICMP by a raw socket
 * @id: ICMP: of raw echo requests
 * @seq: ICMP: of the last one
 */
struct channel {
	int		fd;
	struct address	to;
	const struct transport *transport;
	struct member	*member;
	bool		raw;
	u16		id;
	u16		seq;
};

/**
 * struct transport - a way to carry datagrams
 * @name: as in settings
 * @open: a socket for @to: 0, or a negative errno
 * @send: one datagram: 0, or a negative errno
 * @receive: what came from @to: its length (cut to @size), or a negative errno;
 *	-EAGAIN: nothing; -EBADMSG: something that is not for us
 *
 * None of them blocks.
 */
struct transport {
	const char	*name;
	int		(*open)(struct channel *c);
	int		(*send)(struct channel *c, const void *data, size_t size);
	ssize_t		(*receive)(struct channel *c, void *data, size_t size);
};

extern const struct transport transport_udp;
extern const struct transport transport_icmp;

const struct transport *transport_find(const char *name);
const char *transport_error(const struct transport *transport, int err);

int channel_open(struct channel *c, const struct transport *transport,
		 const struct address *to);
int channel_connect(struct channel *c, int fd);
void channel_close(struct channel *c);

#endif /* SYSRQCTL_TRANSPORT_H */
