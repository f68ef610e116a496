/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink messages: sent, answered, and changed on the way. */
#ifndef TORTURE_MESSAGE_H
#define TORTURE_MESSAGE_H

#include <libmnl/libmnl.h>

#include "dice.h"

#define MESSAGE_LONGEST	8192

/**
 * struct talk - a netlink socket, and what was said there
 * @nl: the socket
 * @seq: of the last message
 * @ok: messages that were obeyed
 * @refused: that were not
 * @answers: messages that came back
 * @told: of them, with key material in it
 */
struct talk {
	struct mnl_socket	*nl;
	uint32_t		seq;
	unsigned long		ok;
	unsigned long		refused;
	unsigned long		answers;
	unsigned long		told;
};

#define MATERIALS	8

void material(unsigned int i, uint8_t to[32]);

void talk_open(struct talk *t, int bus);
struct nlmsghdr *talk_begin(struct talk *t, void *buffer, uint16_t type, uint16_t flags);
typedef void answer_fn(const struct nlmsghdr *nlh, void *arg);
void talk_send(struct talk *t, const void *data, size_t len, answer_fn *fn, void *arg);
void talk_listen(struct talk *t, answer_fn *fn, void *arg);

size_t mutate_attributes(struct dice *d, const struct pool *p, uint8_t *at, size_t len, size_t room);

#endif /* TORTURE_MESSAGE_H */
