// SPDX-License-Identifier: GPL-2.0-only
/* Talking to the generic netlink family of nft_sysrq. */
#include "genl.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/nft_sysrq.h>

#include "netlink-errno.h"

#define MSG_LEN		2048	/* the longest of ours has 700 bytes */
#define RECV_LEN	32768

/* What is passed through libmnl. */
struct talk {
	struct genl	*g;
	mnl_cb_t	cb;
	void		*arg;
};

static int on_data(const struct nlmsghdr *nlh, void *data)
{
	struct talk *t = data;

	return t->cb ? t->cb(nlh, t->arg) : MNL_CB_OK;
}

static int on_extack(const struct nlattr *attr, void *data)
{
	struct genl *g = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(g->why, sizeof(g->why), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* The kernel's words behind @payload bytes. */
static void read_extack(struct genl *g, const struct nlmsghdr *nlh, size_t payload)
{
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    mnl_nlmsg_get_payload_len(nlh) > payload)
		mnl_attr_parse(nlh, payload, on_extack, g);
}

static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	struct talk *t = data;
	size_t echoed = 0;

	if (nlh->nlmsg_len < mnl_nlmsg_size(sizeof(*err))) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		echoed = err->msg.nlmsg_len - sizeof(err->msg);
	read_extack(t->g, nlh, sizeof(*err) + echoed);
	if (!err->error)
		return MNL_CB_STOP;
	errno = netlink_errno(err->error);
	return MNL_CB_ERROR;
}

/* The end of a dump has its error, if any, as its first number. */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const int *err = mnl_nlmsg_get_payload(nlh);
	struct talk *t = data;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) || *err >= 0)
		return MNL_CB_STOP;
	read_extack(t->g, nlh, sizeof(*err));
	errno = netlink_errno(*err);
	return MNL_CB_ERROR;
}

static int receive(struct talk *t, unsigned int seq, unsigned int portid)
{
	static mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	char *buf = malloc(RECV_LEN);
	ssize_t n;
	int ret;

	if (!buf)
		return -ENOMEM;
	do {
		n = mnl_socket_recvfrom(t->g->nl, buf, RECV_LEN);
		ret = n < 0 ? MNL_CB_ERROR :
			      mnl_cb_run2(buf, n, seq, portid, on_data, t, control,
					  NLMSG_MIN_TYPE);
	} while (ret > MNL_CB_STOP);
	ret = ret == MNL_CB_ERROR ? -errno : 0;
	free(buf);
	return ret;
}

/**
 * genl_talk - send the message that was begun, and take what comes back
 * @g: the socket
 * @cb: gets each message of the answer; NULL: none is expected
 * @arg: of @cb
 *
 * The message is wiped.
 *
 * Return: 0, or a negative errno; then @g may say in @why what the kernel did.
 */
int genl_talk(struct genl *g, mnl_cb_t cb, void *arg)
{
	struct talk t = { .g = g, .cb = cb, .arg = arg };
	ssize_t n;
	int err;

	g->why[0] = '\0';
	n = mnl_socket_sendto(g->nl, g->msg, g->msg->nlmsg_len);
	err = n < 0 ? -errno : 0;
	sodium_memzero(g->msg, MSG_LEN);
	return err ? err : receive(&t, g->seq, mnl_socket_get_portid(g->nl));
}

