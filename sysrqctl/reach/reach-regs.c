// SPDX-License-Identifier: GPL-2.0-only
/* Registers of which some bits are known, and where in the packet they are from. */
#include "reach-regs.h"

#include <string.h>

/* What is left of the last register of four bytes is zero, as in the kernel. */
static void fill_up(struct regs *r, unsigned int reg, uint32_t len)
{
	for (; len % 4; len++) {
		r->val[reg + len] = 0;
		r->known[reg + len] = 0xff;
		r->from[reg + len] = -1;
	}
}

/**
 * regs_load - bytes of the packet
 * @r: the registers
 * @reg: where they go
 * @p: the packet
 * @at: AT_*
 * @len: bytes; they and what fills up to 4 lie within the registers, as rs_expr() saw to
 */
void regs_load(struct regs *r, unsigned int reg, const struct packet *p, int at, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++) {
		r->val[reg + i] = p->val[at + i];
		r->known[reg + i] = p->known[at + i];
		r->from[reg + i] = at + i;
		r->mask[reg + i] = 0xff;
		r->flip[reg + i] = 0;
	}
	fill_up(r, reg, len);
}

/** regs_data - bytes that are known */
void regs_data(struct regs *r, unsigned int reg, const void *data, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++) {
		r->val[reg + i] = ((const uint8_t *)data)[i];
		r->known[reg + i] = 0xff;
		r->from[reg + i] = -1;
	}
	fill_up(r, reg, len);
}

/** regs_forget - nobody knows what these hold */
void regs_forget(struct regs *r, unsigned int reg, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++) {
		r->val[reg + i] = 0;
		r->known[reg + i] = 0;
		r->from[reg + i] = -1;
	}
	fill_up(r, reg, len);
}

/**
 * regs_mask - sreg & mask ^ flip
 * @r: the registers
 * @op: has sreg, dreg and len
 * @mask: bytes
 * @flip: bytes
 */
void regs_mask(struct regs *r, const struct op *op, const uint8_t *mask, const uint8_t *flip)
{
	struct regs old = *r;
	unsigned int i, s, d;

	for (i = 0; i < op->len; i++) {
		s = op->sreg + i;
		d = op->dreg + i;
		r->known[d] = old.known[s] | (uint8_t)~mask[i];
		r->val[d] = ((old.val[s] & mask[i]) ^ flip[i]) & r->known[d];
		r->from[d] = old.from[s];
		r->mask[d] = old.mask[s] & mask[i];
		r->flip[d] = old.flip[s] ^ flip[i];
	}
}

/** regs_swap - sreg with each how bytes in the other order; see regs_mask() */
void regs_swap(struct regs *r, const struct op *op)
{
	struct regs old = *r;
	unsigned int i, s, d;

	regs_forget(r, op->dreg, op->len);
	for (i = 0; i < op->len / op->how * op->how; i++) {
		s = op->sreg + i / op->how * op->how + op->how - 1 - i % op->how;
		d = op->dreg + i;
		r->val[d] = old.val[s];
		r->known[d] = old.known[s];
		r->from[d] = old.from[s];
		r->mask[d] = old.mask[s];
		r->flip[d] = old.flip[s];
	}
}

/** regs_known - are all bits of these known? */
bool regs_known(const struct regs *r, unsigned int reg, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (r->known[reg + i] != 0xff)
			return false;
	return true;
}

/* Some bits are not known: is one part of the packet, all the same, never like this? */
static bool never(const struct regs *r, unsigned int reg, const struct packet *p,
		  const uint8_t *data, uint32_t len)
{
	uint8_t val[RS_REGS];
	uint32_t i, k, n;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (r->from[reg + i] < 0)
			continue;
		while (i + n < len && r->from[reg + i + n] == r->from[reg + i] + (int)n)
			n++;
		for (k = 0; k < n; k++)
			val[k] = data[i + k] ^ r->flip[reg + i + k];
		if (packet_differs(p, r->from[reg + i], val, r->mask + reg + i, n))
			return true;
	}
	return false;
}

/**
 * regs_equal - are they equal to @data?
 * @r: the registers
 * @reg: the first
 * @p: the packet
 * @data: bytes
 * @len: how many
 */
enum tri regs_equal(const struct regs *r, unsigned int reg, const struct packet *p,
		    const void *data, uint32_t len)
{
	const uint8_t *d = data;
	uint32_t i;

	for (i = 0; i < len; i++)
		if ((r->val[reg + i] ^ d[i]) & r->known[reg + i])
			return NO;
	if (regs_known(r, reg, len))
		return YES;
	return never(r, reg, p, d, len) ? NO : MAYBE;
}

/**
 * regs_within - are they, read as one number, between @from and @to, both included?
 * @r: the registers
 * @reg: the first
 * @from: bytes
 * @to: bytes; NULL: no bound
 * @len: how many
 */
enum tri regs_within(const struct regs *r, unsigned int reg, const void *from, const void *to,
		     uint32_t len)
{
	uint8_t least[RS_REGS], most[RS_REGS];
	uint32_t i;

	for (i = 0; i < len; i++) {
		least[i] = r->val[reg + i];
		most[i] = r->val[reg + i] | (uint8_t)~r->known[reg + i];
	}
	if (memcmp(most, from, len) < 0 || (to && memcmp(least, to, len) > 0))
		return NO;
	if (memcmp(least, from, len) >= 0 && (!to || memcmp(most, to, len) <= 0))
		return YES;
	return MAYBE;
}

/**
 * regs_learn - only those of the packets are meant in which they are equal to @data
 * @r: the registers
 * @reg: the first
 * @p: the packet
 * @data: bytes; does not contradict
 * @len: how many
 */
void regs_learn(struct regs *r, unsigned int reg, struct packet *p, const void *data,
		uint32_t len)
{
	const uint8_t *d = data;
	uint8_t val;
	uint32_t i;

	for (i = 0; i < len; i++) {
		r->val[reg + i] = d[i];
		r->known[reg + i] = 0xff;
		if (r->from[reg + i] < 0)
			continue;
		val = d[i] ^ r->flip[reg + i];
		packet_learn(p, r->from[reg + i], &val, &r->mask[reg + i], 1);
	}
}
