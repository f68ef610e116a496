// SPDX-License-Identifier: GPL-2.0-only
/* doctor HOST: what the host's answer tells: key, time, clocks, blind requests, pending program. */
#include <stdlib.h>

#include "doctor-way.h"
#include "duration.h"
#include "words.h"

#define ROUNDS		5		/* answers that are timed, the first among them */
#define BLIND_LEAD_MS	3000		/* more, and a sender stops; see exchange.c */

static const struct nft_sysrq_outcome *body(const struct member *m)
{
	return exchange_body(&m->x.reply);
}

/**
 * way_tell_key - the host has it; is it good?
 * @w: the way
 * @m: has answered
 */
void way_tell_key(struct way *w, const struct member *m)
{
	unsigned int status = m->x.reply.flags;

	if (status == NFT_SYSRQ_ST_OK) {
		doctor_tell(w->d, DOCTOR_OK, "key", "%s (%08x) is the host's", m->key, w->key_id);
		return;
	}
	doctor_tell(w->d, status == NFT_SYSRQ_ST_FULL ? DOCTOR_NOTE : DOCTOR_PROBLEM, "key",
		    "%s (%08x) is the host's, but it is refused: %s", m->key, w->key_id,
		    words_status(status));
	if (status == NFT_SYSRQ_ST_EXPIRED)
		doctor_mend(w->d, "sysrqctl key set %s --expires +90d    # on %s", m->key, w->name);
	else if (status == NFT_SYSRQ_ST_FULL)
		doctor_mend(w->d, "sleep 120 && sysrqctl doctor %s", w->args);
	else
		doctor_mend(w->d, "sysrqctl doctor    # on %s", w->name);
}

static int by_size(const void *a, const void *b)
{
	s64 x = *(const s64 *)a, y = *(const s64 *)b;

	return (x > y) - (x < y);
}

/**
 * way_tell_time - there and back, some times
 * @w: the way; its one host is asked again
 * @first: has answered
 */
void way_tell_time(struct way *w, const struct member *first)
{
	s64 rtt[ROUNDS] = { first->x.rtt };
	struct member *kept = malloc(sizeof(*kept));
	unsigned int n = 1, i;

	if (!kept) {
		w->d->failed = true;
		return;
	}
	*kept = *first;
	for (i = 1; i < ROUNDS; i++) {
		if (way_ask(w))
			break;
		if (way_answered(&w->got[0]))
			rtt[n++] = w->got[0].x.rtt;
	}
	qsort(rtt, n, sizeof(*rtt), by_size);
	if (n == i)
		doctor_tell(w->d, DOCTOR_OK, "time", "there and back %.1f ms at least, %.1f ms in the "
			    "middle, of %u", rtt[0] / 1e6, rtt[n / 2] / 1e6, n);
	else
		doctor_tell(w->d, DOCTOR_WARNING, "time", "only %u of %u probes were answered, there and "
			    "back in %.1f ms in the middle; requests are repeated, but that is little "
			    "to rely on", n, i, rtt[n / 2] / 1e6);
	if (n != i)
		doctor_mend(w->d, "ping -c 20 %s", kept->addrs[kept->x.addr]);
	w->got[0] = *kept;
	free(kept);
}

/**
 * way_tell_clock - the host's wall clock against ours
 * @w: the way
 * @m: has answered
 */
void way_tell_clock(struct way *w, const struct member *m)
{
	/* The answer was under way for no more than the whole time there and back. */
	s64 half = m->x.rtt / 2 / NS_PER_MS;
	s64 ahead = -(report_lead_ms(&m->x) - half);
	s64 off = ahead < 0 ? -ahead : ahead;
	s64 known = half > 100 ? half : 100;
	bool wall = !(body(m)->bits & NFT_SYSRQ_B_NO_WALL);
	bool right = w->e.fallback.right;
	char text[32];

	if (off < known) {
		duration_print((known + 99) / 100 * 100, text, sizeof(text));
		doctor_tell(w->d, DOCTOR_OK, "clock", "the host's is ours to %s", text);
		return;
	}
	duration_print((off + 50) / 100 * 100, text, sizeof(text));
	if (off <= BLIND_LEAD_MS) {
		doctor_tell(w->d, DOCTOR_OK, "clock", "the host's is %s %s, which does not matter", text,
			    ahead < 0 ? "behind" : "ahead");
		return;
	}
	doctor_tell(w->d, wall ? DOCTOR_WARNING : DOCTOR_NOTE, "clock", "the host's is %s %s: %s", text,
		    ahead < 0 ? "behind" : "ahead", !wall ?
		    "that matters only to requests by the wall clock, which the key forbids" :
		    off >= NFT_SYSRQ_TOLERANCE_DEF ?
		    "more than the usual tolerance, 60 s; requests by the wall clock are stale" :
		    "requests by the wall clock may be stale, or are given up");
	doctor_mend(w->d, "timedatectl set-ntp true%s%s", right ? "    # on " : "",
		    right ? w->name : "");
}

