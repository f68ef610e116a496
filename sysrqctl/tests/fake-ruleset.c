// SPDX-License-Identifier: GPL-2.0-only
/* For tests of reach: rulesets without a kernel. All tables are called "t". */
#include "fake-ruleset.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include <libnftnl-sysrq/sysrq.h>
#include <libnftnl/chain.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_tcpudp.h>

#include "test.h"

struct fake_msg fake_msg[FAKE_MSGS];
unsigned int fake_msgs;
static uint64_t handle;

void fake_begin(void)
{
	memset(fake_msg, 0, sizeof(fake_msg));
	fake_msgs = 0;
	handle = 0;
}

static struct nlmsghdr *message(enum fake_kind kind, int family, int type)
{
	struct fake_msg *m = &fake_msg[fake_msgs++];

	check(fake_msgs <= FAKE_MSGS);
	m->kind = kind;
	return nftnl_nlmsg_build_hdr(m->room, type, family, 0, 0);
}

void fake_table(int family, const char *name, bool dormant)
{
	struct nftnl_table *t = nftnl_table_alloc();

	check(t);
	nftnl_table_set_str(t, NFTNL_TABLE_NAME, name);
	nftnl_table_set_u32(t, NFTNL_TABLE_FLAGS, dormant ? NFT_TABLE_F_DORMANT : 0);
	nftnl_table_nlmsg_build_payload(message(FAKE_TABLE, family, NFT_MSG_NEWTABLE), t);
	nftnl_table_free(t);
}

static void chain(int family, const char *name, int hook, int priority, const char *policy,
		  const char *device)
{
	struct nftnl_chain *c = nftnl_chain_alloc();

	check(c);
	nftnl_chain_set_str(c, NFTNL_CHAIN_TABLE, "t");
	nftnl_chain_set_str(c, NFTNL_CHAIN_NAME, name);
	if (hook >= 0) {
		nftnl_chain_set_u32(c, NFTNL_CHAIN_HOOKNUM, hook);
		nftnl_chain_set_s32(c, NFTNL_CHAIN_PRIO, priority);
		nftnl_chain_set_u32(c, NFTNL_CHAIN_POLICY,
				    strcmp(policy, "drop") ? NF_ACCEPT : NF_DROP);
		nftnl_chain_set_str(c, NFTNL_CHAIN_TYPE, strcmp(policy, "nat") ? "filter" : "nat");
	}
	if (device)
		nftnl_chain_set_str(c, NFTNL_CHAIN_DEV, device);
	nftnl_chain_nlmsg_build_payload(message(FAKE_CHAIN, family, NFT_MSG_NEWCHAIN), c);
	nftnl_chain_free(c);
}

/* @policy: accept, drop, or nat: it is of that type. */
void fake_chain(int family, const char *name, int hook, int priority, const char *policy)
{
	chain(family, name, hook, priority, policy, NULL);
}

void fake_regular(int family, const char *name)
{
	chain(family, name, -1, 0, "", NULL);
}

void fake_device(const char *name, const char *device)
{
	chain(NFPROTO_NETDEV, name, NF_NETDEV_INGRESS, 0, "accept", device);
}

/* Of ports, in table inet t. */
void fake_set(const char *name, uint32_t flags, bool verdicts)
{
	struct nftnl_set *s = nftnl_set_alloc();

	check(s);
	nftnl_set_set_str(s, NFTNL_SET_TABLE, "t");
	nftnl_set_set_str(s, NFTNL_SET_NAME, name);
	nftnl_set_set_u32(s, NFTNL_SET_FLAGS, flags);
	nftnl_set_set_u32(s, NFTNL_SET_KEY_LEN, 2);
	if (verdicts)
		nftnl_set_set_u32(s, NFTNL_SET_DATA_LEN, 16);
	nftnl_set_nlmsg_build_payload(message(FAKE_SET, NFPROTO_INET, NFT_MSG_NEWSET), s);
	nftnl_set_free(s);
}

