// SPDX-License-Identifier: GPL-2.0-only
/*
 * For selftests/cases/guest/reach.py: of the first rule with sysrq of this network namespace, whether
 * all requests get to it, and then whether each of those does that are named: answer for IPv4, answer
 * for IPv6, words.
 * Usage: reach-live [IFACE FROM TO]...
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

#include "reach.h"

static const char *const answers[] = { "never", "maybe", "ok" };

static int read_query(char **arg, struct reach_query *q)
{
	bool v6 = strchr(arg[1], ':');
	int family = v6 ? AF_INET6 : AF_INET;

	snprintf(q->iface, sizeof(q->iface), "%s", arg[0]);
	q->family = v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	return inet_pton(family, arg[1], q->from) == 1 && inet_pton(family, arg[2], q->to) == 1 ?
	       0 : -1;
}

static int say(struct ruleset *rs, int argc, char **argv)
{
	struct reach_words words;
	struct reach r;
	uint32_t rule;
	int i;

	for (rule = 0; rule < rs->n_rules && !rs->rule[rule].sysrq; rule++)
		;
	if (rule == rs->n_rules)
		return 1;
	for (i = -2; i < 0 || i + 2 < argc; i += 3) {
		struct reach_query q = { 0 };

		if (i > 0 && read_query(argv + i, &q))
			return 2;
		reach_rule(rs, rule, &q, &r);
		reach_say(rs, &r, &words);
		printf("%s %s %s\n", answers[r.by[0].answer], answers[r.by[1].answer], words.text);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct ruleset rs = { 0 };
	int err, status = 1;
	struct nft n;

	err = nft_open(&n);
	if (!err)
		err = reach_dump(&n, &rs);
	if (err)
		fprintf(stderr, "reach-live: %s\n", strerror(-err));
	else
		status = say(&rs, argc, argv);
	rs_free(&rs);
	nft_close(&n);
	return status;
}
