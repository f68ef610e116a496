// SPDX-License-Identifier: GPL-2.0-only
/* Events, read from messages as the module sends them, and told in words. */
#include "event.h"

#include "test.h"

static char buf[8192];

static struct nlmsghdr *begin(u8 cmd, const char *key)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	if (key)
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_EVENT_KEY, key);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_KEY_ID, 0xabcdef);
	mnl_attr_put_u64(nlh, NFT_SYSRQ_A_EVENT_REALTIME, 1700000000123456789);
	return nlh;
}

/* Both forms of it; @json NULL: whatever that is. */
static void told(const struct nlmsghdr *nlh, const char *words, const char *json)
{
	char text[1024], *dump;
	struct event e;
	json_t *o;
	FILE *f;

	check(!event_read(nlh, &e));
	f = fmemopen(text, sizeof(text), "w");
	check(f);
	event_print(&e, 1700000001, f);
	fclose(f);
	if (strcmp(text, words))
		fprintf(stderr, "%s", text);
	check(!strcmp(text, words));
	o = event_json(&e);
	check(o);
	dump = json_dumps(o, JSON_COMPACT);
	if (json)
		check_has(dump, json);
	free(dump);
	json_decref(o);
}

static struct nlmsghdr *request(u8 type, u32 stat, const char *letters)
{
	struct nlmsghdr *nlh = begin(NFT_SYSRQ_CMD_REQUEST_NTF, "ops");
	struct nft_sysrq_step steps[20] = { 0 };
	u8 from[4] = { 192, 0, 2, 1 };
	size_t i, n = strlen(letters);

	for (i = 0; i < n; i++) {
		steps[i].letter = letters[i];
		steps[i].wait = i ? 130 : 15;
	}
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_ADDRESS, sizeof(from), from);
	mnl_attr_put_u16(nlh, NFT_SYSRQ_A_EVENT_PORT, 40000);
	mnl_attr_put_u8(nlh, NFT_SYSRQ_A_EVENT_TYPE, type);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_STAT, stat);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_NONCE, 0x5a17c0de);
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_STEPS, n * sizeof(*steps), steps);
	return nlh;
}

static void test_requests(void)
{
	u8 from6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 };
	struct nlmsghdr *nlh;

	nlh = request(NFT_SYSRQ_RUN, NFT_SYSRQ_STAT_RUN, "sub");
	told(nlh, "22:13:20 key ops from 192.0.2.1 port 40000: run s +1.5s u +30s b: accepted\n",
	     "{\"event\":\"request\",\"time_ms\":1700000000123,\"key\":\"ops\",\"key_id\":"
	     "\"00abcdef\",\"lost\":0,\"nonce\":\"5a17c0de\",\"steps\":[{\"letter\":\"s\",");
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_LOST, 3);
	mnl_attr_put_u8(nlh, NFT_SYSRQ_A_EVENT_BITS, NFT_SYSRQ_B_REPLACED);
	told(nlh, "22:13:20 3 events before this were lost: too many at once\n"
	     "22:13:20 key ops from 192.0.2.1 port 40000: run s +1.5s u +30s b: accepted, "
	     "replaces what was pending\n", "\"seen\":false,\"replaced\":true}");

	nlh = request(NFT_SYSRQ_RUN, NFT_SYSRQ_STAT_REFUSED_SYSRQ, "gsxb");
	mnl_attr_put_u8(nlh, NFT_SYSRQ_A_EVENT_STATUS, NFT_SYSRQ_ST_REFUSED);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_REASONS, 2 | 2 << 4 | 1 << 6);
	told(nlh, "22:13:20 key ops from 192.0.2.1 port 40000: run g +1.5s s +30s x +30s b: "
	     "refused: b by kernel.sysrq; g x by the key\n",
	     "\"accepted\":false,\"verdict\":\"refused-sysrq\",\"status\":\"refused\"");
	told(request(NFT_SYSRQ_PROBE, NFT_SYSRQ_STAT_PROBE, ""),
	     "22:13:20 key ops from 192.0.2.1 port 40000: probe: accepted\n",
	     "\"address\":\"192.0.2.1\",\"port\":40000,\"type\":\"probe\",\"accepted\":true");
	told(request(NFT_SYSRQ_RUN, NFT_SYSRQ_STAT_MALFORMED, "s\x1b"),
	     "22:13:20 key ops from 192.0.2.1 port 40000: run s +1.5s \\x1b: "
	     "genuine, but without meaning\n", "\"letter\":\"\\\\x1b\"");
	told(request(77, 1000, ""),
	     "22:13:20 key ops from 192.0.2.1 port 40000: unknown: unknown\n",
	     "\"type\":\"unknown\"");
	/* A ping, over IPv6; more steps than there are. */
	nlh = begin(NFT_SYSRQ_CMD_REQUEST_NTF, "ops");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_ADDRESS, sizeof(from6), from6);
	mnl_attr_put_u8(nlh, NFT_SYSRQ_A_EVENT_TYPE, NFT_SYSRQ_CANCEL);
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_STAT, NFT_SYSRQ_STAT_CANCEL);
	told(nlh, "22:13:20 key ops from 2001:db8::7: cancel: accepted\n", "\"port\":null");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_STEPS, 99, buf + 4096);
	told(nlh, "22:13:20 key ops from 2001:db8::7: cancel: accepted\n", NULL);
}

