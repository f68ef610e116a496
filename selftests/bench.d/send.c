// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends datagrams to port 9 of this machine and tells how long that took. Over
 * loopback, sending one takes it through the whole way in: with an emulator
 * that counts instructions as nanoseconds, that is its cost.
 *
 *	bench-send ADDRESS KIND SIZE COUNT WARMUP ROUNDS < KEYS
 *
 * ADDRESS: 127.0.0.1 or ::1. KIND: see kinds[]. SIZE: bytes of payload. WARMUP are sent before anything is
 * measured. KEYS: lines of a test key's material and epoch, in hex.
 * Output: a line a round, "nanoseconds datagrams".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mac.h"

#define KEYS_MAX	64
#define SIZE_MAX_UDP	65507
#define COUNT_MAX	1000000
#define BATCH		64	/* of one sendmmsg */
#define NS		1000000000LL

struct key {
	struct nft_sysrq_secrets	secrets;
	uint8_t				epoch[8];
};

struct load {
	const struct kind	*kind;
	size_t			size;
	unsigned long		count;	/* of a round */
	unsigned long		warmup;
	unsigned long		rounds;
	unsigned int		nkeys;
	struct key		keys[KEYS_MAX];
	uint8_t			*data;	/* distinct datagrams */
	size_t			stride;	/* from one to the next, aligned */
	unsigned long		ndata;
};

struct kind {
	const char	*name;
	void		(*make)(const struct load *l, unsigned long i, uint8_t *to);
	bool		keyed;	/* needs a key */
	bool		once;	/* each datagram is sent once: as many as are sent are made */
	bool		echo;
};

#define fail(...)	(fprintf(stderr, "bench-send: " __VA_ARGS__), fputc('\n', stderr), exit(1))

static int64_t now(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t))
		fail("no clock: %s", strerror(errno));
	return t.tv_sec * NS + t.tv_nsec;
}

/* All that is random is so by a fixed rule: each run sends the same. */
static uint64_t noise(uint64_t i)
{
	i = (i ^ i >> 31) * 0x9e3779b97f4a7c15ULL;
	i = (i ^ i >> 29) * 0xbf58476d1ce4e5b9ULL;
	return i ^ i >> 32;
}

static void fill(uint8_t *to, size_t size, uint64_t seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		to[i] = (uint8_t)noise(seed * SIZE_MAX_UDP + i);
}

static void make_noise(const struct load *l, unsigned long i, uint8_t *to)
{
	fill(to, l->size, i);
	to[0] = 'X';
}

/* What the peer calls a request: letters, sequence number, salt, digest. */
static void make_peers(const struct load *l, unsigned long i, uint8_t *to)
{
	static const char head[] = "s,9999999999,";
	static const char hex[] = "0123456789abcdef";
	size_t n, digest = l->size - 41;

	if (l->size < sizeof(head) + 42)
		fail("a request of the peer's form has %zu bytes at least", sizeof(head) + 42);
	memcpy(to, head, sizeof(head) - 1);
	for (n = sizeof(head) - 1; n < l->size; n++)
		to[n] = hex[noise(i * SIZE_MAX_UDP + n) % 16];
	to[digest] = ',';
}

static const struct key *key_of(const struct load *l, unsigned long i)
{
	return &l->keys[i * l->nkeys / l->ndata];
}

/* A request that wants nothing but its tags. */
static struct nft_sysrq_dgram *head(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = (struct nft_sysrq_dgram *)to;
	const struct key *key = key_of(l, i);

	memset(d, 0, sizeof(*d));
	memcpy(d->magic, "SRQ", sizeof(d->magic));
	d->version = NFT_SYSRQ_PROTO_VERSION;
	d->type = NFT_SYSRQ_PROBE;
	d->key_id = key->secrets.key_id;
	d->nonce = htonl((uint32_t)noise(i + 1));
	memcpy(&d->epoch, key->epoch, sizeof(d->epoch));
	d->stamp = htobe64(now(CLOCK_BOOTTIME));
	return d;
}

static void seal(const struct load *l, unsigned long i, struct nft_sysrq_dgram *d)
{
	nft_sysrq_mac_seal(&key_of(l, i)->secrets, NFT_SYSRQ_DIR_REQUEST, d);
}

static void make_forged(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	fill(d->mac, sizeof(d->mac), i);
	fill(d->admission, sizeof(d->admission), ~i);
}

