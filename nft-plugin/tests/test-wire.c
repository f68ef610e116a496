// SPDX-License-Identifier: GPL-2.0-only
/* Rules between libnftables and the kernel: carriers to expressions and back, and damaged ones. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "internal.h"
#include "run.h"
#include "seams.h"
#include "tap.h"

static struct run the_run;
static bool running;
static unsigned int complaints, real_builds, passed;
static char seen[256];	/* prefixes that libnftnl was shown */

struct run *run_current(void)
{
	return running ? &the_run : NULL;
}

void run_filter_output(struct run *r)
{
	(void)r;
}

void run_fail(struct run *r, const char *fmt, ...)
{
	(void)r;
	(void)fmt;
	complaints++;
}

static void real_build(struct nlmsghdr *nlh, struct nftnl_expr *expr)
{
	(void)expr;
	real_builds++;
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "real");
}

/* Notes the prefixes; walks within the message only, as ASan sees. */
static int real_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule)
{
	const struct nlattr *attr, *elem, *a, *b;

	(void)rule;
	seen[0] = 0;
	mnl_attr_for_each(attr, nlh, 4) {
		if (mnl_attr_get_type(attr) != NFTA_RULE_EXPRESSIONS)
			continue;
		mnl_attr_for_each_nested(elem, attr)
			mnl_attr_for_each_nested(a, elem)
				if (mnl_attr_get_type(a) == NFTA_EXPR_DATA)
					mnl_attr_for_each_nested(b, a)
						if (mnl_attr_get_type(b) == NFTA_LOG_PREFIX &&
						    mnl_attr_get_payload_len(b) < 100)
							strncat(seen, mnl_attr_get_payload(b),
								100);
	}
	return 0;
}

static const struct seams table = { .expr_build = real_build, .rule_parse = real_parse };

void seams_passed(const void *caller)
{
	(void)caller;
	passed++;
}

const struct seams *seams(void)
{
	return &table;
}

static struct nlmsghdr *begin(char *buf)
{
	return nftnl_nlmsg_build_hdr(buf, NFT_MSG_NEWRULE, NFPROTO_INET, 0, 1);
}

static void put_elem(struct nlmsghdr *nlh, struct nftnl_expr *expr)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);

	nftnl_expr_build_payload(nlh, expr);
	mnl_attr_nest_end(nlh, nest);
}

/* A rule with one log statement of that prefix, as libnftables builds it. */
static struct nlmsghdr *build(char *buf, const char *prefix)
{
	struct nftnl_expr *expr = nftnl_expr_alloc("log");
	struct nlmsghdr *nlh = begin(buf);
	struct nlattr *nest = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);

	nftnl_expr_set_str(expr, NFTNL_EXPR_LOG_PREFIX, prefix);
	put_elem(nlh, expr);
	mnl_attr_nest_end(nlh, nest);
	nftnl_expr_free(expr);
	return nlh;
}

static int note(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	(void)pos;
	nftnl_sysrq_snprintf(data, 64, e);
	return 0;
}

static void test_build(void)
{
	char buf[1024] = "", got[64] = "";
	struct buf text = { 0 };
	struct nlmsghdr *nlh;

	carrier_put(&text, "ops", 3, true);
	nlh = build(buf, text.p);
	nftnl_sysrq_rule_parse(nlh, NULL, note, got);
	same(got, "sysrq key \"ops\" silent", "carrier built as our expression");
	ok(!real_builds && !complaints, "not as another");
	build(buf, "hello");
	ok(real_builds == 1, "another prefix is libnftnl's");
	running = false;
	build(buf, text.p);
	ok(real_builds == 2, "outside of a run nothing is ours");
	running = true;
	buf_str(&text, "/x");
	nlh = build(buf, text.p);
	got[0] = 0;
	nftnl_sysrq_rule_parse(nlh, NULL, note, got);
	ok(complaints == 1 && !got[0] && real_builds == 2, "a bad name is refused");
	buf_free(&text);
}

