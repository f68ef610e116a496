/* SPDX-License-Identifier: GPL-2.0-only */
/* What the targets of the plugin share. */
#ifndef NFT_SYSRQ_FUZZ_PLUGIN_H
#define NFT_SYSRQ_FUZZ_PLUGIN_H

#include "carrier.h"
#include "carry.h"
#include "fuzz.h"
#include "uncarry.h"

/* The mark is drawn at random: in inputs the byte 1 stands for it. */
static inline void put_marked(struct buf *b, const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] == 1)
			buf_str(b, carrier_mark());
		else
			buf_add(b, data + i, 1);
	}
	must(buf_ok(b));
}

static inline bool has_mark(const struct buf *b)
{
	return b->len && memmem(b->p, b->len, carrier_mark(), strlen(carrier_mark()));
}

#endif