static struct nlmsghdr *begin(struct genl *g, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl;

	mnl_nlmsg_put_header(g->msg);
	g->msg->nlmsg_type = type;
	g->msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	g->msg->nlmsg_seq = ++g->seq;
	genl = mnl_nlmsg_put_extra_header(g->msg, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = NFT_SYSRQ_GENL_VERSION;
	return g->msg;
}

/**
 * genl_begin - begin a message to the family
 * @g: the socket
 * @cmd: enum nft_sysrq_cmd
 * @flags: besides NLM_F_REQUEST and NLM_F_ACK
 *
 * Return: the message, for attributes to be put into.
 */
struct nlmsghdr *genl_begin(struct genl *g, uint8_t cmd, uint16_t flags)
{
	return begin(g, g->family, cmd, flags);
}

struct attrs {
	const struct nlattr	**tb;
	uint16_t		max;
};

static int on_attr(const struct nlattr *attr, void *data)
{
	struct attrs *a = data;

	if (mnl_attr_type_valid(attr, a->max) > 0)
		a->tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

/**
 * genl_attrs - the attributes of a message, by type
 * @nlh: the message
 * @tb: @max + 1 pointers, NULL where there is none
 * @max: highest type; what a later kernel has beyond is passed over
 */
void genl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, uint16_t max)
{
	struct attrs a = { .tb = tb, .max = max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_attr, &a);
}

/* One group of the family: its name and number, in any order. */
static int on_group(const struct nlattr *group, void *data)
{
	const struct nlattr *attr, *name = NULL, *id = NULL;
	struct genl *g = data;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			name = attr;
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			id = attr;
	}
	if (name && id && !strcmp(mnl_attr_get_str(name), NFT_SYSRQ_GENL_EVENTS))
		g->events = mnl_attr_get_u32(id);
	return MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct genl *g = data;

	genl_attrs(nlh, tb, CTRL_ATTR_MAX);
	if (!tb[CTRL_ATTR_FAMILY_ID] ||
	    mnl_attr_validate(tb[CTRL_ATTR_FAMILY_ID], MNL_TYPE_U16)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	g->family = mnl_attr_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		mnl_attr_parse_nested(tb[CTRL_ATTR_MCAST_GROUPS], on_group, g);
	return MNL_CB_OK;
}

static void set_option(struct genl *g, int option)
{
	int one = 1;

	/* All kernels that we know have these; without, errors say less. */
	mnl_socket_setsockopt(g->nl, option, &one, sizeof(one));
}

/**
 * genl_open - a socket to the family
 * @g: filled in; to be given to genl_close() in any case
 *
 * Return: 0, or a negative errno; -ENOENT: the module is not loaded.
 */
int genl_open(struct genl *g)
{
	memset(g, 0, sizeof(*g));
	g->msg = sodium_malloc(MSG_LEN);
	if (!g->msg)
		return -ENOMEM;
	g->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!g->nl || mnl_socket_bind(g->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	set_option(g, NETLINK_EXT_ACK);
	set_option(g, NETLINK_CAP_ACK);
	begin(g, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(g->msg, CTRL_ATTR_FAMILY_NAME, NFT_SYSRQ_GENL_NAME);
	return genl_talk(g, on_family, g);
}

/**
 * genl_listen - be told of events
 * @g: the socket; from now on only for genl_hear()
 *
 * Return: 0, or a negative errno; -EOPNOTSUPP: the module tells of none.
 */
int genl_listen(struct genl *g)
{
	int room = 1 << 20, fd = mnl_socket_get_fd(g->nl), flags;

	if (!g->events)
		return -EOPNOTSUPP;
	/* What does not fit is told of; so this may fail. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		return -errno;
	return mnl_socket_setsockopt(g->nl, NETLINK_ADD_MEMBERSHIP, &g->events,
				     sizeof(g->events)) < 0 ? -errno : 0;
}

/**
 * genl_hear - take the events that are there
 * @g: was given to genl_listen()
 * @cb: gets each; one that does not return MNL_CB_OK ends it
 * @arg: of @cb
 *
 * Return: 0, or a negative errno; -ENOBUFS: some were lost, as they were not
 * taken in time.
 */
int genl_hear(struct genl *g, mnl_cb_t cb, void *arg)
{
	struct talk t = { .g = g, .cb = cb, .arg = arg };
	char *buf = malloc(RECV_LEN);
	int ret = MNL_CB_OK;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	while (ret == MNL_CB_OK) {
		n = mnl_socket_recvfrom(g->nl, buf, RECV_LEN);
		if (n < 0)
			break;
		ret = mnl_cb_run2(buf, n, 0, 0, on_data, &t, NULL, 0);
	}
	if (ret == MNL_CB_ERROR || (ret == MNL_CB_OK && errno != EAGAIN && errno != EINTR))
		ret = -errno;
	else
		ret = 0;
	free(buf);
	return ret;
}

/**
 * genl_close - done
 * @g: was given to genl_open()
 */
void genl_close(struct genl *g)
{
	if (g->nl)
		mnl_socket_close(g->nl);
	sodium_free(g->msg);
	memset(g, 0, sizeof(*g));
}
