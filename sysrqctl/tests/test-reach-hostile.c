// SPDX-License-Identifier: GPL-2.0-only
/* Dumps that no kernel would send: refused, or believed as far as they make sense, without harm. */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "fake-ruleset.h"
#include "test.h"

#define INET	NFPROTO_INET
#define ROUNDS	20000

static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void build(void)
{
	fake_begin();
	fake_table(INET, "t", false);
	fake_chain(INET, "in", NF_INET_LOCAL_IN, 0, "drop");
	fake_chain(INET, "raw", NF_INET_PRE_ROUTING, -300, "accept");
	fake_device("dev", "eth0");
	fake_regular(INET, "x");
	fake_set("s", NFT_SET_INTERVAL, false);
	fake_set("m", NFT_SET_MAP, true);
	fake_elem("s", 7, 0, 0x7fff, NULL);
	fake_elem("s", 9, NFT_SET_ELEM_INTERVAL_END, 0x7fff, NULL);
	fake_elem("m", 9, 0, NFT_JUMP, "x");
	fake_elem("m", 10, 0, NF_DROP, NULL);
	fake_rule(NFPROTO_NETDEV, "dev", "dport 9 counter drop");
	fake_rule(INET, "raw", "dport!= 10 setmark 7 notrack");
	fake_rule(INET, "in", "state 6 accept");
	fake_rule(INET, "in", "in s drop");
	fake_rule(INET, "in", "xtstate 6 xtaddr 4 xtudp 7 xt recent drop");
	fake_rule(INET, "in", "saddr8 10.0.0.0 iif eth0 limit accept");
	fake_rule(INET, "in", "proto 17 vmap m");
	fake_rule(INET, "x", "mark!= 8 proto 17 dport>= 8 sysrq drop");
}

/* Flip bits, change what may be a length, cut the end off. */
static void harm(struct fake_msg *m)
{
	uint32_t head = MNL_NLMSG_HDRLEN, len = m->nlh.nlmsg_len, n = 1 + draw(3), at;
	uint16_t word;

	while (n-- && len > head + 4) {
		at = head + draw(len - head - 3);
		switch (draw(4)) {
		case 0:
			m->room[at] ^= 1 << draw(8);
			break;
		case 1:
			word = draw(2) ? draw(80) : 0xffff;
			memcpy(m->room + at / 4 * 4, &word, sizeof(word));
			break;
		case 2:
			m->room[at + 3] = draw(24);
			break;
		case 3:
			len -= draw(len - head);
			m->nlh.nlmsg_len = len;
		}
	}
}

/* In memory of exactly its length, so that nothing behind it is read unnoticed. */
static int parse(int (*by)(const struct nlmsghdr *nlh, void *data), const struct fake_msg *m,
		 struct ruleset *rs)
{
	struct nlmsghdr *copy = malloc(m->nlh.nlmsg_len);
	int ret;

	check(copy);
	memcpy(copy, &m->nlh, m->nlh.nlmsg_len);
	ret = by(copy, rs);
	free(copy);
	return ret;
}

static void load_exactly(struct ruleset *rs)
{
	static int (*const by[])(const struct nlmsghdr *nlh, void *data) = {
		rs_table, rs_chain, rs_set, rs_rule,
	};
	unsigned int kind, i;

	for (kind = FAKE_TABLE; kind <= FAKE_RULE; kind++) {
		if (kind == FAKE_RULE)
			rs_sort(rs);
		for (i = 0; i < fake_msgs; i++)
			if (fake_msg[i].kind == kind)
				parse(by[kind], &fake_msg[i], rs);
	}
}

int main(void)
{
	unsigned int i, k, asked = 0;
	struct reach_query q = { 0 };
	struct reach_words words;
	struct ruleset rs;
	struct reach r;

	for (i = 0; i < ROUNDS; i++) {
		build();
		for (k = 1 + draw(3); k && i; k--)
			harm(&fake_msg[draw(fake_msgs)]);
		fake_load(&rs);
		for (k = 0; k < rs.n_rules; k++) {
			if (!rs.rule[k].sysrq)
				continue;
			reach_rule(&rs, k, &q, &r);
			reach_say(&rs, &r, &words);
			check(i || (r.by[0].answer == MAYBE && strstr(words.text, "may reach")));
			asked++;
		}
		rs_free(&rs);
		memset(&rs, 0, sizeof(rs));
		load_exactly(&rs);
		rs_free(&rs);
	}
	/* Most harm leaves the rest as it was. */
	check(asked > ROUNDS / 2);
	return 0;
}