static void make_unknown(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = (struct nft_sysrq_dgram *)to;

	make_forged(l, i, to);
	d->key_id = (uint32_t)noise(i + 7);
}

static void make_changed(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	seal(l, i, d);
	d->mac[i % sizeof(d->mac)] ^= 1 << i % 8;
}

/* With one tag that is wrong, in its first byte, its last one, or all; the other tag is right. */
enum wrong { FIRST, LAST, ALL };

static void spoil(uint8_t *tag, size_t size, enum wrong wrong)
{
	size_t n;

	for (n = 0; n < size; n++)
		if (wrong == ALL || n == (wrong == FIRST ? 0 : size - 1))
			tag[n] = (uint8_t)~tag[n];
}

static void make_tag(const struct load *l, unsigned long i, uint8_t *to, enum wrong wrong)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	seal(l, i, d);
	spoil(d->admission, sizeof(d->admission), wrong);
}

static void make_mac(const struct load *l, unsigned long i, uint8_t *to, enum wrong wrong)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	seal(l, i, d);
	spoil(d->mac, sizeof(d->mac), wrong);
	compat_sip(&key_of(l, i)->secrets.admission[NFT_SYSRQ_DIR_REQUEST], to,
		   NFT_SYSRQ_ADM_OFFSET, d->admission);
}

#define WRONG(what, which, wrong)						\
static void make_##what##_##which(const struct load *l, unsigned long i,	\
				  uint8_t *to)					\
{										\
	make_##what(l, i, to, wrong);						\
}

WRONG(tag, first, FIRST)
WRONG(tag, last, LAST)
WRONG(tag, all, ALL)
WRONG(mac, first, FIRST)
WRONG(mac, last, LAST)
WRONG(mac, all, ALL)

static void make_probe(const struct load *l, unsigned long i, uint8_t *to)
{
	seal(l, i, head(l, i, to));
}

/* One of each letter's kind, and waits. */
static void make_dry(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	memcpy(d->steps, "s\12u\12b\0", 6);
	d->nsteps = 3;
	seal(l, i, d);
}

/* A program of one step that has no letter: nothing is run. */
static void make_run(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	d->type = NFT_SYSRQ_RUN;
	d->nsteps = 1;
	seal(l, i, d);
}

static void make_cancel(const struct load *l, unsigned long i, uint8_t *to)
{
	struct nft_sysrq_dgram *d = head(l, i, to);

	d->type = NFT_SYSRQ_CANCEL;
	seal(l, i, d);
}

static void make_echo(const struct load *l, unsigned long i, uint8_t *to)
{
	struct icmphdr *icmp = (struct icmphdr *)to;
	uint32_t sum = 0;
	size_t n;

	memset(to, 0, l->size);
	icmp->type = ICMP_ECHO;
	icmp->un.echo.sequence = htons((uint16_t)i);
	for (n = 0; n + 1 < l->size; n += 2)
		sum += to[n] << 8 | to[n + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	icmp->checksum = htons((uint16_t)~sum);
}

static const struct kind kinds[] = {
	{ "noise", make_noise, false, false, false },
	{ "peers", make_peers, false, false, false },
	{ "unknown", make_unknown, true, false, false },
	{ "forged", make_forged, true, false, false },
	{ "changed", make_changed, true, false, false },
	{ "tag-first", make_tag_first, true, false, false },
	{ "tag-last", make_tag_last, true, false, false },
	{ "tag-all", make_tag_all, true, false, false },
	{ "mac-first", make_mac_first, true, false, false },
	{ "mac-last", make_mac_last, true, false, false },
	{ "mac-all", make_mac_all, true, false, false },
	{ "probe", make_probe, true, true, false },
	{ "dry", make_dry, true, true, false },
	{ "run", make_run, true, true, false },
	{ "cancel", make_cancel, true, true, false },
	/* The one datagram again and again: make, and once, see datagrams(). */
	{ "replay", make_probe, true, false, false },
	{ "echo", make_echo, false, false, true },
};

static unsigned long number(const char *text, unsigned long max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > max)
		fail("'%s' is no number from 0 to %lu", text, max);
	return n;
}

static void unhex(const char *text, uint8_t *to, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (sscanf(text + 2 * i, "%2" SCNx8, &to[i]) != 1)
			fail("'%s' is not %zu bytes in hex", text, size);
}

