// SPDX-License-Identifier: GPL-2.0-only
/* Keys in use: other settings, newer material and what it replaces. */
#include "key.h"

#include <linux/list.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "event.h"
#include "program.h"
#include "space.h"

/* Replaced, and still good for a while; under nft_sysrq_key_mutex. */
static LIST_HEAD(retiring);

#define RETIRE_LOOK	(60LL * NSEC_PER_SEC)

static void retire_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(retire_work, retire_fn);

/* It stays good for @overlap s from now on; 0: not at all. */
static void key_retire(struct nft_sysrq_key *key, u32 overlap)
{
	struct nft_sysrq_clock now;

	if (!overlap) {
		nft_sysrq_key_remove(key);
		return;
	}
	nft_sysrq_clock_read(&now);
	if (!key->retires) {
		list_add(&key->retiring, &retiring);
		nft_sysrq_event_key(key, NFT_SYSRQ_CHANGE_REPLACED);
	}
	WRITE_ONCE(key->retires, now.boot + (s64)overlap * NSEC_PER_SEC);
	cancel_delayed_work(&retire_work);
	schedule_delayed_work(&retire_work, 0);
}

/**
 * nft_sysrq_key_replace - newer material has a key's name
 * @old: the key; nft_sysrq_key_mutex is held
 * @overlap: how long it stays good, s; 0: not at all
 *
 * Who replaces a key at once wants to be rid of what was replaced before, too.
 */
void nft_sysrq_key_replace(struct nft_sysrq_key *old, u32 overlap)
{
	if (!overlap)
		nft_sysrq_key_overlap(old, 0);
	key_retire(old, overlap);
}

/**
 * nft_sysrq_key_restore - what was replaced is set again
 * @key: replaced, and still good; nft_sysrq_key_mutex is held
 * @old: what has its name now
 * @overlap: how long @old stays good, s; 0: not at all
 *
 * It keeps its epoch and its window: nobody who has it need know.
 */
void nft_sysrq_key_restore(struct nft_sysrq_key *key, struct nft_sysrq_key *old,
			   u32 overlap)
{
	list_del_init(&key->retiring);
	WRITE_ONCE(key->retires, 0);
	nft_sysrq_event_key(key, NFT_SYSRQ_CHANGE_NEW);
	nft_sysrq_key_replace(old, overlap);
}

static void adjust(struct nft_sysrq_key *key, const struct nft_sysrq_settings *set)
{
	struct nft_sysrq_clock now;

	nft_sysrq_clock_read(&now);
	spin_lock_bh(&key->lock);
	nft_sysrq_window_retune(&key->window, (s64)set->tolerance_ms * NSEC_PER_MSEC, &now);
	if (set->expires != key->set.expires) {
		key->set.expires = set->expires;
		nft_sysrq_key_set_expiry(key, &now);
	}
	key->set.letters = set->letters;
	key->set.tolerance_ms = set->tolerance_ms;
	key->set.wall = set->wall;
	spin_unlock_bh(&key->lock);
	nft_sysrq_program_confine(key->serial, set->letters, set->expires,
				  key->expires_boot);
}

/**
 * nft_sysrq_key_lead - what a key has replaced has its settings
 * @key: current; nft_sysrq_key_mutex is held
 *
 * Whatever of it is still good, and but for its identity: who takes a letter
 * from a key takes it from everybody.
 */
void nft_sysrq_key_lead(const struct nft_sysrq_key *key)
{
	struct nft_sysrq_key *old;

	list_for_each_entry(old, &retiring, retiring)
		if (old->space == key->space && !strcmp(old->name, key->name))
			adjust(old, &key->set);
}

/**
 * nft_sysrq_key_adjust - other settings; epoch, window and age stay
 * @key: current; nft_sysrq_key_mutex is held
 * @set: settings, checked
 * @host_tag: of their identity
 *
 * A pending program that the key would no longer allow is dropped.
 */
void nft_sysrq_key_adjust(struct nft_sysrq_key *key,
			  const struct nft_sysrq_settings *set, __be64 host_tag)
{
	spin_lock_bh(&key->lock);
	memcpy(key->set.identity, set->identity, sizeof(key->set.identity));
	key->host_tag = host_tag;
	spin_unlock_bh(&key->lock);
	adjust(key, set);
	nft_sysrq_key_lead(key);
	nft_sysrq_event_key(key, NFT_SYSRQ_CHANGE_SETTINGS);
}

/**
 * nft_sysrq_key_overlap - how long what was replaced stays good
 * @key: what replaced it; nft_sysrq_key_mutex is held
 * @overlap: from now on, s; 0: it is wiped
 *
 * Return: there was anything.
 */
bool nft_sysrq_key_overlap(struct nft_sysrq_key *key, u32 overlap)
{
	struct nft_sysrq_key *old, *next;
	bool any = false;

	list_for_each_entry_safe(old, next, &retiring, retiring) {
		if (old->space != key->space || strcmp(old->name, key->name))
			continue;
		key_retire(old, overlap);
		any = true;
	}
	return any;
}

/**
 * nft_sysrq_key_delete - delete a key, and what it has replaced
 * @key: current; nft_sysrq_key_mutex is held
 */
void nft_sysrq_key_delete(struct nft_sysrq_key *key)
{
	nft_sysrq_key_overlap(key, 0);
	nft_sysrq_key_remove(key);
}

/* Packets look at the time themselves; this wipes. Looks again now and then: jiffies may sleep. */
static void retire_fn(struct work_struct *work)
{
	struct nft_sysrq_key *key, *next;
	struct nft_sysrq_clock now;
	s64 left = RETIRE_LOOK;
	bool any = false;

	mutex_lock(&nft_sysrq_key_mutex);
	nft_sysrq_clock_read(&now);
	list_for_each_entry_safe(key, next, &retiring, retiring) {
		if (nft_sysrq_key_retired(key, &now)) {
			nft_sysrq_key_remove(key);
			continue;
		}
		left = min(left, key->retires - now.boot);
		any = true;
	}
	mutex_unlock(&nft_sysrq_key_mutex);
	if (any)
		schedule_delayed_work(&retire_work, nsecs_to_jiffies64(left) + 1);
}

/** nft_sysrq_key_exit - no key is left */
void nft_sysrq_key_exit(void)
{
	cancel_delayed_work_sync(&retire_work);
}
