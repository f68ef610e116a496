// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to the family nft_sysrq. A few names and a few keys, so that most of what is asked meets what was
 * asked before: a name that is taken, material that is in use, what was replaced and is set again.
 */
#include "family.h"

#include <linux/genetlink.h>
#include <linux/nft_sysrq.h>
#include <time.h>

#define NAMES	6

static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static struct genlmsghdr *genl(struct nlmsghdr *nlh, uint8_t cmd)
{
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));

	g->cmd = cmd;
	g->version = NFT_SYSRQ_GENL_VERSION;
	return g;
}

/* ---- The family itself ---------------------------------------------- */

struct about {
	uint16_t	id;
	uint32_t	group;
};

static int about_group(const struct nlattr *nla, void *arg)
{
	struct about *about = arg;
	const struct nlattr *inner;

	mnl_attr_for_each_nested(inner, nla)
		if (mnl_attr_get_type(inner) == CTRL_ATTR_MCAST_GRP_ID)
			about->group = mnl_attr_get_u32(inner);
	return MNL_CB_OK;
}

static void about_family(const struct nlmsghdr *nlh, void *arg)
{
	struct about *about = arg;
	const struct nlattr *nla;

	mnl_attr_for_each(nla, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(nla) == CTRL_ATTR_FAMILY_ID)
			about->id = mnl_attr_get_u16(nla);
		if (mnl_attr_get_type(nla) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_parse_nested(nla, about_group, about);
	}
}

/**
 * family_open - find the family, and listen to its events
 * @f: filled in
 */
void family_open(struct family *f)
{
	uint8_t buffer[MESSAGE_LONGEST];
	struct about about = { 0 };
	struct nlmsghdr *nlh;

	memset(f, 0, sizeof(*f));
	talk_open(&f->talk, NETLINK_GENERIC);
	talk_open(&f->events, NETLINK_GENERIC);
	nlh = talk_begin(&f->talk, buffer, GENL_ID_CTRL, NLM_F_ACK);
	genl(nlh, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NFT_SYSRQ_GENL_NAME);
	talk_send(&f->talk, nlh, nlh->nlmsg_len, about_family, &about);
	if (!about.id)
		fail("no family");
	f->id = about.id;
	if (mnl_socket_setsockopt(f->events.nl, NETLINK_ADD_MEMBERSHIP, &about.group, sizeof(about.group)))
		fail("no events");
}

/* ---- Messages as they should be, or nearly -------------------------- */

static void put_name(struct dice *d, struct nlmsghdr *nlh)
{
	static const char * const odd[] = {
		"", "-x", "a b", "x/y", "0123456789012345678901234567890", "01234567890123456789012345678901",
		"\xc3\xa4", ".", "..", "-",
	};
	char name[16];

	snprintf(name, sizeof(name), "key%u", below(d, NAMES));
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, chance(d, 30) ? odd[below(d, COUNT(odd))] : name);
}

static void put_material(struct dice *d, struct nlmsghdr *nlh)
{
	uint8_t bytes[64];

	material(below(d, MATERIALS), bytes);
	if (chance(d, 20))
		mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_MATERIAL, below(d, sizeof(bytes)), bytes);
	else
		mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_MATERIAL, NFT_SYSRQ_KEY_LEN, bytes);
}

static void put_texts(struct dice *d, struct nlmsghdr *nlh)
{
	static const char * const identities[] = {
		"", "web1", "web1.example.com", "web1.", "Web1", "a b", "x",
	};
	char text[NFT_SYSRQ_IDENTITY_LEN + 8] = "";
	size_t n;

	if (chance(d, 250)) {
		for (n = below(d, chance(d, 900) ? 12 : 64); n; n--)
			text[n - 1] = letters[below(d, sizeof(letters) - 1)];
		if (chance(d, 20))
			text[0] = (char)roll(d);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_LETTERS, text);
	}
	if (!chance(d, 150))
		return;
	memset(text, 0, sizeof(text));
	if (chance(d, 100))
		memset(text, 'x', below(d, sizeof(text)));
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_IDENTITY,
			  *text ? text : identities[below(d, COUNT(identities))]);
}

