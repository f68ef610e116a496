// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules through a real kernel, by the public API alone: built, sent, dumped and parsed; then what was
 * parsed is built, sent and dumped once more. Both dumps have the same bytes, and the expressions are
 * those that were sent. Changes the ruleset: for a network namespace of its own.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <libnftnl-sysrq/sysrq.h>

#define TABLE	"trip"
#define CHAIN	"in"
#define MAX	4	/* of our expressions in a rule */

static unsigned int count, failed;

/* A rule as this test describes it, and as it was read. */
struct rule {
	const char	*others;	/* for example "cn": counter, notrack */
	unsigned int	n;
	struct {
		uint32_t	pos;	/* among all expressions */
		const char	*key;
		uint32_t	flags;
	} ours[MAX];
};

static const struct rule rules[] = {
	{ "", 1, { { 0, NULL, 0 } } },
	{ "", 2, { { 0, "ops", 0 }, { 1, NULL, NFTNL_SYSRQ_SILENT } } },
	{ "ci", 1, { { 0, NULL, 0 } } },
	{ "ci", 1, { { 1, "ops", 0 } } },
	{ "ci", 1, { { 2, "aaaaaaaaaabbbbbbbbbbccccccccccd", NFTNL_SYSRQ_SILENT } } },
	{ "ci", 2, { { 0, "a", 0 }, { 3, "z", 0 } } },
	{ "ici", 2, { { 1, "9.a_B-z", 0 }, { 2, NULL, NFTNL_SYSRQ_SILENT } } },
	{ "icic", 4, { { 0, NULL, 0 }, { 2, "k", 0 }, { 4, NULL, 1 }, { 7, "k", 1 } } },
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int talk(const void *buf, size_t len, uint32_t seq, mnl_cb_t cb, void *data)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	static char answer[32768];
	int ret = -1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("socket");
	if (mnl_socket_sendto(nl, buf, len) >= 0) {
		do {
			ret = mnl_socket_recvfrom(nl, answer, sizeof(answer));
			if (ret > 0)
				ret = mnl_cb_run(answer, ret, seq, mnl_socket_get_portid(nl), cb,
						 data);
		} while (ret > 0);
	}
	mnl_socket_close(nl);
	return ret;
}

/* The message is the @msg of a batch that the caller began at @buf. */
static int commit(char *buf, struct nlmsghdr *msg)
{
	char *end = (char *)msg + MNL_ALIGN(msg->nlmsg_len);

	end += nftnl_batch_end(end, 3)->nlmsg_len;
	return talk(buf, end - buf, 2, NULL, NULL);
}

static struct nlmsghdr *begin(char *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = nftnl_batch_begin(buf, 1);

	return nftnl_nlmsg_build_hdr((char *)nlh + nlh->nlmsg_len, type, NFPROTO_INET,
				     flags | NLM_F_ACK, 2);
}

static void make_chain(void)
{
	struct nftnl_table *t = nftnl_table_alloc();
	struct nftnl_chain *c = nftnl_chain_alloc();
	char buf[4096];
	struct nlmsghdr *nlh;

	nftnl_table_set_str(t, NFTNL_TABLE_NAME, TABLE);
	nlh = begin(buf, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	nftnl_table_nlmsg_build_payload(nlh, t);
	if (commit(buf, nlh) < 0)
		die("table");
	nftnl_chain_set_str(c, NFTNL_CHAIN_TABLE, TABLE);
	nftnl_chain_set_str(c, NFTNL_CHAIN_NAME, CHAIN);
	nftnl_chain_set_str(c, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(c, NFTNL_CHAIN_HOOKNUM, NF_INET_LOCAL_IN);
	nftnl_chain_set_s32(c, NFTNL_CHAIN_PRIO, 0);
	nlh = begin(buf, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
	nftnl_chain_nlmsg_build_payload(nlh, c);
	if (commit(buf, nlh) < 0)
		die("chain");
	nftnl_table_free(t);
	nftnl_chain_free(c);
}

/* c: counter; i: log, with a prefix that looks like ours. */
static struct nftnl_expr *other(char c)
{
	struct nftnl_expr *expr = nftnl_expr_alloc(c == 'c' ? "counter" : "log");

	if (c == 'i')
		nftnl_expr_set_str(expr, NFTNL_EXPR_LOG_PREFIX, "sysrq key");
	return expr;
}

static struct nftnl_rule *described(const struct rule *r)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	const char *p;

	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_INET);
	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, TABLE);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, CHAIN);
	nftnl_rule_set_data(rule, NFTNL_RULE_USERDATA, "kept", 5);
	for (p = r->others; *p; p++)
		nftnl_rule_add_expr(rule, other(*p));
	return rule;
}

static int send_rule(struct nftnl_rule *rule, const struct rule *r)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	char buf[8192];
	struct nlmsghdr *nlh = begin(buf, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	unsigned int i;
	int err = 0;

	nftnl_rule_nlmsg_build_payload(nlh, rule);
	for (i = 0; i < r->n && !err; i++) {
		err = nftnl_sysrq_set_key(e, r->ours[i].key);
		if (!err)
			err = nftnl_sysrq_set_flags(e, r->ours[i].flags);
		/* The last by its name, if it is: so both ways are gone. */
		if (!err)
			err = nftnl_sysrq_rule_insert(nlh, 4096,
						      r->ours[i].pos == strlen(r->others) + i ?
							      NFTNL_SYSRQ_LAST : r->ours[i].pos, e);
	}
	nftnl_sysrq_free(e);
	return err ? err : commit(buf, nlh);
}