static void test_others(void)
{
	struct nft_sysrq_step steps[] = { { 'u', 20 }, { 0, 5 }, { 'b', 0 } };
	struct nlmsghdr *nlh;
	struct event e;

	nlh = begin(NFT_SYSRQ_CMD_STEP_NTF, "ops");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_STEPS, sizeof(steps), steps);
	told(nlh, "22:13:20 key ops: u (remount read-only) handed to the kernel; left: +0.5s b\n",
	     "\"event\":\"step\"");
	nlh = begin(NFT_SYSRQ_CMD_STEP_NTF, "ops");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_STEPS, sizeof(*steps), &steps[2]);
	told(nlh, "22:13:20 key ops: b (reboot) handed to the kernel\n", NULL);
	nlh = begin(NFT_SYSRQ_CMD_PROGRAM_NTF, "ops");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_STEPS, sizeof(steps), steps);
	told(nlh, "22:13:20 key ops: program dropped; not run: u +2s +0.5s b\n",
	     "\"event\":\"dropped\"");
	nlh = begin(NFT_SYSRQ_CMD_KEY_NTF, "ops");
	told(nlh, "22:13:20 key ops (00abcdef) has changed\n", "\"change\":\"unknown\"");
	mnl_attr_put_u32(nlh, NFT_SYSRQ_A_EVENT_CHANGE, NFT_SYSRQ_CHANGE_REPLACED);
	told(nlh, "22:13:20 key ops (00abcdef) is replaced, and good for a while\n",
	     "\"change\":\"replaced\"}");

	check(event_read(begin(NFT_SYSRQ_CMD_KEY_NTF, NULL), &e) == -EBADMSG);
	check(event_read(begin(NFT_SYSRQ_CMD_KEY_NTF + 1, "ops"), &e) == -EOPNOTSUPP);
	check(event_read(begin(NFT_SYSRQ_CMD_STATS_GET, "ops"), &e) == -EOPNOTSUPP);
	nlh = begin(NFT_SYSRQ_CMD_KEY_NTF, "ops");
	nlh->nlmsg_len = sizeof(*nlh);
	check(event_read(nlh, &e) == -EBADMSG);
	/* Of a wrong size: as if absent. */
	nlh = begin(NFT_SYSRQ_CMD_REQUEST_NTF, "ops");
	mnl_attr_put(nlh, NFT_SYSRQ_A_EVENT_ADDRESS, 5, buf);
	mnl_attr_put_u64(nlh, NFT_SYSRQ_A_EVENT_PORT, 1);
	check(!event_read(nlh, &e) && !e.address[0] && !e.port);
}

static void test_growth(void)
{
	u64 before[NFT_SYSRQ_STAT_PAD] = { 0 }, now[NFT_SYSRQ_STAT_PAD] = { 0 };
	struct growth g;
	char text[512], *dump;
	json_t *o;
	FILE *f;

	now[NFT_SYSRQ_STAT_TRANSPORT] = 5;
	now[NFT_SYSRQ_STAT_RUN] = 5;
	before[NFT_SYSRQ_STAT_LENGTH] = 7;	/* the module was loaded anew */
	check(!growth_of(&g, before, now));
	before[NFT_SYSRQ_STAT_ADMISSION] = 100;
	now[NFT_SYSRQ_STAT_ADMISSION] = 112;
	now[NFT_SYSRQ_STAT_KEY_UNKNOWN] = 1;
	check(growth_of(&g, before, now));
	f = fmemopen(text, sizeof(text), "w");
	growth_print(&g, 1700000000, f);
	fclose(f);
	check(!strcmp(text, "22:13:20 1 key is not set here; 12 forged (admission tag)\n"));
	o = growth_json(&g, 1700000000123);
	dump = json_dumps(o, JSON_COMPACT);
	check(!strcmp(dump, "{\"event\":\"counters\",\"time_ms\":1700000000123,"
		      "\"counts\":{\"key-unknown\":1,\"admission\":12}}"));
	free(dump);
	json_decref(o);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_requests();
	test_others();
	test_growth();
	return 0;
}
