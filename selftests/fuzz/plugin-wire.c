// SPDX-License-Identifier: GPL-2.0-only
/* Rules as the kernel could send them: the input is the message behind its netlink header. */
#include <libmnl/libmnl.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "internal.h"
#include "plugin.h"
#include "run.h"
#include "seams.h"

static struct run the_run;
static size_t elements;

struct run *run_current(void)
{
	return &the_run;
}

void run_filter_output(struct run *r)
{
	(void)r;
}

void run_fail(struct run *r, const char *fmt, ...)
{
	(void)fmt;
	r->failed = true;
}

void seams_passed(const void *caller)
{
	(void)caller;
}

static size_t count(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *elem;
	size_t n = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) != NFTA_RULE_EXPRESSIONS)
			continue;
		mnl_attr_for_each_nested(elem, attr)
			n++;
	}
	return n;
}

static int real_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule)
{
	(void)rule;
	elements = count(nlh);
	/* What is exchanged has none of ours left. */
	return sysrq_rule_has(nlh);
}

static void real_build(struct nlmsghdr *nlh, struct nftnl_expr *expr)
{
	(void)nlh;
	(void)expr;
}

static const struct seams table = { .expr_build = real_build, .rule_parse = real_parse };

const struct seams *seams(void)
{
	return &table;
}

int nftnl_rule_nlmsg_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	carrier_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg) + size / 4 * 4;
	struct nlmsghdr *nlh = calloc(1, len);
	size_t before;
	bool left;

	memcpy((char *)nlh + MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg), data, size / 4 * 4);
	nlh->nlmsg_len = len;
	the_run.failed = false;
	before = count(nlh);
	left = nftnl_rule_nlmsg_parse(nlh, NULL);
	must(the_run.failed || (!left && elements == before));
	free(nlh);
	return 0;
}
