// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transport for networks that let only ping through: the datagram is the
 * payload of an echo request, and the answer that of the echo reply.
 *
 * A ping socket needs no privilege where net.ipv4.ping_group_range has the
 * user's group; where it has not, a raw socket is tried, which needs CAP_NET_RAW.
 * The kernel sets a ping socket's id, and gives it only replies with that id; it
 * looks at nobody's address, so that is done here.
 */
#include "transport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <unistd.h>

#define LONGEST		512

/* Both versions' echo messages begin alike. */
struct echo {
	u8	type;
	u8	code;
	u16	checksum;
	u16	id;
	u16	seq;
};

struct message {
	struct echo	head;
	u8		data[NFT_SYSRQ_DGRAM_LEN];
};

static bool is_v6(const struct channel *c)
{
	return c->to.sa.sa_family == AF_INET6;
}

/* Of the Internet: the one's complement of the one's complement sum of 16 bits each. */
static u16 checksum(const void *data, size_t size)
{
	const u8 *p = data;
	u32 sum = 0;

	for (; size > 1; size -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (size)
		sum += p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Only echo replies are worth waking up for. */
static int filter_raw(int fd, bool v6)
{
	struct icmp_filter v4 = { .data = ~(1U << ICMP_ECHOREPLY) };
	struct icmp6_filter only;

	if (!v6)
		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &v4, sizeof(v4));
	ICMP6_FILTER_SETBLOCKALL(&only);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &only);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &only, sizeof(only));
}

/* Return: a socket, or a negative errno. */
static int get_socket(struct channel *c)
{
	int protocol = is_v6(c) ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int flags = SOCK_NONBLOCK | SOCK_CLOEXEC, fd;

	fd = socket(c->to.sa.sa_family, SOCK_DGRAM | flags, protocol);
	if (fd >= 0)
		return fd;
	if (errno != EACCES && errno != EPERM && errno != EPROTONOSUPPORT)
		return -errno;
	fd = socket(c->to.sa.sa_family, SOCK_RAW | flags, protocol);
	if (fd < 0)
		return -errno;
	c->raw = true;
	c->id = randombytes_random();
	if (filter_raw(fd, is_v6(c))) {
		close(fd);
		return -errno;
	}
	return fd;
}

static int open_icmp(struct channel *c)
{
	int fd;

	/* There are no ports, and a raw socket would take one for a protocol. */
	if (is_v6(c))
		c->to.in6.sin6_port = 0;
	else
		c->to.in.sin_port = 0;
	fd = get_socket(c);
	return fd < 0 ? fd : channel_connect(c, fd);
}

static int send_icmp(struct channel *c, const void *data, size_t size)
{
	struct message m = {
		.head = {
			.type = is_v6(c) ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
			.id = c->id, .seq = htons(++c->seq),
		},
	};

	memcpy(m.data, data, size < sizeof(m.data) ? size : sizeof(m.data));
	/* The kernel does the others', and all of IPv6. */
	if (c->raw && !is_v6(c))
		m.head.checksum = checksum(&m, sizeof(m));
	return send(c->fd, &m, sizeof(m), 0) < 0 ? -errno : 0;
}

/* Return: length of the IP header, which IPv4's raw sockets have in front. */
static size_t ip_header(const struct channel *c, const u8 *buf, size_t n)
{
	return c->raw && !is_v6(c) && n ? (buf[0] & 0xf) * 4 : 0;
}

static ssize_t receive_icmp(struct channel *c, void *data, size_t size)
{
	struct address from = { .len = sizeof(from.in6) };
	u8 buf[LONGEST];
	struct echo head;
	size_t skip;
	ssize_t n;

	n = recvfrom(c->fd, buf, sizeof(buf), 0, &from.sa, &from.len);
	if (n < 0)
		return -errno;
	skip = ip_header(c, buf, n);
	if ((size_t)n < skip + sizeof(head) || !address_same_host(&from, &c->to))
		return -EBADMSG;
	memcpy(&head, buf + skip, sizeof(head));
	if (head.type != (is_v6(c) ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) || head.code ||
	    (c->raw && head.id != c->id))
		return -EBADMSG;
	skip += sizeof(head);
	n -= skip;
	memcpy(data, buf + skip, (size_t)n < size ? (size_t)n : size);
	return (size_t)n < size ? (size_t)n : size;
}

const struct transport transport_icmp = {
	.name = "icmp", .open = open_icmp, .send = send_icmp, .receive = receive_icmp,
};