/* @verdict: 0x7fff: it maps to nothing. */
void fake_elem(const char *set, uint16_t port, uint32_t flags, int verdict, const char *to)
{
	struct nftnl_set_elem *e = nftnl_set_elem_alloc();
	struct nftnl_set *s = nftnl_set_alloc();
	uint16_t key = htons(port);
	struct nlmsghdr *nlh;

	check(e && s);
	nftnl_set_set_str(s, NFTNL_SET_TABLE, "t");
	nftnl_set_set_str(s, NFTNL_SET_NAME, set);
	nftnl_set_elem_set(e, NFTNL_SET_ELEM_KEY, &key, sizeof(key));
	if (flags)
		nftnl_set_elem_set_u32(e, NFTNL_SET_ELEM_FLAGS, flags);
	if (verdict != 0x7fff)
		nftnl_set_elem_set_u32(e, NFTNL_SET_ELEM_VERDICT, verdict);
	if (to)
		nftnl_set_elem_set_str(e, NFTNL_SET_ELEM_CHAIN, to);
	nftnl_set_elem_add(s, e);
	nlh = message(FAKE_ELEMS, NFPROTO_INET, NFT_MSG_NEWSETELEM);
	snprintf(fake_msg[fake_msgs - 1].set, sizeof(fake_msg[0].set), "%s", set);
	nftnl_set_elems_nlmsg_build_payload(nlh, s);
	nftnl_set_free(s);
}

static struct nftnl_expr *add(struct nftnl_rule *r, const char *name)
{
	struct nftnl_expr *e = nftnl_expr_alloc(name);

	check(e);
	nftnl_rule_add_expr(r, e);
	return e;
}

