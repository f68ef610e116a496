// SPDX-License-Identifier: GPL-2.0-only
/* Programs: accepted, started, dropped. */
#include "program.h"

#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "key.h"
#include "letters.h"
#include "program_table.h"
#include "runner.h"
#include "wire.h"

struct program nft_sysrq_programs[NFT_SYSRQ_PROGRAMS];
DEFINE_SPINLOCK(nft_sysrq_programs_lock);
unsigned int nft_sysrq_programs_taken;

static u64 last_token;

static struct program *pending(void)
{
	struct program *p;

	for (p = nft_sysrq_programs; p < nft_sysrq_programs + NFT_SYSRQ_PROGRAMS; p++)
		if (p->state != FREE && p->waits)
			return p;
	return NULL;
}

static struct program *vacant(void)
{
	struct program *p, *last = NULL;

	for (p = nft_sysrq_programs; p < nft_sysrq_programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state != FREE)
			continue;
		if (!nft_sysrq_runner_busy(p - nft_sysrq_programs))
			return p;
		last = p;
	}
	return last;
}

/**
 * nft_sysrq_program_finish - its slot is free
 * @p: the program; the lock is held
 */
void nft_sysrq_program_finish(struct program *p)
{
	p->state = FREE;
	p->handed = 0;
	WRITE_ONCE(nft_sysrq_programs_taken, nft_sysrq_programs_taken - 1);
	nft_sysrq_runner_disarm(p - nft_sysrq_programs);
	module_put(THIS_MODULE);
}

/**
 * nft_sysrq_program_tell - an event about a program
 * @p: the program; the lock is held
 * @cmd: which event
 */
void nft_sysrq_program_tell(const struct program *p, enum nft_sysrq_cmd cmd)
{
	nft_sysrq_event_steps(cmd, &p->who, p->nonce, p->steps + p->pos, p->nsteps - p->pos);
}

/**
 * nft_sysrq_program_end - it ends before its time
 * @p: the program; the lock is held
 */
void nft_sysrq_program_end(struct program *p)
{
	nft_sysrq_program_tell(p, NFT_SYSRQ_CMD_PROGRAM_NTF);
	nft_sysrq_program_finish(p);
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

	/* Not the whole: @state and @handed are looked at without the lock. */
	memset(p->steps, 0, sizeof(p->steps));
	p->pos = 0;
	p->quiet = 0;
	memcpy(p->steps, offer->steps, offer->nsteps * sizeof(*p->steps));
	p->who.space = key->space;
	p->who.key_id = key->secrets.key_id;
	memcpy(p->who.name, key->name, sizeof(p->who.name));
	p->nsteps = offer->nsteps;
	WRITE_ONCE(p->state, OFFERED);
	WRITE_ONCE(nft_sysrq_programs_taken, nft_sysrq_programs_taken + 1);
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

	/* The key is locked: softirqs are off. */
	spin_lock(&nft_sysrq_programs_lock);
	if (waits)
		p = pending();
	if (p) {
		status = may_oust(p, offer->key, offer->order);
		if (status)
			goto out;
		nft_sysrq_program_end(p);
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
	nft_sysrq_runner_arm(p - nft_sysrq_programs, now, p->due);
	offer->token = p->token;
out:
	spin_unlock(&nft_sysrq_programs_lock);
	return status;
}

/**
 * nft_sysrq_program_start - the answer is out: go
 * @token: of an accepted offer
 */
void nft_sysrq_program_start(u64 token)
{
	struct program *p;
	u64 now;

	spin_lock_bh(&nft_sysrq_programs_lock);
	for (p = nft_sysrq_programs; p < nft_sysrq_programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state != OFFERED || p->token != token)
			continue;
		now = ktime_get_mono_fast_ns();
		p->state = RUNNING;
		p->earliest = now + END_DELAY;
		p->due = nft_sysrq_program_due(p, now);
		nft_sysrq_runner_arm(p - nft_sysrq_programs, now, p->due);
		break;
	}
	spin_unlock_bh(&nft_sysrq_programs_lock);
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

	/* The key is locked: what it has sent before is counted already. */
	if (!READ_ONCE(nft_sysrq_programs_taken))
		return status;
	/* Softirqs are off, too. */
	spin_lock(&nft_sysrq_programs_lock);
	p = pending();
	if (p) {
		status = may_oust(p, key, order);
		if (!status)
			nft_sysrq_program_end(p);
	}
	spin_unlock(&nft_sysrq_programs_lock);
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

	spin_lock_bh(&nft_sysrq_programs_lock);
	p = pending();
	if (p)
		nft_sysrq_program_end(p);
	spin_unlock_bh(&nft_sysrq_programs_lock);
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

	spin_lock_bh(&nft_sysrq_programs_lock);
	for (p = nft_sysrq_programs; p < nft_sysrq_programs + NFT_SYSRQ_PROGRAMS; p++) {
		if (p->state == FREE || p->serial != serial)
			continue;
		p->expires = expires;
		p->expires_boot = expires_boot;
		if (!letters || p->letters & ~letters)
			nft_sysrq_program_end(p);
	}
	spin_unlock_bh(&nft_sysrq_programs_lock);
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
	spin_lock_bh(&nft_sysrq_programs_lock);
	p = pending();
	if (p) {
		now = ktime_get_mono_fast_ns();
		memcpy(info->name, p->who.name, sizeof(info->name));
		info->nonce = p->nonce;
		if (p->state == RUNNING && p->due > now)
			info->fires_ms = DIV_ROUND_UP_ULL(p->due - now, NSEC_PER_MSEC);
		for (i = p->pos; i < p->nsteps && !p->steps[i].letter; i++)
			info->fires_ms += nft_sysrq_wire_wait_ms(p->steps[i].wait);
		info->nsteps = p->nsteps - p->pos;
		memcpy(info->steps, p->steps + p->pos, info->nsteps * sizeof(*p->steps));
	}
	spin_unlock_bh(&nft_sysrq_programs_lock);
}
