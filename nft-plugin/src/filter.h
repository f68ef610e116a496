/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream between nft and whom it writes to.
 *
 * Of listings a line passes with its end, and a long one in parts, but for what may be half a carrier;
 * of errors nothing passes before the end, for only the whole tells where a caret belongs.
 */
#ifndef NFT_SYSRQ_FILTER_H
#define NFT_SYSRQ_FILTER_H

#include <stdio.h>

#include "buf.h"

struct filter;

struct filter *filter_new(bool whole);
FILE *filter_file(struct filter *f);
void filter_to(struct filter *f, FILE *to);
bool filter_end(struct filter *f, struct buf *rest);

#endif
