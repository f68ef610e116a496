// SPDX-License-Identifier: GPL-2.0-only
/* Channels, and the plain transport: UDP, a connected socket for each address. */
#include "transport.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/**
 * channel_open - get a socket for an address
 * @c: filled in
 * @transport: what carries
 * @to: the address
 *
 * Return: 0, or a negative errno.
 */
int channel_open(struct channel *c, const struct transport *transport,
		 const struct address *to)
{
	memset(c, 0, sizeof(*c));
	c->fd = -1;
	c->to = *to;
	c->transport = transport;
	return transport->open(c);
}

/**
 * channel_close - the socket is not needed any more
 * @c: the channel
 */
void channel_close(struct channel *c)
{
	close(c->fd);
	c->fd = -1;
}

/**
 * channel_connect - a socket is the channel's
 * @c: its address is set
 * @fd: the socket; closed if it cannot be
 *
 * Connected: the kernel drops what others send, tells of closed ports, and
 * what floods one host's socket takes no room from the others'. One socket
 * for all hosts would save four system calls a host, and lose all that.
 *
 * Return: 0, or a negative errno.
 */
int channel_connect(struct channel *c, int fd)
{
	int err;

	if (connect(fd, &c->to.sa, c->to.len)) {
		err = -errno;
		close(fd);
		return err;
	}
	c->fd = fd;
	return 0;
}

static int open_udp(struct channel *c)
{
	int fd = socket(c->to.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : channel_connect(c, fd);
}

static int send_udp(struct channel *c, const void *data, size_t size)
{
	return send(c->fd, data, size, 0) < 0 ? -errno : 0;
}

static ssize_t receive_udp(struct channel *c, void *data, size_t size)
{
	ssize_t n = recv(c->fd, data, size, 0);

	return n < 0 ? -errno : n;
}

const struct transport transport_udp = {
	.name = "udp", .open = open_udp, .send = send_udp, .receive = receive_udp,
};

/**
 * transport_find - by its name
 * @name: of a transport
 *
 * Return: the transport, or NULL.
 */
const struct transport *transport_find(const char *name)
{
	return !strcmp(name, transport_udp.name) ? &transport_udp :
	       !strcmp(name, transport_icmp.name) ? &transport_icmp : NULL;
}

/**
 * transport_error - what went wrong with a channel, in words
 * @transport: what was to carry
 * @err: errno
 */
const char *transport_error(const struct transport *transport, int err)
{
	if (transport == &transport_icmp && (err == EPERM || err == EACCES))
		return "neither a ping socket (sysctl net.ipv4.ping_group_range must have your "
		       "group) nor a raw socket (CAP_NET_RAW) is allowed";
	return strerror(err);
}
