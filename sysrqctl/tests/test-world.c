// SPDX-License-Identifier: GPL-2.0-only
#include "test-world.h"

const u8 world_key[NFT_SYSRQ_KEY_LEN] = "0123456789abcdef0123456789abcde";

struct world w;

/* Something to cancel: "s +1m b" of a moment ago. */
void world_pend(void)
{
	static const struct nft_sysrq_step steps[] = { { 's', 133 }, { 'b', 0 } };

	memcpy(w.host.pending, steps, sizeof(steps));
	w.host.pending_n = 2;
	w.host.pending_nonce = 0x1234abcd;
	w.host.pending_since = w.now.boot - S;
}

void world_begin(enum nft_sysrq_type type, const char *commands, s64 timeout)
{
	char buf[64], why[128], *argv[] = { buf };

	memset(&w, 0, sizeof(w));
	w.now.boot = 5000 * S;
	w.now.real = 1900000000 * S;
	w.delay = 20 * MS;
	fake_host_begin(&w.host, world_key, "web1", &w.now);
	nft_sysrq_mac_derive(&w.secrets, world_key);
	w.plan.secrets = &w.secrets;
	w.plan.type = type;
	w.plan.timeout = timeout;
	snprintf(buf, sizeof(buf), "%s", commands);
	if (commands[0])
		check(!steps_parse(&w.plan.steps, 1, argv, NULL, why, sizeof(why)));
}

static void put_on_wire(const struct nft_sysrq_dgram *d, unsigned int addr, bool reply)
{
	check(w.nwire < sizeof(w.wire) / sizeof(w.wire[0]));
	w.wire[w.nwire].due = w.now.boot + w.delay;
	if (w.chaos)
		w.wire[w.nwire].due += rand() % 300 * MS;
	w.wire[w.nwire].addr = addr;
	w.wire[w.nwire].reply = reply;
	w.wire[w.nwire++].d = *d;
}

static bool happens(void)
{
	return (unsigned int)(rand() % 100) < w.chaos;
}

static void send_off(const struct nft_sysrq_dgram *d, unsigned int addr, bool reply)
{
	if (!happens())
		put_on_wire(d, addr, reply);
	if (happens())
		put_on_wire(d, addr, reply);
}

static void note_request(const struct nft_sysrq_dgram *d)
{
	u32 nonce = be32_to_cpu(d->nonce);
	s64 lead;

	w.sent++;
	check(nonce);
	check(nft_sysrq_wire_meaningful(d) && !nft_sysrq_wire_check(d));
	if (!(d->flags & NFT_SYSRQ_F_WALL)) {
		lead = be64_to_cpu(d->stamp) - (w.now.boot - w.host.booted);
		if (lead > w.max_lead)
			w.max_lead = lead;
	}
	if (d->type != w.plan.type || (d->type == NFT_SYSRQ_PROBE && !d->nsteps))
		return;
	if (!w.sent_runs++)
		w.run_nonce[0] = nonce;
	w.run_nonce[1] = nonce;
	w.sent_blind += d->flags & NFT_SYSRQ_F_WALL;
}

static void arrive_at_host(struct nft_sysrq_dgram *d, unsigned int addr)
{
	struct nft_sysrq_dgram reply;
	bool bare = d->type == NFT_SYSRQ_PROBE && !d->nsteps;

	if (w.now.boot < w.deaf_until || w.dead_addrs & 1U << addr || (bare && w.no_probes))
		return;
	if (w.on_request)
		w.on_request(d);
	if (!fake_host_take(&w.host, d, &reply, &w.now) || w.now.boot < w.mute_until)
		return;
	if (w.lose_run_reply && d->type == w.plan.type && !bare) {
		w.lose_run_reply = false;
		return;
	}
	if (w.on_reply)
		w.on_reply(&reply);
	send_off(&reply, addr, true);
}

static void deliver(void)
{
	struct nft_sysrq_dgram d;
	unsigned int i, addr;
	bool reply;

	for (i = 0; i < w.nwire; i++) {
		if (w.wire[i].due > w.now.boot)
			continue;
		d = w.wire[i].d;
		addr = w.wire[i].addr;
		reply = w.wire[i].reply;
		w.wire[i--] = w.wire[--w.nwire];
		if (reply)
			exchange_receive(&w.x, &d, sizeof(d), addr, &w.now);
		else
			arrive_at_host(&d, addr);
	}
}

/* Until done. Return: how long it took. */
s64 world_run(unsigned int naddrs, unsigned int ntags)
{
	struct nft_sysrq_dgram d;
	s64 start = w.now.boot;
	unsigned int addr, steps = 0;

	w.fallback.tags[0] = nft_sysrq_mac_host_tag(world_key, "web1.example.org", 16);
	w.fallback.tags[1] = nft_sysrq_mac_host_tag(world_key, "web1", 4);
	w.fallback.ntags = ntags;
	exchange_begin(&w.x, &w.plan, naddrs, &w.fallback, &w.now);
	while (w.x.state != EXCHANGE_DONE) {
		check(steps++ < 100000);
		deliver();
		while (exchange_next(&w.x, &d, &addr, &w.now)) {
			check(addr < naddrs);
			note_request(&d);
			send_off(&d, addr, false);
		}
		check(w.x.state == EXCHANGE_DONE || exchange_due(&w.x) > w.now.boot);
		w.now.boot += MS;
		w.now.real += MS;
	}
	/* What is still under way arrives, too. */
	for (steps = 0; steps < 2000; steps++) {
		deliver();
		w.now.boot += MS;
		w.now.real += MS;
	}
	/* Unless the host's clock jumped under us, no stamp was ahead of it. */
	check(w.max_lead <= 0 || w.on_request || w.host.restart);
	fake_host_end(&w.host);
	return w.now.boot - start - 2000 * MS;
}

u8 world_status(void)
{
	return w.x.reply.flags;
}
