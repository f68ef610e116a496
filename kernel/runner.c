// SPDX-License-Identifier: GPL-2.0-only
/*
 * What brings a due step to run. Whoever comes first claims it from
 * program.c; no lock is held while a handler runs, so one that hangs holds up
 * nothing but its own context.
 */
#include "runner.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sysrq.h>
#include <linux/wait.h>

#include "compat/compat.h"
#include "reply.h"
#include "trace.h"

#define NO_CPU	UINT_MAX

static struct runner {
	struct hrtimer		timer;
	struct timer_list	other;
	struct tasklet_struct	tasklet;
	unsigned int		cpu;	/* that timer_fn() runs on, or NO_CPU */
	atomic_t		busy;	/* handlers that have not returned */
} runners[NFT_SYSRQ_PROGRAMS];

static struct task_struct *printer;
static DECLARE_WAIT_QUEUE_HEAD(printer_wait);

static unsigned int next_cpu(unsigned int cpu)
{
	cpu = cpumask_next(cpu, cpu_online_mask);
	return cpu < nr_cpu_ids ? cpu : cpumask_first(cpu_online_mask);
}

/**
 * nft_sysrq_runner_arm - have a slot looked at when its step is due
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1; the lock of programs is held
 * @now: CLOCK_MONOTONIC, ns
 * @when: likewise; past means at once
 */
void nft_sysrq_runner_arm(unsigned int slot, u64 now, u64 when)
{
	u64 left = when > now ? when - now : 0;
	struct runner *r = &runners[slot];
	unsigned int cpu;

	hrtimer_start(&r->timer, ns_to_ktime(when), HRTIMER_MODE_ABS_PINNED_SOFT);

	cpu = next_cpu(raw_smp_processor_id());
	/* While its function runs, perhaps for ever, the hrtimer stays there. */
	if (cpu == READ_ONCE(r->cpu))
		cpu = next_cpu(cpu);
	timer_delete(&r->other);
	r->other.expires = jiffies + nsecs_to_jiffies64(left) + 1;
	add_timer_on(&r->other, cpu);

	if (!left)
		tasklet_schedule(&r->tasklet);
}

/**
 * nft_sysrq_runner_disarm - nothing is due any more
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1; the lock of programs is held
 *
 * What is running already finds nothing to claim.
 */
void nft_sysrq_runner_disarm(unsigned int slot)
{
	hrtimer_try_to_cancel(&runners[slot].timer);
	timer_delete(&runners[slot].other);
}

/**
 * nft_sysrq_runner_busy - has a step of this slot not come back?
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1
 */
bool nft_sysrq_runner_busy(unsigned int slot)
{
	return atomic_read(&runners[slot].busy);
}

/** nft_sysrq_runner_wake - the printer has something to do */
void nft_sysrq_runner_wake(void)
{
	wake_up(&printer_wait);
}

/**
 * nft_sysrq_runner_run - run what is due in a slot
 * @slot: 0..NFT_SYSRQ_PROGRAMS - 1; no lock is held
 * @by: who runs it
 */
void nft_sysrq_runner_run(unsigned int slot, enum nft_sysrq_by by)
{
	int i, letter;

	/* At most all steps of one program and the start of the next. */
	for (i = 0; i < 2 * NFT_SYSRQ_MAX_STEPS; i++) {
		letter = nft_sysrq_program_claim(slot, by);
		if (letter < 0)
			return;
		if (!letter)
			continue;
		trace_nft_sysrq_step(letter, by);
		atomic_inc(&runners[slot].busy);
		handle_sysrq(letter);
		atomic_dec(&runners[slot].busy);
	}
}

static enum hrtimer_restart timer_fn(struct hrtimer *timer)
{
	struct runner *r = container_of(timer, struct runner, timer);

	WRITE_ONCE(r->cpu, raw_smp_processor_id());
	nft_sysrq_runner_run(r - runners, NFT_SYSRQ_BY_TIMER);
	WRITE_ONCE(r->cpu, NO_CPU);
	return HRTIMER_NORESTART;
}

static void other_fn(struct timer_list *timer)
{
	struct runner *r = container_of(timer, struct runner, other);

	nft_sysrq_runner_run(r - runners, NFT_SYSRQ_BY_TIMER);
}

static void tasklet_fn(struct tasklet_struct *tasklet)
{
	struct runner *r = container_of(tasklet, struct runner, tasklet);

	nft_sysrq_runner_run(r - runners, NFT_SYSRQ_BY_TIMER);
}

static bool printer_wanted(void)
{
	unsigned int slot;

	for (slot = 0; slot < NFT_SYSRQ_PROGRAMS; slot++)
		if (nft_sysrq_program_handed(slot))
			return true;
	return kthread_should_stop() || nft_sysrq_reply_used();
}

/* Runs what keeps a console busy, and refills what packets used up. */
static int printer_fn(void *unused)
{
	unsigned int slot;
	bool full;

	while (!kthread_should_stop()) {
		full = nft_sysrq_reply_refill();
		wait_event_interruptible_timeout(printer_wait, printer_wanted(),
						 full ? MAX_SCHEDULE_TIMEOUT : HZ);
		for (slot = 0; slot < NFT_SYSRQ_PROGRAMS; slot++)
			if (nft_sysrq_program_handed(slot))
				nft_sysrq_runner_run(slot, NFT_SYSRQ_BY_PRINTER);
	}
	return 0;
}

/** nft_sysrq_runner_init - timers, tasklets and the printer */
int nft_sysrq_runner_init(void)
{
	struct runner *r;

	for (r = runners; r < runners + NFT_SYSRQ_PROGRAMS; r++) {
		r->cpu = NO_CPU;
		hrtimer_setup(&r->timer, timer_fn, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS_PINNED_SOFT);
		timer_setup(&r->other, other_fn, TIMER_PINNED);
		tasklet_setup(&r->tasklet, tasklet_fn);
	}

	printer = kthread_run(printer_fn, NULL, "nft_sysrq");
	if (IS_ERR(printer))
		return PTR_ERR(printer);
	/* Ahead of all ordinary tasks: they are what may have gone wild. */
	sched_set_fifo_low(printer);
	return 0;
}

/** nft_sysrq_runner_exit - all is quiet when it returns; no program is left */
void nft_sysrq_runner_exit(void)
{
	struct runner *r;

	kthread_stop(printer);
	for (r = runners; r < runners + NFT_SYSRQ_PROGRAMS; r++) {
		hrtimer_cancel(&r->timer);
		timer_delete_sync(&r->other);
		tasklet_kill(&r->tasklet);
	}
}
