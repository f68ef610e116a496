// SPDX-License-Identifier: GPL-2.0-only
/* The library without a kernel: names, messages of whole rules, and messages of enemies. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/nft_sysrq.h>

#include "internal.h"

static unsigned int count, failed;

#define check(cond) check_(!!(cond), #cond, __LINE__)

static void check_(bool ok, const char *what, int line)
{
	count++;
	failed += !ok;
	printf("%sok %u - line %d: %s\n", ok ? "" : "not ", count, line, what);
}

static struct nftnl_sysrq *make(const char *key, uint32_t flags)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();

	if (!e || nftnl_sysrq_set_key(e, key) || nftnl_sysrq_set_flags(e, flags))
		abort();
	return e;
}

static void test_names(void)
{
	struct nftnl_sysrq *e = make("ops", 0);

	check(nftnl_sysrq_set_key(e, "") == -EINVAL);
	check(nftnl_sysrq_set_key(e, "-a") == -EINVAL);
	check(nftnl_sysrq_set_key(e, "a b") == -EINVAL);
	check(nftnl_sysrq_set_key(e, "a\"b") == -EINVAL);
	check(nftnl_sysrq_set_key(e, "a/b") == -EINVAL);
	check(nftnl_sysrq_set_key(e, "aaaaaaaaaabbbbbbbbbbccccccccccdd") == -EINVAL);
	check(!strcmp(nftnl_sysrq_get_key(e), "ops"));
	check(nftnl_sysrq_set_key(e, "aaaaaaaaaabbbbbbbbbbccccccccccd") == 0);
	check(nftnl_sysrq_set_key(e, "9.a_B-z") == 0);
	check(nftnl_sysrq_set_key(e, NULL) == 0 && !nftnl_sysrq_get_key(e));
	check(nftnl_sysrq_set_flags(e, 2) == -EINVAL && !nftnl_sysrq_get_flags(e));
	nftnl_sysrq_free(e);
}

static void test_print(void)
{
	struct nftnl_sysrq *e = make(NULL, 0);
	char buf[64];

	nftnl_sysrq_snprintf(buf, sizeof(buf), e);
	check(!strcmp(buf, "sysrq"));
	nftnl_sysrq_set_key(e, "ops");
	nftnl_sysrq_snprintf(buf, sizeof(buf), e);
	check(!strcmp(buf, "sysrq key \"ops\""));
	nftnl_sysrq_set_flags(e, NFTNL_SYSRQ_SILENT);
	check(nftnl_sysrq_snprintf(buf, 8, e) == 22);
	check(!strcmp(buf, "sysrq k"));
	nftnl_sysrq_snprintf(buf, sizeof(buf), e);
	check(!strcmp(buf, "sysrq key \"ops\" silent"));
	nftnl_sysrq_free(e);
}

/* The rule `counter notrack`, or one without any expression. */
static struct nlmsghdr *make_rule(char *buf, bool empty)
{
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr(buf, NFT_MSG_NEWRULE, NFPROTO_INET, 0, 1);
	struct nftnl_rule *rule = nftnl_rule_alloc();

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, "t");
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, "c");
	nftnl_rule_set_u64(rule, NFTNL_RULE_POSITION, 7);
	if (!empty) {
		nftnl_rule_add_expr(rule, nftnl_expr_alloc("counter"));
		nftnl_rule_add_expr(rule, nftnl_expr_alloc("notrack"));
	}
	nftnl_rule_nlmsg_build_payload(nlh, rule);
	nftnl_rule_free(rule);
	return nlh;
}

static int note(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	char *to = data;

	sprintf(to + strlen(to), "%u:", pos);
	nftnl_sysrq_snprintf(to + strlen(to), 64, e);
	strcat(to, ";");
	return 0;
}

static int name_of(struct nftnl_expr *expr, void *data)
{
	strcat(data, nftnl_expr_get_str(expr, NFTNL_EXPR_NAME));
	strcat(data, " ");
	return 0;
}

/* What a reader finds in the message, ours and libnftnl's. */
static const char *read_rule(const struct nlmsghdr *nlh)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	static char text[512];
	int err;

	text[0] = 0;
	err = nftnl_sysrq_rule_parse(nlh, rule, note, text);
	if (err)
		sprintf(text, "%s", strerror(-err));
	else
		nftnl_expr_foreach(rule, name_of, text);
	if (!err && (!nftnl_rule_get_str(rule, NFTNL_RULE_CHAIN) ||
		     nftnl_rule_get_u64(rule, NFTNL_RULE_POSITION) != 7))
		strcat(text, "lost");
	nftnl_rule_free(rule);
	return text;
}

