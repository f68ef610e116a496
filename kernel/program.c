// SPDX-License-Identifier: GPL-2.0-only
/* Programs: accepted steps and when they are due. */
#include "program.h"

#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "key.h"
#include "letters.h"
#include "runner.h"
#include "wire.h"

#define END_DELAY	(50 * NSEC_PER_MSEC)	/* b, c, o: the answer leaves first */
#define PRINT_DELAY	NSEC_PER_SEC		/* b, o: so does what was printed */
#define HANDED_DELAY	NSEC_PER_SEC		/* the printer has not begun: others print */
#define OVERDUE		(200 * NSEC_PER_MSEC)	/* timers are late: a packet runs it */

enum state {
	FREE,		/* nothing */
	OFFERED,	/* accepted; the answer is on its way */
	RUNNING,	/* its next step is due at @due */
};

static struct program {
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
	char			name[NFT_SYSRQ_NAME_LEN];
} programs[NFT_SYSRQ_PROGRAMS];

/* Of all programs; taken inside a key's lock, never across a handler. */
static DEFINE_SPINLOCK(lock);
static u64 last_token;
static atomic64_t steps_run;

static struct program *pending(void)
{
	struct program *p;

	for (p = programs; p < programs + NFT_SYSRQ_PROGRAMS; p++)
		if (p->state != FREE && p->waits)
			return p;
	return NULL;
}

static struct program *vacant(void)
{
	struct program *p, *last = NULL;

	for (p = programs; p < programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state != FREE)
			continue;
		if (!nft_sysrq_runner_busy(p - programs))
			return p;
		last = p;
	}
	return last;
}

static void finish(struct program *p)
{
	p->state = FREE;
	p->handed = 0;
	nft_sysrq_runner_disarm(p - programs);
	module_put(THIS_MODULE);
}

/* May a request of this key and time take the place of the pending program? */
static enum nft_sysrq_status may_oust(const struct program *p,
				      const struct nft_sysrq_key *key, s64 order)
{
	if (p->order > order)
		return NFT_SYSRQ_ST_OVERTAKEN;
	if (p->serial != key->serial && p->letters & ~key->set.letters)
		return NFT_SYSRQ_ST_OTHERS;
	return NFT_SYSRQ_ST_OK;
}

static void fill(struct program *p, const struct nft_sysrq_offer *offer, bool waits)
{
	const struct nft_sysrq_key *key = offer->key;

	memset(p, 0, sizeof(*p));
	memcpy(p->steps, offer->steps, offer->nsteps * sizeof(*p->steps));
	memcpy(p->name, key->name, sizeof(p->name));
	p->nsteps = offer->nsteps;
	p->state = OFFERED;
	p->waits = waits;
	p->token = ++last_token;
	p->serial = key->serial;
	p->letters = nft_sysrq_steps_letters(offer->steps, offer->nsteps);
	p->expires = key->set.expires;
	p->expires_boot = key->expires_boot;
	p->order = offer->order;
	p->nonce = offer->nonce;
}

/**
 * nft_sysrq_program_offer - accept a program, or not
 * @offer: what and whose; @replaced and @token are filled in
 *
 * Nothing runs before nft_sysrq_program_start().
 *
 * Return: NFT_SYSRQ_ST_OK, _OVERTAKEN, _OTHERS or _BUSY.
 */
enum nft_sysrq_status nft_sysrq_program_offer(struct nft_sysrq_offer *offer)
{
	bool waits = nft_sysrq_steps_wait(offer->steps, offer->nsteps);
	enum nft_sysrq_status status = NFT_SYSRQ_ST_OK;
	struct program *p = NULL;
	u64 now;

	offer->replaced = false;
	if (offer->key->cancelled > offer->order)
		return NFT_SYSRQ_ST_OVERTAKEN;

	spin_lock_bh(&lock);
	if (waits)
		p = pending();
	if (p) {
		status = may_oust(p, offer->key, offer->order);
		if (status)
			goto out;
		finish(p);
		offer->replaced = true;
	} else {
		p = vacant();
		if (!p) {
			status = NFT_SYSRQ_ST_BUSY;
			goto out;
		}
	}
	/* The rule that the packet met holds the module. */
	__module_get(THIS_MODULE);
	fill(p, offer, waits);
	/* Should the answer never come back from the card's driver. */
	now = ktime_get_mono_fast_ns();
	p->earliest = now + OVERDUE;
	p->due = p->earliest;
	nft_sysrq_runner_arm(p - programs, now, p->due);
	offer->token = p->token;
out:
	spin_unlock_bh(&lock);
	return status;
}

/* When the step at @pos may run, if its wait is over at @when. */
static u64 due_at(const struct program *p, u64 when)
{
	u8 letter = p->steps[p->pos].letter;

	if (nft_sysrq_letter_ends(letter))
		when = max(when, p->earliest);
	if (letter == 'b' || letter == 'o')
		when = max(when, p->quiet);
	return when;
}

/**
 * nft_sysrq_program_start - the answer is out: go
 * @token: of an accepted offer
 */
