// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an attacker sends who has no key, as fast as this machine can.
 *
 *	hostile-send ADDRESS KIND COUNT SECONDS [FILE]
 *
 * ADDRESS: IPv4 or IPv6; port 9. KIND: see kinds[]. It ends after COUNT datagrams, after SECONDS, or by SIGTERM,
 * whichever comes first. FILE: recorded datagrams of 94 bytes, one behind the other, for kinds that need them.
 *
 * Output: one line of JSON: how many were sent, how many the system would not send, and what came
 * back: "stale", "full" and "seen" are what a repeated datagram may be told, "page" is the answer to a
 * probe that asks for the pending program, "new" is anything else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/nft_sysrq.h>

#define BATCH		64	/* of one sendmmsg */
#define LONGEST		256	/* of garbage */
#define RECORDS_MAX	1000000
#define TAGS_FROM	12	/* what is before it names the key, and is no secret */

#define fail(...)	(fprintf(stderr, "hostile-send: " __VA_ARGS__), fputc('\n', stderr), exit(1))

enum answer { STALE, FULL, SEEN, PAGE, NEW, ANSWERS };

static const char * const answer_names[ANSWERS] = { "stale", "full", "seen", "page", "new" };

struct storm {
	const struct kind	*kind;
	uint8_t			*records;
	size_t			nrecords;
	size_t			next;	/* record */
	uint64_t		random;
	unsigned long		sent;
	unsigned long		unsent;
	unsigned long		answers[ANSWERS];
	int			fd;
	struct sockaddr_storage	to;
	socklen_t		to_len;
};

struct kind {
	const char	*name;
	bool		records;	/* needs them */
	size_t		(*make)(struct storm *s, uint8_t *to);	/* Return: how long it is */
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	stopped = number;
}

/* xorshift64: every run sends the same. */
static uint64_t draw(struct storm *s)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return s->random;
}

static void fill(struct storm *s, uint8_t *to, size_t size)
{
	uint64_t word;
	size_t at, n;

	for (at = 0; at < size; at += n) {
		word = draw(s);
		n = size - at < sizeof(word) ? size - at : sizeof(word);
		memcpy(to + at, &word, n);
	}
}

static const uint8_t *record(struct storm *s)
{
	return s->records + s->next++ % s->nrecords * NFT_SYSRQ_DGRAM_LEN;
}

/* Any bytes; every second time of a request's length. */
static size_t make_garbage(struct storm *s, uint8_t *to)
{
	size_t size = draw(s) & 1 ? NFT_SYSRQ_DGRAM_LEN : draw(s) % LONGEST;

	fill(s, to, size);
	return size;
}

/* As a request begins, but for a key that is not there. */
static size_t make_stranger(struct storm *s, uint8_t *to)
{
	static const uint8_t head[] = { 'S', 'R', 'Q', NFT_SYSRQ_PROTO_VERSION, NFT_SYSRQ_RUN, 0, 1, 0 };

	fill(s, to, NFT_SYSRQ_DGRAM_LEN);
	memcpy(to, head, sizeof(head));
	return NFT_SYSRQ_DGRAM_LEN;
}

/* The key is there, the tags are guessed. */
static size_t make_forged(struct storm *s, uint8_t *to)
{
	fill(s, to, NFT_SYSRQ_DGRAM_LEN);
	memcpy(to, record(s), TAGS_FROM);
	return NFT_SYSRQ_DGRAM_LEN;
}

/* Genuine but for one bit, of what the tags cover or of the tags. */
static size_t make_changed(struct storm *s, uint8_t *to)
{
	size_t bit = draw(s) % ((NFT_SYSRQ_DGRAM_LEN - TAGS_FROM) * 8);

	memcpy(to, record(s), NFT_SYSRQ_DGRAM_LEN);
	to[TAGS_FROM + bit / 8] ^= (uint8_t)(1 << bit % 8);
	return NFT_SYSRQ_DGRAM_LEN;
}

static size_t make_recorded(struct storm *s, uint8_t *to)
{
	memcpy(to, record(s), NFT_SYSRQ_DGRAM_LEN);
	return NFT_SYSRQ_DGRAM_LEN;
}

static const struct kind kinds[] = {
	{ "garbage", false, make_garbage },
	{ "stranger", false, make_stranger },
	{ "forged", true, make_forged },
	{ "changed", true, make_changed },
	{ "recorded", true, make_recorded },
};

static enum answer classify(const struct nft_sysrq_dgram *d, ssize_t size)
{
	const struct nft_sysrq_outcome *body = (const struct nft_sysrq_outcome *)d->body;

