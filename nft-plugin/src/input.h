/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NFT_SYSRQ_INPUT_H
#define NFT_SYSRQ_INPUT_H

#include "run.h"

/* What nft expects at the beginning of a file. */
enum block input_block(const struct run *r, const char *path);

#endif