static void compare(struct nftnl_rule *r, uint32_t how, const void *data, uint32_t len)
{
	struct nftnl_expr *e = add(r, "cmp");

	nftnl_expr_set_u32(e, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(e, NFTNL_EXPR_CMP_OP, how);
	nftnl_expr_set(e, NFTNL_EXPR_CMP_DATA, data, len);
}

static void meta(struct nftnl_rule *r, uint32_t key, bool set)
{
	struct nftnl_expr *e = add(r, "meta");

	nftnl_expr_set_u32(e, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(e, set ? NFTNL_EXPR_META_SREG : NFTNL_EXPR_META_DREG, NFT_REG_1);
}

static void payload(struct nftnl_rule *r, uint32_t base, uint32_t offset, uint32_t len)
{
	struct nftnl_expr *e = add(r, "payload");

	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_LEN, len);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
}

static void mask(struct nftnl_rule *r, const void *bits, uint32_t len)
{
	struct nftnl_expr *e = add(r, "bitwise");
	static const uint8_t zero[16];

	nftnl_expr_set_u32(e, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(e, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(e, NFTNL_EXPR_BITWISE_LEN, len);
	nftnl_expr_set(e, NFTNL_EXPR_BITWISE_MASK, bits, len);
	nftnl_expr_set(e, NFTNL_EXPR_BITWISE_XOR, zero, len);
}

static void verdict(struct nftnl_rule *r, int code, const char *to)
{
	struct nftnl_expr *e = add(r, "immediate");

	nftnl_expr_set_u32(e, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(e, NFTNL_EXPR_IMM_VERDICT, code);
	if (to)
		nftnl_expr_set_str(e, NFTNL_EXPR_IMM_CHAIN, to);
}

static void lookup(struct nftnl_rule *r, const char *set, uint32_t flags, bool verdicts)
{
	struct nftnl_expr *e = add(r, "lookup");

	nftnl_expr_set_u32(e, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
	nftnl_expr_set_str(e, NFTNL_EXPR_LOOKUP_SET, set);
	nftnl_expr_set_u32(e, NFTNL_EXPR_LOOKUP_FLAGS, flags);
	if (verdicts)
		nftnl_expr_set_u32(e, NFTNL_EXPR_LOOKUP_DREG, NFT_REG_VERDICT);
}

static void immediate(struct nftnl_rule *r, const void *data, uint32_t len)
{
	struct nftnl_expr *e = add(r, "immediate");

	nftnl_expr_set_u32(e, NFTNL_EXPR_IMM_DREG, NFT_REG_1);
	nftnl_expr_set(e, NFTNL_EXPR_IMM_DATA, data, len);
}

/* A match of iptables; libnftnl frees what it carries. */
static void xt(struct nftnl_rule *r, const char *name, uint32_t rev, const void *data, size_t len)
{
	struct nftnl_expr *e = add(r, "match");
	void *info = calloc(1, len);

	check(info);
	memcpy(info, data, len);
	nftnl_expr_set_str(e, NFTNL_EXPR_MT_NAME, name);
	nftnl_expr_set_u32(e, NFTNL_EXPR_MT_REV, rev);
	nftnl_expr_set(e, NFTNL_EXPR_MT_INFO, info, len);
}

/* Likewise, by words; whether it was one. */
static bool xt_word(struct nftnl_rule *r, const char *word, const char *arg)
{
	struct xt_conntrack_mtinfo3 state = { .match_flags = XT_CONNTRACK_STATE,
					      .state_mask = atoi(arg) };
	struct xt_addrtype_info_v1 type = { .dest = atoi(arg) };
	struct xt_udp udp = { .spts = { 0, 65535 }, .dpts = { atoi(arg), atoi(arg) } };

	if (!strcmp(word, "xtstate"))
		xt(r, "conntrack", 3, &state, sizeof(state));
	else if (!strcmp(word, "xtaddr"))
		xt(r, "addrtype", 1, &type, sizeof(type));
	else if (!strcmp(word, "xtudp"))
		xt(r, "udp", 0, &udp, sizeof(udp));
	else if (!strcmp(word, "xt"))
		xt(r, arg, 0, &udp, sizeof(udp));
	else
		return false;
	return true;
}

/* Words with an argument. */
static void word_with(struct nftnl_rule *r, const char *word, const char *arg)
{
	uint16_t port = htons(atoi(arg));
	uint32_t number = atoi(arg), zero = 0;
	uint8_t addr[4], proto = atoi(arg);
	char name[16] = "";

	snprintf(name, sizeof(name), "%s", arg);
	if (!strcmp(word, "proto")) {
		meta(r, NFT_META_L4PROTO, false);
		compare(r, NFT_CMP_EQ, &proto, 1);
	} else if (!strcmp(word, "dport") || !strcmp(word, "dport!=") || !strcmp(word, "dport>=")) {
		payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
		compare(r, word[5] == '!' ? NFT_CMP_NEQ : word[5] ? NFT_CMP_GTE : NFT_CMP_EQ, &port, 2);
	} else if (!strcmp(word, "iif")) {
		meta(r, NFT_META_IIFNAME, false);
		compare(r, NFT_CMP_EQ, name, sizeof(name));
	} else if (!strcmp(word, "saddr8")) {
		check(inet_pton(AF_INET, arg, addr) == 1);
		proto = NFPROTO_IPV4;
		meta(r, NFT_META_NFPROTO, false);
		compare(r, NFT_CMP_EQ, &proto, 1);
		payload(r, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
		mask(r, "\xff\0\0", 4);
		compare(r, NFT_CMP_EQ, addr, sizeof(addr));
	} else if (!strcmp(word, "mark") || !strcmp(word, "mark!=")) {
		meta(r, NFT_META_MARK, false);
		compare(r, word[4] ? NFT_CMP_NEQ : NFT_CMP_EQ, &number, sizeof(number));
	} else if (!strcmp(word, "setmark")) {
		immediate(r, &number, sizeof(number));
		meta(r, NFT_META_MARK, true);
	} else if (!strcmp(word, "state")) {
		struct nftnl_expr *e = add(r, "ct");

		nftnl_expr_set_u32(e, NFTNL_EXPR_CT_KEY, NFT_CT_STATE);
		nftnl_expr_set_u32(e, NFTNL_EXPR_CT_DREG, NFT_REG_1);
		mask(r, &number, sizeof(number));
		compare(r, NFT_CMP_NEQ, &zero, sizeof(zero));
	} else if (!strcmp(word, "in") || !strcmp(word, "notin") || !strcmp(word, "vmap")) {
		payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
		lookup(r, arg, word[0] == 'n' ? NFT_LOOKUP_F_INV : 0, word[0] == 'v');
	} else if (!strcmp(word, "redirect")) {
		immediate(r, &port, sizeof(port));
		nftnl_expr_set_u32(add(r, "redir"), NFTNL_EXPR_REDIR_REG_PROTO_MIN, NFT_REG_1);
	} else if (!xt_word(r, word, arg)) {
		check(!strcmp(word, "jump") || !strcmp(word, "goto"));
		verdict(r, word[0] == 'j' ? NFT_JUMP : NFT_GOTO, arg);
	}
}

/* Whether it was one. @sysrq: set to how many stand before it. */
static bool word_alone(struct nftnl_rule *r, const char *word, int *sysrq, int n)
{
	if (!strcmp(word, "accept"))
		verdict(r, NF_ACCEPT, NULL);
	else if (!strcmp(word, "drop"))
		verdict(r, NF_DROP, NULL);
	else if (!strcmp(word, "return"))
		verdict(r, NFT_RETURN, NULL);
	else if (!strcmp(word, "sysrq"))
		*sysrq = n;
	else if (!strcmp(word, "limit") || !strcmp(word, "counter") || !strcmp(word, "notrack") ||
		 !strcmp(word, "osf") || !strcmp(word, "hash") || !strcmp(word, "queue"))
		add(r, word);
	else
		return false;
	return true;
}

static int count(struct nftnl_expr *e, void *data)
{
	(void)e;
	++*(int *)data;
	return 0;
}

/* A rule, by words; see above. */
void fake_rule(int family, const char *in, const char *words)
{
	struct nftnl_rule *r = nftnl_rule_alloc();
	char text[256], *word, *arg, *save;
	struct nlmsghdr *nlh;
	int sysrq = -1, n;
	struct nftnl_sysrq *e;

	check(r);
	nftnl_rule_set_str(r, NFTNL_RULE_TABLE, "t");
	nftnl_rule_set_str(r, NFTNL_RULE_CHAIN, in);
	nftnl_rule_set_u64(r, NFTNL_RULE_HANDLE, ++handle);
	snprintf(text, sizeof(text), "%s", words);
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		n = 0;
		nftnl_expr_foreach(r, count, &n);
		if (word_alone(r, word, &sysrq, n))
			continue;
		arg = strtok_r(NULL, " ", &save);
		check(arg);
		word_with(r, word, arg);
	}
	nlh = message(FAKE_RULE, family, NFT_MSG_NEWRULE);
	nftnl_rule_nlmsg_build_payload(nlh, r);
	nftnl_rule_free(r);
	if (sysrq < 0)
		return;
	e = nftnl_sysrq_alloc();
	check(e && !nftnl_sysrq_rule_insert(nlh, FAKE_MSG_LEN, sysrq, e));
	nftnl_sysrq_free(e);
}

static void load(struct ruleset *rs, enum fake_kind kind)
{
	static int (*const parse[])(const struct nlmsghdr *nlh, void *data) = {
		rs_table, rs_chain, rs_set, rs_rule,
	};
	unsigned int i;

	for (i = 0; i < fake_msgs; i++)
		if (fake_msg[i].kind == kind)
			parse[kind](&fake_msg[i].nlh, rs);
}

static int fetch(struct ruleset *rs, uint32_t set, void *arg)
{
	const char *name = rs_bytes(rs, rs->set[set].name);
	unsigned int i;
	int err;

	(void)arg;
	for (i = 0; i < fake_msgs; i++) {
		/* The heap may have moved. */
		name = rs_bytes(rs, rs->set[set].name);
		if (fake_msg[i].kind != FAKE_ELEMS || strcmp(fake_msg[i].set, name))
			continue;
		err = rs_elements(&fake_msg[i].nlh, rs, set);
		if (err)
			return err;
	}
	rs_elements_done(rs, set);
	return 1;
}

/* The ruleset that the messages tell of; of one that makes no sense, nothing. */
void fake_load(struct ruleset *rs)
{
	memset(rs, 0, sizeof(*rs));
	load(rs, FAKE_TABLE);
	load(rs, FAKE_CHAIN);
	load(rs, FAKE_SET);
	rs_sort(rs);
	load(rs, FAKE_RULE);
	rs->fetch = fetch;
}
