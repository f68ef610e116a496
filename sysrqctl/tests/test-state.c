// SPDX-License-Identifier: GPL-2.0-only
/* What the module tells, read from messages as it sends them. */
#include <unistd.h>

#include "duration.h"
#include "host-state.h"
#include "key-words.h"
#include "test.h"

static char buf[8192];

static struct nlmsghdr *begin(u8 cmd)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	return nlh;
}

static void test_key(void)
{
	struct nlmsghdr *nlh = begin(NFT_SYSRQ_CMD_KEY_GET);
	struct key_state key;
	struct keys_state keys = { &key, 1, 1 };
	char *text, name[64];
	json_t *a;

	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, "ops");
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_IDENTITY, "web1");
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_LETTERS, "bsu");
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_TOLERANCE, 60000);
	mnl_attr_put_u8(nlh, NFT_SYSRQ_A_KEY_WALL, 1);
	mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EXPIRES, 1900000000);
	mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_EXPIRED, 0, NULL);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_ID, 0x0a2b3c4d);
	mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EPOCH, 0xfedcba9876543210);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_MAX + 5, 1);	/* a later kernel's */
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_AGE, 1);		/* of a wrong size */
	check(!key_state_read(nlh, &key));
	check(!strcmp(key.name, "ops") && !strcmp(key.letters, "bsu") && key.wall);
	check(key.expired && key.expires == 1900000000 && key.id == 0x0a2b3c4d);
	check(key.left == -1);
	check(key.last_use == -1 && !key.age && key.epoch == 0xfedcba9876543210);
	a = keys_json(&keys);
	text = json_dumps(a, JSON_COMPACT | JSON_SORT_KEYS);
	check_has(text, "\"id\":\"0a2b3c4d\"");
	check_has(text, "\"epoch\":\"fedcba9876543210\"");
	check_has(text, "\"last_use_s\":null");
	check_has(text, "\"left_s\":null");
	check_has(text, "\"replaced\":false");
	free(text);
	json_decref(a);

	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_OVERLAP, 0);
	check(!key_state_read(nlh, &key) && !key.left);

	/* Without a name, or with one that is too long. */
	check(key_state_read(begin(NFT_SYSRQ_CMD_KEY_GET), &key) == -EBADMSG);
	nlh = begin(NFT_SYSRQ_CMD_KEY_GET);
	memset(name, 'a', sizeof(name));
	mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_NAME, sizeof(name), name);
	check(!key_state_read(nlh, &key) && strlen(key.name) == NFT_SYSRQ_NAME_LEN - 1);
	check(!strcmp(key_letters(""), "none") && !strcmp(key_letters("bsu"), "bsu"));
}

/* What keys_table() prints. */
static void table(const struct keys_state *keys, char *text, size_t size)
{
	FILE *f = tmpfile();
	int out = dup(1);

	check(f && out >= 0);
	fflush(stdout);
	check(dup2(fileno(f), 1) == 1);
	keys_table(keys);
	fflush(stdout);
	check(dup2(out, 1) == 1);
	close(out);
	rewind(f);
	text[fread(text, 1, size - 1, f)] = '\0';
	fclose(f);
}

static void test_table(void)
{
	struct key_state key[] = {
		{ .name = "ops", .letters = "bsu", .id = 0xabc, .age = 59, .last_use = 3599,
		  .left = -1, .accepted = 7, .refused = 123456789 },
		{ .name = "ops", .letters = "bsu", .id = 0xdef, .age = 86400, .last_use = -1,
		  .left = 3599, .expires = 1900000000 },
		{ .name = "x", .age = 90000000, .last_use = 86400 * 3, .left = -1,
		  .expires = 1, .expired = true },
	};
	struct keys_state keys = { key, 3, 3 };
	char text[4096];

	setenv("TZ", "UTC", 1);
	table(&keys, text, sizeof(text));
	check(!strcmp(text,
		"NAME                         ID        ALLOWS  AGE     EXPIRES           "
		"LAST USE    ACCEPTED    REFUSED\n"
		"ops                          00000abc  bsu     59 s    never             "
		"59 min ago         7  123456789\n"
		"ops (replaced, 59 min left)  00000def  bsu     1 d     2030-03-17 17:46  "
		"never              0          0\n"
		"x                            00000000  none    1041 d  has expired       "
		"3 d ago            0          0\n"));
	keys.n = 0;
	table(&keys, text, sizeof(text));
	check(!text[0]);
}

