// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams through the module's own verify.c, with its keys, window and answers, over kernel/kernel.h.
 * The input is a play: its first bytes say how the host is, and then each byte what happens, with what is
 * needed for that behind it. What may be genuine is known from what was sealed here, not from any tag.
 */
#include "play.h"

static void begin(struct play *p, struct in *in)
{
	fuzz_kernel = (struct fuzz_kernel){
		.boot = 5000 * NSEC_PER_SEC, .real = 1760000000 * NSEC_PER_SEC, .random = 1,
		.sysrq = in_byte(in),
	};
	play_begin(p, in);
}

/* Bytes of anybody's, of any length. */
static void raw(struct play *p, struct in *in)
{
	u8 bytes[8 + NFT_SYSRQ_DGRAM_LEN + 8] = { 0 };
	size_t len = in_byte(in) % (sizeof(bytes) + 1);

	in_bytes(in, bytes, len);
	play_packet(p, bytes, len, in_byte(in));
}

/* What a holder of the key sends, whatever it means. */
static void sealed(struct play *p, struct in *in)
{
	struct nft_sysrq_dgram d = { .magic = "SRQ", .version = NFT_SYSRQ_PROTO_VERSION };
	u8 how = in_byte(in), wait = in_byte(in);
	s64 stamp;

	d.type = how & 3;
	d.flags = how >> 2 & 1;
	d.nsteps = wait % 12;
	d.nonce = in_byte(in) % 32;
	/* The first key, also where it is not in use any more. */
	d.epoch = !(how & 0x80) ? (d.flags ? p->key[how >> 3 & 1].tag : p->key[how >> 3 & 1].epoch) : 0;
	stamp = (d.flags ? fuzz_kernel.real : fuzz_kernel.boot) + (s8)in_byte(in) * NSEC_PER_SEC;
	d.stamp = cpu_to_be64(stamp);
	in_bytes(in, d.body, d.nsteps ? 2 * d.nsteps : how >> 6 & 1);
	if (how & 0x20) {
		/* Whatever nobody should send. */
		wait = in_byte(in) % NFT_SYSRQ_MAC_OFFSET;
		((u8 *)&d)[wait] ^= in_byte(in);
	}
	if (play_seal(p, how >> 3 & 1, &d))
		play_send(p, &d, in_byte(in));
}

/* Many at once, so that a window gets full, and has to forget. */
static void crowd(struct play *p, struct in *in)
{
	u8 how = in_byte(in), n = 1 + (how & 15);
	struct nft_sysrq_dgram d;

	while (n--) {
		d = (struct nft_sysrq_dgram){
			.magic = "SRQ", .version = NFT_SYSRQ_PROTO_VERSION, .type = NFT_SYSRQ_RUN, .nsteps = 1,
			.flags = how >> 4 & 1, .nonce = 1000 + p->nsent, .steps = { { 's', 0 } },
		};
		d.epoch = d.flags ? p->key[how >> 5 & 1].tag : p->key[how >> 5 & 1].epoch;
		d.stamp = cpu_to_be64(d.flags ? fuzz_kernel.real : fuzz_kernel.boot);
		if (play_seal(p, how >> 5 & 1, &d))
			play_send(p, &d, 0);
	}
}

/* Once more; or with a bit changed; or with its admission tag made good after that. */
static void again(struct play *p, struct in *in)
{
	struct nft_sysrq_dgram d;
	u8 which = in_byte(in), at;

	if (!p->nsent)
		return;
	d = p->sent[((which & 63) | in_byte(in) << 6) % p->nsent].d;
	if (which & 0x40) {
		at = in_byte(in) % sizeof(d);
		((u8 *)&d)[at] ^= 1 << (in_byte(in) & 7);
	}
	if (which & 0x80)
		play_admit(&d);
	play_send(p, &d, in_byte(in));
}

static void time_goes(struct play *p, struct in *in)
{
	s64 boot = in_byte(in), real = (s8)in_byte(in);
	static const s64 unit[] = { 10 * NSEC_PER_MSEC, NSEC_PER_SEC, 60 * NSEC_PER_SEC, 3600 * NSEC_PER_SEC };

	boot *= unit[real & 3];
	fuzz_kernel.boot += boot;
	/* Mostly both go; the wall clock may leap in either direction. */
	fuzz_kernel.real += real & 4 ? boot : real * unit[real & 3];
	play_time(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in in = { data, size };
	static struct play play;
	struct play *p = &play;

	begin(p, &in);
	while (in.size) {
		u8 what = in_byte(&in);

		switch (what & 7) {
		case 0:
			raw(p, &in);
			break;
		case 1:
		case 2:
			sealed(p, &in);
			break;
		case 3:
			crowd(p, &in);
			break;
		case 4:
		case 5:
			again(p, &in);
			break;
		case 6:
			time_goes(p, &in);
			break;
		case 7:
			play_change(p, &in, what >> 3);
			break;
		}
		must(!fuzz_kernel.locked && !fuzz_kernel.reading);
	}
	play_end(p);
	return 0;
}
