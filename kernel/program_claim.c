// SPDX-License-Identifier: GPL-2.0-only
/* Programs: their steps, taken one by one by whoever comes first. */
#include "program.h"

#include <linux/ktime.h>

#include "letters.h"
#include "program_table.h"
#include "runner.h"
#include "wire.h"

static atomic64_t steps_run;

/**
 * nft_sysrq_program_due - when a program's next step may run
 * @p: the program; the lock is held
 * @when: its wait is over, CLOCK_MONOTONIC, ns
 */
u64 nft_sysrq_program_due(const struct program *p, u64 when)
{
	u8 letter = p->steps[p->pos].letter;

	if (nft_sysrq_letter_ends(letter))
		when = max(when, p->earliest);
	if (letter == 'b' || letter == 'o')
		when = max(when, p->quiet);
	return when;
}

static bool expired(const struct program *p)
{
	return p->expires && (ktime_get_real_fast_ns() >= p->expires * NSEC_PER_SEC ||
			      (s64)ktime_get_boot_fast_ns() >= p->expires_boot);
}

/* Printing steps are the printer's, unless it does not begin. */
static bool left_to_printer(struct program *p, enum nft_sysrq_by by, u64 now)
{
	if (by == NFT_SYSRQ_BY_PRINTER || !nft_sysrq_letter_prints(p->steps[p->pos].letter))
		return false;
	if (!p->handed) {
		p->handed = now;
		nft_sysrq_runner_wake();
	}
	if (now >= p->handed + HANDED_DELAY)
		return false;
	nft_sysrq_runner_arm(p - nft_sysrq_programs, now, p->handed + HANDED_DELAY);
	return true;
}

static int claim(struct program *p, enum nft_sysrq_by by)
{
	u64 now = ktime_get_mono_fast_ns();
	struct nft_sysrq_step step;
	u64 wait;

	if (p->state == FREE)
		return -1;
	if (expired(p)) {
		nft_sysrq_program_end(p);
		return -1;
	}
	if (now < p->due) {
		nft_sysrq_runner_arm(p - nft_sysrq_programs, now, p->due);
		return -1;
	}
	p->state = RUNNING;
	if (left_to_printer(p, by, now))
		return -1;

	step = p->steps[p->pos];
	if (step.letter) {
		atomic64_inc(&steps_run);
		nft_sysrq_program_tell(p, NFT_SYSRQ_CMD_STEP_NTF);
	}
	p->pos++;
	p->handed = 0;
	if (nft_sysrq_letter_prints(step.letter))
		p->quiet = now + PRINT_DELAY;

	/* The next step is armed before this one runs: it may never return. */
	if (p->pos == p->nsteps) {
		nft_sysrq_program_finish(p);
	} else {
		wait = (u64)nft_sysrq_wire_wait_ms(step.wait) * NSEC_PER_MSEC;
		p->due = nft_sysrq_program_due(p, now + wait);
		nft_sysrq_runner_arm(p - nft_sysrq_programs, now, p->due);
	}
	return step.letter;
}

/**
 * nft_sysrq_program_claim - take the step that is due
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1
 * @by: who will run it
 *
 * Return: its letter, 0 if it only waits, or < 0 if none is due.
 */
int nft_sysrq_program_claim(unsigned int slot, enum nft_sysrq_by by)
{
	int letter;

	spin_lock_bh(&nft_sysrq_programs_lock);
	letter = claim(&nft_sysrq_programs[slot], by);
	spin_unlock_bh(&nft_sysrq_programs_lock);
	return letter;
}

/**
 * nft_sysrq_program_handed - does a step wait for the printer?
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1
 */
bool nft_sysrq_program_handed(unsigned int slot)
{
	return READ_ONCE(nft_sysrq_programs[slot].handed);
}

/**
 * nft_sysrq_program_kick - run what the timers should have run
 * @serial: of the key whose packet has just been found genuine
 */
void nft_sysrq_program_kick(u64 serial)
{
	unsigned int slot;
	struct program *p;
	bool overdue;
	u64 now;

	if (!READ_ONCE(nft_sysrq_programs_taken))
		return;
	for (slot = 0; slot < NFT_SYSRQ_PROGRAMS; slot++) {
		p = &nft_sysrq_programs[slot];
		if (READ_ONCE(p->state) != RUNNING)
			continue;
		spin_lock_bh(&nft_sysrq_programs_lock);
		now = ktime_get_mono_fast_ns();
		overdue = p->state == RUNNING && p->serial == serial &&
			  now >= p->due + OVERDUE &&
			  (!p->handed || now >= p->handed + HANDED_DELAY);
		spin_unlock_bh(&nft_sysrq_programs_lock);
		if (overdue)
			nft_sysrq_runner_run(slot, NFT_SYSRQ_BY_PACKET);
	}
}

/** nft_sysrq_program_steps - letters handed to the kernel so far */
u64 nft_sysrq_program_steps(void)
{
	return atomic64_read(&steps_run);
}
