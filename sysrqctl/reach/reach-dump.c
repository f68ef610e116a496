// SPDX-License-Identifier: GPL-2.0-only
/* The whole ruleset, and the interfaces, of this network namespace. */
#include "reach.h"

#include <endian.h>
#include <errno.h>
#include <glob.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libnftnl-sysrq/sysrq.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>

#include "reach-attr.h"
#include "rules.h"

#define RETRIES		10	/* while the ruleset changes */
#define STACKED		4	/* interfaces above each other */

struct fetching {
	struct ruleset	*rs;
	uint32_t	set;
};

static int on_elements(const struct nlmsghdr *nlh, void *data)
{
	struct fetching *f = data;
	int err = rs_elements(nlh, f->rs, f->set);

	errno = -err;
	return err ? MNL_CB_ERROR : MNL_CB_OK;
}

/* Only when somebody looks into a set: there may be thousands. */
static int fetch(struct ruleset *rs, uint32_t set, void *arg)
{
	struct rs_set *s = &rs->set[set];
	struct fetching f = { rs, set };
	struct nft *n = arg;
	struct nlmsghdr *nlh;
	int err, tries = 0;

	do {
		s->n = 0;
		nlh = nft_request(n, NFT_MSG_GETSETELEM, s->family, NLM_F_DUMP);
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, rs_bytes(rs, s->table));
		mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, rs_bytes(rs, s->name));
		err = nft_answer(n, nlh, on_elements, &f);
	} while (err == -EINTR && tries++ < RETRIES);
	if (err)
		return err;
	rs_elements_done(rs, set);
	return 1;
}

static int on_generation(const struct nlmsghdr *nlh, void *data)
{
	uint16_t family;
	struct attrs a;

	if (attrs_message(&a, nlh, &family))
		attr_u32(a.tb[NFTA_GEN_ID], data);
	return MNL_CB_OK;
}

static int generation(struct nft *n, uint32_t *id)
{
	*id = 0;
	return nft_answer(n, nft_request(n, NFT_MSG_GETGEN, NFPROTO_UNSPEC, NLM_F_ACK),
			  on_generation, id);
}

/* All parts at one time, or -EINTR. */
static int dump_once(struct nft *n, struct ruleset *rs)
{
	uint32_t before, after;
	int err;

	err = generation(n, &before);
	if (!err)
		err = nft_dump(n, NFT_MSG_GETTABLE, NFPROTO_UNSPEC, rs_table, rs);
	if (!err)
		err = nft_dump(n, NFT_MSG_GETCHAIN, NFPROTO_UNSPEC, rs_chain, rs);
	if (!err)
		err = nft_dump(n, NFT_MSG_GETSET, NFPROTO_UNSPEC, rs_set, rs);
	if (err)
		return err;
	rs_sort(rs);
	err = nft_dump(n, NFT_MSG_GETRULE, NFPROTO_UNSPEC, rs_rule, rs);
	if (!err)
		err = generation(n, &after);
	return err ? err : before == after ? 0 : -EINTR;
}

static int dump_links(struct ruleset *rs)
{
	struct ifaddrs *all, *i;
	int err = 0;

	if (getifaddrs(&all))
		return -errno;
	for (i = all; i && !err; i = i->ifa_next)
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_PACKET)
			err = rs_link(rs, i->ifa_name, if_nametoindex(i->ifa_name),
				      i->ifa_flags & IFF_UP);
	freeifaddrs(all);
	return err;
}

static bool below_by(const char *name, const char *lower, unsigned int depth)
{
	char pattern[64];
	bool found = false;
	const char *sub;
	glob_t g;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/sys/class/net/%.15s/lower_*", name);
	if (!depth || glob(pattern, 0, NULL, &g))
		return false;
	for (i = 0; i < g.gl_pathc && !found; i++) {
		sub = strrchr(g.gl_pathv[i], '/') + strlen("/lower_");
		found = !strncmp(sub, lower, IFNAMSIZ) || below_by(sub, lower, depth - 1);
	}
	globfree(&g);
	return found;
}

/* VLANs, bridges, bonds: frames are seen below first. */
static bool below(const char *name, const char *lower)
{
	return below_by(name, lower, STACKED);
}

static bool legacy(const char *path)
{
	FILE *f = fopen(path, "re");
	bool any = f && fgetc(f) != EOF;

	if (f)
		fclose(f);
	return any;
}

static int on_rule(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct rule_text *t = data;

	if (rule && !nftnl_sysrq_rule_parse(nlh, rule, NULL, NULL))
		rule_text(rule, t);
	if (rule)
		nftnl_rule_free(rule);
	return MNL_CB_OK;
}

/**
 * reach_text - what a rule says, in nft's words where they are simple
 * @rs: from reach_dump()
 * @rule: its number
 * @text: filled in; "" if it is not known
 * @size: of @text
 */
void reach_text(const struct ruleset *rs, uint32_t rule, char *text, size_t size)
{
	const struct rs_chain *c = &rs->chain[rs->rule[rule].chain];
	struct rule_text *t = calloc(1, sizeof(*t));
	struct nft *n = rs->arg;
	struct nlmsghdr *nlh;
	size_t len = 0;
	unsigned int i;

	text[0] = '\0';
	if (!t)
		return;
	nlh = nft_request(n, NFT_MSG_GETRULE, c->family, NLM_F_ACK);
	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, rs_bytes(rs, c->table));
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, rs_bytes(rs, c->name));
	mnl_attr_put_u64(nlh, NFTA_RULE_HANDLE, htobe64(rs->rule[rule].handle));
	if (!nft_answer(n, nlh, on_rule, t))
		for (i = 0; i < t->n && len < size; i++)
			if (t->piece[i][0])
				len += snprintf(text + len, size - len, "%s%s", len ? " " : "",
						t->piece[i]);
	free(t);
}

/**
 * reach_dump - the whole ruleset of this network namespace
 * @n: the socket; is asked for elements of sets as long as @rs is used
 * @rs: filled in; to be given to rs_free() in any case
 *
 * Return: 0, or a negative errno; -EINTR if it does not stop changing.
 */
int reach_dump(struct nft *n, struct ruleset *rs)
{
	int err, tries = 0;

	memset(rs, 0, sizeof(*rs));
	do {
		rs_free(rs);
		err = dump_once(n, rs);
	} while (err == -EINTR && tries++ < RETRIES);
	if (!err)
		err = dump_links(rs);
	rs->fetch = fetch;
	rs->arg = n;
	rs->below = below;
	rs->text = reach_text;
	rs->legacy = legacy("/proc/net/ip_tables_names") || legacy("/proc/net/ip6_tables_names");
	return err;
}
