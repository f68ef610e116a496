// SPDX-License-Identifier: GPL-2.0-only
/* The sockets of one host: a connected one for each of its addresses. */
#include "member.h"

#include <netdb.h>
#include <stdio.h>
#include <sys/timex.h>
#include <unistd.h>

/* Datagrams taken at once, so that a flood at one socket starves no other. */
#define BURST	16

static int open_one(struct member *m, const struct addrinfo *ai)
{
	char *text = m->addrs[m->naddrs];
	int fd;

	fd = socket(ai->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Connected: the kernel drops what others send, and tells of closed ports. */
	if (connect(fd, ai->ai_addr, ai->ai_addrlen)) {
		int err = -errno;

		close(fd);
		return err;
	}
	if (getnameinfo(ai->ai_addr, ai->ai_addrlen, text, sizeof(m->addrs[0]), NULL, 0,
			NI_NUMERICHOST))
		snprintf(text, sizeof(m->addrs[0]), "?");
	m->fds[m->naddrs++] = fd;
	return 0;
}

/**
 * member_open - sockets for a host's addresses
 * @m: MEMBER_READY
 *
 * Return: how many; where 0, @m says in @err why.
 */
unsigned int member_open(struct member *m)
{
	const struct addrinfo *ai;
	int err;

	for (ai = m->found; ai && m->naddrs < EXCHANGE_ADDRS; ai = ai->ai_next) {
		err = open_one(m, ai);
		if (err)
			m->err = -err;
	}
	freeaddrinfo(m->found);
	m->found = NULL;
	return m->naddrs;
}

/**
 * member_close - a host needs no sockets any more
 * @m: any; its exchange stays to be looked at
 *
 * Return: how many were closed.
 */
unsigned int member_close(struct member *m)
{
	unsigned int i;

	for (i = 0; i < m->naddrs; i++)
		close(m->fds[i]);
	if (m->found)
		freeaddrinfo(m->found);
	m->found = NULL;
	return m->naddrs;
}

static void note_error(struct member *m, int err)
{
	if (err == ECONNREFUSED)
		m->refused = true;
	else if (err != EAGAIN && err != EINTR)
		m->err = err;
}

/**
 * member_send - send what is due
 * @m: MEMBER_BUSY
 * @now: the sender's clocks
 */
void member_send(struct member *m, const struct exchange_clock *now)
{
	struct nft_sysrq_dgram d;
	unsigned int addr;

	while (exchange_next(&m->x, &d, &addr, now)) {
		if (send(m->fds[addr], &d, sizeof(d), 0) >= 0)
			continue;
		note_error(m, errno);
		/* That may have been the answer to an earlier one: it counts, this too. */
		if (send(m->fds[addr], &d, sizeof(d), 0) < 0)
			note_error(m, errno);
	}
}

/**
 * member_receive - take what has come
 * @m: MEMBER_BUSY
 * @addr: which of its addresses
 * @now: the sender's clocks
 */
void member_receive(struct member *m, unsigned int addr, const struct exchange_clock *now)
{
	u8 buf[NFT_SYSRQ_DGRAM_LEN + 1];
	ssize_t n;
	int i;

	for (i = 0; i < BURST; i++) {
		n = recv(m->fds[addr], buf, sizeof(buf), 0);
		if (n < 0) {
			note_error(m, errno);
			if (errno == EAGAIN)
				return;
			continue;
		}
		exchange_receive(&m->x, buf, n, addr, now);
	}
}

/**
 * clock_is_synchronised - does somebody keep this machine's clock right?
 */
bool clock_is_synchronised(void)
{
	struct timex tx = { .modes = 0 };
	int state = adjtimex(&tx);

	return state >= 0 && state != TIME_ERROR && !(tx.status & STA_UNSYNC);
}
