// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel answers to sysrqctl: commands that look at the module, over messages that nobody would send.
 * (Of what nf_tables answers, most is libnftnl's to read, which ends the program where it finds it malformed.) The first byte chooses the command. Then each message: its type; its flags; its command;
 * the length of what follows; and that. After the last one, everything that is asked is acknowledged.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/nft_sysrq.h>
#include <sanitizer/asan_interface.h>
#include <sodium.h>

#include "world.h"

#define FAMILY	32
#define ACKS	64	/* more, and there is no kernel any more */

static struct in answers;
static unsigned int acks;
static bool resolve;	/* the family's number is told as it should be */
/* Nothing behind a message is read. */
static char *poisoned;
static size_t poisoned_len;

static const char *const commands[] = {
	"key list", "key list --json", "key list ops", "show", "show --json", "show --prometheus",
	"monitor --count 9", "monitor --count 9 --json", "key del ops", "key set ops --allow sub",
	"key set ops --file k", "key load /nowhere",
	"rule add --table filter --chain input",
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(sodium_init() >= 0);
	return 0;
}

static uint16_t type_of(uint8_t byte)
{
	switch (byte & 7) {
	case 0:
	case 1:
		return FAMILY;
	case 2:
		return NLMSG_ERROR;
	case 3:
		return NLMSG_DONE;
	case 4:
		return GENL_ID_CTRL;
	case 5:
		return NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE;
	case 6:
		return NFNL_SUBSYS_NFTABLES << 8 | byte >> 3;
	default:
		return byte >> 3;
	}
}

static struct nlmsghdr *begin(void *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = world_seq;
	return nlh;
}

static int acknowledge(void *buf)
{
	struct nlmsghdr *nlh = begin(buf, NLMSG_ERROR, NLM_F_CAPPED);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct nlmsgerr));
	if (acks++ < ACKS)
		return nlh->nlmsg_len;
	errno = EBADF;
	return -1;
}

/* As the kernel tells of the family, and that this is all. */
static int tell_family(void *buf)
{
	struct nlmsghdr *nlh = begin(buf, GENL_ID_CTRL, 0);
	struct nlattr *groups, *group;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, NFT_SYSRQ_GENL_EVENTS);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 5);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	return nlh->nlmsg_len + acknowledge((char *)buf + nlh->nlmsg_len);
}

/* Several messages may come at once; the last may be cut, or be longer than it says. */
static int answer(void *buf)
{
	size_t used = 0, len;
	struct nlmsghdr *nlh;
	uint8_t type, flags;
	uint8_t *body;

	do {
		type = in_byte(&answers);
		flags = in_byte(&answers);
		nlh = begin((char *)buf + used, type_of(type), flags & 0x7f);
		if (type & 64)
			nlh->nlmsg_flags |= NLM_F_CAPPED | NLM_F_ACK_TLVS;
		if (type_of(type) == FAMILY) {
			body = mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
			*body = in_byte(&answers) % (NFT_SYSRQ_CMD_MAX + 1);
		}
		len = in_byte(&answers);
		body = mnl_nlmsg_put_extra_header(nlh, len);
		in_bytes(&answers, body, len);
		if (type & 128 && len)
			nlh->nlmsg_len -= body[len - 1] % 16;
		used += MNL_ALIGN(nlh->nlmsg_len);
	} while (answers.size && flags & 0x80 && used < 4096);
	return used;
}

static int from_kernel(void *buf, size_t len)
{
	int n;

	must(len > 8192);
	if (poisoned)
		ASAN_UNPOISON_MEMORY_REGION(poisoned, poisoned_len);
	poisoned = NULL;
	if (resolve && world_type == GENL_ID_CTRL)
		n = tell_family(buf);
	else
		n = answers.size ? answer(buf) : acknowledge(buf);
	if (n > 0) {
		poisoned = (char *)buf + n;
		poisoned_len = len - n;
		ASAN_POISON_MEMORY_REGION(poisoned, poisoned_len);
	}
	return n;
}

static int run(const char *command)
{
	char words[64], *argv[16] = { (char *)"sysrqctl" }, *state;
	int argc = 0;

	strcpy(words, command);
	for (argv[++argc] = strtok_r(words, " ", &state); argv[argc]; argv[++argc] = strtok_r(NULL, " ", &state))
		;
	return world_run(argc, argv);
}

static void check_json(const char *text)
{
	json_error_t error;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	must(o);
	json_decref(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *command;
	uint8_t which;
	int status;

	answers = (struct in){ data, size };
	which = in_byte(&answers);
	command = commands[(which & 0x7f) % (sizeof(commands) / sizeof(commands[0]))];
	resolve = !(which & 0x80);
	acks = 0;
	world.netlink = from_kernel;
	world.in = (struct in){ 0 };
	status = run(command);
	must(!poisoned || world.netlink);
	poisoned = NULL;
	must(status >= 0 && status <= 3);
	if (status)
		must(!strncmp(world.err, "sysrqctl", 8) && world.err[world.err_len - 1] == '\n');
	if (!status && strstr(command, "--json") && strncmp(command, "monitor", 7) && world.out_len < WORLD_TEXT - 1)
		check_json(world.out);
	return 0;
}
