// SPDX-License-Identifier: GPL-2.0-only
/* What the plain table is like, in one number: for who wants to know whether it is as it was. */
#include <arpa/inet.h>
#include <libnftnl/common.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "arm.h"

/* FNV-1a: nobody gains by having it collide, who may change the table may change all. */
#define START	0xcbf29ce484222325ULL
#define PRIME	0x100000001b3ULL

static void see_generation(struct arm_print *print, const struct nfgenmsg *nfg)
{
	uint16_t gen = ntohs(nfg->res_id);

	if (print->sum != START && gen != print->gen)
		print->mixed = true;
	print->gen = gen;
}

static int on_object(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	const uint8_t *bytes = mnl_nlmsg_get_payload_offset(nlh, sizeof(*nfg));
	size_t i, len = mnl_nlmsg_get_payload_len(nlh);
	const struct nlattr *attr = (const void *)bytes;
	struct arm_print *print = data;

	/* The first attribute of each is its table's name. */
	if (len < sizeof(*nfg) + MNL_ATTR_HDRLEN || !mnl_attr_ok(attr, len - sizeof(*nfg)) ||
	    mnl_attr_get_payload_len(attr) != sizeof(ARM_TABLE) ||
	    memcmp(mnl_attr_get_payload(attr), ARM_TABLE, sizeof(ARM_TABLE)))
		return MNL_CB_OK;
	see_generation(print, nfg);
	len -= sizeof(*nfg);
	for (i = 0; i < len; i++)
		print->sum = (print->sum ^ bytes[i]) * PRIME;
	return MNL_CB_OK;
}

/**
 * arm_print - see what the plain table is like
 * @n: the socket
 * @print: filled in
 *
 * Return: 0, or a negative errno; -EINTR: the ruleset changed meanwhile.
 */
int arm_print(struct nft *n, struct arm_print *print)
{
	int err;

	memset(print, 0, sizeof(*print));
	print->sum = START;
	err = nft_dump(n, NFT_MSG_GETTABLE, NFPROTO_INET, on_object, print);
	if (!err)
		err = nft_dump(n, NFT_MSG_GETCHAIN, NFPROTO_INET, on_object, print);
	if (!err)
		err = nft_dump_table(n, NFT_MSG_GETRULE, NFPROTO_INET, ARM_TABLE, on_object, print);
	return err;
}
