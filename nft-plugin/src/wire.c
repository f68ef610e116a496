// SPDX-License-Identifier: GPL-2.0-only
/* Between libnftables and libnftnl: the carrier, an expression "log", becomes ours, and back. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/expr.h>
#include <linux/netfilter/nf_tables.h>

#include "internal.h"
#include "run.h"
#include "seams.h"

SEAM void nftnl_expr_build_payload(struct nlmsghdr *nlh, struct nftnl_expr *expr);
SEAM int nftnl_rule_nlmsg_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule);

/* The carrier's text, if @expr, called @name, is one. */
static const char *carrier_of(const struct nftnl_expr *expr, const char *name)
{
	const char *text;

	if (!name || strcmp(name, "log"))
		return NULL;
	text = nftnl_expr_get_str(expr, NFTNL_EXPR_LOG_PREFIX);
	if (!text || strncmp(text, carrier_mark(), strlen(carrier_mark())))
		return NULL;
	return text;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static bool is_apart(const struct nftnl_expr *expr, const char *name)
{
	const char *text;

	if (!name || strcmp(name, "objref"))
		return false;
	text = nftnl_expr_get_str(expr, NFTNL_EXPR_OBJREF_IMM_NAME);
	return text && carrier_is_apart(text, strlen(text));
}

/*
 * Takes back the element that libnftnl has just begun; its end then gets a length of 0, behind the
 * message, where the next element will stand.
 */
static bool drop_elem(struct nlmsghdr *nlh)
{
	const char *tail = mnl_nlmsg_get_payload_tail(nlh);
	const struct nlattr *elem = (const void *)(tail - MNL_ATTR_HDRLEN);

	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + MNL_ATTR_HDRLEN ||
	    elem->nla_type != (NLA_F_NESTED | NFTA_LIST_ELEM))
		return false;
	nlh->nlmsg_len -= MNL_ATTR_HDRLEN;
	return true;
}

void nftnl_expr_build_payload(struct nlmsghdr *nlh, struct nftnl_expr *expr)
{
	struct run *r = run_current();
	const char *name = r ? nftnl_expr_get_str(expr, NFTNL_EXPR_NAME) : NULL;
	const char *text = carrier_of(expr, name);
	struct nftnl_sysrq *e;

	if (is_apart(expr, name)) {
		if (!drop_elem(nlh))
			run_fail(r, "this libnftnl does not let sysrq in with -o");
		return;
	}
	if (!text) {
		seams()->expr_build(nlh, expr);
		return;
	}
	if (!carrier_parse(text, strlen(text), &e)) {
		/* As libnftnl does, we rely on the batch having room for an expression. */
		nftnl_sysrq_build_payload(nlh, SIZE_MAX, e);
		nftnl_sysrq_free(e);
		return;
	}
	/*
	 * From a variable. An element without a name makes the kernel refuse the batch. What nft takes
	 * for the text of a variable that holds a set is none.
	 */
	text += strlen(carrier_mark()) + 2;
	if (is_printable(text))
		run_fail(r, "sysrq: '%s' is no name of a key", text);
	else
		run_fail(r, "sysrq: a variable holds no name of a key");
}

/* One expression of ours as a carrier; libnftnl knows no other way to keep it. */
static int put_carrier(struct nlmsghdr *out, size_t buflen, const struct nftnl_sysrq *e)
{
	struct nlattr *elem, *data;
	struct buf text = { 0 };
	bool ok;

	carrier_put_expr(&text, e);
	elem = mnl_attr_nest_start_check(out, buflen, NFTA_LIST_ELEM);
	ok = elem && mnl_attr_put_strz_check(out, buflen, NFTA_EXPR_NAME, "log");
	data = ok ? mnl_attr_nest_start_check(out, buflen, NFTA_EXPR_DATA) : NULL;
	ok = data && buf_ok(&text) &&
	     mnl_attr_put_strz_check(out, buflen, NFTA_LOG_PREFIX, text.p);
	buf_free(&text);
	if (!ok)
		return -ENOSPC;
	mnl_attr_nest_end(out, data);
	mnl_attr_nest_end(out, elem);
	return 0;
}

static int swap_cb(struct nlmsghdr *out, size_t buflen, const struct nlattr *elem, uint32_t pos,
		   void *data)
{
	struct run *r = data;
	struct nftnl_sysrq *e;
	int err;

	(void)pos;
	if (!elem)
		return 0;
	if (!sysrq_elem_is_ours(elem))
		return SYSRQ_KEEP;
	err = nftnl_sysrq_parse(elem, &e);
	if (err)
		run_fail(r, "a rule has a sysrq expression that this plugin does not know in full; "
			    "it is shown as '" CARRIER_UNKNOWN "'");
	err = put_carrier(out, buflen, e);
	nftnl_sysrq_free(e);
	return err;
}

#define ROOM	8192	/* more than a rule as people write it takes: nothing is allocated for it */

int nftnl_rule_nlmsg_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule)
{
	_Alignas(struct nlmsghdr) char room[ROOM];
	struct run *r = run_current();
	struct nlmsghdr *out;
	size_t buflen;
	int ret;

	if (!sysrq_rule_has(nlh))
		return seams()->rule_parse(nlh, rule);
	if (!r) {
		seams_passed(__builtin_return_address(0));
		return seams()->rule_parse(nlh, rule);
	}
	/* A carrier is less than four times as long as our shortest expression. */
	buflen = (size_t)nlh->nlmsg_len * 4 + CARRIER_MAX;
	out = buflen <= sizeof(room) ? (void *)room : malloc(buflen);
	if (!out || sysrq_rule_map(nlh, out, buflen, swap_cb, r)) {
		run_fail(r, "a rule with sysrq cannot be shown");
		ret = seams()->rule_parse(nlh, rule);
	} else {
		run_filter_output(r);
		ret = seams()->rule_parse(out, rule);
	}
	if (out != (void *)room)
		free(out);
	return ret;
}
