// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft_sysrq: Magic SysRq over the network, for nftables. Starts the parts
 * and, in mirror order, stops them.
 */
#include <linux/module.h>
#include <net/netfilter/nf_tables.h>

#include "event.h"
#include "expr.h"
#include "letters.h"
#include "netlink.h"
#include "pulse.h"
#include "reply.h"
#include "runner.h"
#include "space.h"

static int __init nft_sysrq_module_init(void)
{
	int err;

	nft_sysrq_letters_probe();
	err = nft_sysrq_runner_init();
	if (err)
		return err;
	err = nft_sysrq_pulse_init();
	if (err)
		goto err_pulse;
	err = nft_sysrq_space_init();
	if (err)
		goto err_space;
	err = nft_sysrq_netlink_init();
	if (err)
		goto err_netlink;
	nft_sysrq_event_init();
	err = nft_sysrq_expr_init();
	if (err)
		goto err_expr;
	return 0;

err_expr:
	nft_sysrq_event_exit();
	nft_sysrq_netlink_exit();
err_netlink:
	nft_sysrq_space_exit();
err_space:
	nft_sysrq_pulse_exit();
err_pulse:
	nft_sysrq_runner_exit();
	nft_sysrq_reply_exit();
	return err;
}

static void __exit nft_sysrq_module_exit(void)
{
	nft_sysrq_expr_exit();
	nft_sysrq_event_exit();
	nft_sysrq_netlink_exit();
	nft_sysrq_space_exit();
	nft_sysrq_pulse_exit();
	nft_sysrq_runner_exit();
	nft_sysrq_reply_exit();
}

module_init(nft_sysrq_module_init);
module_exit(nft_sysrq_module_exit);

MODULE_DESCRIPTION("Magic SysRq over the network, for nftables");
MODULE_AUTHOR("The nft-sysrq developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_NFT_EXPR("sysrq");
