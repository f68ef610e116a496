// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules with the expression sysrq, in the chains that fuzz.py makes. Only what is in their expressions is
 * changed: the rest of nf_tables is not ours to torture.
 */
#include "rules.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/nft_sysrq.h>

#define TABLE		"t"
#define BATCH_MOST	4	/* rules */
#define FLUSH_EVERY	25	/* batches */
#define DUMP_EVERY	10
#define GETRULE_RESET	25	/* of kernels from 6.2 on */

/* The last ones do not take it. */
static const struct spot {
	uint8_t		family;
	const char	*chain;
} spots[] = {
	{ NFPROTO_INET, "in" }, { NFPROTO_INET, "early" }, { NFPROTO_INET, "sub" }, { NFPROTO_IPV4, "in" },
	{ NFPROTO_IPV6, "in" }, { NFPROTO_NETDEV, "early" }, { NFPROTO_INET, "out" }, { NFPROTO_IPV4, "out" },
	{ NFPROTO_BRIDGE, "in" },
};

static const uint8_t families[] = { NFPROTO_INET, NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_NETDEV };

/**
 * rules_open - open a socket
 * @r: filled in
 */
void rules_open(struct rules *r)
{
	memset(r, 0, sizeof(*r));
	talk_open(&r->talk, NETLINK_NETFILTER);
}

static struct nlmsghdr *nft(struct rules *r, void *buffer, uint16_t type, uint16_t flags, uint8_t family)
{
	bool batch = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
	struct nlmsghdr *nlh = talk_begin(&r->talk, buffer,
					  batch ? type : (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));

	nfg->nfgen_family = family;
	nfg->res_id = batch ? htons(NFNL_SUBSYS_NFTABLES) : 0;
	return nlh;
}

static void put_sysrq(struct dice *d, struct nlmsghdr *nlh)
{
	static const char * const names[] = {
		"ops", "a", "0123456789012345678901234567890", "01234567890123456789012345678901", "-", "a b", "",
	};

	if (chance(d, 400))
		mnl_attr_put_strz(nlh, NFTA_SYSRQ_KEY, names[below(d, chance(d, 800) ? 3 : COUNT(names))]);
	if (chance(d, 400))
		mnl_attr_put_u32(nlh, NFTA_SYSRQ_FLAGS, htonl(chance(d, 800) ? below(d, 2) : (uint32_t)roll(d)));
	if (chance(d, 20))
		mnl_attr_put_u64(nlh, (uint16_t)below(d, 6), roll(d));
}

static void put_expressions(struct dice *d, struct nlmsghdr *nlh)
{
	unsigned int n = 1 + below(d, 3);
	struct nlattr *elem, *data;

	while (n--) {
		elem = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
		if (chance(d, 900)) {
			mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "sysrq");
			data = mnl_attr_nest_start(nlh, NFTA_EXPR_DATA);
			put_sysrq(d, nlh);
			mnl_attr_nest_end(nlh, data);
		} else {
			mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "counter");
		}
		mnl_attr_nest_end(nlh, elem);
	}
}

/* A name that is changed would have the kernel look for its module, which takes long. */
static bool same_names(const uint8_t *at, size_t len)
{
	static const uint8_t sysrq[] = { 10, 0, NFTA_EXPR_NAME, 0, 's', 'y', 's', 'r', 'q', 0 };
	static const uint8_t counter[] = { 12, 0, NFTA_EXPR_NAME, 0, 'c', 'o', 'u', 'n', 't', 'e', 'r', 0 };
	size_t i, elems = 0, names = 0;

	for (i = 0; i + 4 <= len; i += 4)
		elems += at[i + 2] == NFTA_LIST_ELEM && at[i + 3] == (NLA_F_NESTED >> 8);
	for (i = 0; i + sizeof(counter) <= len; i += 4)
		names += !memcmp(at + i, sysrq, sizeof(sysrq)) || !memcmp(at + i, counter, sizeof(counter));
	return names >= elems;
}

