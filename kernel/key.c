// SPDX-License-Identifier: GPL-2.0-only
/* Keys: made, found, changed, wiped. */
#include "key.h"

#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "program.h"
#include "space.h"

/* Of all changes to which keys there are, in any network namespace. */
DEFINE_MUTEX(nft_sysrq_key_mutex);

static atomic64_t last_serial;

/**
 * nft_sysrq_clock_read - both clocks, also where timekeeping hangs
 * @now: where they go
 */
void nft_sysrq_clock_read(struct nft_sysrq_clock *now)
{
	/* In this order: a pause between them must not look like a leap forward. */
	now->real = ktime_get_real_fast_ns();
	now->boot = ktime_get_boot_fast_ns();
}

/**
 * nft_sysrq_key_expired - is a key past its expiry?
 * @key: locked, or looked at once
 * @now: the clocks
 *
 * By the wall clock or by the time since it was set, whichever comes first: a
 * clock that is set back does not prolong a key.
 */
bool nft_sysrq_key_expired(const struct nft_sysrq_key *key,
			   const struct nft_sysrq_clock *now)
{
	return key->set.expires &&
	       (now->real >= (s64)(key->set.expires * NSEC_PER_SEC) ||
		now->boot >= key->expires_boot);
}

static struct hlist_head *name_bucket(const struct nft_sysrq_space *space,
				      const char *name)
{
	u32 hash = jhash(name, strlen(name), 0);

	return &space->by_name[hash & (NFT_SYSRQ_KEY_BUCKETS - 1)];
}

/**
 * nft_sysrq_key_find - look a key up by name
 * @space: of the network namespace; nft_sysrq_key_mutex is held
 * @name: of the key
 */
struct nft_sysrq_key *nft_sysrq_key_find(struct nft_sysrq_space *space,
					 const char *name)
{
	struct nft_sysrq_key *key;

	if (!space->by_name)
		return NULL;
	hlist_for_each_entry(key, name_bucket(space, name), by_name)
		if (!strcmp(key->name, name))
			return key;
	return NULL;
}

static void set_expiry(struct nft_sysrq_key *key, const struct nft_sysrq_clock *now)
{
	key->expires_boot = now->boot + (s64)(key->set.expires * NSEC_PER_SEC) - now->real;
}

/**
 * nft_sysrq_key_create - a key that nobody can find yet
 * @name: checked
 * @material: NFT_SYSRQ_KEY_LEN bytes
 * @set: settings, checked
 * @window: size of its nonce window, checked
 *
 * Sleeps; the random generator must be ready.
 *
 * Return: the key, or NULL without memory.
 */
struct nft_sysrq_key *nft_sysrq_key_create(const char *name, const u8 *material,
					   const struct nft_sysrq_settings *set,
					   u32 window)
{
	struct nft_sysrq_clock now;
	struct nft_sysrq_key *key;
	void *mem;

	key = kzalloc(sizeof(*key), GFP_KERNEL);
	mem = kvmalloc(nft_sysrq_window_bytes(window), GFP_KERNEL);
	if (!key || !mem) {
		kfree(key);
		kvfree(mem);
		return NULL;
	}

	nft_sysrq_clock_read(&now);
	nft_sysrq_mac_derive(&key->secrets, material);
	strscpy(key->name, name, sizeof(key->name));
	key->serial = atomic64_inc_return(&last_serial);
	spin_lock_init(&key->lock);
	do
		key->epoch = (__force __be64)get_random_u64();
	while (!key->epoch);
	key->host_tag = nft_sysrq_mac_host_tag(material, set->identity,
					       strlen(set->identity));
	key->set = *set;
	set_expiry(key, &now);
	nft_sysrq_window_init(&key->window, mem, window, get_random_u32(),
			      (s64)set->tolerance_ms * NSEC_PER_MSEC, &now);
	return key;
}

/**
 * nft_sysrq_key_free - wipe and free a key
 * @key: that nobody can find, or found
 */
void nft_sysrq_key_free(struct nft_sysrq_key *key)
{
	kvfree(key->window.ring);
	kfree_sensitive(key);
}

static void key_free_rcu(struct rcu_head *rcu)
{
	nft_sysrq_key_free(container_of(rcu, struct nft_sysrq_key, rcu));
}

