// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of enemies, made from good ones: lengths, types and bytes changed, attributes doubled and
 * cut. Each lies in memory of exactly its size, so that the sanitizers see one byte too far. What
 * must hold of any message is looked at, too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "internal.h"

#define ROUNDS	200000

static unsigned long wrong, accepted, refused;

static uint32_t random32(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

static void expect(bool ok, const char *what)
{
	if (!ok && wrong++ < 10)
		printf("# %s\n", what);
}

/* A good rule: ours at a few places among libnftnl's. */
static struct nlmsghdr *good(char *buf, size_t size)
{
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr(buf, NFT_MSG_NEWRULE, NFPROTO_INET, 0, 1);
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	uint32_t i, n = random32() % 3;

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, "t");
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, "c");
	for (i = 0; i < n; i++)
		nftnl_rule_add_expr(rule, nftnl_expr_alloc("counter"));
	nftnl_rule_nlmsg_build_payload(nlh, rule);
	for (i = 0; i < 3; i++) {
		nftnl_sysrq_set_key(e, i ? "ops" : NULL);
		nftnl_sysrq_set_flags(e, i & 1);
		expect(nftnl_sysrq_rule_insert(nlh, size, i % 2 ? 0 : NFTNL_SYSRQ_LAST, e) == 0,
		       "a good rule takes it");
	}
	nftnl_sysrq_free(e);
	nftnl_rule_free(rule);
	return nlh;
}

/* One change anywhere behind the header of the family; a few make it another message. */
static void spoil(char *buf, uint32_t *len)
{
	uint32_t head = MNL_NLMSG_HDRLEN + 4, at = head + random32() % (*len - head);
	uint16_t value;

	switch (random32() % 4) {
	case 0:
		buf[at] = random32();
		break;
	case 1:		/* a length or type, if it is one */
		at &= ~1U;
		value = random32() % 3 ? random32() % 80 : random32();
		if (at + sizeof(value) <= *len)
			memcpy(buf + at, &value, sizeof(value));
		break;
	case 2:
		*len = at + 1;
		break;
	case 3:		/* attributes from there on twice */
		at = (at - head) / 4 * 4 + head;
		memcpy(buf + *len, buf + at, *len - at);
		*len += *len - at;
		break;
	}
}

/* Told of by the parser: nothing that could not have been set. */
static int look(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	const char *key = nftnl_sysrq_get_key(e);
	uint32_t *last = data;
	char text[64];

	expect(!key || nftnl_sysrq_key_valid(key, strlen(key)), "a name that is none");
	expect(!(nftnl_sysrq_get_flags(e) & ~NFTNL_SYSRQ_SILENT), "unknown flags");
	expect(*last == NFTNL_SYSRQ_LAST || pos > *last, "out of order");
	expect(nftnl_sysrq_snprintf(text, sizeof(text), e) < (int)sizeof(text), "too long");
	*last = pos;
	return 0;
}

static void parse(const struct nlmsghdr *nlh)
{
	uint32_t last = NFTNL_SYSRQ_LAST;
	int err = nftnl_sysrq_rule_parse(nlh, NULL, look, &last);

	accepted += !err;
	refused += !!err;
	expect(err == 0 || err == -EINVAL || err == -EOPNOTSUPP || err == -ENOSPC ||
	       err == -EMSGSIZE, "an error that is not documented");
	expect(err || sysrq_rule_has(nlh) == (last != NFTNL_SYSRQ_LAST),
	       "is one of ours there? Two answers");
}

/* Where there is room for the growth, and where there is none: all or nothing. */
static void insert(const char *buf, uint32_t len, uint32_t room)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	char *copy = malloc(len + room);
	int err;

	memcpy(copy, buf, len);
	memset(copy + len, 0x5a, room);
	err = nftnl_sysrq_rule_insert((void *)copy, len + room, random32() % 8, e);
	expect(!err || !memcmp(copy, buf, len), "an error, and yet a change");
	if (!err)
		parse((void *)copy);
	free(copy);
	nftnl_sysrq_free(e);
}

static void round_of(void)
{
	uint32_t len, changes = 1 + random32() % 4;
	char buf[65536], *exact;

	memset(buf, 0, 1024);
	len = good(buf, 1024)->nlmsg_len;
	while (changes-- && len < 8192)
		spoil(buf, &len);
	if (len < MNL_NLMSG_HDRLEN)
		return;
	((struct nlmsghdr *)buf)->nlmsg_len = len;
	exact = malloc(len);
	memcpy(exact, buf, len);
	parse((void *)exact);
	free(exact);
	insert(buf, len, random32() % 3 ? random32() % 64 : 0);
}

int main(void)
{
	unsigned long i;

	for (i = 0; i < ROUNDS; i++)
		round_of();
	printf("# %lu accepted, %lu refused\n", accepted, refused);
	printf("%sok 1 - what must hold of any message holds\n", wrong ? "not " : "");
	/* Else the changes were too wild, or none. */
	printf("%sok 2 - many were accepted, and many refused\n",
	       accepted > ROUNDS / 10 && refused > ROUNDS / 10 ? "" : "not ");
	printf("1..2\n");
	return wrong || accepted <= ROUNDS / 10 || refused <= ROUNDS / 10;
}
