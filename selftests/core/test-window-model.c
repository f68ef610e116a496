// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nonce window against a model that forgets nothing.
 *
 * Senders keep the rules of docs/protocol.md; their clocks need not be right.
 * An attacker has every datagram they ever made, and delivers any of them at
 * any time, or never. The host's wall clock is set back and forth, the
 * tolerance up and down. No nonce may be accepted twice.
 */
#include "world.h"

#include <inttypes.h>

#include "tap.h"

#define STEPS		1500
#define REQUESTS	STEPS	/* at most one a step */
#define ENCODINGS	8

struct encoding {
	enum nft_sysrq_mode	mode;
	s64			stamp;
};

struct request {
	u32		nonce;
	s64		first;		/* sending, CLOCK_BOOTTIME */
	s64		lead;		/* of its sender's clock over the true time */
	bool		probe;
	bool		by_wall, by_epoch;
	bool		accepted;
	s64		end;		/* in the window until then, by the document */
	bool		died;
	unsigned int	n;
	struct encoding	e[ENCODINGS];
};

struct model {
	struct world	v;
	struct request	r[REQUESTS];
	u32		next;		/* request, and its nonce */
	s64		true_offset;	/* true time - CLOCK_BOOTTIME */
	bool		steps;		/* the host's clock is set now and then */
	u64		random;
	u32		twice, lost, refused, stale, accepted;
};

static u32 draw(struct model *m, u32 below)
{
	/* Marsaglia's xorshift64*. */
	m->random ^= m->random >> 12;
	m->random ^= m->random << 25;
	m->random ^= m->random >> 27;
	return (m->random * 0x2545f4914f6cdd1dULL >> 32) % below;
}

static s64 draw_s(struct model *m, s64 low, s64 high)
{
	return (low + draw(m, high - low + 1)) * SECOND + draw(m, 1000000000);
}

static s64 sender_wall(const struct model *m, const struct request *r)
{
	return m->v.now.boot + m->true_offset + r->lead;
}

/* The sender's rule: both modes only with a clock that does not lead the host's. */
static bool may_mix(const struct model *m, const struct request *r)
{
	return sender_wall(m, r) - m->v.now.real <= NFT_SYSRQ_TOLERANCE_MIN * 1000000LL;
}

static void encode(struct model *m, struct request *r)
{
	enum nft_sysrq_mode mode = draw(m, 2) ? WALL_MODE : EPOCH_MODE;
	struct encoding *e = &r->e[r->n];

	if (r->n == ENCODINGS || m->v.now.boot - r->first > NFT_SYSRQ_TRY_NS)
		return;
	if (mode == WALL_MODE ? r->by_epoch : r->by_wall) {
		/* It has had an answer: what a host answers, it has noted. */
		nft_sysrq_window_watch(&m->v.w, &m->v.now);
		if (!may_mix(m, r))
			return;
	}
	r->by_wall |= mode == WALL_MODE;
	r->by_epoch |= mode == EPOCH_MODE;
	e->mode = mode;
	e->stamp = mode == WALL_MODE ? sender_wall(m, r) :
				       m->v.now.boot - draw(m, 300000000);
	r->n++;
}

static bool live(const struct model *m, const struct request *r)
{
	return r->accepted && m->v.now.boot <= r->end + m->v.w.tolerance;
}

/* Full is right only if that many live ones came one after the other. */
static bool may_be_full(const struct model *m, bool probe)
{
	u32 i, n = 0, probes = 0;
	bool any = false;
	const struct request *r;

	for (i = 0; i < m->next; i++) {
		r = &m->r[i];
		any |= live(m, r);
		n += r->accepted;
		probes += r->accepted && r->probe;
	}
	return any && (n >= m->v.w.size || (probe && probes >= m->v.w.size / 2));
}

static int arrive(struct model *m, struct request *r, const struct encoding *e)
{
	bool hint = nft_sysrq_window_full_hint(&m->v.w, r->probe, &m->v.now);
	int verdict = deliver(&m->v, r->nonce, e->mode, e->stamp, r->probe);

	switch (verdict) {
	case ACCEPTED:
		m->twice += r->accepted;
		m->lost += hint;
		m->accepted++;
		r->accepted = true;
		r->end = m->v.now.boot + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS +
			 m->v.w.tolerance;
		break;
	case SEEN:
		/* Nobody else has its nonce. */
		m->lost += !r->accepted;
		break;
	case FULL:
		m->lost += !may_be_full(m, r->probe);
		m->refused++;
		break;
	default:
		m->stale++;
		break;
	}
	return verdict;
}

static struct request *begin(struct model *m)
{
	struct request *r = &m->r[m->next];