static void put_rule(struct rules *r, struct dice *d, struct nlmsghdr *nlh)
{
	const struct spot *spot = &spots[below(d, chance(d, 930) ? 6 : COUNT(spots))];
	struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	uint8_t before[1024], *at;
	struct nlattr *nest;
	size_t size;

	nfg->nfgen_family = spot->family;
	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, spot->chain);
	nest = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);
	put_expressions(d, nlh);
	mnl_attr_nest_end(nlh, nest);

	at = (uint8_t *)(nest + 1);
	size = nest->nla_len - sizeof(*nest);
	memcpy(before, at, size);
	while (chance(d, 500))
		size = mutate_attributes(d, &r->pool, at, size, sizeof(before));
	if (!same_names(at, size) && chance(d, 995)) {
		size = nest->nla_len - sizeof(*nest);
		memcpy(at, before, size);
	}
	pool_keep(&r->pool, at, size);
	while (size % 4)
		at[size++] = 0;
	nest->nla_len = (uint16_t)(sizeof(*nest) + size);
	nlh->nlmsg_len = (uint32_t)(at + size - (uint8_t *)nlh);
}

static void send_batch(struct rules *r, struct dice *d, unsigned int n, uint16_t type)
{
	static uint8_t buffer[MESSAGE_LONGEST * 2];
	struct nlmsghdr *nlh;
	uint8_t *at = buffer;
	unsigned int i;

	nlh = nft(r, at, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC);
	at += nlh->nlmsg_len;
	for (i = 0; i < n; i++) {
		if (type == NFT_MSG_NEWRULE) {
			nlh = nft(r, at, type, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, 0);
			put_rule(r, d, nlh);
			r->sent++;
		} else {
			nlh = nft(r, at, type, NLM_F_ACK, families[i]);
			mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, TABLE);
		}
		at += nlh->nlmsg_len;
	}
	nlh = nft(r, at, NFNL_MSG_BATCH_END, 0, AF_UNSPEC);
	at += nlh->nlmsg_len;
	r->batches++;
	talk_send(&r->talk, buffer, (size_t)(at - buffer), NULL, NULL);
}

static void dump(struct rules *r, struct dice *d)
{
	uint8_t buffer[MESSAGE_LONGEST];
	struct nlmsghdr *nlh;

	nlh = nft(r, buffer, chance(d, 500) ? NFT_MSG_GETRULE : GETRULE_RESET, NLM_F_DUMP,
		  families[below(d, COUNT(families))]);
	talk_send(&r->talk, nlh, nlh->nlmsg_len, NULL, NULL);
}

/**
 * rules_flush - delete all rules
 * @r: where
 */
void rules_flush(struct rules *r)
{
	send_batch(r, NULL, COUNT(families), NFT_MSG_DELRULE);
}

/**
 * rules_send - a batch of them
 * @r: where
 * @d: chooses
 */
void rules_send(struct rules *r, struct dice *d)
{
	send_batch(r, d, chance(d, 600) ? 1 : 1 + below(d, BATCH_MOST), NFT_MSG_NEWRULE);
	if (r->batches % DUMP_EVERY == 0)
		dump(r, d);
	if (r->batches % FLUSH_EVERY == 0)
		rules_flush(r);
}

/**
 * rules_work - can a rule be added?
 * @r: where
 */
bool rules_work(struct rules *r)
{
	unsigned long before;
	uint8_t buffer[MESSAGE_LONGEST], *at = buffer;
	struct nlattr *nest, *elem;
	struct nlmsghdr *nlh;

	rules_flush(r);
	before = r->talk.ok;
	nlh = nft(r, at, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC);
	at += nlh->nlmsg_len;
	nlh = nft(r, at, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_ACK, NFPROTO_INET);
	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, "in");
	nest = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);
	elem = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "sysrq");
	mnl_attr_nest_end(nlh, elem);
	mnl_attr_nest_end(nlh, nest);
	at += nlh->nlmsg_len;
	nlh = nft(r, at, NFNL_MSG_BATCH_END, 0, AF_UNSPEC);
	at += nlh->nlmsg_len;
	talk_send(&r->talk, buffer, (size_t)(at - buffer), NULL, NULL);
	return r->talk.ok == before + 1;
}
