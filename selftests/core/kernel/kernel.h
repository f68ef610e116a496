/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-ins for what of the kernel the packet path uses above the core, so
 * that its real files build in userspace, for one thread: unit tests and
 * selftests/proof. Locks, RCU and references check how they are used; clocks,
 * memory, randomness and the log are whoever's who includes this.
 *
 * All other headers here only include this one.
 */
#ifndef STAND_IN_KERNEL_H
#define STAND_IN_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "compat/types.h"
#include "lists.h"

#define U16_MAX			UINT16_MAX
#define MSEC_PER_SEC		1000L
#define NSEC_PER_MSEC		1000000L
#define NSEC_PER_SEC		1000000000L
#define BIT_ULL(n)		(1ULL << (n))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), d)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define clamp(v, lo, hi)	((v) < (lo) ? (lo) : (v) > (hi) ? (hi) : (v))
#define static_assert		_Static_assert
#define unlikely(x)		(x)
#define noinline_for_stack
#define __force
#define __rcu
#define __percpu
#ifndef __aligned
#define __aligned(n)		__attribute__((aligned(n)))
#endif

/* ---- Clocks, ns --------------------------------------------------------- */

u64 ktime_get_boot_fast_ns(void);
u64 ktime_get_real_fast_ns(void);
u64 ktime_get_mono_fast_ns(void);

/* ---- Locks: taken once, by who does not have them ------------------------ */

typedef struct {
	int held;
} spinlock_t;

struct mutex {
	int held;
};

struct rcu_head {
	void *unused;
};

extern int stand_in_rcu;

#define DEFINE_SPINLOCK(name)		spinlock_t name
#define DEFINE_MUTEX(name)		struct mutex name
#define spin_lock_init(lock)		((lock)->held = 0)
#define lockdep_is_held(lock)		((lock)->held)
#define rcu_dereference(p)		(assert(stand_in_rcu > 0), (p))
#define rcu_dereference_protected(p, c)	(assert(c), (p))
#define rcu_assign_pointer(p, v)	((p) = (v))

static inline void spin_lock(spinlock_t *lock)
{
	assert(!lock->held);
	lock->held = 1;
}

static inline void spin_unlock(spinlock_t *lock)
{
	assert(lock->held);
	lock->held = 0;
}

#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)

static inline void mutex_lock(struct mutex *lock)
{
	assert(!lock->held);
	lock->held = 1;
}

static inline void mutex_unlock(struct mutex *lock)
{
	assert(lock->held);
	lock->held = 0;
}

static inline void rcu_read_lock(void)
{
	stand_in_rcu++;
}

static inline void rcu_read_unlock(void)
{
	assert(stand_in_rcu > 0);
	stand_in_rcu--;
}

void call_rcu(struct rcu_head *head, void (*fn)(struct rcu_head *head));

/* ---- Numbers ------------------------------------------------------------- */

typedef struct {
	s64 n;
} atomic64_t;

typedef struct {
	int n;
} atomic_t;

struct kref {
	int n;
};

#define atomic64_inc(v)		((void)++(v)->n)
#define atomic64_inc_return(v)	(++(v)->n)
#define atomic64_read(v)	((v)->n)
#define this_cpu_inc(v)		((v)++)

u32 get_random_u32(void);
u64 get_random_u64(void);
u32 jhash(const void *key, u32 len, u32 seed);

/* ---- Memory -------------------------------------------------------------- */

#define GFP_KERNEL	0

void *kzalloc(size_t size, int gfp);
void *kvmalloc(size_t size, int gfp);
void *kvcalloc(size_t n, size_t size, int gfp);
void kfree(const void *p);
void kvfree(const void *p);
void kfree_sensitive(const void *p);

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strlen(from);

	if (len >= size)
		return -E2BIG;
	memcpy(to, from, len + 1);
	return len;
}

static inline unsigned long crypto_memneq(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) != 0;
}

/* ---- The module and its log ---------------------------------------------- */

struct module;

#define THIS_MODULE	((struct module *)0)

extern int stand_in_module;

#define __module_get(m)	((void)(m), stand_in_module++)
#define module_put(m)	((void)(m), assert(stand_in_module > 0), stand_in_module--)

int scnprintf(char *buf, size_t size, const char *fmt, ...);
void pr_notice_ratelimited(const char *fmt, ...);

/* ---- Work that is done later --------------------------------------------- */

struct work_struct {
	void (*fn)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
};

#define DECLARE_DELAYED_WORK(name, f)	struct delayed_work name = { { f } }
#define nsecs_to_jiffies64(ns)		((ns) / 4000000)

void schedule_delayed_work(struct delayed_work *work, unsigned long delay);
void cancel_delayed_work(struct delayed_work *work);
void cancel_delayed_work_sync(struct delayed_work *work);

/* ---- SysRq --------------------------------------------------------------- */

struct sysrq_key_op {
	void		(*handler)(int letter);
	const char	*help_msg;
	const char	*action_msg;
	int		enable_mask;
};

int sysrq_mask(void);
int register_sysrq_key(int letter, const struct sysrq_key_op *op);
int unregister_sysrq_key(int letter, const struct sysrq_key_op *op);

/* compat/compat.h is the kernel's alone. */
#define NFT_SYSRQ_COMPAT_H
#define compat_sysrq_arg	int letter

#endif /* STAND_IN_KERNEL_H */
