/* SPDX-License-Identifier: GPL-2.0-only */
/* Text out: carriers become statements again. */
#ifndef NFT_SYSRQ_UNCARRY_H
#define NFT_SYSRQ_UNCARRY_H

#include "buf.h"
#include "carry.h"

void uncarry(const char *text, size_t len, struct buf *out, struct edits *edits);
size_t uncarry_settled(const char *text, size_t len);

#endif
