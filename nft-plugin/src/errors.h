/* SPDX-License-Identifier: GPL-2.0-only */
/* What nft says of errors, in terms of what was typed. */
#ifndef NFT_SYSRQ_ERRORS_H
#define NFT_SYSRQ_ERRORS_H

#include "run.h"

void errors_print(const struct run *r, const char *text, size_t len, struct buf *out);

#endif
