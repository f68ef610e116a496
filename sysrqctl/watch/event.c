// SPDX-License-Identifier: GPL-2.0-only
/* What the module tells of as it happens: from messages to structures. */
#include "event.h"

#include <arpa/inet.h>

static void read_address(const struct nlattr *attr, struct event *e)
{
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len == 4 || len == 16)
		inet_ntop(len == 4 ? AF_INET : AF_INET6, mnl_attr_get_payload(attr), e->address,
			  sizeof(e->address));
}

static void read_steps(const struct nlattr *attr, struct event *e)
{
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len > sizeof(e->steps))
		len = sizeof(e->steps);
	e->nsteps = len / sizeof(e->steps[0]);
	if (e->nsteps)
		memcpy(e->steps, mnl_attr_get_payload(attr), e->nsteps * sizeof(e->steps[0]));
}

/**
 * event_read - an event from a message
 * @nlh: the message
 * @e: filled in
 *
 * Return: 0; -EOPNOTSUPP: a later module's; -EBADMSG: it names no key.
 */
int event_read(const struct nlmsghdr *nlh, struct event *e)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[NFT_SYSRQ_A_EVENT_MAX + 1];

	memset(e, 0, sizeof(*e));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return -EBADMSG;
	if (genl->cmd < NFT_SYSRQ_CMD_REQUEST_NTF || genl->cmd > NFT_SYSRQ_CMD_KEY_NTF)
		return -EOPNOTSUPP;
	genl_attrs(nlh, tb, NFT_SYSRQ_A_EVENT_MAX);
	e->cmd = genl->cmd;
	attr_get_str(tb[NFT_SYSRQ_A_EVENT_KEY], e->key, sizeof(e->key));
	attr_get(tb[NFT_SYSRQ_A_EVENT_KEY_ID], &e->key_id, sizeof(e->key_id));
	attr_get(tb[NFT_SYSRQ_A_EVENT_REALTIME], &e->realtime, sizeof(e->realtime));
	attr_get(tb[NFT_SYSRQ_A_EVENT_LOST], &e->lost, sizeof(e->lost));
	attr_get(tb[NFT_SYSRQ_A_EVENT_PORT], &e->port, sizeof(e->port));
	attr_get(tb[NFT_SYSRQ_A_EVENT_TYPE], &e->type, sizeof(e->type));
	attr_get(tb[NFT_SYSRQ_A_EVENT_STAT], &e->stat, sizeof(e->stat));
	attr_get(tb[NFT_SYSRQ_A_EVENT_STATUS], &e->status, sizeof(e->status));
	attr_get(tb[NFT_SYSRQ_A_EVENT_BITS], &e->bits, sizeof(e->bits));
	attr_get(tb[NFT_SYSRQ_A_EVENT_REASONS], &e->reasons, sizeof(e->reasons));
	attr_get(tb[NFT_SYSRQ_A_EVENT_NONCE], &e->nonce, sizeof(e->nonce));
	attr_get(tb[NFT_SYSRQ_A_EVENT_CHANGE], &e->change, sizeof(e->change));
	read_address(tb[NFT_SYSRQ_A_EVENT_ADDRESS], e);
	read_steps(tb[NFT_SYSRQ_A_EVENT_STEPS], e);
	return e->key[0] ? 0 : -EBADMSG;
}

/*
 * What no event is sent for, so that a flood costs nothing. Not TRANSPORT: a rule
 * without a port of its own lets all of the host's traffic pass there.
 */
static const enum nft_sysrq_stat silent[] = {
	NFT_SYSRQ_STAT_FRAGMENT, NFT_SYSRQ_STAT_ADDRESS, NFT_SYSRQ_STAT_LENGTH,
	NFT_SYSRQ_STAT_MAGIC, NFT_SYSRQ_STAT_VERSION, NFT_SYSRQ_STAT_HEADER,
	NFT_SYSRQ_STAT_KEY_UNKNOWN, NFT_SYSRQ_STAT_KEY_OTHER, NFT_SYSRQ_STAT_ADMISSION,
	NFT_SYSRQ_STAT_STALE_LIMITED, NFT_SYSRQ_STAT_SEEN_LIMITED, NFT_SYSRQ_STAT_MAC,
};

/**
 * growth_of - what counters have grown by
 * @g: filled in
 * @before: counters
 * @now: counters later; less than before: the module was loaded anew
 *
 * Return: has any grown?
 */
bool growth_of(struct growth *g, const u64 before[NFT_SYSRQ_STAT_PAD],
	       const u64 now[NFT_SYSRQ_STAT_PAD])
{
	bool any = false;
	size_t i;

	memset(g, 0, sizeof(*g));
	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		if (now[silent[i]] <= before[silent[i]])
			continue;
		g->n[silent[i]] = now[silent[i]] - before[silent[i]];
		any = true;
	}
	return any;
}
