// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes back to a sender, through sysrqctl's exchange: from a host that has the key, and says anything,
 * from one that has another, and from anybody. What is believed has nonce and stamp of a datagram that was
 * sent; all else changes nothing. Whatever is said in the end is text without control characters, and JSON.
 */
#include <ctype.h>
#include <jansson.h>

#include "chance.h"
#include "duration.h"
#include "exchange.h"
#include "fuzz.h"
#include "report.h"

typedef int8_t s8;

#define SENT	256
#define KEYS	3	/* the plan's two, and one of somebody else */

static struct nft_sysrq_secrets secrets[KEYS];

/* The exchange, and all that it has sent. */
struct talk {
	struct member		m;
	struct exchange_plan	plan;
	struct exchange_clock	now;
	struct nft_sysrq_dgram	sent[SENT];
	unsigned int		nsent;
	s64			first;	/* when the request went out first; 0: it has not */
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const u8 material[KEYS][NFT_SYSRQ_KEY_LEN] = { { 1 }, { 2 }, { 3 } };
	unsigned int i;

	(void)argc;
	(void)argv;
	for (i = 0; i < KEYS; i++)
		nft_sysrq_mac_derive(&secrets[i], material[i]);
	return 0;
}

static void begin(struct talk *t, struct in *in)
{
	static const struct host host = { .name = "web1", .port = "9" };
	static const char letters[] = "subtc\0";
	u8 how = in_byte(in), blind = in_byte(in);
	struct exchange_fallback fallback = { 0 };
	unsigned int i;

	memset(t, 0, sizeof(*t));
	chance_begin();
	t->now = (struct exchange_clock){ 5000 * NS_PER_S, 1760000000 * NS_PER_S };
	t->plan.type = NFT_SYSRQ_PROBE + (how & 3) % 3;
	t->plan.secrets = &secrets[0];
	t->plan.other = how & 4 ? &secrets[1] : NULL;
	t->plan.partial = how & 8;
	t->plan.timeout = (how >> 4) * NS_PER_S + 100 * NS_PER_MS;
	t->plan.steps.n = t->plan.type == NFT_SYSRQ_CANCEL ? 0 : in_byte(in) % (NFT_SYSRQ_MAX_STEPS + 1);
	if (t->plan.type == NFT_SYSRQ_RUN && !t->plan.steps.n)
		t->plan.steps.n = 1;
	for (i = 0; i < t->plan.steps.n; i++) {
		t->plan.steps.step[i].letter = letters[in_byte(in) % (sizeof(letters) - 1)];
		t->plan.steps.step[i].wait = i + 1 < t->plan.steps.n ? in_byte(in) : 0;
	}
	fallback.epoch = blind & 1 ? cpu_to_be64(1) : 0;
	fallback.ahead = (s8)blind * NS_PER_S;
	fallback.ntags = blind >> 1 & 3;
	fallback.at_once = blind & 8;
	if (fallback.ntags > EXCHANGE_TAGS)
		fallback.ntags = 0;
	t->m.host = &host;
	t->m.plan = &t->plan;
	t->m.key = "";
	t->m.transport = &transport_udp;
	t->m.naddrs = 1 + (blind >> 4) % EXCHANGE_ADDRS;
	t->m.heard_s = 1750000000;
	exchange_begin(&t->m.x, &t->plan, t->m.naddrs, blind & 16 ? &fallback : NULL, &t->now);
}

/* What goes out is what a host would take, and not too late. */
static void check_sent(struct talk *t, const struct nft_sysrq_dgram *d, unsigned int addr)
{
	unsigned int key = d->key_id == secrets[0].key_id ? 0 : 1;

	must(addr < t->m.naddrs && (!key || t->plan.other));
	must(!nft_sysrq_wire_check(d) && nft_sysrq_wire_meaningful(d) && d->nonce);
	must(nft_sysrq_mac_admits(&secrets[key], NFT_SYSRQ_DIR_REQUEST, d) &&
	     nft_sysrq_mac_holds(&secrets[key], NFT_SYSRQ_DIR_REQUEST, d));
	if (d->type == NFT_SYSRQ_PROBE && !d->nsteps)
		return;
	must(d->type == t->plan.type && d->nsteps <= t->plan.steps.n);
	if (!t->first)
		t->first = t->now.boot;
	must(t->now.boot - t->first < NFT_SYSRQ_TRY_NS);
}

static void send_all(struct talk *t)
{
	struct nft_sysrq_dgram d;
	unsigned int addr, n = 0;

	while (exchange_next(&t->m.x, &d, &addr, &t->now)) {
		must(n++ < 1000);
		check_sent(t, &d, addr);
		t->sent[t->nsent++ % SENT] = d;
	}
	must(t->m.x.state == EXCHANGE_DONE || exchange_due(&t->m.x) > t->now.boot);
}

/* Is it about something that was sent? With its stamp? */
static bool about(const struct talk *t, const struct nft_sysrq_dgram *d, bool stamp)
{
	unsigned int i, n = t->nsent < SENT ? t->nsent : SENT;

	for (i = 0; i < n; i++)
		if (t->sent[i].nonce == d->nonce &&
		    (!stamp || t->sent[i].stamp == exchange_body(d)->stamp))
			return true;
	return false;
}

