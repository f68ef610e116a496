/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels before the newest, made to look like it. What each has is told by
 * compat/probes/, through Kbuild.
 */
#ifndef NFT_SYSRQ_COMPAT_H
#define NFT_SYSRQ_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/timer.h>
#include <net/netfilter/nf_tables.h>

#ifndef COMPAT_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#ifndef COMPAT_HAVE_TIMER_DELETE
#define timer_delete(timer)		del_timer(timer)
#define timer_delete_sync(timer)	del_timer_sync(timer)
#endif

/* Parameters of the callbacks that changed. */
#ifdef COMPAT_HAVE_NFT_DUMP_RESET
#define compat_dump_args	struct sk_buff *skb, const struct nft_expr *expr, bool reset
#else
#define compat_dump_args	struct sk_buff *skb, const struct nft_expr *expr
#endif

#ifdef COMPAT_HAVE_NFT_VALIDATE_DATA
#define compat_validate_args	const struct nft_ctx *ctx, const struct nft_expr *expr, \
				const struct nft_data **data
#else
#define compat_validate_args	const struct nft_ctx *ctx, const struct nft_expr *expr
#endif

#ifdef COMPAT_HAVE_SYSRQ_U8
#define compat_sysrq_arg	u8 letter
#else
#define compat_sysrq_arg	int letter
#endif

#endif /* NFT_SYSRQ_COMPAT_H */
