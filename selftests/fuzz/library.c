// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules as anybody could send them, through libnftnl-sysrq: the input is what is behind a rule's netlink
 * header, but for its first two bytes. What is parsed and built again is the same; what is inserted is found
 * where it was put; without room nothing is changed.
 */
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "fuzz.h"
#include "internal.h"

#define HEAD	(MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg))

/* What is told of a rule; @want is expected at @at. */
struct told {
	uint32_t			n;
	uint32_t			last;
	uint32_t			at;
	const struct nftnl_sysrq	*want;
	bool				found;
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static bool same(const struct nftnl_sysrq *a, const struct nftnl_sysrq *b)
{
	const char *x = nftnl_sysrq_get_key(a), *y = nftnl_sysrq_get_key(b);

	return nftnl_sysrq_get_flags(a) == nftnl_sysrq_get_flags(b) && (x && y ? !strcmp(x, y) : !x && !y);
}

/* Built anew, in exactly as much room as it needs, it is parsed as the same. */
static void check_again(const struct nftnl_sysrq *e)
{
	char buf[256], text[64];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nftnl_sysrq *again;
	uint32_t len = nlh->nlmsg_len;

	must(!nftnl_sysrq_build(nlh, sizeof(buf), e));
	must(!nftnl_sysrq_parse((void *)(buf + len), &again) && same(e, again));
	nftnl_sysrq_free(again);
	again = (void *)malloc(nlh->nlmsg_len - 1);
	memcpy(again, buf, len);
	((struct nlmsghdr *)again)->nlmsg_len = len;
	must(nftnl_sysrq_build((void *)again, nlh->nlmsg_len - 1, e) == -ENOSPC);
	must(((struct nlmsghdr *)again)->nlmsg_len == len);
	free(again);
	must(nftnl_sysrq_snprintf(text, sizeof(text), e) < (int)sizeof(text));
}

static int tell(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	const char *key = nftnl_sysrq_get_key(e);
	struct told *t = data;

	must(!key || nftnl_sysrq_key_valid(key, strlen(key)));
	must(!(nftnl_sysrq_get_flags(e) & ~NFTNL_SYSRQ_SILENT));
	must(!t->n++ || pos > t->last);
	t->last = pos;
	check_again(e);
	if (t->want && (pos == t->at || t->at == NFTNL_SYSRQ_LAST))
		t->found = same(e, t->want);
	return 0;
}

static int parse(const struct nlmsghdr *nlh, struct told *t)
{
	int err = nftnl_sysrq_rule_parse(nlh, NULL, tell, t);

	must(!err || err == -EINVAL || err == -EOPNOTSUPP || err == -EMSGSIZE);
	must(err || sysrq_rule_has(nlh) == (t->n > 0));
	return err;
}

/* Into memory with that much room behind the message. */
static void insert(const struct nlmsghdr *nlh, size_t room, uint32_t pos, bool had)
{
	struct nftnl_sysrq *e = nftnl_sysrq_alloc();
	struct told t = { .want = e, .at = pos };
	struct nlmsghdr *copy = malloc(nlh->nlmsg_len + room);
	int err;

	must(e && copy);
	must(!nftnl_sysrq_set_key(e, pos & 1 ? "ops" : NULL));
	must(!nftnl_sysrq_set_flags(e, room & 1 ? NFTNL_SYSRQ_SILENT : 0));
	memcpy(copy, nlh, nlh->nlmsg_len);
	err = nftnl_sysrq_rule_insert(copy, nlh->nlmsg_len + room, pos, e);
	must(err <= 0);
	if (err)
		must(!memcmp(copy, nlh, nlh->nlmsg_len));
	else if (had)
		must(!parse(copy, &t) && t.found);
	free(copy);
	nftnl_sysrq_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in in = { data, size };
	uint8_t pos = in_byte(&in), room = in_byte(&in);
	struct nlmsghdr *nlh = calloc(1, HEAD + in.size);
	struct told t = { 0 };
	bool had;

	memcpy((char *)nlh + HEAD, in.data, in.size);
	nlh->nlmsg_len = HEAD + in.size;
	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE;
	had = !parse(nlh, &t);
	insert(nlh, room, pos == 255 ? NFTNL_SYSRQ_LAST : pos % 8, had);
	/* A message that says it is shorter. */
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN + pos % (in.size + sizeof(struct nfgenmsg) + 1);
	memset(&t, 0, sizeof(t));
	parse(nlh, &t);
	free(nlh);
	return 0;
}
