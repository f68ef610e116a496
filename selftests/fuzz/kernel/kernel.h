/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as the module's packet path needs, for userspace: forced into each of its files.
 * One CPU, no interrupts; what is scheduled runs when the target says so, and what is freed by RCU, at once.
 */
#ifndef NFT_SYSRQ_FUZZ_KERNEL_H
#define NFT_SYSRQ_FUZZ_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>

#include "compat/types.h"

struct work_struct;

/* What the target tells the module; what it has locked, and has scheduled. */
extern struct fuzz_kernel {
	s64		boot;
	s64		real;
	u64		random;
	int		sysrq;
	int		locked;
	int		reading;
	void		(*work)(struct work_struct *work);
} fuzz_kernel;

void fuzz_log(const char *fmt, ...);

/* The newest kernel there is. */
#define COMPAT_HAVE_HRTIMER_SETUP
#define COMPAT_HAVE_TIMER_DELETE
#define COMPAT_HAVE_SYSRQ_U8

#define __percpu
#define __rcu
#define __force
#define __aligned(n)		__attribute__((aligned(n)))
#define unlikely(x)		(x)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define clamp(x, lo, hi)	min(max(x, lo), hi)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define BIT_ULL(n)		(1ULL << (n))
#define U16_MAX			UINT16_MAX
#define DIV_ROUND_UP(a, b)	(((a) + (b) - 1) / (b))
#define MSEC_PER_SEC		1000L
#define NSEC_PER_MSEC		1000000L
#define NSEC_PER_SEC		1000000000L

/* ---- Time, chance, words -------------------------------------------- */

static inline u64 ktime_get_boot_fast_ns(void)
{
	return fuzz_kernel.boot;
}

static inline u64 ktime_get_real_fast_ns(void)
{
	return fuzz_kernel.real;
}

static inline u64 get_random_u64(void)
{
	fuzz_kernel.random = fuzz_kernel.random * 6364136223846793005ULL + 1442695040888963407ULL;
	return fuzz_kernel.random ^ fuzz_kernel.random >> 29;
}

#define get_random_u32()	((u32)get_random_u64())
#define nsecs_to_jiffies64(ns)	((u64)(ns) / 4000000)
#define scnprintf(text, size, ...)	min((size_t)snprintf(text, size, __VA_ARGS__), (size) - 1)
#define strscpy(to, from, size)	((void)snprintf(to, size, "%s", from))
#define crypto_memneq(a, b, len)	memcmp(a, b, len)
#define pr_notice_ratelimited(...)	fuzz_log(__VA_ARGS__)

static inline u32 jhash(const void *data, size_t len, u32 hash)
{
	const u8 *p = data;

	while (len--)
		hash = hash * 31 + *p++;
	return hash;
}

/* ---- Memory --------------------------------------------------------- */

#define GFP_KERNEL		0
#define kzalloc(size, gfp)	calloc(1, size)
#define kvmalloc(size, gfp)	malloc(size)
#define kvcalloc(n, size, gfp)	calloc(n, size)
#define kfree(p)		free(p)
#define kvfree(p)		free(p)
#define kfree_sensitive(p)	free(p)

/* ---- Locks, counters, work ------------------------------------------ */

typedef struct {
	int	held;
} spinlock_t;

struct mutex {
	int	held;
};

struct kref {
	int	n;
};

typedef struct {
	int	n;
} atomic_t;

typedef struct {
	s64	n;
} atomic64_t;

struct rcu_head {
	int	none;
};

struct work_struct {
	int	none;
};

#define DEFINE_MUTEX(name)	struct mutex name
#define mutex_lock(m)		((void)(m)->held++)
#define mutex_unlock(m)		((void)(m)->held--)
#define lockdep_is_held(m)	1
#define atomic64_inc_return(a)	(++(a)->n)
#define this_cpu_inc(n)		((void)(n)++)

#define spin_lock_init(l)	((void)((l)->held = 0))

static inline void spin_lock_bh(spinlock_t *l)
{
	if (l->held++)
		abort();
	fuzz_kernel.locked++;
}

static inline void spin_unlock_bh(spinlock_t *l)
{
	if (--l->held)
		abort();
	fuzz_kernel.locked--;
}

#define rcu_read_lock()		((void)fuzz_kernel.reading++)
#define rcu_read_unlock()	((void)fuzz_kernel.reading--)
#define rcu_dereference(p)	(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define call_rcu(head, fn)	fn(head)

/* Of the module's works only one is here. */
struct delayed_work {
	void	(*fn)(struct work_struct *work);
};

#define DECLARE_DELAYED_WORK(name, f)	struct delayed_work name = { .fn = (f) }
#define schedule_delayed_work(w, delay)	\
	((void)(delay), (void)(fuzz_kernel.work = (w)->fn))
#define cancel_delayed_work(w)	((void)(w), (void)(fuzz_kernel.work = NULL))
#define cancel_delayed_work_sync(w)	cancel_delayed_work(w)

/* ---- Lists, as for the unit tests ------------------------------------ */

#include "../../core/kernel/lists.h"

/* ---- SysRq ---------------------------------------------------------- */

struct sysrq_key_op {
	void		(*handler)(u8 letter);
	const char	*help_msg;
	const char	*action_msg;
	int		enable_mask;
};

#define sysrq_mask()		(fuzz_kernel.sysrq)
/* Every other letter of which it is not sure has a handler. */
#define register_sysrq_key(letter, op)	((void)(op), (letter) & 1)
#define unregister_sysrq_key(letter, op)	((void)(op))

/* ---- Packets -------------------------------------------------------- */

struct net;
struct net_device;

/* @linear bytes lie at @data, the others behind them belong to fragments. */
struct sk_buff {
	const u8	*data;
	unsigned int	len;
	unsigned int	linear;
	bool		gso;
};

#define NFT_PKTINFO_L4PROTO	1

struct nft_pktinfo {
	struct sk_buff	*skb;
	u8		flags;
	u8		tprot;
	u16		fragoff;
	u16		thoff;
	unsigned int	hook;
};

#define nft_thoff(pkt)		((pkt)->thoff)
#define nft_hook(pkt)		((pkt)->hook)
#define skb_is_gso(skb)		((skb)->gso)
#define skb_headlen(skb)	((skb)->linear)

static inline int skb_copy_bits(const struct sk_buff *skb, unsigned int at, void *to, unsigned int len)
{
	if (at + len > skb->len)
		return -EFAULT;
	memcpy(to, skb->data + at, len);
	return 0;
}

#endif