void nft_sysrq_program_start(u64 token)
{
	struct program *p;
	u64 now;

	spin_lock_bh(&lock);
	for (p = programs; p < programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state != OFFERED || p->token != token)
			continue;
		now = ktime_get_mono_fast_ns();
		p->state = RUNNING;
		p->earliest = now + END_DELAY;
		p->due = due_at(p, now);
		nft_sysrq_runner_arm(p - programs, now, p->due);
		break;
	}
	spin_unlock_bh(&lock);
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
	nft_sysrq_runner_arm(p - programs, now, p->handed + HANDED_DELAY);
	return true;
}

static int claim(struct program *p, enum nft_sysrq_by by)
{
	u64 now = ktime_get_mono_fast_ns();
	struct nft_sysrq_step step;

	if (p->state == FREE)
		return -1;
	if (expired(p)) {
		finish(p);
		return -1;
	}
	if (now < p->due) {
		nft_sysrq_runner_arm(p - programs, now, p->due);
		return -1;
	}
	p->state = RUNNING;
	if (left_to_printer(p, by, now))
		return -1;

	step = p->steps[p->pos++];
	p->handed = 0;
	if (nft_sysrq_letter_prints(step.letter))
		p->quiet = now + PRINT_DELAY;
	if (step.letter)
		atomic64_inc(&steps_run);

	/* The next step is armed before this one runs: it may never return. */
	if (p->pos == p->nsteps) {
		finish(p);
	} else {
		p->due = due_at(p, now + (u64)nft_sysrq_wire_wait_ms(step.wait) * NSEC_PER_MSEC);
		nft_sysrq_runner_arm(p - programs, now, p->due);
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

	spin_lock_bh(&lock);
	letter = claim(&programs[slot], by);
	spin_unlock_bh(&lock);
	return letter;
}

/**
 * nft_sysrq_program_handed - does a step wait for the printer?
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1
 */
bool nft_sysrq_program_handed(unsigned int slot)
{
	return READ_ONCE(programs[slot].handed);
}

/**
 * nft_sysrq_program_cancel - drop the pending program at a key's request
 * @key: whose request, locked
 * @order: stamp of the request as CLOCK_BOOTTIME, ns
 *
 * Return: NFT_SYSRQ_ST_OK, _NOTHING, _OVERTAKEN or _OTHERS.
 */
enum nft_sysrq_status nft_sysrq_program_cancel(const struct nft_sysrq_key *key,
					       s64 order)
{
	enum nft_sysrq_status status = NFT_SYSRQ_ST_NOTHING;
	struct program *p;

	spin_lock_bh(&lock);
	p = pending();
	if (p) {
		status = may_oust(p, key, order);
		if (!status)
			finish(p);
	}
	spin_unlock_bh(&lock);
	return status;
}

/**
 * nft_sysrq_program_abort - drop the pending program, whosever it is
 *
 * Return: there was one.
 */
bool nft_sysrq_program_abort(void)
{
	struct program *p;

	spin_lock_bh(&lock);
	p = pending();
	if (p)
		finish(p);
	spin_unlock_bh(&lock);
	return p;
}

/**
 * nft_sysrq_program_confine - a key has other settings
 * @serial: of the key
 * @letters: that it allows; what has others is dropped
 * @expires: CLOCK_REALTIME, s; 0 never
 * @expires_boot: CLOCK_BOOTTIME, ns
 */
void nft_sysrq_program_confine(u64 serial, u64 letters, u64 expires, s64 expires_boot)
{
	struct program *p;

	spin_lock_bh(&lock);
	for (p = programs; p < programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state == FREE || p->serial != serial)
			continue;
		p->expires = expires;
		p->expires_boot = expires_boot;
		if (!letters || p->letters & ~letters)
			finish(p);
	}
	spin_unlock_bh(&lock);
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

	for (slot = 0; slot < NFT_SYSRQ_PROGRAMS; slot++) {
		p = &programs[slot];
		if (READ_ONCE(p->state) != RUNNING)
			continue;
		spin_lock_bh(&lock);
		now = ktime_get_mono_fast_ns();
		overdue = p->state == RUNNING && p->serial == serial &&
			  now >= p->due + OVERDUE &&
			  (!p->handed || now >= p->handed + HANDED_DELAY);
		spin_unlock_bh(&lock);
		if (overdue)
			nft_sysrq_runner_run(slot, NFT_SYSRQ_BY_PACKET);
	}
}

/**
 * nft_sysrq_program_pending - tell of the pending program
 * @info: filled in
 */
void nft_sysrq_program_pending(struct nft_sysrq_pending_info *info)
{
	const struct program *p;
	unsigned int i;
	u64 now;

	memset(info, 0, sizeof(*info));
	spin_lock_bh(&lock);
	p = pending();
	if (p) {
		now = ktime_get_mono_fast_ns();
		memcpy(info->name, p->name, sizeof(info->name));
		info->nonce = p->nonce;
		if (p->state == RUNNING && p->due > now)
			info->fires_ms = DIV_ROUND_UP_ULL(p->due - now, NSEC_PER_MSEC);
		for (i = p->pos; i < p->nsteps && !p->steps[i].letter; i++)
			info->fires_ms += nft_sysrq_wire_wait_ms(p->steps[i].wait);
		info->nsteps = p->nsteps - p->pos;
		memcpy(info->steps, p->steps + p->pos, info->nsteps * sizeof(*p->steps));
	}
	spin_unlock_bh(&lock);
}

/** nft_sysrq_program_steps - letters handed to the kernel so far */
u64 nft_sysrq_program_steps(void)
{
	return atomic64_read(&steps_run);
}
