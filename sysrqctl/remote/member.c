// SPDX-License-Identifier: GPL-2.0-only
/* One host: a channel for each of its addresses, and what goes through them. */
#include "member.h"

#include <sys/timex.h>
#include <time.h>

#include "duration.h"

/* Datagrams taken at once, so that a flood at one host starves no other. */
#define BURST	16

static s64 clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/**
 * clocks_read - this machine's clocks
 * @now: filled in
 */
void clocks_read(struct exchange_clock *now)
{
	now->boot = clock_ns(CLOCK_BOOTTIME);
	now->real = clock_ns(CLOCK_REALTIME);
}

/**
 * member_is_scarce - may it work later, when other hosts are done?
 * @err: negative errno of opening a channel
 */
bool member_is_scarce(int err)
{
	/* EAGAIN: no local port is free. */
	return err == -EMFILE || err == -ENFILE || err == -ENOBUFS || err == -ENOMEM ||
	       err == -EAGAIN;
}

/**
 * member_open - channels to a host's addresses
 * @m: begun
 * @found: the addresses
 * @all: rather none than too few for want of sockets
 *
 * Return: 0, or the negative errno why there are none.
 */
int member_open(struct member *m, const struct addresses *found, bool all)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < found->n; i++) {
		err = channel_open(&m->channels[m->naddrs], m->transport, &found->all[i]);
		if (!err) {
			address_text(&found->all[i], m->addrs[m->naddrs++]);
			continue;
		}
		if (all && member_is_scarce(err)) {
			member_close(m);
			m->naddrs = 0;
			return err;
		}
		m->err = -err;
	}
	return m->naddrs ? 0 : err;
}

/**
 * member_close - a host needs its channels no more
 * @m: any; its exchange stays to be looked at
 */
void member_close(struct member *m)
{
	unsigned int i;

	for (i = 0; i < m->naddrs; i++)
		channel_close(&m->channels[i]);
}

static void note_error(struct member *m, int err)
{
	if (err == -ECONNREFUSED)
		m->refused = true;
	else if (err != -EAGAIN && err != -EINTR && err != -EBADMSG)
		m->err = -err;
}

/**
 * member_send - send what is due
 * @m: its exchange has begun
 * @now: the sender's clocks
 */
void member_send(struct member *m, const struct exchange_clock *now)
{
	struct nft_sysrq_dgram d;
	unsigned int addr;
	struct channel *c;
	int err;

	while (exchange_next(&m->x, &d, &addr, now)) {
		c = &m->channels[addr];
		err = c->transport->send(c, &d, sizeof(d));
		if (!err)
			continue;
		note_error(m, err);
		/* That may have been the answer to an earlier one: it counts, this too. */
		err = c->transport->send(c, &d, sizeof(d));
		if (err)
			note_error(m, err);
	}
}

/* What comes back as it was sent: by ICMP, the host's kernel has answered a ping. */
static bool is_echo(const u8 *data, size_t size)
{
	struct nft_sysrq_dgram d;

	if (size != sizeof(d))
		return false;
	memcpy(&d, data, sizeof(d));
	return !memcmp(d.magic, "SRQ", sizeof(d.magic)) && !(d.type & NFT_SYSRQ_REPLY);
}

/**
 * member_receive - take what has come
 * @m: its exchange has begun
 * @addr: which of its addresses
 *
 * The clocks are read after it has come: by an earlier reading the host's clock
 * would be estimated too high.
 */
void member_receive(struct member *m, unsigned int addr)
{
	struct channel *c = &m->channels[addr];
	struct exchange_clock now;
	u8 buf[NFT_SYSRQ_DGRAM_LEN + 1];
	ssize_t n;
	int i;

	for (i = 0; i < BURST; i++) {
		n = c->transport->receive(c, buf, sizeof(buf));
		if (n >= 0) {
			clocks_read(&now);
			m->echoed |= is_echo(buf, n);
			exchange_receive(&m->x, buf, n, addr, &now);
			continue;
		}
		note_error(m, n);
		if (n == -EAGAIN)
			return;
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
