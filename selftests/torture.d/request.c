// SPDX-License-Identifier: GPL-2.0-only
/*
 * The datagram: as a genuine sender would make it, changed before it is sealed, sealed as it should be or
 * not, and changed after that.
 */
#include "request.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SECOND		1000000000LL
#define IDENTITY	"torture"

/**
 * request_clock - a clock of this host, ns
 * @clock: CLOCK_BOOTTIME or CLOCK_REALTIME
 */
int64_t request_clock(int clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t))
		fail("no clock");
	return t.tv_sec * SECOND + t.tv_nsec;
}

static uint8_t *shared_bits(void)
{
	int fd = open(GENUINE_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *bits;

	if (fd < 0 || ftruncate(fd, GENUINE_SIZE))
		fail(GENUINE_FILE ": cannot be made");
	bits = mmap(NULL, GENUINE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bits == MAP_FAILED)
		fail(GENUINE_FILE ": cannot be mapped");
	close(fd);
	return bits;
}

/**
 * request_setup - keys that lanes.py gives the host
 * @r: filled in
 * @dice: chooses
 */
void request_setup(struct requester *r, struct dice *dice)
{
	uint8_t material[NFT_SYSRQ_KEY_LEN];
	char text[32];
	int i;

	memset(r, 0, sizeof(*r));
	r->dice = dice;
	r->of_all = shared_bits();
	for (i = 0; i < KEYS; i++) {
		snprintf(text, sizeof(text), "torture %d", i);
		crypto_hash_sha256(material, (const uint8_t *)text, strlen(text));
		nft_sysrq_mac_derive(&r->keys[i].secrets, material);
		r->keys[i].host_tag = nft_sysrq_mac_host_tag(material, IDENTITY, strlen(IDENTITY));
	}
}

static uint32_t genuine_bit(__be32 nonce) { return (nonce * 0x9e3779b9U) >> (32 - GENUINE_BITS); }

/* Whoever answers to that nonce may do so. */
static void note_genuine(struct requester *r, __be32 nonce)
{
	uint32_t bit = genuine_bit(nonce);
	uint8_t mask = (uint8_t)(1 << bit % 8);

	r->genuine[bit / 8] |= mask;
	__atomic_fetch_or(&r->of_all[bit / 8], mask, __ATOMIC_RELAXED);
}

/**
 * request_sent - was there a genuine request of that nonce?
 * @r: the sender
 * @nonce: as on the wire
 */
bool request_sent(const struct requester *r, __be32 nonce)
{
	uint32_t bit = genuine_bit(nonce);

	return r->genuine[bit / 8] >> bit % 8 & 1;
}

/**
 * request_sent_by_any - was there, from any sender of this host?
 * @r: the sender
 * @nonce: as on the wire
 */
bool request_sent_by_any(const struct requester *r, __be32 nonce)
{
	uint32_t bit = genuine_bit(nonce);

	return __atomic_load_n(&r->of_all[bit / 8], __ATOMIC_RELAXED) >> bit % 8 & 1;
}

static void put_steps(struct dice *d, struct nft_sysrq_dgram *g)
{
	static const char letters[] = "0123456789";
	unsigned int i;

	g->nsteps = (__u8)(chance(d, 800) ? 1 + below(d, 3) : 1 + below(d, NFT_SYSRQ_MAX_STEPS));
	for (i = 0; i < g->nsteps; i++) {
		g->steps[i].letter = (__u8)letters[below(d, sizeof(letters) - 1)];
		if (chance(d, 30))
			g->steps[i].letter = 'h';
		if (chance(d, 60))
			g->steps[i].letter = 0;
		/* All others: no key or no kernel.sysrq of lanes.py lets them run. */
		if (chance(d, 20))
			g->steps[i].letter = (__u8)"bcoexgnzZ!"[below(d, 10)];
		if (chance(d, 120))
			g->steps[i].wait = (__u8)(chance(d, 700) ? 1 + below(d, 4) : below(d, 256));
	}
}

static void put_type(struct dice *d, struct nft_sysrq_dgram *g)
{
	uint32_t n = below(d, 100);

	g->type = n < 60 ? NFT_SYSRQ_PROBE : n < 90 ? NFT_SYSRQ_RUN : NFT_SYSRQ_CANCEL;
	if (g->type == NFT_SYSRQ_RUN || (g->type == NFT_SYSRQ_PROBE && chance(d, 500)))
		put_steps(d, g);
	else if (g->type == NFT_SYSRQ_PROBE)
		g->body[0] = (__u8)below(d, 2);
}

/* Fresh, nearly stale, stale or ahead. */
static int64_t stamp(struct dice *d, int64_t now)
{
	switch (below(d, 16)) {
	case 0:
		return now - (int64_t)below(d, 100) * SECOND;
	case 1:
		return now + (int64_t)below(d, 20) * SECOND;
	case 2:
		return now - 3 * SECOND - 5000000 + (int64_t)below(d, 10000000);
	case 3:
		return now + 5 * SECOND - 5000000 + (int64_t)below(d, 10000000);
	default:
		return now - (int64_t)below(d, 2000000000);
	}
}

static void put_time(struct requester *r, const struct key *k, struct nft_sysrq_dgram *g)
{
	struct dice *d = r->dice;
	bool wall = !k->epoch || chance(d, 300);

	g->flags = wall ? NFT_SYSRQ_F_WALL : 0;
	g->epoch = wall ? k->host_tag : k->epoch;
	if (wall && g->type == NFT_SYSRQ_PROBE && chance(d, 300))
		g->epoch = 0;
	if (chance(d, 20))
		g->epoch = r->keys[below(d, KEYS)].epoch;
	g->stamp = htobe64((uint64_t)stamp(d, request_clock(wall ? CLOCK_REALTIME : CLOCK_BOOTTIME)));
}

static void put_nonce(struct requester *r, struct nft_sysrq_dgram *g)
{
	uint8_t other[NFT_SYSRQ_DGRAM_LEN];

	g->nonce = (__be32)roll(r->dice);
	/* Encoded anew, or used for something else. */
	if (chance(r->dice, 60) && pool_take(&r->pool, r->dice, other, sizeof(other)) == sizeof(other))
		memcpy(&g->nonce, other + offsetof(struct nft_sysrq_dgram, nonce), sizeof(g->nonce));
}

/**
 * request_plain - a request that is as it should be
 * @r: the sender
 * @d: filled in, and sealed
 * @key: which
 * @type: enum nft_sysrq_type
 * @letters: to run, or ""
 */
void request_plain(struct requester *r, struct nft_sysrq_dgram *d, unsigned int key, __u8 type,
		   const char *letters)
{
	struct key *k = &r->keys[key];
	bool wall = !k->epoch;
	size_t i;

	memset(d, 0, sizeof(*d));
	memcpy(d->magic, "SRQ", sizeof(d->magic));
	d->version = NFT_SYSRQ_PROTO_VERSION;
	d->type = type;
	d->nsteps = (__u8)strlen(letters);
	for (i = 0; letters[i]; i++)
		d->steps[i].letter = (__u8)letters[i];
	d->key_id = k->secrets.key_id;
	d->nonce = (__be32)roll(r->dice);
	d->flags = wall ? NFT_SYSRQ_F_WALL : 0;
	d->epoch = wall ? 0 : k->epoch;
	d->stamp = htobe64((uint64_t)request_clock(wall ? CLOCK_REALTIME : CLOCK_BOOTTIME));
	nft_sysrq_mac_seal(&k->secrets, NFT_SYSRQ_DIR_REQUEST, d);
	note_genuine(r, d->nonce);
}

/* What a sender with that key would send, all but the tags. */
static void compose(struct requester *r, const struct key *k, struct nft_sysrq_dgram *g)
{
	memset(g, 0, sizeof(*g));
	memcpy(g->magic, "SRQ", sizeof(g->magic));
	g->version = NFT_SYSRQ_PROTO_VERSION;
	g->key_id = k->secrets.key_id;
	put_type(r->dice, g);
	put_time(r, k, g);
	put_nonce(r, g);
	while (chance(r->dice, 300))
		mutate(r->dice, &r->pool, (uint8_t *)g, NFT_SYSRQ_MAC_OFFSET);
}

/* Return: by a key that is the right one, so that it is a request. */
static bool seal(struct requester *r, const struct key *k, struct nft_sysrq_dgram *g)
{
	switch (below(r->dice, 32)) {
	case 0:
		nft_sysrq_mac_seal(&r->keys[below(r->dice, KEYS)].secrets, NFT_SYSRQ_DIR_REQUEST, g);
		return true;
	case 1:
		nft_sysrq_mac_seal(&k->secrets, NFT_SYSRQ_DIR_REPLY, g);
		return false;
	case 2:
		fill(r->dice, g->mac, sizeof(g->mac) + sizeof(g->admission));
		return false;
	case 3:
		/* The admission tag is right, the HMAC is not. */
		nft_sysrq_mac_seal(&k->secrets, NFT_SYSRQ_DIR_REQUEST, g);
		g->mac[below(r->dice, NFT_SYSRQ_MAC_LEN)] ^= (__u8)(1 << below(r->dice, 8));
		compat_sip(&k->secrets.admission[NFT_SYSRQ_DIR_REQUEST], (const uint8_t *)g,
			   NFT_SYSRQ_ADM_OFFSET, g->admission);
		return false;
	default:
		nft_sysrq_mac_seal(&k->secrets, NFT_SYSRQ_DIR_REQUEST, g);
		return true;
	}
}

/**
 * request_make - one more datagram
 * @r: the sender
 * @payload: gets it
 *
 * Return: its length.
 */
size_t request_make(struct requester *r, uint8_t payload[PAYLOAD_LONGEST])
{
	const struct key *k = &r->keys[below(r->dice, KEY_CLEAN)];
	struct nft_sysrq_dgram g;
	size_t len;

	/* One that was sent before is sent again, or has its bytes changed. */
	len = chance(r->dice, 120) ? pool_take(&r->pool, r->dice, payload, PAYLOAD_LONGEST) : 0;
	if (!len) {
		compose(r, k, &g);
		if (seal(r, k, &g)) {
			note_genuine(r, g.nonce);
			pool_keep(&r->pool, (const uint8_t *)&g, sizeof(g));
		}
		len = sizeof(g);
		memcpy(payload, &g, len);
	}
	while (chance(r->dice, 150))
		mutate(r->dice, &r->pool, payload, len);
	if (chance(r->dice, 40))
		len = resize(r->dice, payload, len, PAYLOAD_LONGEST);
	return len;
}

/**
 * request_reply - whose reply is it?
 * @r: the sender
 * @d: a reply
 *
 * Return: the key that sealed it, whose epoch is now known, or NULL.
 */
struct key *request_reply(struct requester *r, const struct nft_sysrq_dgram *d)
{
	struct key *k;

	for (k = r->keys; k < r->keys + KEYS; k++) {
		if (k->secrets.key_id != d->key_id ||
		    !nft_sysrq_mac_admits(&k->secrets, NFT_SYSRQ_DIR_REPLY, d) ||
		    !nft_sysrq_mac_holds(&k->secrets, NFT_SYSRQ_DIR_REPLY, d))
			continue;
		k->epoch = d->epoch;
		return k;
	}
	return NULL;
}
