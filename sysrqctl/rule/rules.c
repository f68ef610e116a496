// SPDX-License-Identifier: GPL-2.0-only
/* The rules of this network namespace that have the expression. */
#include "rules.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl-sysrq/sysrq.h>
#include <libnftnl/rule.h>
#include <linux/netfilter/nf_tables.h>

#define OURS		16	/* sysrq expressions in a rule; more are not told */
#define RETRIES		10	/* of a dump while the ruleset changes */

/* Those of a rule, with their numbers among all expressions. */
struct ours {
	unsigned int	n;
	uint32_t	pos[OURS];
	char		text[OURS][64];
	char		key[NFTNL_SYSRQ_KEY_MAX + 1];
};

static int note(uint32_t pos, const struct nftnl_sysrq *e, void *data)
{
	const char *key = nftnl_sysrq_get_key(e);
	struct ours *o = data;

	snprintf(o->key, sizeof(o->key), "%s", key && !o->n ? key : "");
	if (o->n == OURS)
		return 0;
	o->pos[o->n] = pos;
	nftnl_sysrq_snprintf(o->text[o->n++], sizeof(o->text[0]), e);
	return 0;
}

/* Ours at their places among the others. */
static char *whole_text(const struct ours *o, const struct rule_text *others)
{
	unsigned int ours = 0, other = 0;
	const char *piece;
	char *text;
	size_t len;
	FILE *f;

	f = open_memstream(&text, &len);
	if (!f)
		return NULL;
	while (ours < o->n || other < others->n) {
		if (ours < o->n && (o->pos[ours] == ours + other || other == others->n))
			piece = o->text[ours++];
		else
			piece = others->piece[other++];
		if (piece[0])
			fprintf(f, "%s%s", ftell(f) ? " " : "", piece);
	}
	return fclose(f) ? NULL : text;
}

static int append(struct rules *rules, struct nftnl_rule *rule, const struct ours *o)
{
	struct listed_rule *r = reallocarray(rules->rule, rules->n + 1, sizeof(*r));
	struct rule_text *text = malloc(sizeof(*text));
	const char *table = nftnl_rule_get_str(rule, NFTNL_RULE_TABLE);
	const char *chain = nftnl_rule_get_str(rule, NFTNL_RULE_CHAIN);
	bool ok;

	if (r)
		rules->rule = r;
	if (!r || !text || !table || !chain) {
		free(text);
		return -ENOMEM;
	}
	rule_text(rule, text);
	r = &rules->rule[rules->n++];
	r->family = nftnl_rule_get_u32(rule, NFTNL_RULE_FAMILY);
	r->handle = nftnl_rule_get_u64(rule, NFTNL_RULE_HANDLE);
	r->table = strdup(table);
	r->chain = strdup(chain);
	r->text = whole_text(o, text);
	memcpy(r->key, o->key, sizeof(r->key));
	ok = r->table && r->chain && r->text;
	free(text);
	return ok ? 0 : -ENOMEM;
}

static int on_rule(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct ours o = { 0 };
	int err = -ENOMEM;

	if (rule) {
		/* Which of them are ours is told before libnftnl may fail on another stranger. */
		err = nftnl_sysrq_rule_parse(nlh, rule, note, &o);
		if (!o.n)
			err = 0;
		else if (!err)
			err = append(data, rule, &o);
		nftnl_rule_free(rule);
	}
	errno = -err;
	return err ? MNL_CB_ERROR : MNL_CB_OK;
}

/**
 * rules_get - all rules with the expression
 * @n: the socket
 * @family: of that family; NFPROTO_UNSPEC: of all
 * @rules: filled in; to be given to rules_free() in any case
 *
 * Return: 0, or a negative errno.
 */
int rules_get(struct nft *n, uint16_t family, struct rules *rules)
{
	int err, tries = 0;

	memset(rules, 0, sizeof(*rules));
	do {
		rules_free(rules);
		err = nft_dump(n, NFT_MSG_GETRULE, family, on_rule, rules);
	} while (err == -EINTR && tries++ < RETRIES);
	return err;
}

/**
 * rules_free - done
 * @rules: was given to rules_get()
 */
void rules_free(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n; i++) {
		free(rules->rule[i].table);
		free(rules->rule[i].chain);
		free(rules->rule[i].text);
	}
	free(rules->rule);
	memset(rules, 0, sizeof(*rules));
}
