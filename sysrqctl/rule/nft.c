// SPDX-License-Identifier: GPL-2.0-only
/* Talking to nf_tables without nft: batches that are carried out as a whole, and dumps. */
#include "nft.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <libnftnl/common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "netlink-errno.h"

#define MESSAGES	16	/* of a batch, with its begin and end */
#define RECV_LEN	65536
#define PATIENCE	30	/* s that the kernel may be silent */

static int prepare(struct nft *n)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	int on = 1;

	n->buf = calloc(MESSAGES, NFT_MSG_LEN);
	if (!n->buf)
		return -ENOMEM;
	if (setsockopt(mnl_socket_get_fd(n->nl), SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) < 0)
		return -errno;
	/* Only for the words of a refusal, which an old kernel has none of. */
	mnl_socket_setsockopt(n->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(n->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

/**
 * nft_open - a socket to nf_tables
 * @n: filled in; to be given to nft_close() in any case
 *
 * Return: 0, or a negative errno.
 */
int nft_open(struct nft *n)
{
	memset(n, 0, sizeof(*n));
	n->nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!n->nl || mnl_socket_bind(n->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	return prepare(n);
}

/* Answers that nobody has taken; the next talk must not take them for its own. */
static void forget_answers(struct nft *n)
{
	char buf[256];

	while (recv(mnl_socket_get_fd(n->nl), buf, sizeof(buf), MSG_DONTWAIT) >= 0)
		;
}

/**
 * nft_open_fd - a socket to nf_tables that an earlier process has left
 * @n: filled in; to be given to nft_close() in any case
 * @fd: the socket, of which it is known only that it is open; belongs to @n from now on
 *
 * Return: 0, or a negative errno.
 */
int nft_open_fd(struct nft *n, int fd)
{
	int domain = 0, protocol = 0;
	socklen_t len = sizeof(int);

	memset(n, 0, sizeof(*n));
	n->nl = mnl_socket_fdopen(fd);
	if (!n->nl) {
		close(fd);
		return -EBADF;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) < 0)
		return -errno;
	if (domain != AF_NETLINK || protocol != NETLINK_NETFILTER)
		return -EPROTOTYPE;
	forget_answers(n);
	return prepare(n);
}

/**
 * nft_close - done
 * @n: was given to nft_open()
 */
void nft_close(struct nft *n)
{
	if (n->nl)
		mnl_socket_close(n->nl);
	free(n->buf);
	memset(n, 0, sizeof(*n));
}

/* What was built before counts from here on. */
static void close_last(struct nft *n)
{
	if (n->last)
		n->len += MNL_ALIGN(n->last->nlmsg_len);
	n->last = NULL;
}

/**
 * nft_begin - begin a batch
 * @n: the socket
 */
void nft_begin(struct nft *n)
{
	n->len = 0;
	n->last = nftnl_batch_begin(n->buf, ++n->seq);
}

/**
 * nft_message - begin a message of the batch; the one before is finished
 * @n: the socket
 * @type: NFT_MSG_*
 * @family: NFPROTO_*
 * @flags: besides NLM_F_REQUEST
 *
 * Return: the message, with room up to NFT_MSG_LEN; NULL if the batch has too many.
 */
struct nlmsghdr *nft_message(struct nft *n, uint16_t type, uint16_t family, uint16_t flags)
{
	close_last(n);
	if (n->len > (MESSAGES - 2) * NFT_MSG_LEN)
		return NULL;
	n->last = nftnl_nlmsg_build_hdr(n->buf + n->len, type, family, flags, ++n->seq);
	return n->last;
}

static int on_extack(const struct nlattr *attr, void *data)
{
	struct nft *n = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(n->why, sizeof(n->why), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* Of several refusals the first; at success there is one answer, to the last message. */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	struct nft *n = data;

	if (nlh->nlmsg_len < mnl_nlmsg_size(sizeof(*err))) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_flags & NLM_F_CAPPED)
		mnl_attr_parse(nlh, sizeof(*err), on_extack, n);
	if (!err->error)
		return MNL_CB_STOP;
	errno = netlink_errno(err->error);
	return MNL_CB_ERROR;
}

static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) || *err >= 0)
		return MNL_CB_STOP;
	errno = netlink_errno(*err);
	return MNL_CB_ERROR;
}

struct heard {
	struct nft	*nft;
	mnl_cb_t	cb;
	void		*arg;
};

static int on_error_of(const struct nlmsghdr *nlh, void *data)
{
	return on_error(nlh, ((struct heard *)data)->nft);
}

