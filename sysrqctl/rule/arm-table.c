// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of sysrqctl's own, so that no other firewall needs to know the expression: an early chain at
 * hook input with the rule, and one that keeps requests away from connection tracking, which
 * drops what it has no room for before hook input.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>

#include "arm.h"

#define STATE_TRIES	1000	/* to list the tables before they change */

/* Told by nft as the table's comment: type, length and text, as nft writes it. */
static const char mark[] = "\0\020by sysrqctl arm";

static const struct {
	const char	*name;
	uint32_t	flags;
	int32_t		priority;	/* of its chains: what the plain one takes, the other never sees */
} tables[] = {
	[ARM_PLAIN] = { ARM_TABLE, 0, NF_IP_PRI_RAW - 10 },
	[ARM_HELD] = { ARM_TABLE_HELD, NFT_TABLE_F_OWNER, NF_IP_PRI_RAW - 9 },
};

/* Newer nft adds to the comment which nft it is, if it loads what it has listed of ours. */
static enum arm_whose whose(const struct nftnl_table *t)
{
	uint32_t len = 0, pos, size;
	const uint8_t *userdata;

	userdata = nftnl_table_get_data(t, NFTNL_TABLE_USERDATA, &len);
	for (pos = 0; userdata && pos + 2 <= len; pos += size) {
		size = 2 + userdata[pos + 1];
		if (size == sizeof(mark) && pos + size <= len &&
		    !memcmp(userdata + pos, mark, size))
			return ARM_OURS;
	}
	return ARM_FOREIGN;
}

static int on_table(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_table *t = nftnl_table_alloc();
	struct arm_state *state = data;
	const char *name;
	size_t i;

	if (!t || nftnl_table_nlmsg_parse(nlh, t) < 0) {
		errno = t ? EBADMSG : ENOMEM;
		nftnl_table_free(t);
		return MNL_CB_ERROR;
	}
	name = nftnl_table_get_str(t, NFTNL_TABLE_NAME);
	for (i = 0; name && i < 2; i++)
		if (!strcmp(name, tables[i].name))
			state->whose[i] = whose(t);
	if (name && !strcmp(name, ARM_TABLE_HELD) && nftnl_table_is_set(t, NFTNL_TABLE_OWNER))
		state->owner = nftnl_table_get_u32(t, NFTNL_TABLE_OWNER);
	nftnl_table_free(t);
	return MNL_CB_OK;
}

/**
 * arm_state - are there tables of our names, and did we make them?
 * @n: the socket
 * @state: filled in
 *
 * Return: 0, or a negative errno; -EINTR: the ruleset changes all the time.
 */
int arm_state(struct nft *n, struct arm_state *state)
{
	int tries = STATE_TRIES, err;

	do {
		memset(state, 0, sizeof(*state));
		err = nft_dump(n, NFT_MSG_GETTABLE, NFPROTO_INET, on_table, state);
	} while (err == -EINTR && --tries);
	return err;
}

static int put_table(struct nft *n, enum arm_which which, uint16_t type)
{
	struct nftnl_table *t = nftnl_table_alloc();
	struct nlmsghdr *nlh = nft_message(n, type, NFPROTO_INET,
					   type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);
	int err = t && nlh ? 0 : -ENOMEM;

	if (!err && nftnl_table_set_str(t, NFTNL_TABLE_NAME, tables[which].name))
		err = -ENOMEM;
	if (!err && type == NFT_MSG_NEWTABLE) {
		/* Not even told if there are none: that would wake a table that sleeps. */
		if (tables[which].flags)
			nftnl_table_set_u32(t, NFTNL_TABLE_FLAGS, tables[which].flags);
		if (nftnl_table_set_data(t, NFTNL_TABLE_USERDATA, mark, sizeof(mark)))
			err = -ENOMEM;
	}
	if (!err)
		nftnl_table_nlmsg_build_payload(nlh, t);
	nftnl_table_free(t);
	return err;
}

static int put_chain(struct nft *n, enum arm_which which, const char *name, uint32_t hook)
{
	struct nftnl_chain *c = nftnl_chain_alloc();
	struct nlmsghdr *nlh = nft_message(n, NFT_MSG_NEWCHAIN, NFPROTO_INET, NLM_F_CREATE);
	int err = c && nlh ? 0 : -ENOMEM;

	if (!err && (nftnl_chain_set_str(c, NFTNL_CHAIN_TABLE, tables[which].name) ||
		     nftnl_chain_set_str(c, NFTNL_CHAIN_NAME, name) ||
		     nftnl_chain_set_str(c, NFTNL_CHAIN_TYPE, "filter")))
		err = -ENOMEM;
	if (!err) {
		nftnl_chain_set_u32(c, NFTNL_CHAIN_HOOKNUM, hook);
		nftnl_chain_set_s32(c, NFTNL_CHAIN_PRIO, tables[which].priority);
		nftnl_chain_nlmsg_build_payload(nlh, c);
	}
	nftnl_chain_free(c);
	return err;
}

static int put_rules(struct nft *n, enum arm_which which, const struct rule_spec *spec,
		     const char *chain, enum rule_kind kind)
{
	struct rule_spec s = *spec;

	s.family = NFPROTO_INET;
	s.table = tables[which].name;
	s.chain = chain;
	s.where = RULE_LAST;
	return rule_put(n, &s, kind);
}

/**
 * arm_make - a table with its chains and rules, in place of what it was before, at once
 * @n: the socket; a held table is held as long as it is open
 * @which: which table
 * @spec: of the rule; its family, table, chain and place do not matter
 *
 * Return: 0, or a negative errno; then nothing has changed.
 */
int arm_make(struct nft *n, enum arm_which which, const struct rule_spec *spec)
{
	int err;

	nft_begin(n);
	/* Made first, for deleting what is not there would be an error. */
	err = put_table(n, which, NFT_MSG_NEWTABLE);
	if (!err)
		err = put_table(n, which, NFT_MSG_DELTABLE);
	if (!err)
		err = put_table(n, which, NFT_MSG_NEWTABLE);
	if (!err)
		err = put_chain(n, which, "untracked", NF_INET_PRE_ROUTING);
	if (!err)
		err = put_rules(n, which, spec, "untracked", RULE_NOTRACK);
	if (!err)
		err = put_chain(n, which, "requests", NF_INET_LOCAL_IN);
	if (!err)
		err = put_rules(n, which, spec, "requests", RULE_SYSRQ);
	return err ? err : nft_commit(n);
}

/**
 * arm_remove - the table is gone
 * @n: the socket
 * @which: which table
 *
 * Return: 0, or a negative errno.
 */
int arm_remove(struct nft *n, enum arm_which which)
{
	int err;

	nft_begin(n);
	err = put_table(n, which, NFT_MSG_DELTABLE);
	return err ? err : nft_commit(n);
}
