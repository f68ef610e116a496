// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lanes: TAP devices. What is written to them has come by the network, as far as the host is concerned; what
 * the host sends is read from them. Odd ones take frames in pieces (NAPI, with frags).
 */
#include "lane.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define PIECES	4
/* Of UDP, ICMP and ICMPv6 alike. */
#define L4_HEAD	8

/**
 * lane_open - take a lane
 * @lane: filled in
 * @number: lanes.py has made it: laneN, this host's 10.9.N.1 and fd09:N::1, others' 10.9.N.2 and fd09:N::2
 */
void lane_open(struct lane *lane, unsigned int number)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	char text[64];

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "lane%u", number);
	lane->pieces = number % 4;
	if (lane->pieces)
		ifr.ifr_flags |= IFF_NAPI | IFF_NAPI_FRAGS;
	lane->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (lane->fd < 0 || ioctl(lane->fd, TUNSETIFF, &ifr))
		fail("%s: %s", ifr.ifr_name, strerror(errno));

	memcpy(lane->route.host, (uint8_t[]){ 2, 9, 0, 0, 0, (uint8_t)number }, ETH_ALEN);
	memcpy(lane->route.peer, (uint8_t[]){ 2, 9, 0, 0, 1, (uint8_t)number }, ETH_ALEN);
	lane->route.host4.s_addr = htonl(10U << 24 | 9U << 16 | number << 8 | 1);
	lane->route.peer4.s_addr = htonl(10U << 24 | 9U << 16 | number << 8 | 2);
	snprintf(text, sizeof(text), "fd09:%x::1", number);
	inet_pton(AF_INET6, text, &lane->route.host6);
	snprintf(text, sizeof(text), "fd09:%x::2", number);
	inet_pton(AF_INET6, text, &lane->route.peer6);
}

/* What a card may say of a packet: to be checked, or one that stands for many. */
static void odd_header(struct dice *d, struct virtio_net_hdr *h)
{
	if (chance(d, 500)) {
		h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h->csum_start = (uint16_t)(34 + below(d, 40));
		h->csum_offset = 6;
	}
	if (chance(d, 500)) {
		h->gso_type = (uint8_t)(chance(d, 500) ? 5 : 1 + below(d, 5));
		h->gso_size = (uint16_t)(1 + below(d, 120));
		h->hdr_len = (uint16_t)below(d, 120);
		h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h->csum_start = chance(d, 500) ? 34 : 54;
		h->csum_offset = 6;
	}
	if (chance(d, 100))
		h->flags |= VIRTIO_NET_HDR_F_DATA_VALID;
}

/**
 * lane_send - a frame comes in
 * @lane: by it
 * @d: chooses
 * @f: the frame
 * @odd: it may be cut to pieces, and its card may say odd things of it
 *
 * Return: the device took it.
 */
bool lane_send(struct lane *lane, struct dice *d, const struct frame *f, bool odd)
{
	struct virtio_net_hdr h = { 0 };
	struct iovec iov[1 + PIECES] = { { .iov_base = &h, .iov_len = sizeof(h) } };
	size_t at = 0, len;
	int n = 1;

	if (odd && chance(d, 50))
		odd_header(d, &h);
	/* The first one has to hold the Ethernet header. */
	while (lane->pieces && odd && n < PIECES && f->len - at > 1) {
		len = at ? 1 + below(d, (uint32_t)(f->len - at)) :
			   14 + below(d, (uint32_t)(f->len < 64 ? 1 : chance(d, 300) ? 1 : 50));
		if (len >= f->len - at)
			break;
		iov[n++] = (struct iovec){ .iov_base = (uint8_t *)f->data + at, .iov_len = len };
		at += len;
	}
	iov[n++] = (struct iovec){ .iov_base = (uint8_t *)f->data + at, .iov_len = f->len - at };
	return writev(lane->fd, iov, n) > 0;
}

/**
 * lane_answer - what has come back
 * @lane: by it
 * @a: filled in with the next one that UDP or an echo reply carries
 *
 * Return: false if there is no more.
 */
bool lane_answer(struct lane *lane, struct answer *a)
{
	uint8_t buffer[sizeof(struct virtio_net_hdr) + FRAME_LONGEST];
	const uint8_t *ip = buffer + sizeof(struct virtio_net_hdr) + ETH_HLEN;
	size_t head;
	ssize_t n;

	while ((n = read(lane->fd, buffer, sizeof(buffer))) > 0) {
		n -= ip - buffer;
		if (n < (ssize_t)sizeof(struct iphdr))
			continue;
		head = ip[0] >> 4 == 4 ? (ip[0] & 15) * 4U : sizeof(struct ip6_hdr);
		if ((size_t)n < head + L4_HEAD)
			continue;
		if (ip[0] >> 4 == 4 ? ip[9] != IPPROTO_UDP && (ip[9] != IPPROTO_ICMP || ip[head]) :
				      ip[6] != IPPROTO_UDP && (ip[6] != IPPROTO_ICMPV6 || ip[head] != 129))
			continue;
		a->len = (size_t)n - head - L4_HEAD;
		memcpy(a->data, ip + head + L4_HEAD, a->len);
		return true;
	}
	return false;
}
