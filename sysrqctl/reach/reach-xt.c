// SPDX-License-Identifier: GPL-2.0-only
/*
 * Matches and targets of iptables, which iptables-nft leaves in rules: the few that decide about
 * new packets in most rulesets. What they carry is in this machine's order.
 */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "reach-attr.h"
#include "reach-ruleset.h"

struct xt {
	const char	*name;
	uint32_t	rev;
	const uint8_t	*info;
	size_t		len;
};

static bool read_xt(const struct nlattr *data, struct xt *xt)
{
	struct attrs a;

	attrs_nested(&a, data);
	xt->name = attr_name(a.tb[NFTA_MATCH_NAME]);
	xt->rev = 0;
	attr_u32(a.tb[NFTA_MATCH_REV], &xt->rev);
	xt->info = a.tb[NFTA_MATCH_INFO] ? mnl_attr_get_payload(a.tb[NFTA_MATCH_INFO]) : NULL;
	xt->len = a.tb[NFTA_MATCH_INFO] ? mnl_attr_get_payload_len(a.tb[NFTA_MATCH_INFO]) : 0;
	return xt->name;
}

static const struct {
	const char	*name;
	uint32_t	from, to;	/* revisions */
	enum xt_kind	kind;
	size_t		len;
} understood[] = {
	{ "conntrack", 2, 3, XT_CONNTRACK, sizeof(struct xt_conntrack_mtinfo2) },
	{ "state", 0, 0, XT_STATE, sizeof(struct xt_state_info) },
	{ "addrtype", 1, 1, XT_ADDRTYPE, sizeof(struct xt_addrtype_info_v1) },
	{ "udp", 0, 0, XT_UDP, sizeof(struct xt_udp) },
	{ "icmp", 0, 0, XT_ICMP, sizeof(struct ipt_icmp) },
	{ "icmp6", 0, 0, XT_ICMP, sizeof(struct ipt_icmp) },
};

/**
 * rs_xt_match - a match of iptables
 * @rs: keeps what it is told
 * @data: of the expression
 * @op: filled in
 *
 * Return: 0; -EINVAL if it is malformed; or -ENOMEM.
 */
int rs_xt_match(struct ruleset *rs, const struct nlattr *data, struct op *op)
{
	struct xt xt;
	size_t i;

	if (!read_xt(data, &xt))
		return -EINVAL;
	op->kind = OP_MAYBE;
	if (!strcmp(xt.name, "comment"))
		op->kind = OP_NOTHING;
	else if (!strcmp(xt.name, "tcp") || !strcmp(xt.name, "sctp") || !strcmp(xt.name, "dccp"))
		op->kind = OP_BREAK;
	for (i = 0; i < sizeof(understood) / sizeof(understood[0]); i++) {
		if (strcmp(xt.name, understood[i].name) || xt.rev < understood[i].from ||
		    xt.rev > understood[i].to || xt.len < understood[i].len)
			continue;
		op->kind = OP_XT;
		op->how = understood[i].kind;
		return rs_keep(rs, xt.info, understood[i].len, &op->data);
	}
	return 0;
}

/**
 * rs_xt_target - a target of iptables
 * @rs: unused
 * @data: of the expression
 * @op: filled in
 *
 * Return: 0, or -EINVAL if it is malformed.
 */
int rs_xt_target(struct ruleset *rs, const struct nlattr *data, struct op *op)
{
	static const char *const harmless[] = {
		"LOG", "NFLOG", "TRACE", "AUDIT", "LED", "CLASSIFY", "CONNMARK", "CHECKSUM", "TCPMSS",
		"SET", "HMARK", "TEE", "IDLETIMER",
	};
	struct xt xt;
	size_t i;

	(void)rs;
	if (!read_xt(data, &xt))
		return -EINVAL;
	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (!strcmp(xt.name, harmless[i]))
			op->kind = OP_NOTHING;
	if (!strcmp(xt.name, "REJECT") || !strcmp(xt.name, "DROP")) {
		op->kind = OP_VERDICT;
		op->key = NF_DROP;
	} else if (!strcmp(xt.name, "DNAT") || !strcmp(xt.name, "REDIRECT")) {
		op->kind = OP_NAT;
		op->sreg = RS_VERDICT;
		op->how = 1;	/* to a port that nobody has read */
	} else if (!strcmp(xt.name, "NOTRACK") ||
		   (!strcmp(xt.name, "CT") && xt.len >= 2 && xt.info[0] & XT_CT_NOTRACK)) {
		op->kind = OP_NOTRACK;
	} else if (!strcmp(xt.name, "MARK")) {
		op->kind = OP_PUT_META;
		op->key = NFT_META_MARK;
		op->len = 4;
		op->sreg = RS_VERDICT;
	}
	return 0;
}