/* What no kernel says; sums and products of it would run over. */
static void test_times(void)
{
	static const struct {
		int	kind;
		u64	value;
		bool	can_be;
	} cases[] = {
		{ NFT_SYSRQ_A_KEY_AGE, INT64_MAX / NS_PER_S, true },
		{ NFT_SYSRQ_A_KEY_AGE, INT64_MAX / NS_PER_S + 1, false },
		{ NFT_SYSRQ_A_KEY_AGE, UINT64_MAX, false },
		{ NFT_SYSRQ_A_KEY_LAST_USE, INT64_MAX / NS_PER_S, true },
		{ NFT_SYSRQ_A_KEY_LAST_USE, INT64_MAX / NS_PER_S + 1, false },
		{ NFT_SYSRQ_A_KEY_LAST_USE, UINT64_MAX, true },		/* never */
		{ NFT_SYSRQ_A_KEY_LAST_USE, UINT64_MAX - 1, false },
	};
	struct nlmsghdr *nlh;
	struct module_state s;
	struct key_state key;
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		nlh = begin(NFT_SYSRQ_CMD_KEY_GET);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, "ops");
		mnl_attr_put_u64(nlh, cases[i].kind, cases[i].value);
		check(key_state_read(nlh, &key) == (cases[i].can_be ? 0 : -EBADMSG));
	}
	for (i = 0; i < 2; i++) {
		nlh = begin(NFT_SYSRQ_CMD_STATUS_GET);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_STATUS_VERSION, "0.1.0");
		nest = mnl_attr_nest_start(nlh, NFT_SYSRQ_A_STATUS_PENDING);
		mnl_attr_put_u64(nlh, NFT_SYSRQ_A_PENDING_FIRES, INT64_MAX / NS_PER_S + i);
		mnl_attr_nest_end(nlh, nest);
		check(module_state_read(nlh, &s) == (i ? -EBADMSG : 0));
	}
}

static void test_module(void)
{
	struct nft_sysrq_step steps[20] = { { 'u', 10 }, { 'b', 0 } };
	struct nlmsghdr *nlh = begin(NFT_SYSRQ_CMD_STATUS_GET);
	struct module_state s;
	struct nlattr *nest;

	check(module_state_read(nlh, &s) == -EBADMSG);
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_STATUS_VERSION, "0.1.0");
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_STATUS_MASK, 438);
	check(!module_state_read(nlh, &s) && s.mask == 438 && !s.nsteps);
	nest = mnl_attr_nest_start(nlh, NFT_SYSRQ_A_STATUS_PENDING);
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_PENDING_KEY, "ops");
	mnl_attr_put_u64(nlh, NFT_SYSRQ_A_PENDING_FIRES, 1500);
	mnl_attr_put(nlh, NFT_SYSRQ_A_PENDING_STEPS, 2 * sizeof(*steps), steps);
	mnl_attr_nest_end(nlh, nest);
	check(!module_state_read(nlh, &s) && s.nsteps == 2 && s.pending[1].letter == 'b');
	check(s.pending_fires_ms == 1500 && !strcmp(s.pending_key, "ops"));

	nlh = begin(NFT_SYSRQ_CMD_STATUS_GET);
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_STATUS_VERSION, "0.1.0");
	nest = mnl_attr_nest_start(nlh, NFT_SYSRQ_A_STATUS_PENDING);
	mnl_attr_put(nlh, NFT_SYSRQ_A_PENDING_STEPS, sizeof(steps), steps);
	mnl_attr_nest_end(nlh, nest);
	check(!module_state_read(nlh, &s) && s.nsteps == NFT_SYSRQ_MAX_STEPS);
}

static void test_stats(void)
{
	struct nlmsghdr *nlh = begin(NFT_SYSRQ_CMD_STATS_GET);
	u64 stats[NFT_SYSRQ_STAT_PAD];

	mnl_attr_put_u64(nlh, NFT_SYSRQ_STAT_RUN, 7);
	mnl_attr_put_u64(nlh, NFT_SYSRQ_STAT_STEPS, 1ULL << 40);
	stats_read(nlh, stats);
	check(stats[NFT_SYSRQ_STAT_RUN] == 7 && stats[NFT_SYSRQ_STAT_STEPS] == 1ULL << 40);
	check(!stats[NFT_SYSRQ_STAT_MAC]);
}

int main(void)
{
	test_key();
	test_table();
	test_times();
	test_module();
	test_stats();
	return 0;
}
