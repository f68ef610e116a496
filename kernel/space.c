// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each network namespace has of ours, and what concerns all of them: the
 * wall clock being set, the machine being copied.
 */
#include "space.h"

#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "event.h"
#include "key.h"

#define WATCH_PERIOD	(60 * HZ)

static unsigned int space_id __read_mostly;

struct space_slot {
	struct nft_sysrq_space *space;
};

/**
 * nft_sysrq_space_of - what a network namespace has of ours
 * @net: the namespace, alive
 */
struct nft_sysrq_space *nft_sysrq_space_of(struct net *net)
{
	struct space_slot *slot = net_generic(net, space_id);

	return slot->space;
}

static void space_free(struct kref *ref)
{
	struct nft_sysrq_space *space = container_of(ref, struct nft_sysrq_space, ref);

	kvfree(rcu_access_pointer(space->by_id));
	free_percpu(space->stats);
	kfree(space);
}

/**
 * nft_sysrq_space_put - let go of it
 * @space: that the caller holds a reference to; no packet may be using it
 */
void nft_sysrq_space_put(struct nft_sysrq_space *space)
{
	kref_put(&space->ref, space_free);
}

/* Every key of every network namespace; for a reader of RCU. */
typedef void key_fn(struct nft_sysrq_key *key, const struct nft_sysrq_clock *now);

static void walk_keys(key_fn *fn)
{
	struct nft_sysrq_clock now;
	struct nft_sysrq_key *key;
	struct hlist_head *by_id;
	struct net *net;
	int i;

	nft_sysrq_clock_read(&now);
	rcu_read_lock();
	for_each_net_rcu(net) {
		by_id = rcu_dereference(nft_sysrq_space_of(net)->by_id);
		for (i = 0; by_id && i < NFT_SYSRQ_KEY_BUCKETS; i++) {
			hlist_for_each_entry_rcu(key, &by_id[i], by_id) {
				spin_lock_bh(&key->lock);
				fn(key, &now);
				spin_unlock_bh(&key->lock);
			}
		}
	}
	rcu_read_unlock();
}

static void key_watch(struct nft_sysrq_key *key, const struct nft_sysrq_clock *now)
{
	nft_sysrq_window_watch(&key->window, now);
}

/* What the wall clock shows between packets must not be missed. */
static void watch_fn(struct work_struct *work);
static DECLARE_DEFERRABLE_WORK(watch_work, watch_fn);

static void watch_fn(struct work_struct *work)
{
	walk_keys(key_watch);
	schedule_delayed_work(&watch_work, WATCH_PERIOD);
}

static void key_reborn(struct nft_sysrq_key *key, const struct nft_sysrq_clock *now)
{
	u64 epoch = get_random_u64();

	WRITE_ONCE(key->epoch, (__force __be64)(epoch ?: 1));
	nft_sysrq_window_reborn(&key->window, now);
}

/* A copy of this machine must not accept what was sent to the other one. */
static int vmfork(struct notifier_block *nb, unsigned long action, void *data)
{
	walk_keys(key_reborn);
	return NOTIFY_DONE;
}

static struct notifier_block vmfork_nb = { .notifier_call = vmfork };

static int __net_init net_begin(struct net *net)
{
	struct space_slot *slot = net_generic(net, space_id);
	struct nft_sysrq_space *space;

	space = kzalloc(sizeof(*space), GFP_KERNEL);
	if (!space)
		return -ENOMEM;
	space->stats = alloc_percpu(struct nft_sysrq_stats);
	if (!space->stats) {
		kfree(space);
		return -ENOMEM;
	}
	kref_init(&space->ref);
	space->net = net;
	slot->space = space;
	return 0;
}

static void __net_exit net_end(struct net *net)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(net);
	struct nft_sysrq_key *key;
	struct hlist_node *next;
	int i;

	mutex_lock(&nft_sysrq_key_mutex);
	for (i = 0; space->keys && i < NFT_SYSRQ_KEY_BUCKETS; i++)
		hlist_for_each_entry_safe(key, next, &space->by_name[i], by_name)
			nft_sysrq_key_remove(key);
	mutex_unlock(&nft_sysrq_key_mutex);
	nft_sysrq_event_leave(space);
	/* Keys are freed after a grace period, and do not look back. */
	nft_sysrq_space_put(space);
}

static struct pernet_operations space_ops = {
	.init = net_begin,
	.exit = net_end,
	.id = &space_id,
	.size = sizeof(struct space_slot),
};

/** nft_sysrq_space_init - each network namespace gets its space */
int nft_sysrq_space_init(void)
{
	int err = register_pernet_subsys(&space_ops);

	if (err)
		return err;
	register_random_vmfork_notifier(&vmfork_nb);
	schedule_delayed_work(&watch_work, WATCH_PERIOD);
	return 0;
}

/** nft_sysrq_space_exit - all keys are wiped */
void nft_sysrq_space_exit(void)
{
	cancel_delayed_work_sync(&watch_work);
	unregister_random_vmfork_notifier(&vmfork_nb);
	unregister_pernet_subsys(&space_ops);
	nft_sysrq_key_exit();
	rcu_barrier();
}
