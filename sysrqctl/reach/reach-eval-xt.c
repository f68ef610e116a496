// SPDX-License-Identifier: GPL-2.0-only
/* Matches of iptables that are understood. */
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/rtnetlink.h>

#include "reach-walk.h"

/* Is the state one of @mask, in which UNTRACKED is @untracked? */
static enum tri state_in(const struct packet *p, uint32_t mask, uint32_t untracked)
{
	static const uint32_t states[] = { CT_INVALID, CT_NEW, CT_UNTRACKED };
	bool in = false, out = false;
	uint32_t val, known, bit;
	unsigned int i;

	memcpy(&val, p->val + AT_CT_STATE, sizeof(val));
	memcpy(&known, p->known + AT_CT_STATE, sizeof(known));
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if ((states[i] ^ val) & known)
			continue;
		bit = states[i] == CT_UNTRACKED ? untracked : states[i];
		if (mask & bit)
			in = true;
		else
			out = true;
	}
	return in && out ? MAYBE : in ? YES : NO;
}

static enum tri conntrack(const struct packet *p, const void *data)
{
	struct xt_conntrack_mtinfo2 info;
	enum tri t;

	memcpy(&info, data, sizeof(info));
	if ((info.match_flags & ~XT_CONNTRACK_STATE_ALIAS) != XT_CONNTRACK_STATE)
		return MAYBE;
	/* Whether an address was translated is asked by bits beside the state. */
	if (info.state_mask & (XT_CONNTRACK_STATE_SNAT | XT_CONNTRACK_STATE_DNAT))
		return MAYBE;
	t = state_in(p, info.state_mask, XT_CONNTRACK_STATE_UNTRACKED);
	return info.invert_flags & XT_CONNTRACK_STATE ? tri_not(t) : t;
}

static enum tri state(const struct packet *p, const void *data)
{
	struct xt_state_info info;

	memcpy(&info, data, sizeof(info));
	return state_in(p, info.statemask, XT_STATE_UNTRACKED);
}

static enum tri addrtype(const void *data)
{
	struct xt_addrtype_info_v1 info;
	bool from, to;

	memcpy(&info, data, sizeof(info));
	if (info.flags & ~(uint32_t)(XT_ADDRTYPE_INVERT_SOURCE | XT_ADDRTYPE_INVERT_DEST))
		return MAYBE;
	from = !info.source || !!(info.source & 1 << RTN_UNICAST) !=
				       !!(info.flags & XT_ADDRTYPE_INVERT_SOURCE);
	to = !info.dest || !!(info.dest & 1 << RTN_LOCAL) !=
				   !!(info.flags & XT_ADDRTYPE_INVERT_DEST);
	return from && to ? YES : NO;
}

/* A port between two of this machine's order. */
static enum tri port(const struct packet *p, int at, const uint16_t range[2], bool invert)
{
	uint8_t from[2] = { range[0] >> 8, range[0] & 0xff };
	uint8_t to[2] = { range[1] >> 8, range[1] & 0xff };
	struct regs r = { 0 };
	enum tri t;

	regs_load(&r, 0, p, at, 2);
	t = regs_within(&r, 0, from, to, 2);
	return invert ? tri_not(t) : t;
}

static enum tri udp(const struct packet *p, const void *data)
{
	struct xt_udp info;
	enum tri from, to;

	memcpy(&info, data, sizeof(info));
	if (p->icmp)
		return NO;
	from = port(p, AT_TRANSPORT, info.spts, info.invflags & XT_UDP_INV_SRCPT);
	to = port(p, AT_DPORT, info.dpts, info.invflags & XT_UDP_INV_DSTPT);
	return from < to ? from : to;
}

static enum tri icmp(const struct packet *p, const void *data)
{
	uint8_t type = p->val[AT_TRANSPORT];
	struct ipt_icmp info;
	bool is;

	memcpy(&info, data, sizeof(info));
	if (!p->icmp)
		return NO;
	/* 255 is any type. */
	is = (info.type == 0xff && !p->v6) || (info.type == type && !info.code[0]);
	return is != !!(info.invflags & IPT_ICMP_INV) ? YES : NO;
}

/**
 * step_xt - evaluate a match of iptables
 * @st: the packets
 * @op: the match
 */
enum tri step_xt(struct step *st, const struct op *op)
{
	const void *data = rs_bytes(st->w->rs, op->data);
	const struct packet *p = step_packet(st);

	switch (op->how) {
	case XT_CONNTRACK:
		return conntrack(p, data);
	case XT_STATE:
		return state(p, data);
	case XT_ADDRTYPE:
		return addrtype(data);
	case XT_UDP:
		return udp(p, data);
	case XT_ICMP:
		return icmp(p, data);
	}
	return MAYBE;
}
