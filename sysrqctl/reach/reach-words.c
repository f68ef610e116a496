// SPDX-License-Identifier: GPL-2.0-only
/* Whether a request would reach a rule, in words. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reach.h"
#include "rule.h"

static const char *const does[] = {
	[LEFT_ACCEPT] = "accepts", [LEFT_RETURN] = "leaves the chain", [LEFT_DROP] = "drops",
	[LEFT_POLICY] = "drops", [LEFT_NAT] = "sends on", [LEFT_QUEUE] = "asks a program",
	[LEFT_FORWARD] = "sends on", [LEFT_STRANGE] = "is not understood",
	[LEFT_ITSELF] = "asks for what others may have changed",
	[LEFT_ELSEWHERE] = "sends only some here",
};

static const char *const whys[] = {
	[REACH_FREE] = "", [REACH_TAKEN] = "",
	[REACH_OWN] = "the rule's own matches do not hold for them",
	[REACH_UNHOOKED] = "no rule jumps to its chain, and it is no base chain",
	[REACH_DORMANT] = "its table is dormant",
	[REACH_HOOK] = "its chain is at another hook than ingress and input",
	[REACH_NO_DEVICE] = "its chain has no device that they could come by",
	[REACH_DOWN] = "the device of its chain is down",
	[REACH_UNSENT] = "rules jump to its chain, but not with them",
	[REACH_TOO_MUCH] = "the ruleset is too large to be followed",
};

static void add(struct reach_words *w, const char *fmt, ...)
{
	size_t len = strlen(w->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->text + len, sizeof(w->text) - len, fmt, ap);
	va_end(ap);
}

/**
 * reach_place - what is in the way
 * @rs: the ruleset
 * @l: a place where requests leave the way
 * @text: filled in: where, and what is done there
 * @size: of @text
 */
void reach_place(const struct ruleset *rs, const struct left *l, char *text, size_t size)
{
	const struct rs_chain *c = &rs->chain[l->chain];
	char at[40] = "", says[120] = "";

	if (l->rule != RS_NONE)
		snprintf(at, sizeof(at), " handle %" PRIu64, rs->rule[l->rule].handle);
	if (l->rule != RS_NONE && rs->text)
		rs->text(rs, l->rule, says, sizeof(says));
	snprintf(text, size, "%s%s %s %s%s%s%s%s %s", l->how == LEFT_POLICY ? "policy of " : "",
		 rule_family(c->family), (const char *)rs_bytes(rs, c->table),
		 (const char *)rs_bytes(rs, c->name), at, says[0] ? " (" : "", says, says[0] ? ")" : "",
		 does[l->how]);
}

static void add_places(const struct ruleset *rs, const struct left *l, unsigned int n,
		       struct reach_words *w)
{
	char text[700];
	unsigned int i;

	for (i = 0; i < n; i++) {
		reach_place(rs, &l[i], text, sizeof(text));
		add(w, "%s%s", i ? ", " : "", text);
	}
}

static void say_one(const struct ruleset *rs, const struct reach_one *one, const char *family,
		    struct reach_words *w)
{
	if (one->icmp)
		add(w, "%s pings", family);
	else if (one->port)
		add(w, "%s to UDP port %u", family, one->port);
	else
		add(w, "%s requests", family);
	if (one->iface[0])
		add(w, " by %.15s", one->iface);
	add(w, one->answer == NO ? " never reach it" : one->answer == YES ? " reach it" :
	    " may reach it");
	if (one->n_only) {
		add(w, " where ");
		add_places(rs, one->only, one->n_only, w);
	}
	if (one->n_left)
		add(w, ": ");
	add_places(rs, one->left, one->n_left, w);
	if (whys[one->why][0])
		add(w, ": %s", whys[one->why]);
}

static bool same_places(const struct left *a, unsigned int n_a, const struct left *b,
			unsigned int n_b)
{
	unsigned int i;

	for (i = 0; i < n_a && i < n_b; i++)
		if (a[i].how != b[i].how || a[i].chain != b[i].chain || a[i].rule != b[i].rule)
			return false;
	return n_a == n_b;
}

/* Are both answers told in the same words? */
static bool same(const struct reach_one *a, const struct reach_one *b)
{
	return a->answer == b->answer && a->why == b->why && a->icmp == b->icmp &&
	       a->port == b->port && !strcmp(a->iface, b->iface) &&
	       same_places(a->left, a->n_left, b->left, b->n_left) &&
	       same_places(a->only, a->n_only, b->only, b->n_only);
}

/**
 * reach_say - the answer in words
 * @rs: the ruleset
 * @r: the answer
 * @w: filled in
 */
void reach_say(const struct ruleset *rs, const struct reach *r, struct reach_words *w)
{
	const struct reach_one *four = &r->by[0], *six = &r->by[1];

	w->text[0] = '\0';
	if (same(four, six)) {
		say_one(rs, four, "IPv4 and IPv6", w);
	} else if (six->why == REACH_OWN && !six->n_left) {
		say_one(rs, four, "IPv4", w);
	} else if (four->why == REACH_OWN && !four->n_left) {
		say_one(rs, six, "IPv6", w);
	} else {
		say_one(rs, four, "IPv4", w);
		add(w, "; ");
		say_one(rs, six, "IPv6", w);
	}
}
