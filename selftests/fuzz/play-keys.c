// SPDX-License-Identifier: GPL-2.0-only
/* The host of the target "verify": its keys, and what happens to them. */
#include "play.h"

#include "event.h"
#include "letters.h"
#include "program.h"

static struct hlist_head buckets[2 * NFT_SYSRQ_KEY_BUCKETS];
static struct nft_sysrq_stats stats;

static struct nft_sysrq_settings settings_of(u8 how)
{
	struct nft_sysrq_settings set = {
		.letters = how & 1 ? NFT_SYSRQ_LETTERS_ALL : how & 2 ? 1 : nft_sysrq_letters_default(),
		.tolerance_ms = how & 4 ? NFT_SYSRQ_TOLERANCE_MIN : NFT_SYSRQ_TOLERANCE_DEF,
		.wall = !(how & 8),
		.expires = how & 16 ? fuzz_kernel.real / NSEC_PER_SEC + 100 : 0,
		.identity = "web1",
	};

	return set;
}

/* In place of the other one, or beside it. */
static void insert(struct play *p, unsigned int i, u8 how)
{
	struct nft_sysrq_key *old = how & 0x80 ? p->key[!i].k : NULL, *k;
	struct nft_sysrq_settings set = settings_of(how);

	if (p->key[i].k)
		return;
	if (old && old->retires)
		old = NULL;
	k = nft_sysrq_key_create(old ? old->name : i ? "two" : "ops", play_material[i], &set, PLAY_WINDOW);
	must(k && !nft_sysrq_key_twin(&p->space, k));
	p->key[i].k = k;
	p->key[i].epoch = k->epoch;
	p->key[i].tag = k->host_tag;
	must(!nft_sysrq_key_insert(&p->space, k, old, how & 0x20 ? 100 : 0));
}

static void adjust(struct play *p, unsigned int i, u8 how)
{
	struct nft_sysrq_key *k = p->key[i].k;
	struct nft_sysrq_settings set = settings_of(how);

	if (k && !k->retires)
		nft_sysrq_key_adjust(k, &set, k->host_tag);
}

/* As space.c does it when the machine is copied. */
static void reborn(struct play *p, unsigned int i)
{
	struct nft_sysrq_clock now;
	struct nft_sysrq_key *k = p->key[i].k;

	if (!k)
		return;
	nft_sysrq_clock_read(&now);
	k->epoch = get_random_u64() | 1;
	p->key[i].epoch = k->epoch;
	nft_sysrq_window_reborn(&k->window, &now);
}

static void retire(struct play *p, unsigned int i, u8 how)
{
	struct nft_sysrq_key *k = p->key[i].k, *other = p->key[!i].k;

	if (!k)
		return;
	if (!k->retires)
		nft_sysrq_key_overlap(k, how & 0x7f);
	else if (other && !other->retires && !strcmp(k->name, other->name))
		nft_sysrq_key_restore(k, other, how & 0x7f);
}

/*
 * The module is loaded anew, and knows nothing of before; unless the wall clock is behind where it was, as
 * then nobody could know that either.
 */
static void reload(struct play *p, u8 how)
{
	unsigned int i;

	if (fuzz_kernel.real - fuzz_kernel.boot < p->furthest)
		return;
	for (i = 0; i < PLAY_KEYS; i++)
		if (p->key[i].k)
			nft_sysrq_key_remove(p->key[i].k);
	p->space.ngone = 0;
	memset(p->space.gone, 0, sizeof(p->space.gone));
	memset(p->space.gone_end, 0, sizeof(p->space.gone_end));
	insert(p, how >> 6 & 1, how);
}

/** play_time - time has gone by, and the wall clock may have been set */
void play_time(struct play *p)
{
	p->furthest = max(p->furthest, fuzz_kernel.real - fuzz_kernel.boot);
	if (fuzz_kernel.work)
		fuzz_kernel.work(NULL);
}

/** play_change - something changes at the host */
void play_change(struct play *p, struct in *in, u8 what)
{
	unsigned int i = what & 1;
	u8 how = in_byte(in);

	switch (what >> 1) {
	case 0:
		if (p->key[i].k && !p->key[i].k->retires)
			nft_sysrq_key_delete(p->key[i].k);
		break;
	case 1:
	case 2:
		insert(p, i, how);
		break;
	case 3:
	case 4:
		adjust(p, i, how);
		break;
	case 5:
		reborn(p, i);
		break;
	case 6:
		retire(p, i, how);
		break;
	case 7:
		reload(p, how);
		break;
	default:
		p->status = how;
		fuzz_kernel.sysrq = how & 64 ? 1 : how << 1;
	}
}

void nft_sysrq_event_key(const struct nft_sysrq_key *key, enum nft_sysrq_change change)
{
	unsigned int i;

	for (i = 0; i < PLAY_KEYS; i++)
		if (change == NFT_SYSRQ_CHANGE_GONE && play->key[i].k == key)
			play->key[i].k = NULL;
}

void play_begin(struct play *p, struct in *in)
{
	memset(p, 0, sizeof(*p));
	play = p;
	p->space.by_id = buckets;
	p->space.by_name = buckets + NFT_SYSRQ_KEY_BUCKETS;
	p->space.stats = &stats;
	play_time(p);
	insert(p, 0, in_byte(in));
}

void play_end(struct play *p)
{
	unsigned int i;

	for (i = 0; i < PLAY_KEYS; i++)
		if (p->key[i].k)
			nft_sysrq_key_remove(p->key[i].k);
	must(!p->space.keys);
}
