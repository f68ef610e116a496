// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP, and who says that a datagram does not arrive: the plain transport is only told that
 * somebody did.
 */
#include "doctor-watch.h"

#include <errno.h>
#include <string.h>

#include <linux/errqueue.h>

/* Of each address the latest; a command asks one host. */
static struct {
	struct address		to;
	struct watch_said	said;
} heard[EXCHANGE_ADDRS];

static unsigned int nheard;

static const struct {
	u8		origin;
	u8		type;
	u8		code;
	const char	*words;
} meanings[] = {
	{ SO_EE_ORIGIN_ICMP, 3, 0, "network unreachable" },
	{ SO_EE_ORIGIN_ICMP, 3, 1, "host unreachable" },
	{ SO_EE_ORIGIN_ICMP, 3, 2, "no UDP there" },
	{ SO_EE_ORIGIN_ICMP, 3, 3, "port closed" },
	{ SO_EE_ORIGIN_ICMP, 3, 9, "network prohibited" },
	{ SO_EE_ORIGIN_ICMP, 3, 10, "host prohibited" },
	{ SO_EE_ORIGIN_ICMP, 3, 13, "prohibited" },
	{ SO_EE_ORIGIN_ICMP6, 1, 0, "no route" },
	{ SO_EE_ORIGIN_ICMP6, 1, 1, "prohibited" },
	{ SO_EE_ORIGIN_ICMP6, 1, 3, "address unreachable" },
	{ SO_EE_ORIGIN_ICMP6, 1, 4, "port closed" },
	{ SO_EE_ORIGIN_ICMP6, 1, 5, "source address prohibited" },
	{ SO_EE_ORIGIN_ICMP6, 1, 6, "route rejected" },
};

static const char *meaning(const struct sock_extended_err *ee)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].origin == ee->ee_origin && meanings[i].type == ee->ee_type &&
		    meanings[i].code == ee->ee_code)
			return meanings[i].words;
	return strerror(ee->ee_errno);
}

static struct watch_said *slot(const struct address *to)
{
	unsigned int i;

	for (i = 0; i < nheard; i++)
		if (address_same_host(&heard[i].to, to))
			return &heard[i].said;
	if (nheard == EXCHANGE_ADDRS)
		return NULL;
	heard[nheard].to = *to;
	return &heard[nheard++].said;
}

static void remember(const struct address *to, const struct sock_extended_err *ee,
		     const struct address *from)
{
	struct watch_said *said = slot(to);

	if (!said)
		return;
	said->words = meaning(ee);
	said->host = address_same_host(from, to);
	address_text(from, said->from);
}

/* Whose the error is stands behind it; what this kernel says itself has nobody. */
static void take_error(const struct address *to, const struct sock_extended_err *ee, size_t size)
{
	const struct sockaddr *sa = (const struct sockaddr *)(ee + 1);
	struct address from = { 0 };

	if (ee->ee_origin != SO_EE_ORIGIN_ICMP && ee->ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	from.len = sa->sa_family == AF_INET ? sizeof(from.in) :
		   sa->sa_family == AF_INET6 ? sizeof(from.in6) : 0;
	if (!from.len || size < sizeof(*ee) + from.len)
		return;
	memcpy(&from.sa, sa, from.len);
	remember(to, ee, &from);
}

/* Return: the negative errno of an error that has come, or 0: none has. */
static int next_error(struct channel *c)
{
	char control[512], data[1];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct sock_extended_err ee[8];
	struct cmsghdr *cmsg;
	size_t size;
	int err = 0;

	if (recvmsg(c->fd, &msg, MSG_ERRQUEUE) < 0)
		return 0;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		size = cmsg->cmsg_len - CMSG_LEN(0);
		if (!(cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_RECVERR) &&
		    !(cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_RECVERR))
			continue;
		if (size < sizeof(*ee) || size > sizeof(ee))
			continue;
		memcpy(ee, CMSG_DATA(cmsg), size);
		take_error(&c->to, ee, size);
		err = -(int)ee->ee_errno;
	}
	return err;
}

static int open_watched(struct channel *c)
{
	int err = transport_udp.open(c), one = 1;

	if (err)
		return err;
	/* Without, less is told. */
	setsockopt(c->fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	if (c->to.sa.sa_family == AF_INET6)
		setsockopt(c->fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof(one));
	return 0;
}

static int send_watched(struct channel *c, const void *data, size_t size)
{
	return transport_udp.send(c, data, size);
}

static ssize_t receive_watched(struct channel *c, void *data, size_t size)
{
	int err = next_error(c);

	return err ? err : transport_udp.receive(c, data, size);
}

const struct transport transport_watched = {
	.name = "udp", .open = open_watched, .send = send_watched, .receive = receive_watched,
};

/**
 * watch_said - what was said of datagrams to an address
 * @to: the address
 *
 * Return: the latest, or NULL: nothing.
 */
const struct watch_said *watch_said(const struct address *to)
{
	unsigned int i;

	for (i = 0; i < nheard; i++)
		if (address_same_host(&heard[i].to, to))
			return &heard[i].said;
	return NULL;
}
