// SPDX-License-Identifier: GPL-2.0-only
/* Putting the plain table back when others have changed it. */
#include "hold-mend.h"

#include <errno.h>
#include <stdio.h>

#include "command.h"

/**
 * mend_hear - take what there is to be heard of the ruleset
 * @m: one that mends
 *
 * Return: 0, or a negative errno.
 */
int mend_hear(struct mend *m)
{
	int err = nft_ear_hear(m->ear);

	m->touched |= m->ear->touched;
	m->doubt |= m->ear->lost;
	m->ear->touched = false;
	m->ear->lost = false;
	return err;
}

/**
 * mend_left - when is there something to do?
 * @m: one that mends
 * @now_ms: by CLOCK_MONOTONIC
 *
 * Return: in how many ms; -1: nothing is to be done.
 */
int64_t mend_left(const struct mend *m, int64_t now_ms)
{
	int64_t back = pace_left(&m->backs, now_ms), look = pace_left(&m->looks, now_ms);

	if (m->touched)
		return back;
	return !m->doubt ? -1 : back > look ? back : look;
}

static void tell_fight(const struct mend *m)
{
	char who[64] = "somebody";

	if (m->ear->pid)
		snprintf(who, sizeof(who), "process %u (%s)", m->ear->pid, m->ear->comm);
	fprintf(stderr, "sysrqctl %s: %s changes table inet " ARM_TABLE " again and again; it is put back "
		"every %d s at most\n", m->cmd->name, who, PACE_MAX_MS / 1000);
}

static int make(struct mend *m)
{
	struct arm_state state;
	int err = arm_state(m->nft, &state);

	if (err)
		return err;
	if (state.whose[ARM_PLAIN] == ARM_FOREIGN) {
		if (!m->foreign)
			arm_foreign(m->cmd, ARM_PLAIN);
		m->foreign = true;
		return 0;
	}
	m->foreign = false;
	m->ear->own_gen = 0;
	return arm_make(m->nft, ARM_PLAIN, m->spec);
}

/* Is it as we have made it? News of what others did may come late. */
static bool is_well(const struct mend *m)
{
	struct arm_print print;

	return m->print && !arm_print(m->nft, &print) && print.sum == m->print;
}

/**
 * mend_learn - the table is well now, if nobody has touched it since it was made
 * @m: one that mends
 */
void mend_learn(struct mend *m)
{
	struct arm_print print;

	m->print = 0;
	if (!arm_print(m->nft, &print) && !print.mixed && !mend_hear(m) && m->ear->own_gen &&
	    (uint16_t)m->ear->own_gen == print.gen)
		m->print = print.sum;
}

static void put_back(struct mend *m)
{
	int err = make(m);

	/* Who has no memory now may have some later. */
	m->touched = err;
	if (err && err != -EINTR && !m->failed)
		arm_error(m->cmd, m->nft, err);
	m->failed = err && (m->failed || err != -EINTR);
	m->print = 0;
	if (!err && !m->foreign)
		mend_learn(m);
}

/**
 * mend_act - look, and put it back if that must be, if it is time for that
 * @m: one that mends
 * @now_ms: by CLOCK_MONOTONIC
 */
void mend_act(struct mend *m, int64_t now_ms)
{
	if (mend_left(m, now_ms))
		return;
	m->doubt = false;
	if (is_well(m)) {
		m->touched = false;
		pace_done(&m->looks, now_ms);
		return;
	}
	put_back(m);
	if (pace_done(&m->backs, now_ms))
		tell_fight(m);
}
