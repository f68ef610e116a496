/* SPDX-License-Identifier: GPL-2.0-only */
/* Being told of changes to a table that others make. */
#ifndef SYSRQCTL_NFT_EAR_H
#define SYSRQCTL_NFT_EAR_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct nft_ear - one that listens
 * @nl: the socket
 * @family: of the table
 * @table: its name
 * @own: port of the socket whose changes are no news
 * @own_gen: the generation of the ruleset that its last change has begun; 0: that was not heard
 * @touched: the table was; for the caller to reset
 * @lost: there was more than the kernel keeps, so it may have been; for the caller to reset
 * @author: of the last touch it was not yet said whose it was
 * @pid: of the process that has touched it last, as far as that was heard; 0: it is not known
 * @comm: what that process is called
 */
struct nft_ear {
	struct mnl_socket	*nl;
	uint16_t		family;
	const char		*table;
	uint32_t		own;
	uint32_t		own_gen;
	bool			touched;
	bool			lost;
	bool			author;
	uint32_t		pid;
	char			comm[16];
};

int nft_ear_open(struct nft_ear *e, uint16_t family, const char *table, uint32_t own);
void nft_ear_close(struct nft_ear *e);
int nft_ear_hear(struct nft_ear *e);

#endif /* SYSRQCTL_NFT_EAR_H */
