/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The carrier: the statement that stock nft parses, keeps and prints in place of ours.
 *
 *	log prefix "sysrq:aB3-x_9Q:FLAGS:KEY"
 *
 * The eight characters are drawn at random in each process, for a carrier never leaves it: so no
 * rule of anybody, in a file or in the kernel, can be mistaken for one. They are few, as nft keeps
 * them, several times, with each rule.
 */
#ifndef NFT_SYSRQ_CARRIER_H
#define NFT_SYSRQ_CARRIER_H

#include <stdbool.h>
#include <stddef.h>

#include <libnftnl-sysrq/sysrq.h>

#include "buf.h"

#define CARRIER_WORD	"log"
#define CARRIER_PLAIN	CARRIER_WORD " prefix "
#define CARRIER_HEAD	CARRIER_PLAIN "\""
#define CARRIER_MAX	256	/* none is longer, all told, but of a variable in an error */

void carrier_init(void);
const char *carrier_mark(void);		/* "sysrq:aB3-x_9Q:" */

/* The text of a carrier; a key beginning with '$' is a variable, for nft to expand. */
void carrier_put(struct buf *b, const char *key, size_t len, bool silent);

/*
 * What stands behind the carriers of a run with `nft -o`, and never reaches the kernel. The optimizer
 * looks at one log statement of a rule only, and so could merge rules whose sysrq differs; a rule
 * with a statement that it does not know is left alone, as it would be for one of its own.
 */
#define APART_HEAD	" quota name \""
#define APART_DEBUG	"  [ objref type 2 name "	/* for --debug=netlink, to the line's end */
void carrier_put_apart(struct buf *b);
bool carrier_is_apart(const char *text, size_t len);

/* The text of a carrier for an expression; NULL for one that we cannot read, which must not get lost. */
void carrier_put_expr(struct buf *b, const struct nftnl_sysrq *e);

/* Returns 0, -ENOENT: no carrier, -EINVAL: one, but not of a good statement. */
int carrier_parse(const char *text, size_t len, struct nftnl_sysrq **e);

/* What people see: a statement for a carrier's text. */
void carrier_print(struct buf *b, const char *text, size_t len);

#define KEY_NAME_FAULT	"a key name is 1 to 31 of A-Z a-z 0-9 . _ - and does not begin with -"
#define CARRIER_UNKNOWN	"sysrq unknown"

#endif