static int on_data(const struct nlmsghdr *nlh, void *data)
{
	struct heard *h = data;

	/* The ruleset changed in between: it would be told in parts. */
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR) {
		errno = EINTR;
		return MNL_CB_ERROR;
	}
	return h->cb ? h->cb(nlh, h->arg) : MNL_CB_OK;
}

static int receive(struct nft *n, mnl_cb_t cb, void *arg)
{
	static const mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error_of,
		[NLMSG_DONE] = on_done,
	};
	struct heard h = { .nft = n, .cb = cb, .arg = arg };
	char *buf = malloc(RECV_LEN);
	ssize_t len;
	int ret;

	if (!buf)
		return -ENOMEM;
	do {
		len = mnl_socket_recvfrom(n->nl, buf, RECV_LEN);
		ret = len < 0 ? MNL_CB_ERROR :
				mnl_cb_run2(buf, len, 0, mnl_socket_get_portid(n->nl), on_data, &h,
					    (mnl_cb_t *)control, NLMSG_MIN_TYPE);
	} while (ret > MNL_CB_STOP);
	ret = ret == MNL_CB_ERROR ? -errno : 0;
	free(buf);
	return ret;
}

/* After an error more answers may have been queued. */
static int finish(struct nft *n, int err)
{
	if (err)
		forget_answers(n);
	return err;
}

/**
 * nft_commit - have the kernel carry out the batch, all of it or nothing
 * @n: the socket; a batch with one message at least was built
 *
 * Return: 0, or a negative errno; then @n may say in @why what the kernel did.
 */
int nft_commit(struct nft *n)
{
	n->why[0] = '\0';
	n->last->nlmsg_flags |= NLM_F_ACK;
	close_last(n);
	n->last = nftnl_batch_end(n->buf + n->len, ++n->seq);
	close_last(n);
	if (mnl_socket_sendto(n->nl, n->buf, n->len) < 0)
		return -errno;
	return finish(n, receive(n, NULL, NULL));
}

/**
 * nft_request - begin a question to the kernel
 * @n: the socket; no batch is being built
 * @type: NFT_MSG_GET*
 * @family: NFPROTO_*
 * @flags: besides NLM_F_REQUEST: NLM_F_DUMP for all, or NLM_F_ACK for one
 *
 * Return: the message, with room up to NFT_MSG_LEN; then nft_answer().
 */
struct nlmsghdr *nft_request(struct nft *n, uint16_t type, uint16_t family, uint16_t flags)
{
	n->last = NULL;
	return nftnl_nlmsg_build_hdr(n->buf, type, family, flags, ++n->seq);
}

/**
 * nft_answer - what the kernel answers to a question
 * @n: the socket
 * @nlh: from nft_request()
 * @cb: gets each NFT_MSG_NEW*
 * @arg: of @cb
 *
 * Return: 0, or a negative errno; -EINTR if the ruleset changed meanwhile.
 */
int nft_answer(struct nft *n, const struct nlmsghdr *nlh, mnl_cb_t cb, void *arg)
{
	n->why[0] = '\0';
	if (mnl_socket_sendto(n->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	return finish(n, receive(n, cb, arg));
}

/**
 * nft_dump_table - all objects of a kind, in one table if the kernel knows how to choose those
 * @n: the socket; no batch is being built
 * @type: NFT_MSG_GET*
 * @family: NFPROTO_*; NFPROTO_UNSPEC: of all
 * @table: the table's name; NULL: of all tables
 * @cb: gets each NFT_MSG_NEW*
 * @arg: of @cb
 *
 * Return: 0, or a negative errno; -EINTR if the ruleset changed meanwhile.
 */
int nft_dump_table(struct nft *n, uint16_t type, uint16_t family, const char *table, mnl_cb_t cb,
		   void *arg)
{
	struct nlmsghdr *nlh = nft_request(n, type, family, NLM_F_DUMP);

	/* Of the same number for every kind of object. */
	if (table)
		mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, table);
	return nft_answer(n, nlh, cb, arg);
}

/**
 * nft_dump - all objects of a kind
 * @n: the socket; no batch is being built
 * @type: NFT_MSG_GET*
 * @family: NFPROTO_*; NFPROTO_UNSPEC: of all
 * @cb: gets each NFT_MSG_NEW*
 * @arg: of @cb
 *
 * Return: 0, or a negative errno; -EINTR if the ruleset changed meanwhile.
 */
int nft_dump(struct nft *n, uint16_t type, uint16_t family, mnl_cb_t cb, void *arg)
{
	return nft_dump_table(n, type, family, NULL, cb, arg);
}
