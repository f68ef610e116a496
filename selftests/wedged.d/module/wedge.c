// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings a guest's kernel into trouble, as asked by the parameter "state". It never lets go:
 * what has been wedged is rebooted. For tests only.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/console.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

static char *state = "";
module_param(state, charp, 0);
MODULE_PARM_DESC(state, "irqs-off, works, spinning-works, console, no-memory or kill-init");

static unsigned int cpu;
module_param(cpu, uint, 0);
MODULE_PARM_DESC(cpu, "irqs-off: the processor");

static unsigned int count = 1;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "works: how many on each processor");

static unsigned int us = 87;
module_param(us, uint, 0);
MODULE_PARM_DESC(us, "console: microseconds a character; 87 is 115,200 baud");

static unsigned long text;
module_param(text, ulong, 0);
MODULE_PARM_DESC(text, "no-memory: where the code is whose allocations fail");

static unsigned long size;
module_param(size, ulong, 0);
MODULE_PARM_DESC(size, "no-memory: bytes of it");

/* ---- irqs-off: a processor spins with interrupts off ---------------- */

static int spin_deaf(void *unused)
{
	pr_info("processor %u spins with interrupts off\n", smp_processor_id());
	local_irq_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static int wedge_irqs_off(void)
{
	struct task_struct *task;

	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	task = kthread_create_on_cpu(spin_deaf, NULL, cpu, "wedge/%u");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wake_up_process(task);
	return 0;
}

/* ---- works: the workqueue that SysRq s and u need is taken ---------- */

static void block(struct work_struct *work)
{
	for (;;)
		schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
}

/* As a worker that waits for a spinlock that its holder never gives back. */
static void spin(struct work_struct *work)
{
	preempt_disable();
	for (;;)
		cpu_relax();
}

static int wedge_works(work_func_t func, unsigned int per_cpu)
{
	struct work_struct *works;
	unsigned int on, i;

	works = kcalloc(num_possible_cpus() * per_cpu, sizeof(*works), GFP_KERNEL);
	if (!works)
		return -ENOMEM;
	/* The processor that we run on last: nothing else gets it from then on. */
	for_each_online_cpu(on) {
		for (i = 0; i < per_cpu; i++, works++) {
			INIT_WORK(works, func);
			schedule_work_on(on, works);
		}
	}
	pr_info("%u works on each processor\n", per_cpu);
	return 0;
}

/* ---- console: one that takes its time for each character ------------ */

/* What another console loses is not told by this one: so it tells of itself. */
static void write_slowly(struct console *con, const char *s, unsigned int n)
{
	if (strnstr(s, "printk messages dropped", n))
		pr_info_once("the slow console loses lines\n");
	while (n--)
		udelay(us);
}

static struct console slow_console = {
	.name	= "slow",
	.write	= write_slowly,
	.flags	= CON_ENABLED,
	.index	= -1,
};

static int wedge_console(void)
{
	if (us > 1000)
		return -EINVAL;
	pr_info("a console takes %u us a character\n", us);
	register_console(&slow_console);
	return 0;
}

/* ---- no-memory: allocations fail, for some callers only ------------- */

static atomic_t failed;

/* In place of the allocator: NULL. */
static notrace noinline void *give_nothing(void)
{
	return NULL;
}

static struct kprobe callers[] = {
	{ .symbol_name = "emergency_sync" },
	{ .symbol_name = "emergency_remount" },
};

#define CALLER_SIZE	160	/* of each, at most */

static bool within(unsigned long at, unsigned long start, unsigned long length)
{
	return at >= start && at - start < length;
}

static int before_alloc(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long caller = *(unsigned long *)regs->sp;
	int i;

	for (i = 0; i < ARRAY_SIZE(callers); i++)
		if (within(caller, (unsigned long)callers[i].addr, CALLER_SIZE))
			goto fail;
	if (!within(caller, text, size))
		return 0;
fail:
	atomic_inc(&failed);
	regs->ip = (unsigned long)give_nothing;
	return 1;
}
NOKPROBE_SYMBOL(before_alloc);

static int failed_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&failed));
}

static const struct kernel_param_ops failed_ops = { .get = failed_get };

module_param_cb(failed, &failed_ops, NULL, 0444);
MODULE_PARM_DESC(failed, "no-memory: how many allocations have");

/* By their names in 6.1, and from 6.10 on; those that are called outside of headers. */
static struct kprobe allocators[] = {
	{ .symbol_name = "__alloc_skb" },
	{ .symbol_name = "kmalloc_trace" },
	{ .symbol_name = "__kmalloc" },
	{ .symbol_name = "kmem_cache_alloc" },
	{ .symbol_name = "__kmalloc_cache_noprof" },
	{ .symbol_name = "__kmalloc_noprof" },
	{ .symbol_name = "kmem_cache_alloc_noprof" },
};

static int wedge_no_memory(void)
{
	int i, err, found = 0;

	if (!text || !size)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		err = register_kprobe(&callers[i]);
		if (err)
			return err;
		unregister_kprobe(&callers[i]);
		}
	for (i = 0; i < ARRAY_SIZE(allocators); i++) {
		allocators[i].pre_handler = before_alloc;
		err = register_kprobe(&allocators[i]);
		if (err && err != -ENOENT)
			return err;
		found += !err;
	}
	pr_info("%d allocators fail for them\n", found);
	return found >= 3 ? 0 : -ENOENT;
}

/* ---- kill-init: what a fault in the first process leads to ---------- */

static int wedge_kill_init(void)
{
	struct task_struct *init;
	int err = -ESRCH;

	rcu_read_lock();
	init = pid_task(find_vpid(1), PIDTYPE_PID);
	if (init) {
		/* As the kernel does before it sends a signal for a fault. */
		init->signal->flags &= ~SIGNAL_UNKILLABLE;
		err = send_sig(SIGSEGV, init, 1);
	}
	rcu_read_unlock();
	return err;
}

static int __init wedge_init(void)
{
	if (!strcmp(state, "irqs-off"))
		return wedge_irqs_off();
	if (!strcmp(state, "works"))
		return wedge_works(block, count);
	if (!strcmp(state, "spinning-works"))
		return wedge_works(spin, 1);
	if (!strcmp(state, "console"))
		return wedge_console();
	if (!strcmp(state, "no-memory"))
		return wedge_no_memory();
	if (!strcmp(state, "kill-init"))
		return wedge_kill_init();
	pr_err("no state '%s'\n", state);
	return -EINVAL;
}
module_init(wedge_init);

MODULE_DESCRIPTION("Kernels in trouble, for tests");
MODULE_LICENSE("GPL");
