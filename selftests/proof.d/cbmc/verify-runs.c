// SPDX-License-Identifier: GPL-2.0-only
/*
 * What verify.c lets run, from any 94 bytes, a key in any state, any clocks
 * and whatever others answer: each program and cancel that it hands on has
 * passed every check of docs/protocol.md, in its order; and before the HMAC
 * holds nothing is written, answered or told.
 *
 * The window is what its own proofs say of it: it finds a nonce or not, a stamp
 * is stale or not, there is room or not.
 */
#include "verify-world.h"

/* What the request must be like at the moment when it is handed on. */
static void may_act(const struct nft_sysrq_key *key)
{
	const struct nft_sysrq_dgram *d = the_dgram;
	bool wall = d->flags & NFT_SYSRQ_F_WALL;

	show(key->lock.held, "under the key's lock");
	show(sealed_by == key, "its HMAC holds, with the request keys");
	show(local, "it is for this host");
	show(d->key_id == key->secrets.key_id, "the key is the one that it names");
	show(!only_given || name_fits, "and the rule");
	show(!key->dead && !nft_sysrq_key_retired(key, &looked_at), "the key is in use");
	show(entered && entered_nonce == be32_to_cpu(d->nonce), "its nonce is in the window");
	show(entered_mode == (wall ? NFT_SYSRQ_MODE_WALL : NFT_SYSRQ_MODE_EPOCH), "in its mode");
	show(entered_stamp == (s64)be64_to_cpu(d->stamp), "with its stamp");
	show(!found && fresh, "was not there before, and its stamp is fresh");
	show(wall ? key->set.wall && d->epoch == key->host_tag : d->epoch == key->epoch,
	     "it is of this host and boot");
	show(!nft_sysrq_key_expired(key, &looked_at), "the key has not expired");
	show(nft_sysrq_wire_meaningful(d), "it has a meaning");
}

enum nft_sysrq_status nft_sysrq_program_offer(struct nft_sysrq_offer *offer)
{
	const struct nft_sysrq_dgram *d = the_dgram;
	u32 i = nondet_u32();

	may_act(offer->key);
	show(!handed_on, "once");
	handed_on = true;
	show(d->type == NFT_SYSRQ_RUN, "a run");
	show(offer->steps == d->steps && offer->nsteps == d->nsteps, "all of it");
	show(offer->nonce == be32_to_cpu(d->nonce), "under its nonce");
	assume(i < d->nsteps);
	if (d->steps[i].letter)
		show(nft_sysrq_steps_letters(&d->steps[i], 1) & offer->key->set.letters,
		     "the key allows each letter");
	offer->replaced = nondet_bool();
	offer->token = nondet_u64();
	accepted_token = nondet_bool() ? offer->token : 0;
	return accepted_token ? NFT_SYSRQ_ST_OK : NFT_SYSRQ_ST_OVERTAKEN + nondet_u8() % 3;
}

enum nft_sysrq_status nft_sysrq_program_cancel(const struct nft_sysrq_key *key, s64 order)
{
	may_act(key);
	show(!handed_on, "once");
	handed_on = true;
	show(the_dgram->type == NFT_SYSRQ_CANCEL, "a cancel");
	return nondet_bool() ? NFT_SYSRQ_ST_OK : NFT_SYSRQ_ST_OVERTAKEN + nondet_u8() % 4;
}

void nft_sysrq_program_start(u64 token)
{
	show(token && token == accepted_token, "only what was accepted is started");
	show(!started, "once");
	started = true;
}

int main(void)
{
	bool silent = nondet_bool();
	u32 i = nondet_u32() % NFT_SYSRQ_SLOTS;
	struct nft_sysrq_slot slot;
	struct nft_sysrq_key *k = &key;
	u64 accepted, refused;
	s64 cancelled, last_use;
	int stat;

	any_world();
	slot = slots[i];
	accepted = k->accepted;
	refused = k->refused;
	cancelled = k->cancelled;
	last_use = k->last_use;
	rcu_read_lock();
	stat = nft_sysrq_verify(&space, &packet, &pkt, &bytes,
				only_given ? only : NULL, silent);
	rcu_read_unlock();
	show(stat > 0 && stat < __NFT_SYSRQ_STAT_MAX, "what became of it has a counter");
	show(!k->lock.held && !stand_in_rcu, "no lock is left");
	show(implies(stat == NFT_SYSRQ_STAT_RUN, handed_on && accepted_token),
	     "what is counted as run was accepted");
	show(implies(accepted_token, started), "what was accepted is started");
	show(!(silent && answered), "a silent rule answers nothing");
	show(sealed_by || (slot.answered == slots[i].answered &&
			   slot.told[0] == slots[i].told[0] && accepted == k->accepted &&
			   refused == k->refused && cancelled == k->cancelled &&
			   last_use == k->last_use), "what is not genuine changes nothing");
}
