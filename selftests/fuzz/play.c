// SPDX-License-Identifier: GPL-2.0-only
/* The host of the target "verify": its packets, and what must hold of each. */
#include "play.h"

#include "answer.h"
#include "event.h"
#include "letters.h"
#include "packet.h"
#include "program.h"
#include "reply.h"
#include "verify.h"
#include "wire.h"

#define HEAD	8

struct fuzz_kernel fuzz_kernel;
struct play *play;

const u8 play_material[PLAY_KEYS][NFT_SYSRQ_KEY_LEN] = { { 1 }, { 2 } };
static struct nft_sysrq_secrets secrets[PLAY_KEYS];

/* An input has many: how many there were. */
static unsigned long long datagrams;

static void tell(void)
{
	dprintf(2, "of them: %llu datagrams through verify\n", datagrams);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	unsigned int i;

	atexit(tell);
	(void)argc;
	(void)argv;
	for (i = 0; i < PLAY_KEYS; i++)
		nft_sysrq_mac_derive(&secrets[i], play_material[i]);
	nft_sysrq_letters_probe();
	return 0;
}

/* ---- Senders -------------------------------------------------------- */

/** play_seal - what follows is genuine, unless there were too many: false */
bool play_seal(struct play *p, unsigned int key, struct nft_sysrq_dgram *d)
{
	unsigned int i;

	d->key_id = secrets[key].key_id;
	nft_sysrq_mac_seal(&secrets[key], NFT_SYSRQ_DIR_REQUEST, d);
	/* The same again is the same. */
	for (i = 0; i < p->nsent; i++)
		if (fuzz_same(&p->sent[i].d, d, sizeof(*d)))
			return true;
	if (p->nsent == PLAY_SENT)
		return false;
	p->sent[p->nsent++] = (struct sent){ .d = *d, .key = key };
	return true;
}

/** play_admit - a datagram with the right admission tag, which nobody without the key can make */
void play_admit(struct nft_sysrq_dgram *d)
{
	unsigned int i;

	for (i = 0; i < PLAY_KEYS; i++)
		if (secrets[i].key_id == d->key_id)
			compat_sip(&secrets[i].admission[NFT_SYSRQ_DIR_REQUEST], (const u8 *)d,
				   NFT_SYSRQ_ADM_OFFSET, d->admission);
}

static struct sent *find_sent(struct play *p, const struct nft_sysrq_dgram *d)
{
	unsigned int i;

	for (i = 0; i < p->nsent; i++)
		if (fuzz_same(&p->sent[i].d, d, sizeof(*d)))
			return p->key[p->sent[i].key].k ? &p->sent[i] : NULL;
	return NULL;
}

/* ---- Packets -------------------------------------------------------- */

/* All that a key has, for comparison. */
static size_t snapshot(const struct play *p, u8 *to)
{
	size_t len = 0, bytes = nft_sysrq_window_bytes(PLAY_WINDOW);
	unsigned int i;

	for (i = 0; i < PLAY_KEYS; i++) {
		if (!p->key[i].k)
			continue;
		memcpy(to + len, p->key[i].k, sizeof(*p->key[i].k));
		memcpy(to + len + sizeof(*p->key[i].k), p->key[i].k->window.ring, bytes);
		len += sizeof(*p->key[i].k) + bytes;
	}
	return len;
}

static void check_outcome(struct play *p, struct sent *s, int stat)
{
	bool accepted = stat == NFT_SYSRQ_STAT_RUN || stat == NFT_SYSRQ_STAT_PROBE ||
			stat == NFT_SYSRQ_STAT_CANCEL;

	must(stat > NFT_SYSRQ_STAT_UNSPEC && stat <= NFT_SYSRQ_STAT_CANCEL);
	must(p->now.offered <= 1 && p->now.answered <= 1);
	must(stat != NFT_SYSRQ_STAT_RUN || p->now.offered);
	if (!s) {
		/* By no tag of ours: nothing has come of it. */
		must(stat <= NFT_SYSRQ_STAT_MAC && !p->now.offered && !p->now.answered);
		return;
	}
	if (!accepted)
		return;
	must(!s->done && p->local && nft_sysrq_wire_meaningful(&s->d));
	must(p->now.answered || p->now.silent);
	s->done = true;
}

/**
 * play_packet - a packet comes
 * @bytes: the transport's header, and what is behind it
 * @len: of @bytes
 * @how: it comes
 *
 * Return: the enum nft_sysrq_stat that says what became of it.
 */
int play_packet(struct play *p, const u8 *bytes, size_t len, u8 how)
{
	static u8 before[8192], after[sizeof(before)];
	u8 *data = malloc(len ? len : 1);
	struct sk_buff skb = {
		.data = data, .len = len, .linear = how & 1 ? len / 2 : len, .gso = (how & 0xc0) == 0xc0,
	};
	struct nft_pktinfo pkt = {
		.skb = &skb, .flags = (how & 0xe0) != 0xa0, .tprot = how & 2 ? IPPROTO_ICMP : IPPROTO_UDP,
		.hook = how & 4 ? NF_INET_INGRESS : NF_INET_LOCAL_IN,
	};
	struct nft_sysrq_packet packet;
	struct nft_sysrq_bytes b;
	struct sent *s = NULL;
	size_t had;
	int stat;

	memcpy(data, bytes, len);
	p->local = (how & 0xe0) != 0x60;
	p->now.silent = how & 8;
	p->now.offered = p->now.answered = 0;
	stat = nft_sysrq_packet_copy(&pkt, &b);
	free(data);
	if (stat)
		return stat;
	must(len >= HEAD + NFT_SYSRQ_DGRAM_LEN);
	p->now.d = &b.payload.d;
	p->now.genuine = s = find_sent(p, &b.payload.d);
	had = snapshot(p, before);
	datagrams++;
	rcu_read_lock();
	stat = nft_sysrq_verify(&p->space, &packet, &pkt, &b,
				how & 16 ? "ops\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" : NULL,
				p->now.silent);
	rcu_read_unlock();
	check_outcome(p, s, stat);
	must(s || (snapshot(p, after) == had && fuzz_same(before, after, had)));
	return stat;
}

