/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of which some bits are known, and where in the packet they are from. */
#ifndef SYSRQCTL_REACH_REGS_H
#define SYSRQCTL_REACH_REGS_H

#include "reach-packet.h"

/**
 * struct regs - registers
 * @val: bytes
 * @known: the bits of @val that are known; the others are 0
 * @from: AT_* of each byte; -1: it is from nowhere
 * @mask: bits of each that are as in the packet
 * @flip: those of them that are the other way round
 */
struct regs {
	uint8_t		val[RS_REGS];
	uint8_t		known[RS_REGS];
	int16_t		from[RS_REGS];
	uint8_t		mask[RS_REGS];
	uint8_t		flip[RS_REGS];
};

void regs_load(struct regs *r, unsigned int reg, const struct packet *p, int at, uint32_t len);
void regs_data(struct regs *r, unsigned int reg, const void *data, uint32_t len);
void regs_forget(struct regs *r, unsigned int reg, uint32_t len);
void regs_mask(struct regs *r, const struct op *op, const uint8_t *mask, const uint8_t *flip);
void regs_swap(struct regs *r, const struct op *op);
bool regs_known(const struct regs *r, unsigned int reg, uint32_t len);
enum tri regs_equal(const struct regs *r, unsigned int reg, const struct packet *p,
		    const void *data, uint32_t len);
enum tri regs_within(const struct regs *r, unsigned int reg, const void *from, const void *to,
		     uint32_t len);
void regs_learn(struct regs *r, unsigned int reg, struct packet *p, const void *data,
		uint32_t len);

static inline enum tri tri_not(enum tri t)
{
	return YES - t;
}

#endif /* SYSRQCTL_REACH_REGS_H */
