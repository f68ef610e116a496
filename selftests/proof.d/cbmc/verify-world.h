/* SPDX-License-Identifier: GPL-2.0-only */
/* All that verify.c meets, as unknown as can be, and what is noted of it. */
#ifndef VERIFY_WORLD_H
#define VERIFY_WORLD_H

#include "kernel.h"

#include "cbmc.h"
#include "mac.h"

/* Inline; the unknown ones below take their place. */
#define nft_sysrq_mac_holds	any_holds
#define nft_sysrq_window_find	any_find
#define nft_sysrq_window_stale	any_stale
#define nft_sysrq_window_watch	any_watch
#define nft_sysrq_window_full_hint	any_full_hint
struct nft_sysrq_seen *any_find(struct nft_sysrq_window *w, u32 nonce);
int any_stale(const struct nft_sysrq_window *w, enum nft_sysrq_mode mode, s64 stamp,
	      const struct nft_sysrq_clock *now);
bool any_holds(const struct nft_sysrq_secrets *s, enum nft_sysrq_dir dir,
	       const struct nft_sysrq_dgram *d);
bool any_full_hint(const struct nft_sysrq_window *w, bool probe,
		   const struct nft_sysrq_clock *now);
void any_watch(struct nft_sysrq_window *w, const struct nft_sysrq_clock *now);

#include "key.c"
#include "letters.c"
#include "verify.c"
#include "wire.c"

struct nft_sysrq_bytes nondet_bytes(void);
struct only {
	char name[NFT_SYSRQ_NAME_LEN];
} nondet_only(void);

static struct nft_sysrq_space space;
static struct nft_sysrq_key key;
static struct nft_sysrq_slot slots[NFT_SYSRQ_SLOTS];
static struct hlist_head buckets[NFT_SYSRQ_KEY_BUCKETS];
static struct nft_sysrq_stats stats;
static struct nft_sysrq_bytes bytes;
static struct nft_sysrq_packet packet;
static struct sk_buff skb;
static struct nft_pktinfo pkt = { .skb = &skb };
static char only[NFT_SYSRQ_NAME_LEN];
static bool only_given, name_fits;
static const struct nft_sysrq_dgram *the_dgram;

static const struct nft_sysrq_key *sealed_by;	/* whose HMAC holds */
static bool local, found, fresh, entered, handed_on, started, answered;
static u32 entered_nonce;
static enum nft_sysrq_mode entered_mode;
static s64 entered_stamp;
static u64 accepted_token;
static struct nft_sysrq_clock looked_at;	/* the packet's time */
static struct nft_sysrq_seen one_seen;

int stand_in_rcu, stand_in_module;

/* Field by field: what is never looked at stays zero, for the solver's sake. */
static void any_key(void)
{
	key.space = &space;
	key.secrets.key_id = nondet_u32();
	*(struct only *)key.name = nondet_only();
	key.retires = nondet_s64();
	key.serial = nondet_u64();
	key.epoch = nondet_u64();
	key.host_tag = nondet_u64();
	key.set.letters = nondet_u64() & NFT_SYSRQ_LETTERS_ALL;
	key.set.wall = nondet_bool();
	key.set.expires = any_between(0, REAL_END / NSEC_PER_SEC - 1);
	key.expires_boot = any_between(-REAL_END, REAL_END);
	key.dead = nondet_bool();
	key.cancelled = nondet_s64();
	key.last_use = nondet_s64();
	key.accepted = nondet_u64();
	key.refused = nondet_u64();
}

static void any_world(void)
{
	bytes = nondet_bytes();
	/* Ids are only compared with each other. */
	bytes.payload.d.key_id = 0;
	the_dgram = &bytes.payload.d;
	any_key();
	__CPROVER_havoc_object(slots);
	key.slots = slots;
	buckets[0].first = nondet_bool() ? &key.by_id : NULL;
	space.by_id = nondet_bool() ? buckets : NULL;
	space.stats = &stats;
	*(struct only *)only = nondet_only();
	only_given = nondet_bool();
	handled = nondet_u64();
	__CPROVER_havoc_object(mask_of);
}

/* ---- The clocks, the packet, the kernel ---------------------------------- */

u64 ktime_get_boot_fast_ns(void)
{
	looked_at.boot = any_between(0, BOOT_END);
	return looked_at.boot;
}

u64 ktime_get_real_fast_ns(void)
{
	looked_at.real = any_between(0, REAL_END);
	return looked_at.real;
}

