/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NFT_SYSRQ_INPUT_H
#define NFT_SYSRQ_INPUT_H

#include <stdio.h>
#include <sys/types.h>

#include "run.h"

/* What nft expects at the beginning of a file. */
enum block input_block(const struct run *r, const char *path);

/* What libnftables calls in place of libc's; outside of a run they are libc's. */
FILE *input_fopen(const char *path, const char *mode);
FILE *input_fopen64(const char *path, const char *mode);
ssize_t input_read(int fd, void *buf, size_t len);

#endif
