// SPDX-License-Identifier: GPL-2.0-only
/*
 * What nf_tables tells of a ruleset, as doctor reads it, and the way of a request through it. There is a good
 * ruleset, whose messages the input changes, byte by byte; and it has messages of its own.
 */
#include <ctype.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "fake-ruleset.h"
#include "fuzz.h"

#define INET	NFPROTO_INET
#define OWN	16	/* messages of the input */

static struct {
	enum fake_kind	kind;
	struct nlmsghdr	*nlh;
} msg[FAKE_MSGS + OWN];
static unsigned int msgs;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fake_begin();
	fake_table(INET, "t", false);
	fake_chain(INET, "in", NF_INET_LOCAL_IN, 0, "drop");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_device("dev", "eth0");
	fake_regular(INET, "x");
	fake_set("s", NFT_SET_INTERVAL, false);
	fake_set("m", NFT_SET_MAP, true);
	fake_elem("s", 7, 0, 0x7fff, NULL);
	fake_elem("m", 9, 0, NFT_JUMP, "x");
	fake_rule(NFPROTO_NETDEV, "dev", "dport 9 counter drop");
	fake_rule(INET, "raw", "dport!= 10 setmark 7 notrack");
	fake_rule(INET, "in", "state 6 accept");
	fake_rule(INET, "in", "in s drop");
	fake_rule(INET, "in", "xtstate 6 xtaddr 4 xtudp 7 xt recent drop");
	fake_rule(INET, "in", "saddr8 10.0.0.0 iif eth0 limit accept");
	fake_rule(INET, "in", "proto 17 vmap m");
	fake_rule(INET, "x", "mark!= 8 proto 17 dport>= 8 sysrq drop");
	return 0;
}

/* In memory of exactly its length. */
static void add(enum fake_kind kind, const struct nlmsghdr *nlh)
{
	msg[msgs].kind = kind;
	msg[msgs].nlh = malloc(nlh->nlmsg_len);
	memcpy(msg[msgs++].nlh, nlh, nlh->nlmsg_len);
}

static void add_own(struct in *in)
{
	static const uint16_t type[] = {
		NFT_MSG_NEWTABLE, NFT_MSG_NEWCHAIN, NFT_MSG_NEWSET, NFT_MSG_NEWRULE, NFT_MSG_NEWSETELEM,
	};
	char buf[MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg) + 256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	uint8_t kind = in_byte(in) % 5, len;
	struct nfgenmsg *nfg;
	uint8_t *body;

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | type[kind];
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = in_byte(in);
	len = in_byte(in);
	body = (uint8_t *)buf + nlh->nlmsg_len;
	in_bytes(in, body, len);
	nlh->nlmsg_len += len;
	if (msgs < FAKE_MSGS + OWN)
		add(kind, nlh);
}

static void change(struct in *in)
{
	struct nlmsghdr *nlh = msg[in_byte(in) % msgs].nlh;
	uint32_t head = MNL_NLMSG_HDRLEN, at = in_byte(in) << 8;

	at = (at | in_byte(in)) % nlh->nlmsg_len;
	if (at < head)
		nlh->nlmsg_len = head + (nlh->nlmsg_len - head) * at / head;
	else
		((uint8_t *)nlh)[at] = in_byte(in);
}

static int fetch(struct ruleset *rs, uint32_t set, void *arg)
{
	unsigned int i;
	int err;

	(void)arg;
	for (i = 0; i < msgs; i++) {
		if (msg[i].kind != FAKE_ELEMS)
			continue;
		err = rs_elements(msg[i].nlh, rs, set);
		if (err)
			return err;
	}
	rs_elements_done(rs, set);
	return 1;
}

static void load(struct ruleset *rs)
{
	static int (*const by[])(const struct nlmsghdr *nlh, void *data) = {
		rs_table, rs_chain, rs_set, rs_rule,
	};
	unsigned int kind, i;

	rs->fetch = fetch;
	must(!rs_link(rs, "eth0", 2, true) && !rs_link(rs, "lo", 1, true));
	for (kind = FAKE_TABLE; kind <= FAKE_RULE; kind++) {
		if (kind == FAKE_RULE)
			rs_sort(rs);
		for (i = 0; i < msgs; i++)
			if (msg[i].kind == kind)
				must(by[kind](msg[i].nlh, rs) <= 1);
	}
}

static void ask(struct ruleset *rs, uint32_t rule)
{
	struct reach_query q = { .port = rule & 1 ? 9 : 0 };
	struct reach_words words;
	struct reach r;
	const char *p;
	int i;

	reach_rule(rs, rule, &q, &r);
	for (i = 0; i < 2; i++)
		must(r.by[i].n_left <= LEFT_TOLD && r.by[i].n_only <= LEFT_TOLD);
	reach_say(rs, &r, &words);
	must(memchr(words.text, 0, sizeof(words.text)));
	for (p = words.text; *p; p++)
		must(*p != '\033');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in in = { data, size };
	struct ruleset rs = { 0 };
	uint32_t i;

	for (i = 0; i < fake_msgs; i++)
		add(fake_msg[i].kind, &fake_msg[i].nlh);
	while (in.size) {
		if (in_byte(&in) & 1)
			change(&in);
		else
			add_own(&in);
	}
	load(&rs);
	for (i = 0; i < rs.n_rules; i++)
		if (rs.rule[i].sysrq)
			ask(&rs, i);
	rs_free(&rs);
	while (msgs)
		free(msg[--msgs].nlh);
	return 0;
}
