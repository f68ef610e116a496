// SPDX-License-Identifier: GPL-2.0-only
/* Being told of changes to a table that others make. */
#include "nft-ear.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#define RECV_LEN	16384	/* the kernel's messages are half of that at most */
#define AT_ONCE		64	/* messages between two looks at what else there is to do */

/* Of every object, its table's name is an attribute of the same number. */
_Static_assert((int)NFTA_CHAIN_TABLE == NFTA_TABLE_NAME && (int)NFTA_RULE_TABLE == NFTA_TABLE_NAME &&
	       (int)NFTA_SET_TABLE == NFTA_TABLE_NAME && (int)NFTA_OBJ_TABLE == NFTA_TABLE_NAME &&
	       (int)NFTA_SET_ELEM_LIST_TABLE == NFTA_TABLE_NAME &&
	       (int)NFTA_FLOWTABLE_TABLE == NFTA_TABLE_NAME, "an object has it elsewhere");

static bool is_table(const struct nft_ear *e, const struct nlmsghdr *nlh)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nfg->nfgen_family != e->family)
		return false;
	mnl_attr_for_each(attr, nlh, sizeof(*nfg))
		if (mnl_attr_get_type(attr) == NFTA_TABLE_NAME)
			return mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 &&
			       !strcmp(mnl_attr_get_str(attr), e->table);
	return false;
}

static uint32_t read_u32(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U32) < 0 ? 0 : ntohl(mnl_attr_get_u32(attr));
}

/* The last of a batch of changes: what has begun, and who did that. */
static void on_generation(struct nft_ear *e, const struct nlmsghdr *nlh)
{
	bool own = nlh->nlmsg_pid == e->own;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (own && mnl_attr_get_type(attr) == NFTA_GEN_ID)
			e->own_gen = read_u32(attr);
		if (own || !e->author)
			continue;
		if (mnl_attr_get_type(attr) == NFTA_GEN_PROC_PID)
			e->pid = read_u32(attr);
		if (mnl_attr_get_type(attr) == NFTA_GEN_PROC_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			snprintf(e->comm, sizeof(e->comm), "%s", mnl_attr_get_str(attr));
	}
	if (!own)
		e->author = false;
}

static int on_change(const struct nlmsghdr *nlh, void *data)
{
	uint16_t type = nlh->nlmsg_type & 0xff;
	struct nft_ear *e = data;

	if (nlh->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES ||
	    nlh->nlmsg_len < mnl_nlmsg_size(sizeof(struct nfgenmsg)))
		return MNL_CB_OK;
	if (type == NFT_MSG_NEWGEN) {
		on_generation(e, nlh);
	} else if (nlh->nlmsg_pid != e->own && type != NFT_MSG_TRACE && is_table(e, nlh)) {
		e->touched = true;
		e->author = true;
	}
	return MNL_CB_OK;
}

/**
 * nft_ear_open - listen from now on
 * @e: filled in; to be given to nft_ear_close() in any case
 * @family: NFPROTO_* of the table
 * @table: its name; used as long as @e is
 * @own: port of the socket whose changes are no news
 *
 * Return: 0, or a negative errno.
 */
int nft_ear_open(struct nft_ear *e, uint16_t family, const char *table, uint32_t own)
{
	int group = NFNLGRP_NFTABLES;

	memset(e, 0, sizeof(*e));
	e->family = family;
	e->table = table;
	e->own = own;
	e->nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!e->nl || mnl_socket_bind(e->nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(e->nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	return 0;
}

/**
 * nft_ear_close - done
 * @e: was given to nft_ear_open()
 */
void nft_ear_close(struct nft_ear *e)
{
	if (e->nl)
		mnl_socket_close(e->nl);
	memset(e, 0, sizeof(*e));
}

/**
 * nft_ear_hear - take what there is, or some of it
 * @e: was given to nft_ear_open()
 *
 * Return: 0, or a negative errno.
 */
int nft_ear_hear(struct nft_ear *e)
{
	char buf[RECV_LEN];
	ssize_t len;
	int i;

	for (i = 0; i < AT_ONCE; i++) {
		len = mnl_socket_recvfrom(e->nl, buf, sizeof(buf));
		if (len < 0 && errno == ENOBUFS) {
			e->lost = true;
		} else if (len < 0) {
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		} else {
			mnl_cb_run(buf, len, 0, 0, on_change, e);
		}
	}
	return 0;
}