/* By the wall clock, which is all there is after a restart of the host. */
static void tell_wall(struct way *w, const struct member *m)
{
	const struct host *h = m->host;

	if (body(m)->bits & NFT_SYSRQ_B_NO_WALL) {
		doctor_tell(w->d, DOCTOR_NOTE, "blind", "not by the wall clock, as the key forbids it: "
			    "nothing after a restart of the host");
		doctor_mend(w->d, "sysrqctl key set %s --wall-clock    # on %s, if its clock is kept "
			    "right", m->key, w->name);
	} else if (!w->e.fallback.right) {
		doctor_tell(w->d, DOCTOR_NOTE, "blind", "not by the wall clock, as this machine's is not "
			    "synchronised");
		doctor_mend(w->d, "timedatectl set-ntp true");
	} else if (!h->nidentities) {
		doctor_tell(w->d, DOCTOR_NOTE, "blind", "not by the wall clock, as the name is not known "
			    "that the host's key was set with");
		doctor_mend(w->d, "sysrqctl doctor --identity NAME %s", w->args);
	} else {
		doctor_tell(w->d, DOCTOR_OK, "blind", "by the wall clock, if the host's key was set with "
			    "the identity %s%s%s", h->identities[0], h->nidentities > 1 ? " or " : "",
			    h->nidentities > 1 ? h->identities[1] : "");
	}
}

/**
 * way_tell_blind - could a request be sent when no answer comes?
 * @w: the way
 * @m: has answered
 */
void way_tell_blind(struct way *w, const struct member *m)
{
	char when[64];

	if (m->x.reply.flags != NFT_SYSRQ_ST_OK)
		return;
	when_print(w->heard_s, when, sizeof(when));
	if (w->blind.epoch)
		doctor_tell(w->d, DOCTOR_OK, "blind", "for the boot of the host that answered on %s, which "
			    "is remembered", when);
	else if (w->heard_s)
		doctor_tell(w->d, DOCTOR_NOTE, "blind", "what was remembered, of %s, was of no use any "
			    "more; from now on, for this boot of the host", when);
	else
		doctor_tell(w->d, DOCTOR_NOTE, "blind", "nothing was remembered of the host; from now on, "
			    "for this boot of it");
	tell_wall(w, m);
}

/**
 * way_tell_pending - a program that somebody has sent
 * @w: the way
 * @m: has answered
 */
void way_tell_pending(struct way *w, const struct member *m)
{
	u32 ms = be32_to_cpu(m->x.pending.fires_ms);
	unsigned int fires = be16_to_cpu(body(m)->fires_s);
	u8 next = m->x.pending.nonce ? m->x.pending.next[0].letter : 0;
	char text[32];

	if (m->x.reply.flags != NFT_SYSRQ_ST_OK)
		return;
	if (!m->x.pending.nonce && fires == NFT_SYSRQ_FIRES_NONE) {
		doctor_tell(w->d, DOCTOR_OK, "pending", "nothing");
		return;
	}
	duration_print(m->x.pending.nonce ? ms : fires * 1000LL, text, sizeof(text));
	doctor_tell(w->d, DOCTOR_NOTE, "pending", "a program, whose next command%s%s%s comes in %s; who does "
		    "not want it, stops it", next ? " (" : "", next ? words_letter(next) : "",
		    next ? ")" : "", text);
	doctor_mend(w->d, "sysrqctl cancel %s", w->args);
}
