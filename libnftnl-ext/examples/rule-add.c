// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adds the rule `counter sysrq [key NAME]` to a chain of an inet table:
 *
 *	example-rule-add TABLE CHAIN [KEY]
 *
 * The counter is libnftnl's, the expression ours; the batch is as for any rule.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <libnftnl-sysrq/sysrq.h>

static struct nftnl_rule *make_rule(const char *table, const char *chain)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct nftnl_expr *counter = nftnl_expr_alloc("counter");

	if (!rule || !counter)
		return NULL;
	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_INET);
	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, table);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_add_expr(rule, counter);
	return rule;
}

/* The message of the rule: what libnftnl makes of it, and our expression behind. */
static int put_rule(struct nlmsghdr *nlh, size_t buflen, struct nftnl_rule *rule, const char *key)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	int err = e ? nftnl_sysrq_set_key(e, key) : -ENOMEM;

	if (!err) {
		nftnl_rule_nlmsg_build_payload(nlh, rule);
		err = nftnl_sysrq_rule_insert(nlh, buflen, NFTNL_SYSRQ_LAST, e);
	}
	nftnl_sysrq_free(e);
	return err;
}

static int talk(const void *buf, size_t len, uint32_t seq)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	char answer[8192];
	int ret = -1;

	if (!nl)
		return -1;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(nl, buf, len) >= 0) {
		ret = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		if (ret > 0)
			ret = mnl_cb_run(answer, ret, seq, mnl_socket_get_portid(nl), NULL, NULL);
	}
	mnl_socket_close(nl);
	return ret;
}

int main(int argc, char **argv)
{
	uint32_t seq = time(NULL);
	struct nftnl_rule *rule;
	struct nlmsghdr *nlh;
	char buf[4096], *p;
	int err;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: %s TABLE CHAIN [KEY]\n", argv[0]);
		return 2;
	}
	rule = make_rule(argv[1], argv[2]);
	if (!rule)
		return 1;
	nlh = nftnl_batch_begin(buf, seq);
	p = buf + MNL_ALIGN(nlh->nlmsg_len);
	nlh = nftnl_nlmsg_build_hdr(p, NFT_MSG_NEWRULE, NFPROTO_INET,
				    NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, seq);
	err = put_rule(nlh, sizeof(buf) / 2, rule, argv[3]);
	nftnl_rule_free(rule);
	if (err) {
		fprintf(stderr, "%s\n", strerror(-err));
		return 1;
	}
	p += MNL_ALIGN(nlh->nlmsg_len);
	nlh = nftnl_batch_end(p, seq);
	p += MNL_ALIGN(nlh->nlmsg_len);
	if (talk(buf, p - buf, seq) < 0) {
		perror("kernel");
		return 1;
	}
	return 0;
}
