/* SPDX-License-Identifier: GPL-2.0-only */
/* Talking to nf_tables without nft: batches that are carried out as a whole, and dumps. */
#ifndef SYSRQCTL_NFT_H
#define SYSRQCTL_NFT_H

#include <libmnl/libmnl.h>
#include <stdint.h>

#define NFT_MSG_LEN	2048	/* room for each message of a batch */

/**
 * struct nft - a socket, and the batch that is being built
 * @nl: the socket
 * @buf: the batch
 * @len: its bytes
 * @last: where its last message begins; NULL: there is none yet
 * @seq: of the last message
 * @why: what the kernel said of its last refusal; "" if nothing
 */
struct nft {
	struct mnl_socket	*nl;
	char			*buf;
	size_t			len;
	struct nlmsghdr		*last;
	uint32_t		seq;
	char			why[160];
};

int nft_open(struct nft *n);
int nft_open_fd(struct nft *n, int fd);
void nft_close(struct nft *n);

void nft_begin(struct nft *n);
struct nlmsghdr *nft_message(struct nft *n, uint16_t type, uint16_t family, uint16_t flags);
int nft_commit(struct nft *n);
struct nlmsghdr *nft_request(struct nft *n, uint16_t type, uint16_t family, uint16_t flags);
int nft_answer(struct nft *n, const struct nlmsghdr *nlh, mnl_cb_t cb, void *arg);
int nft_dump_table(struct nft *n, uint16_t type, uint16_t family, const char *table, mnl_cb_t cb,
		   void *arg);
int nft_dump(struct nft *n, uint16_t type, uint16_t family, mnl_cb_t cb, void *arg);

#endif /* SYSRQCTL_NFT_H */