static void receive(struct talk *t, const struct nft_sysrq_dgram *d, size_t len, unsigned int addr,
		    bool genuine)
{
	struct exchange *x = &t->m.x;
	static struct exchange before;

	before = *x;
	exchange_receive(x, d, len, addr, &t->now);
	if (!genuine || !about(t, d, false)) {
		must(!memcmp(x, &before, sizeof(before)));
		return;
	}
	/* A nonce that is taken may be drawn anew; nothing is believed. */
	if (!about(t, d, true))
		must(x->state == before.state && x->outcome == before.outcome && x->epoch == before.epoch &&
		     x->ahead == before.ahead && x->redrawn <= before.redrawn + 1);
	if (x->outcome == EXCHANGE_ANSWERED && before.outcome != EXCHANGE_ANSWERED)
		must(!memcmp(&x->reply, d, sizeof(*d)));
}

/* From a host that has the key @key, about something that was sent, mostly. */
static void reply(struct talk *t, struct in *in)
{
	u8 how = in_byte(in), which = in_byte(in), key = in_byte(in), epoch;
	struct nft_sysrq_dgram d = { .magic = "SRQ", .version = NFT_SYSRQ_PROTO_VERSION, .spoken = 1 };
	const struct nft_sysrq_dgram *s;
	bool genuine;
	u8 at;

	if (!t->nsent)
		return;
	s = &t->sent[(t->nsent - 1 - which % (t->nsent < SENT ? t->nsent : SENT)) % SENT];
	d.type = s->type | NFT_SYSRQ_REPLY;
	d.flags = in_byte(in) % 12;
	d.nsteps = s->nsteps;
	d.nonce = s->nonce;
	epoch = in_byte(in);
	d.epoch = cpu_to_be64(epoch & 7);
	d.stamp = cpu_to_be64(t->now.boot - (s64)(epoch >> 3) * NS_PER_S * (how & 1 ? 1 : 200));
	if (how & 2)
		in_bytes(in, d.body, sizeof(d.body));
	else
		((struct nft_sysrq_outcome *)d.body)->fires_s = in_byte(in) & 1 ? 0xffff : 7;
	if (!(how & 4))
		((struct nft_sysrq_outcome *)d.body)->stamp = s->stamp;
	if (how & 8) {
		at = in_byte(in) % NFT_SYSRQ_MAC_OFFSET;
		((u8 *)&d)[at] ^= in_byte(in);
	}
	key = !(key & 0xf0) ? key % KEYS : s->key_id == secrets[0].key_id ? 0 : 1;
	if (!(how & 8))
		d.key_id = secrets[key].key_id;
	nft_sysrq_mac_seal(&secrets[key], how & 16 && how & 32 ? NFT_SYSRQ_DIR_REQUEST : NFT_SYSRQ_DIR_REPLY, &d);
	genuine = key < 2 && (!key || t->plan.other) && !(how & 16 && how & 32);
	if (how & 64 && how & 16) {
		at = in_byte(in) % sizeof(d);
		((u8 *)&d)[at] ^= 1 << (in_byte(in) & 7);
		genuine = false;
	}
	receive(t, &d, sizeof(d), how & 128 ? in_byte(in) % t->m.naddrs : t->m.x.addr, genuine);
}

/* From anybody; also what was sent, thrown back. */
static void garbage(struct talk *t, struct in *in)
{
	struct nft_sysrq_dgram d[2] = { 0 };
	u8 len = in_byte(in) % sizeof(d);

	if (in_byte(in) & 1 && t->nsent)
		d[0] = t->sent[(t->nsent - 1) % SENT];
	else
		in_bytes(in, d, len);
	receive(t, d, len, in_byte(in) % t->m.naddrs, false);
}

/* People and programs are told; neither gets anything that a terminal obeys. */
static void tell(struct talk *t)
{
	struct report r = { .unblind = t->m.naddrs % 3 };
	char *line = NULL;
	size_t len = 0, i;
	json_t *o;
	FILE *out;

	out = open_memstream(&line, &len);
	must(out);
	report_name(&t->m, out);
	report_words(&r, &t->m, t->now.real / NS_PER_S, out);
	fputc('\n', out);
	must(!report_json(&r, &t->m, t->now.real / NS_PER_S, out) && !fclose(out));
	for (i = 0; i < len; i++)
		must(line[i] == '\n' || isprint((unsigned char)line[i]));
	o = json_loads(strchr(line, '\n'), JSON_REJECT_DUPLICATES, NULL);
	must(o);
	json_decref(o);
	free(line);
	must(report_status(&t->m) >= 0 && report_status(&t->m) <= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in in = { data, size };
	static struct talk t;
	u8 what, units;

	begin(&t, &in);
	while (in.size && t.m.x.state != EXCHANGE_DONE) {
		send_all(&t);
		what = in_byte(&in);
		if (what < 128) {
			reply(&t, &in);
		} else if (what < 160) {
			garbage(&t, &in);
		} else {
			units = in_byte(&in);
			t.now.boot += units * (what & 1 ? 100 : 5) * NS_PER_MS;
			t.now.real += units * (what & 1 ? 100 : 5) * NS_PER_MS;
			if (what & 2)
				t.now.real += (s8)units * 60 * NS_PER_S;
		}
	}
	if (t.m.x.state != EXCHANGE_DONE)
		exchange_stop(&t.m.x, &t.now);
	must(t.m.x.state == EXCHANGE_DONE);
	tell(&t);
	return 0;
}
