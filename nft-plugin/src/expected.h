/* SPDX-License-Identifier: GPL-2.0-only */
/* nft's "expected any of: ", in a grammar that has the statement. */
#ifndef NFT_SYSRQ_EXPECTED_H
#define NFT_SYSRQ_EXPECTED_H

#include "lines.h"

#define EXPECTED	"expected any of: "

bool expected_is(const char *text, size_t len);
void expected_print(const char *text, size_t len, const struct line *line, size_t column,
		    struct buf *out);

#endif