int sysrq_mask(void)
{
	return nondet_int();
}

int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *from,
			  struct nft_sysrq_bytes *b)
{
	return nondet_bool() ? 0 : NFT_SYSRQ_STAT_ADDRESS;
}

bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p)
{
	show(sealed_by, "no route is looked up before the HMAC holds");
	local = nondet_bool();
	return local;
}

/* ---- The tags ------------------------------------------------------------ */

int crypto_shorthash_siphash24(unsigned char *out, const unsigned char *in,
			       unsigned long long len, const unsigned char *k)
{
	show(in == (const unsigned char *)the_dgram && len == NFT_SYSRQ_ADM_OFFSET,
	     "the admission tag is of all before it");
	return 0;
}

int sodium_memcmp(const void *a, const void *b, size_t len)
{
	return nondet_bool();
}

bool nft_sysrq_mac_holds(const struct nft_sysrq_secrets *s, enum nft_sysrq_dir dir,
			 const struct nft_sysrq_dgram *d)
{
	show(s == &key.secrets, "the key's own");
	show(dir == NFT_SYSRQ_DIR_REQUEST && d == the_dgram, "it is checked as a request");
	if (nondet_bool())
		return false;
	sealed_by = &key;
	name_fits = !memcmp(key.name, only, NFT_SYSRQ_NAME_LEN);
	return true;
}

/* ---- The window ---------------------------------------------------------- */

struct nft_sysrq_seen *nft_sysrq_window_find(struct nft_sysrq_window *w, u32 nonce)
{
	show(nonce == be32_to_cpu(the_dgram->nonce), "its own nonce is looked up");
	found = nondet_bool();
	one_seen.outcome = nondet_u32();
	one_seen.answered = nondet_u32();
	one_seen.latest = nondet_s64();
	one_seen.stamp = nondet_s64();
	return found ? &one_seen : NULL;
}

int nft_sysrq_window_stale(const struct nft_sysrq_window *w, enum nft_sysrq_mode mode,
			   s64 stamp, const struct nft_sysrq_clock *now)
{
	show(stamp == (s64)be64_to_cpu(the_dgram->stamp), "its own stamp is judged");
	fresh = nondet_bool();
	/* As window-stale.c shows. */
	if (fresh)
		assume(stamp <= BOOT_END + REAL_END && stamp >= -BOOT_END);
	return fresh ? 0 : NFT_SYSRQ_STAT_STALE_OLD;
}

bool nft_sysrq_window_full_hint(const struct nft_sysrq_window *w, bool probe,
				const struct nft_sysrq_clock *now)
{
	return nondet_bool();
}

void nft_sysrq_window_watch(struct nft_sysrq_window *w, const struct nft_sysrq_clock *now)
{
	show(sealed_by, "no clock is noted before the HMAC holds");
}

struct nft_sysrq_seen *nft_sysrq_window_commit(struct nft_sysrq_window *w, u32 nonce,
					       enum nft_sysrq_mode mode, s64 stamp,
					       bool probe, const struct nft_sysrq_clock *now)
{
	show(sealed_by && sealed_by->lock.held, "nothing is entered before the HMAC holds");
	show(probe == (the_dgram->type == NFT_SYSRQ_PROBE), "a probe as a probe");
	if (nondet_bool())
		return NULL;
	entered = true;
	entered_nonce = nonce;
	entered_mode = mode;
	entered_stamp = stamp;
	return &one_seen;
}

/* ---- What comes of it ---------------------------------------------------- */

int nft_sysrq_answer(const struct request *r, const struct outcome *o,
		     const struct nft_sysrq_packet *p)
{
	show(sealed_by == r->key && local, "nobody else is answered");
	show(!started, "the answer comes before the program");
	show(!answered, "once");
	answered = true;
	return nondet_bool() ? 0 : -ENOMEM;
}

void nft_sysrq_answer_log(const struct request *r, const struct nft_sysrq_packet *p)
{
	show(handed_on, "nothing else is logged");
}

void nft_sysrq_event_request(const struct request *r, const struct outcome *o,
			     const struct nft_sysrq_packet *p)
{
	show(sealed_by == r->key && local, "nobody is told of anything else");
}

void nft_sysrq_program_kick(u64 serial)
{
	show(sealed_by && local, "only what is genuine gives a late step a push");
}

#endif /* VERIFY_WORLD_H */
