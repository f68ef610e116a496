/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of a network namespace.
 *
 * The packet path finds keys under RCU; changes are made under
 * nft_sysrq_key_mutex. A key's own lock orders the requests that it accepts.
 * What each genuine request asks of its key is inline.
 */
#ifndef NFT_SYSRQ_KEY_H
#define NFT_SYSRQ_KEY_H

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/nft_sysrq.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "limit.h"
#include "mac.h"
#include "window.h"

/**
 * struct nft_sysrq_settings - of a key; may change while it is in use
 * @letters: set of allowed letters
 * @tolerance_ms: how old a stamp may be
 * @wall: wall-clock mode is allowed
 * @expires: CLOCK_REALTIME, s; 0 never
 * @identity: this host's name in wall-clock mode
 */
struct nft_sysrq_settings {
	u64	letters;
	u32	tolerance_ms;
	bool	wall;
	u64	expires;
	char	identity[NFT_SYSRQ_IDENTITY_LEN];
};

/**
 * struct nft_sysrq_key - a key
 * @by_id: in the bucket of its key id
 * @by_name: in the bucket of its name
 * @secrets: tags
 * @name: padded with zeroes
 * @space: of its network namespace
 * @retires: CLOCK_BOOTTIME when it is wiped, as newer material has its name,
 *	ns; 0: it is current
 * @retiring: among those that are replaced
 * @serial: of this material, never used again
 * @lock: of all that follows
 * @epoch: of this material, as on the wire
 * @host_tag: of the identity, as on the wire
 * @set: settings
 * @expires_boot: CLOCK_BOOTTIME of the expiry, by the clocks when it was set
 * @window: nonce window
 * @slots: answers to what is stale; behind the window, in the same memory
 * @dead: deleted
 * @cancelled: stamp of its latest cancel, CLOCK_BOOTTIME, ns
 * @last_use: CLOCK_BOOTTIME of the last accepted request, ns; 0 none
 * @accepted: requests
 * @refused: requests, after the HMAC
 * @rcu: frees it
 */
struct nft_sysrq_key {
	struct hlist_node		by_id;
	struct hlist_node		by_name;
	struct nft_sysrq_secrets	secrets;
	char				name[NFT_SYSRQ_NAME_LEN];
	struct nft_sysrq_space		*space;
	s64				retires;
	struct list_head		retiring;
	u64				serial;
	spinlock_t			lock;	/* of all below */
	__be64				epoch;
	__be64				host_tag;
	struct nft_sysrq_settings	set;
	s64				expires_boot;
	struct nft_sysrq_window		window;
	struct nft_sysrq_slot		*slots;
	bool				dead;
	s64				cancelled;
	s64				last_use;
	u64				accepted;
	u64				refused;
	struct rcu_head			rcu;
};

struct nft_sysrq_space;

extern struct mutex nft_sysrq_key_mutex;

/**
 * nft_sysrq_clock_read - both clocks, also where timekeeping hangs
 * @now: where they go
 */
static inline void nft_sysrq_clock_read(struct nft_sysrq_clock *now)
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
static inline bool nft_sysrq_key_expired(const struct nft_sysrq_key *key,
					 const struct nft_sysrq_clock *now)
{
	return key->set.expires &&
	       (now->real >= (s64)(key->set.expires * NSEC_PER_SEC) ||
		now->boot >= key->expires_boot);
}

/**
 * nft_sysrq_key_retired - has newer material taken over for good?
 * @key: any
 * @now: the clocks
 */
static inline bool nft_sysrq_key_retired(const struct nft_sysrq_key *key,
					 const struct nft_sysrq_clock *now)
{
	s64 retires = READ_ONCE(key->retires);

	return retires && now->boot >= retires;
}

void nft_sysrq_key_set_expiry(struct nft_sysrq_key *key,
			      const struct nft_sysrq_clock *now);

struct nft_sysrq_key *nft_sysrq_key_find(struct nft_sysrq_space *space,
					 const char *name);
struct nft_sysrq_key *nft_sysrq_key_create(const char *name, const u8 *material,
					   const struct nft_sysrq_settings *set,
					   u32 window);
struct nft_sysrq_key *nft_sysrq_key_twin(struct nft_sysrq_space *space,
					 const struct nft_sysrq_key *key);
int nft_sysrq_key_insert(struct nft_sysrq_space *space, struct nft_sysrq_key *key,
			 struct nft_sysrq_key *old, u32 overlap);
void nft_sysrq_key_replace(struct nft_sysrq_key *old, u32 overlap);
void nft_sysrq_key_restore(struct nft_sysrq_key *key, struct nft_sysrq_key *old,
			   u32 overlap);
void nft_sysrq_key_adjust(struct nft_sysrq_key *key,
			  const struct nft_sysrq_settings *set, __be64 host_tag);
void nft_sysrq_key_lead(const struct nft_sysrq_key *key);
bool nft_sysrq_key_overlap(struct nft_sysrq_key *key, u32 overlap);
void nft_sysrq_key_delete(struct nft_sysrq_key *key);
void nft_sysrq_key_remove(struct nft_sysrq_key *key);
void nft_sysrq_key_free(struct nft_sysrq_key *key);
void nft_sysrq_key_exit(void);

#endif /* NFT_SYSRQ_KEY_H */