static void read_keys(struct load *l)
{
	uint8_t material[NFT_SYSRQ_KEY_LEN];
	char hex[65], epoch[17];

	while (scanf("%64s %16s", hex, epoch) == 2) {
		if (l->nkeys == KEYS_MAX)
			fail("more than %d keys", KEYS_MAX);
		unhex(hex, material, sizeof(material));
		unhex(epoch, l->keys[l->nkeys].epoch, sizeof(l->keys->epoch));
		nft_sysrq_mac_derive(&l->keys[l->nkeys++].secrets, material);
	}
	if (l->kind->keyed && !l->nkeys)
		fail("kind %s needs a key", l->kind->name);
}

static void make_all(struct load *l)
{
	unsigned long i;

	if (l->kind->keyed && l->size != NFT_SYSRQ_DGRAM_LEN)
		fail("kind %s has %d bytes", l->kind->name, NFT_SYSRQ_DGRAM_LEN);
	l->ndata = l->kind->once ? l->warmup + l->count * l->rounds : BATCH;
	if (!strcmp(l->kind->name, "replay"))
		l->ndata = 1;
	l->stride = (l->size + 7) & ~(size_t)7;
	l->data = malloc(l->ndata * l->stride);
	if (!l->data)
		fail("no memory for %lu datagrams", l->ndata);
	for (i = 0; i < l->ndata; i++)
		l->kind->make(l, i, l->data + i * l->stride);
}

static int open_socket(const struct load *l, const char *address)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(NFT_SYSRQ_PORT) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(NFT_SYSRQ_PORT) };
	int fd, err;

	if (inet_pton(AF_INET6, address, &to6.sin6_addr) == 1) {
		fd = socket(AF_INET6, SOCK_DGRAM, 0);
		err = fd < 0 || connect(fd, (struct sockaddr *)&to6, sizeof(to6));
	} else if (inet_pton(AF_INET, address, &to.sin_addr) == 1) {
		fd = l->kind->echo ? socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) :
				     socket(AF_INET, SOCK_DGRAM, 0);
		err = fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to));
	} else {
		fail("'%s' is no address", address);
	}
	if (err)
		fail("no socket to %s: %s", address, strerror(errno));
	return fd;
}

/* So many from number @first on, round and round. */
static int64_t blast(const struct load *l, int fd, unsigned long first, unsigned long count)
{
	struct mmsghdr msgs[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned long i, n, done;
	int64_t took = 0, start;
	int sent;

	for (done = 0; done < count; done += n) {
		n = count - done < BATCH ? count - done : BATCH;
		for (i = 0; i < n; i++) {
			iov[i].iov_base = l->data + (first + done + i) % l->ndata * l->stride;
			iov[i].iov_len = l->size;
			msgs[i].msg_hdr.msg_iov = &iov[i];
			msgs[i].msg_hdr.msg_iovlen = 1;
		}
		start = now(CLOCK_MONOTONIC_RAW);
		sent = sendmmsg(fd, msgs, (unsigned int)n, 0);
		took += now(CLOCK_MONOTONIC_RAW) - start;
		if (sent != (int)n)
			fail("sent %d of %lu datagrams: %s", sent, n, strerror(errno));
	}
	return took;
}

int main(int argc, char **argv)
{
	static struct load l;
	unsigned long i;
	int fd;

	if (argc != 7)
		fail("usage: bench-send ADDRESS KIND SIZE COUNT WARMUP ROUNDS < KEYS");
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(argv[2], kinds[i].name))
			l.kind = &kinds[i];
	if (!l.kind)
		fail("no kind '%s'", argv[2]);
	l.size = number(argv[3], SIZE_MAX_UDP);
	l.count = number(argv[4], COUNT_MAX);
	l.warmup = number(argv[5], COUNT_MAX);
	l.rounds = number(argv[6], 1000);
	if (l.kind->keyed)
		read_keys(&l);
	make_all(&l);

	fd = open_socket(&l, argv[1]);
	blast(&l, fd, 0, l.warmup);
	for (i = 0; i < l.rounds; i++)
		printf("%" PRId64 " %lu\n", blast(&l, fd, l.warmup + i * l.count, l.count), l.count);
	close(fd);
	free(l.data);
	return 0;
}
