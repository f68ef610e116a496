/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run: one call of nft_run_cmd_from_buffer() or _filename(). Whatever the plugin does, it does
 * within one, for the thread that is in it; outside of it every seam is as if it were not there.
 */
#ifndef NFT_SYSRQ_RUN_H
#define NFT_SYSRQ_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "buf.h"
#include "carrier.h"
#include "carry.h"
#include "filter.h"

struct nft_ctx;

struct run {
	struct nft_ctx	*ctx;
	struct run	*outer;		/* a thread could begin one within another */
	const char	*buffer;	/* commands as typed, or NULL */
	const char	*filename;	/* or this */

	bool		apart;		/* the optimizer is on */
	bool		stdin_wanted;	/* nft is about to read commands from standard input */
	bool		stdin_read;
	struct buf	stdin_typed;
	struct buf	stdin_carried;
	size_t		stdin_given;

	FILE		*out_to, *err_to;
	struct filter	*out, *err;
	bool		noted;
	bool		failed;		/* said so already; the run must not count as done */
};

enum run_carried {
	CARRY_NOTHING,	/* nothing of ours in it: leave it alone */
	CARRY_DONE,
	CARRY_FAILED,	/* said why */
};

struct run *run_current(void);
enum run_carried run_carry(struct run *r, const char *typed, size_t len, enum block block,
			   struct buf *carried);
void run_filter_output(struct run *r);
void run_filter_all(struct run *r);
void run_fail(struct run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
