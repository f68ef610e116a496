/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of programs: of program.c, where they are accepted and dropped,
 * and program_claim.c, where their steps are taken. Nobody else's.
 */
#ifndef NFT_SYSRQ_PROGRAM_TABLE_H
#define NFT_SYSRQ_PROGRAM_TABLE_H

#include <linux/nft_sysrq.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#include "event.h"
#include "runner.h"

#define END_DELAY	(50 * NSEC_PER_MSEC)	/* b, c, o: the answer leaves first */
#define PRINT_DELAY	NSEC_PER_SEC		/* b, o: so does what was printed */
#define HANDED_DELAY	NSEC_PER_SEC		/* the printer has not begun: others print */
#define OVERDUE		(200 * NSEC_PER_MSEC)	/* timers are late: a packet runs it */

enum state {
	FREE,		/* nothing */
	OFFERED,	/* accepted; the answer is on its way */
	RUNNING,	/* its next step is due at @due */
};

struct program {
	struct nft_sysrq_step	steps[NFT_SYSRQ_MAX_STEPS];
	u8			nsteps;
	u8			pos;		/* next step */
	enum state		state;
	bool			waits;		/* the pending program */
	u64			token;
	u64			due;		/* CLOCK_MONOTONIC, ns */
	u64			handed;		/* to the printer; 0: not */
	u64			quiet;		/* no b or o before */
	u64			earliest;	/* no b, c or o before */
	u64			serial;		/* of the key */
	u64			letters;	/* all it has */
	u64			expires;	/* with the key, s */
	s64			expires_boot;
	s64			order;
	u32			nonce;
	struct nft_sysrq_actor	who;
};

extern struct program nft_sysrq_programs[NFT_SYSRQ_PROGRAMS];

/* How many are not FREE: who only wonders whether there is any need not look at each. */
extern unsigned int nft_sysrq_programs_taken;

/* Of all programs; taken inside a key's lock, never across a handler. */
extern spinlock_t nft_sysrq_programs_lock;

u64 nft_sysrq_program_due(const struct program *p, u64 when);
void nft_sysrq_program_tell(const struct program *p, enum nft_sysrq_cmd cmd);
void nft_sysrq_program_finish(struct program *p);
void nft_sysrq_program_end(struct program *p);

#endif /* NFT_SYSRQ_PROGRAM_TABLE_H */
