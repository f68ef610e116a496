// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a program, from any state that a program can be in: whoever
 * claims gets the step that is due, or none; it is never behind the last one,
 * never claimed again, and b, c and o leave the answer its time.
 *
 * Of the eight slots this one is any; the other ones are not touched by claims,
 * which program_claim.c shows by its face: it looks at no other.
 */
#include "kernel.h"

#include "cbmc.h"
/* Two files have one of that name. */
#define vacant vacant_letter
#include "letters.c"
#undef vacant
#include "program.c"
#include "program_claim.c"
#include "wire.c"

struct program nondet_program(void);

int stand_in_module = 1, stand_in_rcu;
static u64 now;

u64 ktime_get_mono_fast_ns(void)
{
	return now;
}

u64 ktime_get_boot_fast_ns(void)
{
	return nondet_u64();
}

u64 ktime_get_real_fast_ns(void)
{
	return nondet_u64();
}

void nft_sysrq_runner_arm(unsigned int slot, u64 at, u64 when)
{
	show(slot == 0 && at == now, "its own slot");
}

void nft_sysrq_runner_disarm(unsigned int slot)
{
	show(slot == 0, "its own slot");
}

void nft_sysrq_runner_wake(void)
{
}

void nft_sysrq_event_steps(enum nft_sysrq_cmd cmd, const struct nft_sysrq_actor *actor,
			   u32 nonce, const struct nft_sysrq_step *steps, unsigned int nsteps)
{
	const struct program *p = &nft_sysrq_programs[0];

	show(steps >= p->steps && steps + nsteps <= p->steps + NFT_SYSRQ_MAX_STEPS,
	     "what is told of lies inside it");
}

/* What is always true of a program between two calls. */
static bool right(const struct program *p)
{
	return p->state == FREE || (p->nsteps >= 1 && p->nsteps <= NFT_SYSRQ_MAX_STEPS &&
				    p->pos < p->nsteps && p->state <= RUNNING);
}

int main(void)
{
	struct program *p = &nft_sysrq_programs[0], before;
	enum nft_sysrq_by by = nondet_u8() % 3;
	int letter;

	now = nondet_u64();
	*p = nondet_program();
	/* 500 years of uptime are enough. */
	assume(now < 1ULL << 63 && p->due < 1ULL << 63 && p->handed < 1ULL << 63);
	assume(p->expires < REAL_END / NSEC_PER_SEC);
	assume(right(p));
	nft_sysrq_programs_taken = 1;
	before = *p;

	letter = nft_sysrq_program_claim(0, by);
	show(!nft_sysrq_programs_lock.held, "the lock is free");
	show(right(p), "the program is in order");
	if (letter < 0) {
		show(p->state == FREE || p->pos == before.pos, "no step is lost");
		return 0;
	}
	show(before.state != FREE && now >= before.due, "it was due");
	show(letter == before.steps[before.pos].letter, "the next step, no other");
	show(p->state == FREE ? before.pos + 1 == before.nsteps : p->pos == before.pos + 1,
	     "and never again");
	show(by == NFT_SYSRQ_BY_PRINTER || !nft_sysrq_letter_prints(letter) ||
	     (before.handed && now >= before.handed + HANDED_DELAY),
	     "what prints is the printer's for a second");
	if (p->state == FREE)
		return 0;
	letter = p->steps[p->pos].letter;
	show(!nft_sysrq_letter_ends(letter) || p->due >= p->earliest, "the answer leaves first");
	show((letter != 'b' && letter != 'o') || p->due >= p->quiet, "so does what was printed");
	show(p->due >= now, "not before its wait is over");
	return 0;
}
