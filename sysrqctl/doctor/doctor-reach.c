// SPDX-License-Identifier: GPL-2.0-only
/* doctor: would a request get to the live rules, through all that is hooked before them? */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "rule.h"

#include <linux/netfilter.h>	/* behind netinet/in.h */

#define COMMANDS	8	/* for one rule */
#define COMMAND_LEN	700
#define NAME_LEN	300	/* of 255 bytes, quoted */
#define CONNTRACK	"/proc/sys/net/netfilter/nf_conntrack_"
#define FULL		90	/* % */

/* Commands for one rule, each once. */
struct commands {
	char		text[COMMANDS][COMMAND_LEN];
	unsigned int	n;
};

/* The answers for all rules. */
struct answers {
	uint32_t	rule[DOCTOR_FEW];
	struct reach	reach[DOCTOR_FEW];
	unsigned int	n;
	size_t		more;
	enum tri	best;
};

static void add(struct commands *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct commands *c, const char *fmt, ...)
{
	char text[COMMAND_LEN];
	unsigned int i;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* Half a command would do something else. */
	if (len < 0 || (size_t)len >= sizeof(text) || c->n == COMMANDS)
		return;
	for (i = 0; i < c->n; i++)
		if (!strcmp(c->text[i], text))
			return;
	strcpy(c->text[c->n++], text);
}

/* Can a rule with the expression be in that chain? */
static bool takes(const struct rs_chain *c)
{
	if (!c->base)
		return true;
	if (c->nat)
		return false;
	if (c->family == NFPROTO_NETDEV)
		return c->hook == NF_NETDEV_INGRESS;
	return c->hook == NF_INET_LOCAL_IN || (c->family == NFPROTO_INET && c->hook == NF_INET_INGRESS);
}

static void match(const struct reach_one *one, bool v6, char *text, size_t size)
{
	if (one->icmp)
		snprintf(text, size, "%s type echo-request", v6 ? "icmpv6" : "icmp");
	else
		snprintf(text, size, "udp dport %u", one->port);
}

static void option(const struct reach_one *one, char *text, size_t size)
{
	text[0] = '\0';
	if (one->icmp)
		snprintf(text, size, " --icmp");
	else if (one->port && one->port != REACH_PORT)
		snprintf(text, size, " --port %u", one->port);
}

/*
 * nft reads its arguments as one text, so no quoting makes a name of what is none to it: "x; flush
 * ruleset" would be a command. What nft has made itself is a name.
 */
static bool is_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (!isalpha((unsigned char)*p) &&
		    (p == name || (!isdigit((unsigned char)*p) && !strchr("/\\_.-", *p))))
			return false;
	return p > name;
}

/* Take the request before, where it is the rule's own table; let it pass, where it is another. */
static void mend_left(struct commands *c, const struct ruleset *rs, uint32_t rule,
		      const struct reach_one *one, bool v6, const struct left *l)
{
	const struct rs_chain *at = &rs->chain[l->chain], *of = &rs->chain[rs->rule[rule].chain];
	bool names = is_name(rs_bytes(rs, at->table)) && is_name(rs_bytes(rs, at->name));
	char table[NAME_LEN], chain[NAME_LEN], what[40], icmp_or_port[24];
	const char *family = rule_family(at->family);
	uint64_t handle;

	if (l->how == LEFT_ITSELF || l->how == LEFT_ELSEWHERE)
		return;
	doctor_quote(rs_bytes(rs, at->table), table, sizeof(table));
	doctor_quote(rs_bytes(rs, at->name), chain, sizeof(chain));
	if (!table[0] || !chain[0])
		return;
	match(one, v6, what, sizeof(what));
	option(one, icmp_or_port, sizeof(icmp_or_port));
	if (l->rule == RS_NONE && names)
		add(c, "nft add rule %s %s %s %s accept", family, table, chain, what);
	if (l->rule == RS_NONE)
		return;
	handle = rs->rule[l->rule].handle;
	if (at->family == of->family && !strcmp(rs_bytes(rs, at->table), rs_bytes(rs, of->table)) &&
	    takes(at))
		add(c, "sysrqctl rule add --family %s --table %s --chain %s --before %" PRIu64 "%s",
		    family, table, chain, handle, icmp_or_port);
	else if (names)
		add(c, "nft insert rule %s %s %s handle %" PRIu64 " %s accept", family, table, chain,
		    handle, what);
}

static void mend_device(struct commands *c, const struct ruleset *rs, uint32_t rule)
{
	const struct rs_chain *at = &rs->chain[rs->rule[rule].chain];
	char name[80];
	uint32_t i;
	size_t k;

	if (at->n_devices == UINT32_MAX)
		return;
	for (i = 0; i < at->n_devices; i++) {
		const char *device = (const char *)rs_bytes(rs, at->devices) + 16 * i;

		for (k = 0; k < rs->n_links; k++)
			if (!strncmp(rs->link[k].name, device, 16) && !rs->link[k].up) {
				doctor_quote(rs->link[k].name, name, sizeof(name));
				add(c, "ip link set dev %s up", name);
			}
	}
}