static void put_numbers(struct dice *d, struct nlmsghdr *nlh)
{
	static const uint32_t tolerances[] = { 3000, 60000, 3600000, 2999, 3600001, 0, UINT32_MAX };
	static const uint32_t windows[] = { 16, 64, 128, 4096, 32, 15, 17, 4097, 8192, 0 };
	static const uint32_t overlaps[] = { 0, 1, 2, 60, 2592000, 2592001, UINT32_MAX };
	uint64_t now = (uint64_t)time(NULL);
	const uint64_t ends[] = { 0, now + 1, now + 3600, now - 1, 8589934592ULL, 8589934593ULL, UINT64_MAX };

	/* Each list begins with what is good. */
	if (chance(d, 200))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_TOLERANCE,
				 tolerances[below(d, chance(d, 900) ? 3 : COUNT(tolerances))]);
	if (chance(d, 200))
		mnl_attr_put_u8(nlh, NFT_SYSRQ_A_KEY_WALL, (uint8_t)below(d, chance(d, 900) ? 2 : 4));
	if (chance(d, 200))
		mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EXPIRES,
				 ends[below(d, chance(d, 900) ? 3 : COUNT(ends))]);
	if (chance(d, 200))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_WINDOW,
				 windows[below(d, chance(d, 900) ? 4 : COUNT(windows))]);
	if (chance(d, 400))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_OVERLAP,
				 overlaps[below(d, chance(d, 900) ? 5 : COUNT(overlaps))]);
	if (chance(d, 10))
		mnl_attr_put_u32(nlh, (uint16_t)below(d, 40), (uint32_t)roll(d));
}

/* Return: the length of the headers before the attributes. */
static size_t compose(struct family *f, struct dice *d, struct nlmsghdr *nlh)
{
	static const uint8_t cmds[] = {
		NFT_SYSRQ_CMD_KEY_NEW, NFT_SYSRQ_CMD_KEY_NEW, NFT_SYSRQ_CMD_KEY_NEW,
		NFT_SYSRQ_CMD_KEY_SET, NFT_SYSRQ_CMD_KEY_SET, NFT_SYSRQ_CMD_KEY_SET, NFT_SYSRQ_CMD_KEY_SET,
		NFT_SYSRQ_CMD_KEY_DEL, NFT_SYSRQ_CMD_KEY_GET, NFT_SYSRQ_CMD_KEY_GET,
		NFT_SYSRQ_CMD_STATS_GET, NFT_SYSRQ_CMD_STATUS_GET, NFT_SYSRQ_CMD_PROGRAM_CANCEL,
	};
	uint8_t cmd = chance(d, 20) ? (uint8_t)roll(d) : cmds[below(d, COUNT(cmds))];
	struct genlmsghdr *g;

	/* What it says of its own messages. */
	if (chance(d, 20)) {
		nlh->nlmsg_type = GENL_ID_CTRL;
		nlh->nlmsg_flags |= chance(d, 800) ? NLM_F_DUMP : 0;
		genl(nlh, chance(d, 500) ? CTRL_CMD_GETPOLICY : CTRL_CMD_GETFAMILY);
		mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, f->id);
		return MNL_NLMSG_HDRLEN + sizeof(*g);
	}
	g = genl(nlh, cmd);
	if (chance(d, 10))
		g->version = (uint8_t)roll(d);
	if (chance(d, 10))
		g->reserved = (uint16_t)roll(d);
	if (chance(d, cmd == NFT_SYSRQ_CMD_KEY_GET ? 300 : 20))
		nlh->nlmsg_flags |= NLM_F_DUMP;
	if (cmd == NFT_SYSRQ_CMD_STATS_GET || cmd == NFT_SYSRQ_CMD_STATUS_GET || chance(d, 20))
		return MNL_NLMSG_HDRLEN + sizeof(*g);
	put_name(d, nlh);
	if (cmd == NFT_SYSRQ_CMD_KEY_NEW || (cmd == NFT_SYSRQ_CMD_KEY_SET && chance(d, 600)))
		put_material(d, nlh);
	if (cmd == NFT_SYSRQ_CMD_KEY_NEW || cmd == NFT_SYSRQ_CMD_KEY_SET || chance(d, 50)) {
		put_texts(d, nlh);
		put_numbers(d, nlh);
	}
	return MNL_NLMSG_HDRLEN + sizeof(*g);
}

