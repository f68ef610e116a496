// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pulse on each processor, once a second, so that packets come in where
 * nobody would take them in any more:
 *
 * - In older kernels (6.1 is one), once ksoftirqd is awake it alone runs what
 *   packets come in by, and what has the processor may keep it from running.
 *   At the end of an interrupt all is run nevertheless if a tasklet is among
 *   it. So the pulse, an interrupt, schedules one.
 * - A processor that spins with interrupts off leaves its queues of the card
 *   alone. The pulse of the one before it sees that, and polls them.
 */
#include "pulse.h"

#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/sched/isolation.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

#include "compat/compat.h"

#define PERIOD	NSEC_PER_SEC
#define MISSED	5	/* beats, after which a processor is dead */

/**
 * struct pulse - of one processor
 * @timer: beats
 * @tasklet: is what it schedules
 * @beats: how many; 0: it has no pulse
 * @next: the processor that it looks at
 * @seen: that one's @beats when it last did
 * @missed: its own beats since those have changed
 */
struct pulse {
	struct hrtimer		timer;
	struct tasklet_struct	tasklet;
	u32			beats;
	unsigned int		next;
	u32			seen;
	unsigned int		missed;
};

static DEFINE_PER_CPU(struct pulse, pulses);
static enum cpuhp_state hotplug;

/*
 * Each looks at the next one that has a pulse: that is cheap, and nobody's
 * death goes unseen. A panic takes those that it stops out of the online ones.
 * Beats are counted, not time: after a virtual machine was paused, or a
 * processor of it was, no clock tells who is alive.
 */
static bool next_is_dead(struct pulse *p)
{
	unsigned int me = raw_smp_processor_id(), cpu = me;
	u32 beats;

	do {
		cpu = cpumask_next(cpu, cpu_possible_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_possible_mask);
		beats = READ_ONCE(per_cpu(pulses, cpu).beats);
	} while (!beats && cpu != me);
	if (cpu != p->next || beats != p->seen) {
		p->next = cpu;
		p->seen = beats;
		p->missed = 0;
	} else if (p->missed < MISSED) {
		p->missed++;
	}
	return cpu != me && p->missed == MISSED;
}

/*
 * As if each queue's interrupt had come, but here. A queue that a processor
 * died with in its hands stays that one's.
 */
static void poll_all(void)
{
	struct napi_struct *napi;
	struct net_device *dev;
	struct net *net;

	rcu_read_lock();
	for_each_net_rcu(net)
		for_each_netdev_rcu(net, dev)
			list_for_each_entry_rcu(napi, &dev->napi_list, dev_list)
				napi_schedule(napi);
	rcu_read_unlock();
}

static void tasklet_fn(struct tasklet_struct *tasklet)
{
	struct pulse *p = container_of(tasklet, struct pulse, tasklet);

	/* Never 0. */
	WRITE_ONCE(p->beats, (p->beats + 1) | 1);
	if (next_is_dead(p))
		poll_all();
}

static enum hrtimer_restart beat_fn(struct hrtimer *timer)
{
	struct pulse *p = container_of(timer, struct pulse, timer);

	tasklet_schedule(&p->tasklet);
	hrtimer_forward(timer, ns_to_ktime(ktime_get_mono_fast_ns()), ns_to_ktime(PERIOD));
	return HRTIMER_RESTART;
}

/* On the processor itself. One that is kept free of the kernel's noise has no pulse. */
static int online(unsigned int cpu)
{
	struct pulse *p = &per_cpu(pulses, cpu);

	if (!housekeeping_cpu(cpu, HK_TYPE_TIMER))
		return 0;
	WRITE_ONCE(p->beats, 1);
	hrtimer_start(&p->timer, ns_to_ktime(PERIOD), HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static int offline(unsigned int cpu)
{
	struct pulse *p = &per_cpu(pulses, cpu);

	hrtimer_cancel(&p->timer);
	tasklet_kill(&p->tasklet);
	WRITE_ONCE(p->beats, 0);
	return 0;
}

/** nft_sysrq_pulse_init - each processor has its pulse */
int nft_sysrq_pulse_init(void)
{
	unsigned int cpu;
	int state;

	for_each_possible_cpu(cpu) {
		hrtimer_setup(&per_cpu(pulses, cpu).timer, beat_fn, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
		tasklet_setup(&per_cpu(pulses, cpu).tasklet, tasklet_fn);
	}
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "nft_sysrq:online", online, offline);
	if (state < 0)
		return state;
	hotplug = state;
	return 0;
}

/** nft_sysrq_pulse_exit - no processor has one any more */
void nft_sysrq_pulse_exit(void)
{
	cpuhp_remove_state(hotplug);
}