/** play_send - a datagram comes, as play_packet() */
int play_send(struct play *p, const struct nft_sysrq_dgram *d, u8 how)
{
	u8 bytes[HEAD + sizeof(*d)] = { 0 };

	memcpy(bytes + HEAD, d, sizeof(*d));
	return play_packet(p, bytes, sizeof(bytes), how);
}

bool nft_sysrq_packet_echo(const struct nft_pktinfo *pkt)
{
	return pkt->tprot == IPPROTO_ICMP;
}

int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			  struct nft_sysrq_bytes *b)
{
	*p = (struct nft_sysrq_packet){ .pkt = pkt, .v4 = pkt->tprot == IPPROTO_UDP };
	return 0;
}

bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p)
{
	must(play->now.genuine);
	return play->local;
}

/* ---- What the module's other parts are asked ------------------------ */

static void check_body(const struct nft_sysrq_dgram *d)
{
	const struct nft_sysrq_outcome *o = (const void *)d->body;

	if (d->flags == NFT_SYSRQ_ST_STALE)
		must(!o->mask && !o->reasons[0] && !o->reasons[1] && !o->reasons[2] && !o->bits &&
		     o->fires_s == cpu_to_be16(NFT_SYSRQ_FIRES_NONE));
}

int nft_sysrq_reply_send(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d)
{
	const struct nft_sysrq_secrets *s;

	must(play->now.genuine && !play->now.silent && !fuzz_kernel.locked);
	s = &secrets[play->now.genuine->key];
	must(d->nonce == play->now.d->nonce && d->key_id == s->key_id && d->nsteps == play->now.d->nsteps);
	must(d->type == (play->now.d->type | NFT_SYSRQ_REPLY) && d->version == NFT_SYSRQ_PROTO_VERSION);
	must(nft_sysrq_mac_admits(s, NFT_SYSRQ_DIR_REPLY, d) && nft_sysrq_mac_holds(s, NFT_SYSRQ_DIR_REPLY, d));
	must(!nft_sysrq_mac_admits(s, NFT_SYSRQ_DIR_REQUEST, d) &&
	     !nft_sysrq_mac_holds(s, NFT_SYSRQ_DIR_REQUEST, d));
	check_body(d);
	play->now.answered++;
	return 0;
}

enum nft_sysrq_status nft_sysrq_program_offer(struct nft_sysrq_offer *offer)
{
	static const enum nft_sysrq_status status[] = {
		NFT_SYSRQ_ST_OK, NFT_SYSRQ_ST_OK, NFT_SYSRQ_ST_OK, NFT_SYSRQ_ST_OK, NFT_SYSRQ_ST_OK,
		NFT_SYSRQ_ST_OVERTAKEN, NFT_SYSRQ_ST_OTHERS, NFT_SYSRQ_ST_BUSY,
	};

	must(play->now.genuine && play->now.d->type == NFT_SYSRQ_RUN && offer->key->lock.held == 1);
	must(offer->nsteps && offer->nsteps <= NFT_SYSRQ_MAX_STEPS);
	must(!(nft_sysrq_steps_letters(offer->steps, offer->nsteps) & ~offer->key->set.letters));
	play->now.offered++;
	offer->token = 1;
	offer->replaced = play->status & 8;
	return status[play->status & 7];
}

enum nft_sysrq_status nft_sysrq_program_cancel(const struct nft_sysrq_key *key, s64 order)
{
	static const enum nft_sysrq_status status[] = {
		NFT_SYSRQ_ST_OK, NFT_SYSRQ_ST_NOTHING, NFT_SYSRQ_ST_OVERTAKEN, NFT_SYSRQ_ST_OTHERS,
	};

	must(play->now.genuine && play->now.d->type == NFT_SYSRQ_CANCEL && key->lock.held == 1);
	return status[play->status & 3];
}

void nft_sysrq_program_start(u64 token)
{
	must(token == 1 && play->now.offered && !fuzz_kernel.locked);
}

void nft_sysrq_program_kick(u64 serial)
{
	must(serial && play->now.genuine);
}

void nft_sysrq_program_confine(u64 serial, u64 letters, u64 expires, s64 expires_boot)
{
	must(serial);
}

void nft_sysrq_program_pending(struct nft_sysrq_pending_info *info)
{
	memset(info, 0, sizeof(*info));
	info->nsteps = play->status >> 4 & 3;
	info->fires_ms = info->nsteps ? 1280000 : 0;
}

void nft_sysrq_event_request(const struct request *r, const struct outcome *o,
			     const struct nft_sysrq_packet *p)
{
	must(play->now.genuine);
}

void fuzz_log(const char *fmt, ...)
{
	must(fmt && play->now.genuine);
}
