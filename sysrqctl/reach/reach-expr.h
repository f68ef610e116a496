/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files that read expressions. */
#ifndef SYSRQCTL_REACH_EXPR_H
#define SYSRQCTL_REACH_EXPR_H

#include "reach-attr.h"
#include "reach-ruleset.h"

/**
 * struct reading - what an expression is read from, and into
 * @rs: keeps bytes
 * @place: of the rule
 * @a: attributes of the expression; at 0 the whole
 * @op: is filled in; its kind may be changed
 */
struct reading {
	struct ruleset		*rs;
	const struct rs_place	*place;
	const struct attrs	*a;
	struct op		*op;
};

bool read_register(const struct nlattr *attr, uint32_t len, uint8_t *at);
bool read_length(const struct nlattr *attr, uint8_t *len);

/* reach-expr-load.c: each 0, -EINVAL if malformed, or -ENOMEM. */
int read_payload(struct reading *r);
int read_meta(struct reading *r);
int read_ct(struct reading *r);
int read_fib(struct reading *r);
int read_exthdr(struct reading *r);

#endif /* SYSRQCTL_REACH_EXPR_H */