/* A rule that came from the kernel: its list of expressions, and what was read of them. */
struct dumped {
	char			raw[8192];
	size_t			len;
	struct nftnl_rule	*rule;
	struct rule		read;
	char			keys[MAX][NFTNL_SYSRQ_KEY_MAX + 1];
	char			others[16];
	unsigned int		rules;
	int			err;
};

static int note_ours(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	struct dumped *d = data;
	unsigned int n = d->read.n;

	if (n == MAX)
		return -E2BIG;
	d->read.ours[n].pos = pos;
	d->read.ours[n].flags = nftnl_sysrq_get_flags(e);
	if (nftnl_sysrq_get_key(e)) {
		strcpy(d->keys[n], nftnl_sysrq_get_key(e));
		d->read.ours[n].key = d->keys[n];
	}
	d->read.n++;
	return 0;
}

static int note_other(struct nftnl_expr *expr, void *data)
{
	const char *name = nftnl_expr_get_str(expr, NFTNL_EXPR_NAME);
	struct dumped *d = data;
	char *to = d->others + strlen(d->others);

	*to = !strcmp(name, "counter") ? 'c' : '?';
	if (!strcmp(name, "log") &&
	    !strcmp(nftnl_expr_get_str(expr, NFTNL_EXPR_LOG_PREFIX), "sysrq key"))
		*to = 'i';
	return 0;
}

static int note_rule(const struct nlmsghdr *nlh, void *data)
{
	struct dumped *d = data;
	struct nlattr *attr;
	uint32_t len;

	d->rules++;
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) != NFTA_RULE_EXPRESSIONS)
			continue;
		d->len = mnl_attr_get_payload_len(attr);
		memcpy(d->raw, mnl_attr_get_payload(attr), d->len);
	}
	d->rule = nftnl_rule_alloc();
	d->read.others = d->others;
	d->err = nftnl_sysrq_rule_parse(nlh, d->rule, note_ours, d);
	nftnl_expr_foreach(d->rule, note_other, d);
	if (!nftnl_rule_get_data(d->rule, NFTNL_RULE_USERDATA, &len) || len != 5)
		d->err = -EINVAL;
	return MNL_CB_OK;
}

/* The only rule that there is. */
static int dump(struct dumped *d)
{
	char buf[256];
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr(buf, NFT_MSG_GETRULE, NFPROTO_INET,
						     NLM_F_DUMP, 2);

	memset(d, 0, sizeof(*d));
	if (talk(buf, nlh->nlmsg_len, 2, note_rule, d) < 0)
		die("dump");
	return d->err || d->rules != 1 ? -1 : 0;
}

static void delete_rule(const struct nftnl_rule *found)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	char buf[4096];
	struct nlmsghdr *nlh = begin(buf, NFT_MSG_DELRULE, 0);

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, TABLE);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, CHAIN);
	nftnl_rule_set_u64(rule, NFTNL_RULE_HANDLE,
			   nftnl_rule_get_u64(found, NFTNL_RULE_HANDLE));
	nftnl_rule_nlmsg_build_payload(nlh, rule);
	if (commit(buf, nlh) < 0)
		die("delete");
	nftnl_rule_free(rule);
}

static bool same(const struct rule *a, const struct rule *b)
{
	unsigned int i;

	if (a->n != b->n || strcmp(a->others, b->others))
		return false;
	for (i = 0; i < a->n; i++)
		if (a->ours[i].pos != b->ours[i].pos || a->ours[i].flags != b->ours[i].flags ||
		    strcmp(a->ours[i].key ? : "", b->ours[i].key ? : ""))
			return false;
	return true;
}

static void trip(const struct rule *r)
{
	static struct dumped first, second;
	struct nftnl_rule *rule = described(r);
	bool ok = send_rule(rule, r) == 0 && dump(&first) == 0 && same(r, &first.read);

	count++;
	printf("%sok %u - %u of ours among '%s': sent and read\n", ok ? "" : "not ", count, r->n,
	       r->others);
	failed += !ok;
	nftnl_rule_free(rule);
	delete_rule(first.rule);

	nftnl_rule_unset(first.rule, NFTNL_RULE_HANDLE);
	ok = send_rule(first.rule, &first.read) == 0 && dump(&second) == 0 &&
	     first.len && first.len == second.len && !memcmp(first.raw, second.raw, first.len);
	count++;
	printf("%sok %u - what was read, sent once more: the same %zu bytes\n", ok ? "" : "not ",
	       count, first.len);
	failed += !ok;
	delete_rule(second.rule);
	nftnl_rule_free(first.rule);
	nftnl_rule_free(second.rule);
}

int main(void)
{
	size_t i;

	make_chain();
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		trip(&rules[i]);
	printf("1..%u\n", count);
	return failed != 0;
}