/* Not the type: other families are not ours to torture. */
static void mutate_header(struct dice *d, struct nlmsghdr *nlh)
{
	switch (below(d, 4)) {
	case 0:
		nlh->nlmsg_flags = (uint16_t)(roll(d) | NLM_F_REQUEST);
		break;
	case 1:
		nlh->nlmsg_len += below(d, 9) - 4;
		break;
	case 2:
		nlh->nlmsg_len = below(d, 64);
		break;
	default:
		nlh->nlmsg_flags ^= (uint16_t)(1 << below(d, 16));
	}
}

/**
 * family_send - one message
 * @f: where
 * @d: chooses
 */
void family_send(struct family *f, struct dice *d)
{
	static uint8_t buffer[MESSAGE_LONGEST];
	struct nlmsghdr *nlh = talk_begin(&f->talk, buffer, f->id, NLM_F_ACK);
	size_t head, len, size;

	head = compose(f, d, nlh);
	size = nlh->nlmsg_len - head;
	while (chance(d, 400) && size)
		size = mutate_attributes(d, &f->pool, buffer + head, size, MESSAGE_LONGEST / 2);
	pool_keep(&f->pool, buffer + head, size);
	nlh->nlmsg_len = (uint32_t)(head + size);
	len = MNL_ALIGN(nlh->nlmsg_len);
	memset(buffer + nlh->nlmsg_len, 0, len - nlh->nlmsg_len);
	if (chance(d, 20))
		mutate_header(d, nlh);
	f->sent++;
	talk_send(&f->talk, buffer, len, NULL, NULL);
	talk_listen(&f->events, NULL, NULL);
}

/* ---- Keys that are left --------------------------------------------- */

struct names {
	char		name[256][NFT_SYSRQ_NAME_LEN];
	unsigned int	n;
	unsigned long	all;
};

static void take_name(const struct nlmsghdr *nlh, void *arg)
{
	struct names *names = arg;
	const struct nlattr *nla;

	names->all++;
	mnl_attr_for_each(nla, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(nla) == NFT_SYSRQ_A_KEY_NAME && names->n < COUNT(names->name))
			snprintf(names->name[names->n++], NFT_SYSRQ_NAME_LEN, "%s", mnl_attr_get_str(nla));
}

static void list(struct family *f, struct names *names)
{
	uint8_t buffer[MESSAGE_LONGEST];
	struct nlmsghdr *nlh = talk_begin(&f->talk, buffer, f->id, NLM_F_DUMP);

	names->n = 0;
	names->all = 0;
	genl(nlh, NFT_SYSRQ_CMD_KEY_GET);
	talk_send(&f->talk, nlh, nlh->nlmsg_len, take_name, names);
}

/**
 * family_sweep - delete all keys
 * @f: where
 *
 * Return: how many are there nevertheless.
 */
unsigned long family_sweep(struct family *f)
{
	static struct names names;
	uint8_t buffer[MESSAGE_LONGEST];
	struct nlmsghdr *nlh;
	unsigned int i, round;

	for (round = 0; round < 50; round++) {
		list(f, &names);
		if (!round && names.all > f->keys_most)
			f->keys_most = names.all;
		for (i = 0; i < names.n; i++) {
			nlh = talk_begin(&f->talk, buffer, f->id, NLM_F_ACK);
			genl(nlh, NFT_SYSRQ_CMD_KEY_DEL);
			mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, names.name[i]);
			talk_send(&f->talk, nlh, nlh->nlmsg_len, NULL, NULL);
		}
		if (!names.all)
			break;
	}
	return names.all;
}

/**
 * family_works - can a key be set, seen and deleted?
 * @f: where
 */
bool family_works(struct family *f)
{
	uint8_t buffer[MESSAGE_LONGEST], bytes[32];
	unsigned long before = f->talk.ok;
	static struct names names;
	struct nlmsghdr *nlh;

	material(0, bytes);
	nlh = talk_begin(&f->talk, buffer, f->id, NLM_F_ACK);
	genl(nlh, NFT_SYSRQ_CMD_KEY_NEW);
	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, "last");
	mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_MATERIAL, sizeof(bytes), bytes);
	talk_send(&f->talk, nlh, nlh->nlmsg_len, NULL, NULL);
	list(f, &names);
	return f->talk.ok == before + 1 && names.all == 1 && !family_sweep(f);
}
