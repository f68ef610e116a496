// SPDX-License-Identifier: GPL-2.0-only
/* Netlink messages: sent, answered, and changed on the way. */
#include "message.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

#define SECRET	12	/* bytes of key material that are nowhere by chance */

/**
 * material - of a key
 * @i: which, 0..MATERIALS - 1
 * @to: gets it
 */
void material(unsigned int i, uint8_t to[32])
{
	char text[32];

	snprintf(text, sizeof(text), "torture material %u", i);
	crypto_hash_sha256(to, (const uint8_t *)text, strlen(text));
}

/**
 * talk_open - open a socket
 * @t: filled in
 * @bus: NETLINK_*
 */
void talk_open(struct talk *t, int bus)
{
	int on = 1;

	memset(t, 0, sizeof(*t));
	t->nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!t->nl || mnl_socket_bind(t->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("no netlink: %s", strerror(errno));
	/* An error does not repeat the request: whoever sees key material has been told it. */
	mnl_socket_setsockopt(t->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(t->nl, NETLINK_EXT_ACK, &on, sizeof(on));
}

/**
 * talk_begin - begin a message
 * @t: where it is to be sent
 * @buffer: for it
 * @type: of nlmsghdr
 * @flags: likewise, besides NLM_F_REQUEST
 */
struct nlmsghdr *talk_begin(struct talk *t, void *buffer, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++t->seq;
	return nlh;
}

static bool tells(const void *data, size_t len)
{
	static uint8_t secrets[MATERIALS][32];
	unsigned int i;

	for (i = 0; i < MATERIALS; i++) {
		if (!secrets[i][0] && !secrets[i][1])
			material(i, secrets[i]);
		if (memmem(data, len, secrets[i], SECRET))
			return true;
	}
	return false;
}

static void hear(struct talk *t, const struct nlmsghdr *nlh, answer_fn *fn, void *arg)
{
	const struct nlmsgerr *err;

	if (nlh->nlmsg_type == NLMSG_ERROR && nlh->nlmsg_len >= mnl_nlmsg_size(sizeof(*err))) {
		err = mnl_nlmsg_get_payload(nlh);
		if (err->error)
			t->refused++;
		else
			t->ok++;
	} else if (nlh->nlmsg_type != NLMSG_DONE) {
		t->answers++;
		if (fn)
			fn(nlh, arg);
	}
}

/**
 * talk_listen - all that has come
 * @t: where
 * @fn: gets what is not an error, or NULL
 * @arg: of @fn
 */
void talk_listen(struct talk *t, answer_fn *fn, void *arg)
{
	static uint8_t buffer[1 << 18];
	const struct nlmsghdr *nlh;
	ssize_t n;
	int left;

	for (;;) {
		n = recv(mnl_socket_get_fd(t->nl), buffer, sizeof(buffer), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS)
			continue;
		if (n <= 0)
			return;
		t->told += tells(buffer, (size_t)n);
		left = (int)n;
		for (nlh = (const struct nlmsghdr *)buffer; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left))
			hear(t, nlh, fn, arg);
	}
}

/**
 * talk_send - send, and listen to what is said to it
 * @t: where
 * @data: messages
 * @len: of them
 * @fn: gets what is not an error, or NULL
 * @arg: of @fn
 *
 * Netlink does what it is asked before the sender is on again.
 */
void talk_send(struct talk *t, const void *data, size_t len, answer_fn *fn, void *arg)
{
	if (mnl_socket_sendto(t->nl, data, len) < 0)
		t->refused++;
	talk_listen(t, fn, arg);
}

/* One of those in @len bytes at @at, or one in one of them. NULL: there is none. */
static struct nlattr *pick(struct dice *d, uint8_t *at, size_t len, int depth)
{
	struct nlattr *found = NULL, *nla;
	size_t from, size;
	uint32_t n = 0;

	for (from = 0; from + sizeof(*nla) <= len; from += MNL_ALIGN(size)) {
		nla = (struct nlattr *)(at + from);
		size = nla->nla_len;
		if (size < sizeof(*nla) || from + size > len)
			break;
		if (!below(d, ++n))
			found = nla;
	}
	if (found && found->nla_type & NLA_F_NESTED && depth && chance(d, 800)) {
		nla = pick(d, (uint8_t *)(found + 1), found->nla_len - sizeof(*found), depth - 1);
		return nla ?: found;
	}
	return found;
}

static void mutate_type(struct dice *d, struct nlattr *nla)
{
	switch (below(d, 4)) {
	case 0:
		nla->nla_type = (uint16_t)below(d, 24);
		break;
	case 1:
		nla->nla_type ^= NLA_F_NESTED;
		break;
	case 2:
		nla->nla_type ^= NLA_F_NET_BYTEORDER;
		break;
	default:
		nla->nla_type = (uint16_t)roll(d);
	}
}

static void mutate_len(struct dice *d, struct nlattr *nla)
{
	switch (below(d, 4)) {
	case 0:
		nla->nla_len = (uint16_t)below(d, 8);
		break;
	case 1:
		nla->nla_len = (uint16_t)(nla->nla_len + below(d, 9) - 4);
		break;
	case 2:
		nla->nla_len = (uint16_t)(0xffff - below(d, 8));
		break;
	default:
		nla->nla_len = (uint16_t)below(d, 300);
	}
}

/**
 * mutate_attributes - change one of them
 * @d: chooses
 * @p: what to splice from
 * @at: attributes, one behind the other
 * @len: of all
 * @room: how long they may become
 *
 * Return: how long they are then.
 */
size_t mutate_attributes(struct dice *d, const struct pool *p, uint8_t *at, size_t len, size_t room)
{
	struct nlattr *nla = pick(d, at, len, 4);
	size_t size, rest;

	if (!nla)
		return len;
	size = MNL_ALIGN(nla->nla_len);
	rest = (size_t)(at + len - (uint8_t *)nla);
	if (size > rest)
		size = rest;
	switch (below(d, 12)) {
	case 0:
	case 1:
		mutate_type(d, nla);
		break;
	case 2:
	case 3:
		mutate_len(d, nla);
		break;
	case 4:	/* it goes; what it is in says nothing of that */
		memmove(nla, (uint8_t *)nla + size, rest - size);
		return len - size;
	case 5:	/* twice */
		if (len + size > room)
			break;
		memmove((uint8_t *)nla + size, nla, rest);
		return len + size;
	case 6:	/* anything, anywhere */
		mutate(d, p, at, len);
		break;
	case 7:	/* cut short */
		return len - below(d, (uint32_t)(len < 8 ? len : 8));
	default:
		if (nla->nla_len > sizeof(*nla) && nla->nla_len <= rest)
			mutate(d, p, (uint8_t *)(nla + 1), nla->nla_len - sizeof(*nla));
	}
	return len;
}