static void test_rule(void)
{
	struct nftnl_sysrq *ops = make("ops", 0), *any = make(NULL, 1);
	char buf[4096];
	struct nlmsghdr *nlh = make_rule(buf, false);
	uint32_t len = nlh->nlmsg_len;

	check(!strcmp(read_rule(nlh), "counter notrack "));
	check(!sysrq_rule_has(nlh));
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), 3, ops) == -ERANGE);
	check(nftnl_sysrq_rule_insert(nlh, len + 8, 0, ops) == -ENOSPC && nlh->nlmsg_len == len);
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), 1, ops) == 0);
	check(!strcmp(read_rule(nlh), "1:sysrq key \"ops\";counter notrack "));
	check(sysrq_rule_has(nlh));
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), NFTNL_SYSRQ_LAST, any) == 0);
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), 0, any) == 0);
	check(!strcmp(read_rule(nlh), "0:sysrq silent;2:sysrq key \"ops\";4:sysrq silent;"
				      "counter notrack "));
	nlh = make_rule(buf, true);
	check(!strcmp(read_rule(nlh), ""));
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), NFTNL_SYSRQ_LAST, ops) == 0);
	check(!strcmp(read_rule(nlh), "0:sysrq key \"ops\";"));
	nftnl_sysrq_free(ops);
	nftnl_sysrq_free(any);
}

/* One element, made by hand, with a data attribute of any kind. */
static int parse_hand(uint16_t type, const void *data, uint16_t len)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *elem, *nest;
	struct nftnl_sysrq *e;
	int err;

	elem = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "sysrq");
	nest = mnl_attr_nest_start(nlh, NFTA_EXPR_DATA);
	mnl_attr_put(nlh, type, len, data);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_nest_end(nlh, elem);
	err = nftnl_sysrq_parse(elem, &e);
	if (!e != !!err)
		abort();
	nftnl_sysrq_free(e);
	return err;
}

static void test_hand(void)
{
	uint32_t flags = htonl(1), other = htonl(2);

	check(parse_hand(NFTA_SYSRQ_KEY, "ops", 3) == 0);
	check(parse_hand(NFTA_SYSRQ_KEY, "ops", 4) == 0);
	check(parse_hand(NFTA_SYSRQ_KEY, "ops\0\0", 5) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_KEY, "", 1) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_KEY, "", 0) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_KEY, "a b", 4) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_KEY, "aaaaaaaaaabbbbbbbbbbccccccccccdd", 33) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_FLAGS, &flags, 4) == 0);
	check(parse_hand(NFTA_SYSRQ_FLAGS, &flags, 3) == -EINVAL);
	check(parse_hand(NFTA_SYSRQ_FLAGS, &other, 4) == -EOPNOTSUPP);
	check(parse_hand(NFTA_SYSRQ_MAX + 1, &flags, 4) == -EOPNOTSUPP);
}

/* What stands there twice: as the kernel reads it, or not at all. */
static void test_twice(void)
{
	struct nftnl_sysrq *e;
	char buf[512];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *elem = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM), *list;

	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "counter");
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "sysrq");
	mnl_attr_put(nlh, NFTA_EXPR_DATA, 0, NULL);
	mnl_attr_nest_end(nlh, elem);
	check(nftnl_sysrq_parse(elem, &e) == 0 && e && !nftnl_sysrq_get_key(e));
	nftnl_sysrq_free(e);

	e = make("ops", 0);
	nlh = make_rule(buf, false);
	list = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);
	nftnl_sysrq_build(nlh, sizeof(buf), e);
	mnl_attr_nest_end(nlh, list);
	check(nftnl_sysrq_rule_parse(nlh, NULL, NULL, NULL) == -EINVAL);
	check(nftnl_sysrq_rule_insert(nlh, sizeof(buf), 0, e) == -EINVAL);
	nftnl_sysrq_free(e);
}

/* Each truncation, and each byte spoiled: no crash, and nothing outside is touched. */
static void test_hostile(void)
{
	struct nftnl_sysrq *ops = make("ops", 1);
	char buf[1024], text[4096];
	struct nlmsghdr *nlh = make_rule(buf, false);
	uint32_t i, v, len;

	nftnl_sysrq_rule_insert(nlh, sizeof(buf), 1, ops);
	len = nlh->nlmsg_len;
	for (i = 0; i < len; i++) {
		char *part = malloc(i ? i : 1);
		struct nlmsghdr head = { .nlmsg_len = i };

		memcpy(part, buf, i);
		if (i >= sizeof(head)) {
			((struct nlmsghdr *)part)->nlmsg_len = i;
			text[0] = 0;
			nftnl_sysrq_rule_parse((struct nlmsghdr *)part, NULL, note, text);
			sysrq_rule_has((struct nlmsghdr *)part);
		}
		free(part);
	}
	for (i = sizeof(*nlh); i < len; i++) {
		for (v = 0; v < 256; v++) {
			char *copy = malloc(len);

			memcpy(copy, buf, len);
			copy[i] = v;
			text[0] = 0;
			nftnl_sysrq_rule_parse((struct nlmsghdr *)copy, NULL, note, text);
			free(copy);
		}
	}
	check(true);
	nftnl_sysrq_free(ops);
}

int main(void)
{
	test_names();
	test_print();
	test_rule();
	test_hand();
	test_twice();
	test_hostile();
	printf("1..%u\n", count);
	return !!failed;
}