/* What keeps rules apart is gone as if it had never been there. */
static void test_apart(void)
{
	struct nftnl_expr *apart = nftnl_expr_alloc("objref"), *other = nftnl_expr_alloc("log");
	char got[1024] = "", want[1024] = "";
	struct nlattr *gn, *wn;
	struct nlmsghdr *g = begin(got), *w = begin(want);
	struct buf text = { 0 };

	carrier_put_apart(&text);
	nftnl_expr_set_u32(apart, NFTNL_EXPR_OBJREF_IMM_TYPE, NFT_OBJECT_QUOTA);
	nftnl_expr_set_str(apart, NFTNL_EXPR_OBJREF_IMM_NAME, buf_ok(&text) ? text.p : "");
	gn = mnl_attr_nest_start(g, NFTA_RULE_EXPRESSIONS);
	wn = mnl_attr_nest_start(w, NFTA_RULE_EXPRESSIONS);
	put_elem(g, apart);
	put_elem(g, other);
	put_elem(w, other);
	put_elem(g, apart);
	mnl_attr_nest_end(g, gn);
	mnl_attr_nest_end(w, wn);
	ok(g->nlmsg_len == w->nlmsg_len && !memcmp(got, want, g->nlmsg_len),
	   "what keeps rules apart is not built");
	complaints = 0;
	g = begin(got);
	nftnl_expr_build_payload(g, apart);
	ok(complaints == 1, "and said so if libnftnl builds in another way");
	nftnl_expr_free(apart);
	nftnl_expr_free(other);
	buf_free(&text);
}

static struct nlmsghdr *make(char *buf, size_t size, const char *key, uint32_t flags)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	struct nlmsghdr *nlh = begin(buf);

	nftnl_sysrq_set_key(e, key);
	nftnl_sysrq_set_flags(e, flags);
	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, "t");
	nftnl_sysrq_rule_insert(nlh, size, NFTNL_SYSRQ_LAST, e);
	nftnl_sysrq_rule_insert(nlh, size, NFTNL_SYSRQ_LAST, e);
	nftnl_sysrq_free(e);
	return nlh;
}

static void test_parse(void)
{
	struct buf text = { 0 };
	char buf[1024] = "";
	struct nlmsghdr *nlh = make(buf, sizeof(buf), NULL, 0);

	ok(nftnl_rule_nlmsg_parse(nlh, NULL) == 0, "a rule of two expressions is parsed");
	carrier_put(&text, "", 0, false);
	ok(strlen(seen) == 2 * text.len && !strncmp(seen, text.p, text.len) &&
	   !strcmp(seen + text.len, text.p), "each becomes a carrier");
	buf_free(&text);
	running = false;
	nftnl_rule_nlmsg_parse(nlh, NULL);
	same(seen, "", "outside of a run the message is left alone");
	ok(passed == 1, "and it is told of");
	running = true;
	complaints = 0;
	nlh = make(buf, sizeof(buf), "ops", NFTNL_SYSRQ_SILENT);
	buf[nlh->nlmsg_len - 2] = 1;
	nftnl_rule_nlmsg_parse(nlh, NULL);
	ok(complaints == 1 && strstr(seen, ":?:"), "what is not known in full is shown so");
}

static void parse_copy(const char *buf, size_t len)
{
	char *copy = malloc(len);

	memcpy(copy, buf, len);
	nftnl_rule_nlmsg_parse((struct nlmsghdr *)copy, NULL);
	free(copy);
}

static void test_hostile(void)
{
	char buf[1024] = "";
	struct nlmsghdr *nlh = make(buf, sizeof(buf), "ops", NFTNL_SYSRQ_SILENT);
	uint32_t len = nlh->nlmsg_len, i;
	unsigned int v;

	/* Each length that netlink hands out, and each byte changed to each value. */
	for (i = MNL_NLMSG_HDRLEN; i <= len; i += 4) {
		nlh->nlmsg_len = i;
		parse_copy(buf, i);
	}
	for (i = MNL_NLMSG_HDRLEN; i < len; i++) {
		char was = buf[i];

		for (v = 0; v < 256; v++) {
			buf[i] = v;
			parse_copy(buf, len);
		}
		buf[i] = was;
	}
	ok(true, "cut and damaged messages: nothing is read beyond");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	carrier_init();
	running = true;
	test_build();
	test_apart();
	test_parse();
	test_hostile();
	return tap_end();
}