	memset(r, 0, sizeof(*r));
	r->nonce = m->next++ * 0x61c88647;
	r->first = m->v.now.boot;
	r->probe = !draw(m, 3);
	switch (draw(m, 3)) {
	case 0:
		r->lead = draw_s(m, -4000, 4000);
		break;
	case 1:
		r->lead = draw_s(m, -70, 70);
		break;
	}
	return r;
}

/* A good sender is served, at once, unless the window is full. */
static void serve(struct model *m)
{
	struct request *r = begin(m);
	struct encoding *e = &r->e[r->n++];
	int verdict;

	r->lead = draw_s(m, -2, 1);
	e->mode = m->steps || draw(m, 2) ? EPOCH_MODE : WALL_MODE;
	e->stamp = e->mode == WALL_MODE ? sender_wall(m, r) : m->v.now.boot;
	r->by_wall = e->mode == WALL_MODE;
	r->by_epoch = !r->by_wall;
	verdict = arrive(m, r, e);
	if (verdict != ACCEPTED && verdict != FULL)
		m->lost++;
}

static void attack(struct model *m)
{
	u32 i, j;

	for (i = 0; i < m->next; i++)
		for (j = 0; j < m->r[i].n; j++)
			if (m->r[i].accepted || !draw(m, 8))
				arrive(m, &m->r[i], &m->r[i].e[j]);
}

/* What the document says must be known is known. */
static void check_known(struct model *m)
{
	struct request *r;
	u32 i;

	for (i = 0; i < m->next; i++) {
		r = &m->r[i];
		r->died |= r->accepted && !live(m, r);
		if (r->accepted && !r->died)
			m->lost += !nft_sysrq_window_find(&m->v.w, r->nonce);
	}
}

static void step(struct model *m)
{
	static const s64 tolerance_s[] = { 3, 3, 10, 60, 60, 600, 3600 };
	static const s64 jump_s[] = { 1, 60, 170, 1000, 4000 };
	s64 jump;
	u32 i;

	switch (draw(m, 12)) {
	case 0:
	case 1:
		begin(m);
		break;
	case 2:
		serve(m);
		break;
	case 3:
		if (m->steps && !draw(m, 3)) {
			jump = jump_s[draw(m, 5)] * SECOND;
			m->v.now.real += draw(m, 2) ? jump : -jump;
		}
		break;
	case 4:
		if (!draw(m, 6))
			retune(&m->v, tolerance_s[draw(m, 7)]);
		break;
	case 5:
		attack(m);
		break;
	case 6:
		if (!draw(m, 4))
			nft_sysrq_window_watch(&m->v.w, &m->v.now);
		break;
	case 7:
		pass(&m->v, draw_s(m, 0, draw(m, 4) ? 20 : 200));
		if (!draw(m, 50))
			pass(&m->v, draw_s(m, 0, 9000));
		break;
	default:
		pass(&m->v, draw(m, 2000000000));
		break;
	}
	for (i = m->next > 8 ? m->next - 8 : 0; i < m->next; i++)
		if (!draw(m, 2))
			encode(m, &m->r[i]);
	check_known(m);
}

static void run(u64 seed, u32 size, bool steps, struct model *sum)
{
	static struct model m;
	int i;

	memset(&m, 0, sizeof(m));
	m.random = seed * 0x9e3779b97f4a7c15ULL + 1;
	m.steps = steps;
	world_init(&m.v, size, 60, 100000);
	m.true_offset = m.v.now.real - m.v.now.boot;
	for (i = 0; i < STEPS; i++)
		step(&m);
	if (m.twice || m.lost)
		printf("# seed %" PRIu64 ": %u twice, %u lost\n", seed, m.twice, m.lost);
	sum->twice += m.twice;
	sum->lost += m.lost;
	sum->refused += m.refused;
	sum->stale += m.stale;
	sum->accepted += m.accepted;
	world_free(&m.v);
}

int main(int argc, char **argv)
{
	unsigned int seeds = argc > 1 ? atoi(argv[1]) : 40, seed;
	static const u32 sizes[] = { 16, 16, 64, 128 };
	static struct model sum;

	for (seed = 1; seed <= seeds; seed++) {
		run(seed, sizes[seed % 4], true, &sum);
		run(seed, sizes[seed % 4], false, &sum);
	}
	printf("# %u accepted, %u stale, %u full\n", sum.accepted, sum.stale, sum.refused);
	ok_u64(sum.twice, 0, "no request was accepted twice");
	ok_u64(sum.lost, 0, "none was lost, none refused without need");
	ok(sum.accepted > seeds * 50 && sum.refused > seeds && sum.stale > seeds * 50,
	   "all of it happened often enough");
	return done();
}
