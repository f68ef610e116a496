// SPDX-License-Identifier: GPL-2.0-only
/* Keys: made, found, put in use, wiped. key_change.c has what happens in between. */
#include "key.h"

#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "event.h"
#include "program.h"
#include "space.h"

/* Of all changes to which keys there are, in any network namespace. */
DEFINE_MUTEX(nft_sysrq_key_mutex);

static atomic64_t last_serial;

/**
 * nft_sysrq_key_set_expiry - note when it expires by CLOCK_BOOTTIME
 * @key: locked, or nobody else's
 * @now: the clocks
 */
void nft_sysrq_key_set_expiry(struct nft_sysrq_key *key, const struct nft_sysrq_clock *now)
{
	key->expires_boot = now->boot + (s64)(key->set.expires * NSEC_PER_SEC) - now->real;
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
 *
 * Return: the current one, or NULL.
 */
struct nft_sysrq_key *nft_sysrq_key_find(struct nft_sysrq_space *space,
					 const char *name)
{
	struct nft_sysrq_key *key;

	if (!space->by_name)
		return NULL;
	hlist_for_each_entry(key, name_bucket(space, name), by_name)
		if (!key->retires && !strcmp(key->name, name))
			return key;
	return NULL;
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
	size_t slots = NFT_SYSRQ_SLOTS * sizeof(struct nft_sysrq_slot);
	size_t bytes = nft_sysrq_window_bytes(window);
	struct nft_sysrq_clock now;
	struct nft_sysrq_key *key;
	void *mem;

	key = kzalloc(sizeof(*key), GFP_KERNEL);
	/* One allocation: with the usual window the slots take room that is there anyhow. */
	mem = kvmalloc(bytes + slots, GFP_KERNEL);
	if (!key || !mem) {
		kfree(key);
		kvfree(mem);
		return NULL;
	}

	nft_sysrq_clock_read(&now);
	nft_sysrq_mac_derive(&key->secrets, material);
	strscpy(key->name, name, sizeof(key->name));
	key->serial = atomic64_inc_return(&last_serial);
	INIT_LIST_HEAD(&key->retiring);
	spin_lock_init(&key->lock);
	do
		key->epoch = (__force __be64)get_random_u64();
	while (!key->epoch);
	key->host_tag = nft_sysrq_mac_host_tag(material, set->identity,
					       strlen(set->identity));
	key->set = *set;
	nft_sysrq_key_set_expiry(key, &now);
	nft_sysrq_window_init(&key->window, mem, window, get_random_u32(),
			      (s64)set->tolerance_ms * NSEC_PER_MSEC, &now);
	key->slots = mem + bytes;
	memset(key->slots, 0, slots);
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

/* Of what is remembered, the one that matters least: a sender may still be at the others. */
static unsigned int least(const struct nft_sysrq_space *space)
{
	const s64 *a, *b = space->gone[0].end;
	unsigned int i, found = 0;

	for (i = 1; i < NFT_SYSRQ_GONE; i++) {
		a = space->gone[i].end;
		if (a[NFT_SYSRQ_MODE_EPOCH] < b[NFT_SYSRQ_MODE_EPOCH] ||
		    (a[NFT_SYSRQ_MODE_EPOCH] == b[NFT_SYSRQ_MODE_EPOCH] &&
		     a[NFT_SYSRQ_MODE_WALL] < b[NFT_SYSRQ_MODE_WALL])) {
			b = a;
			found = i;
		}
	}
	return found;
}

/* A key is gone. What it may have accepted is to stay stale if its material comes again. */
static void remember(struct nft_sysrq_space *space, struct nft_sysrq_key *key)
{
	struct nft_sysrq_clock now;
	s64 end[NFT_SYSRQ_MODES];
	unsigned int i, mode;

	nft_sysrq_clock_read(&now);
	/* Who walks over all keys may still be at this one. */
	spin_lock_bh(&key->lock);
	nft_sysrq_window_end(&key->window, &now, end);
	spin_unlock_bh(&key->lock);
	/* No new epoch has stamps from before it began. */
	if (end[NFT_SYSRQ_MODE_EPOCH] <= now.boot)
		end[NFT_SYSRQ_MODE_EPOCH] = 0;
	if (!end[NFT_SYSRQ_MODE_EPOCH] && !end[NFT_SYSRQ_MODE_WALL])
		return;
	i = space->ngone < NFT_SYSRQ_GONE ? space->ngone++ : least(space);
	for (mode = 0; mode < NFT_SYSRQ_MODES; mode++)
		space->gone_end[mode] = max(space->gone_end[mode], space->gone[i].end[mode]);
	space->gone[i].key_id = key->secrets.key_id;
	memcpy(space->gone[i].end, end, sizeof(end));
}

static void recall(const struct nft_sysrq_space *space, struct nft_sysrq_key *key)
{
	unsigned int i;

	nft_sysrq_window_forbid(&key->window, space->gone_end);
	for (i = 0; i < space->ngone; i++)
		if (space->gone[i].key_id == key->secrets.key_id)
			nft_sysrq_window_forbid(&key->window, space->gone[i].end);
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
 * @overlap: how long @old stays good, s; 0: not at all
 *
 * Return: 0, -ENOMEM, or -ENOSPC if there are NFT_SYSRQ_KEYS_MAX already.
 */
int nft_sysrq_key_insert(struct nft_sysrq_space *space, struct nft_sysrq_key *key,
			 struct nft_sysrq_key *old, u32 overlap)
{
	struct hlist_head *by_id;
	int err;

	if ((!old || overlap) && space->keys >= NFT_SYSRQ_KEYS_MAX)
		return -ENOSPC;
	err = make_buckets(space);
	if (err)
		return err;

	key->space = space;
	recall(space, key);
	by_id = rcu_dereference_protected(space->by_id,
					  lockdep_is_held(&nft_sysrq_key_mutex));
	hlist_add_head_rcu(&key->by_id, nft_sysrq_key_bucket(by_id, key->secrets.key_id));
	hlist_add_head(&key->by_name, name_bucket(space, key->name));
	WRITE_ONCE(space->keys, space->keys + 1);
	nft_sysrq_event_key(key, NFT_SYSRQ_CHANGE_NEW);
	if (old)
		nft_sysrq_key_replace(old, overlap);
	nft_sysrq_key_lead(key);
	return 0;
}

/**
 * nft_sysrq_key_remove - remove a key, and its pending program
 * @key: in use; nft_sysrq_key_mutex is held
 */
void nft_sysrq_key_remove(struct nft_sysrq_key *key)
{
	struct nft_sysrq_space *space = key->space;

	hlist_del_rcu(&key->by_id);
	hlist_del(&key->by_name);
	list_del_init(&key->retiring);
	WRITE_ONCE(space->keys, space->keys - 1);
	key_kill(key);
	remember(space, key);
	nft_sysrq_event_key(key, NFT_SYSRQ_CHANGE_GONE);
	call_rcu(&key->rcu, key_free_rcu);
}