	if (size != sizeof(*d) || memcmp(d->magic, "SRQ", sizeof(d->magic)))
		return NEW;
	if (d->flags == NFT_SYSRQ_ST_STALE)
		return STALE;
	if (d->flags == NFT_SYSRQ_ST_FULL)
		return FULL;
	if (d->type == (NFT_SYSRQ_PROBE | NFT_SYSRQ_REPLY) && !d->nsteps && !d->flags &&
	    body->bits != NFT_SYSRQ_B_SEEN)
		return PAGE;
	return body->bits & NFT_SYSRQ_B_SEEN ? SEEN : NEW;
}

static void listen_in(struct storm *s)
{
	struct nft_sysrq_dgram d;
	ssize_t size;

	while ((size = recv(s->fd, &d, sizeof(d), MSG_DONTWAIT)) >= 0)
		s->answers[classify(&d, size)]++;
}

static void send_batch(struct storm *s, unsigned int n)
{
	static uint8_t data[BATCH][LONGEST];
	struct mmsghdr msgs[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned int i;
	int done;

	for (i = 0; i < n; i++) {
		iov[i].iov_base = data[i];
		iov[i].iov_len = s->kind->make(s, data[i]);
		msgs[i].msg_hdr = (struct msghdr){
			.msg_name = &s->to, .msg_namelen = s->to_len, .msg_iov = &iov[i], .msg_iovlen = 1,
		};
	}
	/* What the system refuses is passed over: it is a flood. */
	for (i = 0; i < n; i += done > 0 ? (unsigned int)done : 1) {
		done = sendmmsg(s->fd, msgs + i, n - i, 0);
		if (done > 0)
			s->sent += (unsigned int)done;
		else
			s->unsent++;
	}
}

static void read_records(struct storm *s, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t room = (size_t)RECORDS_MAX * NFT_SYSRQ_DGRAM_LEN;

	if (!file)
		fail("%s: %s", path, strerror(errno));
	s->records = malloc(room);
	if (!s->records)
		fail("no memory");
	s->nrecords = fread(s->records, NFT_SYSRQ_DGRAM_LEN, RECORDS_MAX, file);
	if (!s->nrecords)
		fail("%s: no datagram in it", path);
	fclose(file);
}

static void open_socket(struct storm *s, const char *address)
{
	struct sockaddr_in6 *to6 = (struct sockaddr_in6 *)&s->to;
	struct sockaddr_in *to = (struct sockaddr_in *)&s->to;

	if (inet_pton(AF_INET, address, &to->sin_addr) == 1) {
		to->sin_family = AF_INET;
		to->sin_port = htons(NFT_SYSRQ_PORT);
		s->to_len = sizeof(*to);
	} else if (inet_pton(AF_INET6, address, &to6->sin6_addr) == 1) {
		to6->sin6_family = AF_INET6;
		to6->sin6_port = htons(NFT_SYSRQ_PORT);
		s->to_len = sizeof(*to6);
	} else {
		fail("'%s' is no address", address);
	}
	s->fd = socket(s->to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		fail("no socket: %s", strerror(errno));
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end)
		fail("'%s' is no number", text);
	return n;
}

static time_t seconds(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		fail("no clock: %s", strerror(errno));
	return t.tv_sec;
}

int main(int argc, char **argv)
{
	static struct storm s = { .random = 0x9e3779b97f4a7c15ULL };
	unsigned long count;
	time_t end;
	size_t i;

	if (argc != 5 && argc != 6)
		fail("usage: hostile-send ADDRESS KIND COUNT SECONDS [FILE]");
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(argv[2], kinds[i].name))
			s.kind = &kinds[i];
	if (!s.kind)
		fail("no kind '%s'", argv[2]);
	if (s.kind->records != (argc == 6))
		fail("kind %s needs %s", s.kind->name, s.kind->records ? "a FILE" : "no FILE");
	count = number(argv[3]);
	end = seconds() + (time_t)number(argv[4]);
	open_socket(&s, argv[1]);
	if (argc == 6)
		read_records(&s, argv[5]);

	signal(SIGTERM, stop);
	while (!stopped && s.sent + s.unsent < count && seconds() < end) {
		i = count - s.sent - s.unsent;
		send_batch(&s, i < BATCH ? (unsigned int)i : BATCH);
		listen_in(&s);
	}
	/* What is still on its way. */
	usleep(200000);
	listen_in(&s);

	printf("{\"sent\": %lu, \"unsent\": %lu", s.sent, s.unsent);
	for (i = 0; i < ANSWERS; i++)
		printf(", \"%s\": %lu", answer_names[i], s.answers[i]);
	puts("}");
	close(s.fd);
	free(s.records);
	return 0;
}