static void mend(struct doctor *d, uint32_t rule, const struct reach *r)
{
	const struct ruleset *rs = &d->ruleset;
	struct commands c = { .n = 0 };
	char which[24];
	unsigned int i, k;

	for (i = 0; i < 2; i++) {
		const struct reach_one *one = &r->by[i];

		if (one->why == REACH_DOWN)
			mend_device(&c, rs, rule);
		for (k = 0; k < one->n_left && one->answer != YES; k++)
			mend_left(&c, rs, rule, one, i, &one->left[k]);
	}
	option(&r->by[r->by[0].why == REACH_OWN], which, sizeof(which));
	/* Where nothing else helps, a rule before all of that. */
	if (!c.n)
		add(&c, "sysrqctl arm%s", which);
	for (i = 0; i < c.n; i++)
		doctor_mend(d, "%s", c.text[i]);
}

/* Worst of the families that the rule is for. */
static enum tri worst(const struct reach *r)
{
	enum tri t = YES;
	unsigned int i, asked = 0;

	for (i = 0; i < 2; i++) {
		if (r->by[i].why == REACH_OWN && r->by[i].answer == NO && !r->by[i].n_left)
			continue;
		asked++;
		if (r->by[i].answer < t)
			t = r->by[i].answer;
	}
	return asked ? t : NO;
}

static enum tri best(const struct reach *r)
{
	return r->by[0].answer > r->by[1].answer ? r->by[0].answer : r->by[1].answer;
}

static void tell(struct doctor *d, const struct answers *a, unsigned int i)
{
	const struct ruleset *rs = &d->ruleset;
	const struct rs_rule *rule = &rs->rule[a->rule[i]];
	const struct rs_chain *c = &rs->chain[rule->chain];
	enum doctor_grade grade = DOCTOR_WARNING;
	struct reach_words words;

	if (worst(&a->reach[i]) == YES)
		grade = DOCTOR_OK;
	else if (a->best == NO)
		grade = DOCTOR_PROBLEM;
	reach_say(rs, &a->reach[i], &words);
	doctor_tell(d, grade, "reach", "%s %s %s handle %" PRIu64 ": %s", rule_family(c->family),
		    (const char *)rs_bytes(rs, c->table), (const char *)rs_bytes(rs, c->name),
		    rule->handle, words.text);
	if (grade != DOCTOR_OK)
		mend(d, a->rule[i], &a->reach[i]);
}

static bool read_number(const struct doctor *d, const char *path, unsigned long *number)
{
	char word[24], *end;

	if (doctor_read_word(d, path, word, sizeof(word)) || !word[0])
		return false;
	*number = strtoul(word, &end, 10);
	return !*end;
}

/* What it has no room for, connection tracking drops before hook input. */
static void conntrack(struct doctor *d, const struct answers *a)
{
	const struct reach_one *one = NULL;
	unsigned long count, max;
	unsigned int i;
	char which[24];

	for (i = 0; i < 2 * a->n; i++) {
		const struct reach_one *o = &a->reach[i / 2].by[i % 2];

		if (o->answer == YES && !o->tracked)
			return;
		if (o->answer != NO && o->tracked)
			one = o;
	}
	if (!one || !read_number(d, CONNTRACK "count", &count) ||
	    !read_number(d, CONNTRACK "max", &max) || !max || count / 100.0 < max / 100.0 * FULL / 100)
		return;
	option(one, which, sizeof(which));
	doctor_tell(d, DOCTOR_WARNING, "reach", "connection tracking has %lu of at most %lu entries: "
		    "when it is full, it drops requests before they get to a rule", count, max);
	doctor_mend(d, "sysrqctl arm%s", which);
}

static void ask(struct doctor *d, struct answers *a)
{
	struct reach_query q = { 0 };
	uint32_t i;

	for (i = 0; i < d->ruleset.n_rules; i++) {
		if (!d->ruleset.rule[i].sysrq)
			continue;
		if (a->n == DOCTOR_FEW) {
			a->more++;
			continue;
		}
		a->rule[a->n] = i;
		reach_rule(&d->ruleset, i, &q, &a->reach[a->n]);
		if (best(&a->reach[a->n]) > a->best)
			a->best = best(&a->reach[a->n]);
		a->n++;
	}
}

/**
 * doctor_reach - would a request get to the live rules?
 * @d: the doctor
 */
void doctor_reach(struct doctor *d)
{
	struct answers *a;
	unsigned int i;

	/* Told by doctor_rules(). */
	if (d->rules_err || !d->rules.n)
		return;
	if (d->ruleset_err) {
		doctor_tell(d, DOCTOR_WARNING, "reach", "whether requests get to the rules cannot be "
			    "worked out: %s", d->ruleset_err == -EINTR ?
			    "the ruleset is changed all the time" : strerror(-d->ruleset_err));
		doctor_mend(d, d->ruleset_err == -EPERM ? DOCTOR_ON_HOST : DOCTOR_AGAIN);
		return;
	}
	a = calloc(1, sizeof(*a));
	if (!a) {
		d->failed = true;
		return;
	}
	ask(d, a);
	for (i = 0; i < a->n; i++)
		tell(d, a, i);
	if (a->more)
		doctor_tell(d, DOCTOR_NOTE, "reach", "%zu more rules were not looked at", a->more);
	if (a->n)
		conntrack(d, a);
	if (d->ruleset.legacy)
		doctor_tell(d, DOCTOR_NOTE, "reach", "there are rules of iptables-legacy, too, which "
			    "were not looked at");
	free(a);
}
