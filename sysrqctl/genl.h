/* SPDX-License-Identifier: GPL-2.0-only */
/* Talking to the generic netlink family of nft_sysrq. */
#ifndef SYSRQCTL_GENL_H
#define SYSRQCTL_GENL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdint.h>

/**
 * struct genl - a socket
 * @nl: the socket
 * @msg: the message being built, in locked memory: it may hold a key
 * @family: number of the family
 * @events: number of its group NFT_SYSRQ_GENL_EVENTS; 0: it has none
 * @seq: of the last message
 * @why: what the kernel said of its last refusal; "" if nothing
 */
struct genl {
	struct mnl_socket	*nl;
	struct nlmsghdr		*msg;
	uint16_t		family;
	uint32_t		events;
	uint32_t		seq;
	char			why[256];
};

int genl_open(struct genl *g);
void genl_close(struct genl *g);

int genl_listen(struct genl *g);
int genl_hear(struct genl *g, mnl_cb_t cb, void *arg);

struct nlmsghdr *genl_begin(struct genl *g, uint8_t cmd, uint16_t flags);
int genl_talk(struct genl *g, mnl_cb_t cb, void *arg);
void genl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, uint16_t max);

#endif /* SYSRQCTL_GENL_H */