/**
 * nft_sysrq_key_twin - a key in use that has the same material
 * @space: of the network namespace; nft_sysrq_key_mutex is held
 * @key: the material
 */
struct nft_sysrq_key *nft_sysrq_key_twin(struct nft_sysrq_space *space,
					 const struct nft_sysrq_key *key)
{
	struct hlist_head *by_id = rcu_dereference_protected(space->by_id,
		lockdep_is_held(&nft_sysrq_key_mutex));
	struct nft_sysrq_key *other;

	if (!by_id)
		return NULL;
	hlist_for_each_entry(other, nft_sysrq_key_bucket(by_id, key->secrets.key_id),
			     by_id)
		if (!crypto_memneq(other->secrets.admission, key->secrets.admission,
				   sizeof(key->secrets.admission)))
			return other;
	return NULL;
}

static int make_buckets(struct nft_sysrq_space *space)
{
	struct hlist_head *buckets;

	if (space->by_name)
		return 0;
	buckets = kvcalloc(2 * NFT_SYSRQ_KEY_BUCKETS, sizeof(*buckets), GFP_KERNEL);
	if (!buckets)
		return -ENOMEM;
	space->by_name = buckets + NFT_SYSRQ_KEY_BUCKETS;
	rcu_assign_pointer(space->by_id, buckets);
	return 0;
}

/* From here on no request is accepted under the key, nor is one pending. */
static void key_kill(struct nft_sysrq_key *key)
{
	spin_lock_bh(&key->lock);
	key->dead = true;
	spin_unlock_bh(&key->lock);
	nft_sysrq_program_drop(key->serial);
}

/**
 * nft_sysrq_key_insert - put a key in use
 * @space: of the network namespace; nft_sysrq_key_mutex is held
 * @key: new
 * @old: the one of the same name that it replaces, or NULL
 *
 * Return: 0, -ENOMEM, or -ENOSPC if there are NFT_SYSRQ_KEYS_MAX already.
 */
int nft_sysrq_key_insert(struct nft_sysrq_space *space, struct nft_sysrq_key *key,
			 struct nft_sysrq_key *old)
{
	struct hlist_head *by_id;
	int err;

	if (!old && space->keys >= NFT_SYSRQ_KEYS_MAX)
		return -ENOSPC;
	err = make_buckets(space);
	if (err)
		return err;

	by_id = rcu_dereference_protected(space->by_id,
					  lockdep_is_held(&nft_sysrq_key_mutex));
	hlist_add_head_rcu(&key->by_id, nft_sysrq_key_bucket(by_id, key->secrets.key_id));
	hlist_add_head(&key->by_name, name_bucket(space, key->name));
	space->keys++;
	if (old)
		nft_sysrq_key_remove(space, old);
	return 0;
}

/**
 * nft_sysrq_key_adjust - other settings; epoch, window and age stay
 * @key: in use; nft_sysrq_key_mutex is held
 * @set: settings, checked
 * @host_tag: of their identity
 *
 * A pending program that the key would no longer allow is dropped.
 */
void nft_sysrq_key_adjust(struct nft_sysrq_key *key,
			  const struct nft_sysrq_settings *set, __be64 host_tag)
{
	struct nft_sysrq_clock now;

	nft_sysrq_clock_read(&now);
	spin_lock_bh(&key->lock);
	nft_sysrq_window_retune(&key->window, (s64)set->tolerance_ms * NSEC_PER_MSEC, &now);
	if (set->expires != key->set.expires) {
		key->set.expires = set->expires;
		set_expiry(key, &now);
	}
	key->set = *set;
	key->host_tag = host_tag;
	spin_unlock_bh(&key->lock);
	nft_sysrq_program_confine(key->serial, set->letters, set->expires,
				  key->expires_boot);
}

/**
 * nft_sysrq_key_remove - delete a key, and its pending program
 * @space: of the network namespace; nft_sysrq_key_mutex is held
 * @key: in use
 */
void nft_sysrq_key_remove(struct nft_sysrq_space *space, struct nft_sysrq_key *key)
{
	hlist_del_rcu(&key->by_id);
	hlist_del(&key->by_name);
	space->keys--;
	key_kill(key);
	call_rcu(&key->rcu, key_free_rcu);
}
