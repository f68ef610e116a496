/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in: each statement of ours becomes a carrier, all else stays as it is, line by line. */
#ifndef NFT_SYSRQ_CARRY_H
#define NFT_SYSRQ_CARRY_H

#include "buf.h"
#include "place.h"

/* One replacement, never across a line's end. Offsets are bytes. */
struct edit {
	size_t		in, in_len;	/* what was typed */
	size_t		out, out_len;	/* what nft gets */
	const char	*why;		/* what is wrong with it, if nft is to refuse it */
};

/* Stands for what is refused: a syntax error in itself, wherever it stands; and what nft says of it. */
#define REFUSED		")"
#define REFUSED_WORD	"unexpected ')'"

struct edits {
	struct edit	*e;
	size_t		count;
	size_t		size;
	bool		failed;
};

struct carry_how {
	enum block	block;	/* what nft expects at the text's beginning */
	bool		apart;	/* nft -o must not merge rules with our statement */
	size_t		unit;	/* see carry_unit(); 0: nft tells the line, or there is but one */
};

bool carry_wanted(const char *text, size_t len);
size_t carry_unit(const char *text, size_t len, struct carry_how how);
size_t carry(const char *text, size_t len, struct carry_how how, struct buf *out,
	     struct edits *edits);
void edits_add(struct edits *edits, const struct edit *e);
void edits_free(struct edits *edits);

#endif
