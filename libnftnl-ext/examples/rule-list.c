// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists every sysrq expression of every rule of all families, a line each:
 *
 *	TABLE CHAIN HANDLE POSITION sysrq key "ops" silent
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <libnftnl-sysrq/sysrq.h>

struct found {
	unsigned int	count;
	struct {
		uint32_t	pos;
		char		text[64];
	} expr[16];
};

static int found_cb(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	struct found *f = data;

	if (f->count == sizeof(f->expr) / sizeof(f->expr[0]))
		return 0;
	f->expr[f->count].pos = pos;
	nftnl_sysrq_snprintf(f->expr[f->count].text, sizeof(f->expr[0].text), e);
	f->count++;
	return 0;
}

static int rule_cb(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct found f = { 0 };
	unsigned int i;

	(void)data;
	if (!rule)
		return MNL_CB_ERROR;
	if (nftnl_sysrq_rule_parse(nlh, rule, found_cb, &f) == 0)
		for (i = 0; i < f.count; i++)
			printf("%s %s %" PRIu64 " %" PRIu32 " %s\n",
			       nftnl_rule_get_str(rule, NFTNL_RULE_TABLE),
			       nftnl_rule_get_str(rule, NFTNL_RULE_CHAIN),
			       nftnl_rule_get_u64(rule, NFTNL_RULE_HANDLE), f.expr[i].pos,
			       f.expr[i].text);
	nftnl_rule_free(rule);
	return MNL_CB_OK;
}

int main(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	static char buf[32768];
	uint32_t seq = time(NULL);
	struct nlmsghdr *nlh;
	int ret = -1;

	nlh = nftnl_nlmsg_build_hdr(buf, NFT_MSG_GETRULE, NFPROTO_UNSPEC, NLM_F_DUMP, seq);
	if (nl && mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) >= 0) {
		do {
			ret = mnl_socket_recvfrom(nl, buf, sizeof(buf));
			if (ret > 0)
				ret = mnl_cb_run(buf, ret, seq, mnl_socket_get_portid(nl),
						 rule_cb, NULL);
		} while (ret > 0);
	}
	if (ret < 0)
		perror("kernel");
	if (nl)
		mnl_socket_close(nl);
	return ret < 0;
}
