// SPDX-License-Identifier: GPL-2.0-only
/* Decoding: any 94 bytes, any text, any number. */
#include "cbmc.h"
#include "wire.c"

#define TEXT	(NFT_SYSRQ_IDENTITY_LEN + 2)

struct text {
	char c[TEXT];
} nondet_text(void);

static bool letter(u8 c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void requests(void)
{
	struct nft_sysrq_dgram d = nondet_dgram();
	u32 i = nondet_u32();

	if (nft_sysrq_wire_check(&d))
		return;
	show(d.version == 1 && !d.spoken && d.nsteps <= 11, "what is a request is of version 1");
	show(d.type >= 1 && d.type <= 3, "what is a request is no reply");
	if (!nft_sysrq_wire_meaningful(&d))
		return;
	show(!(d.flags & ~1), "what has a meaning has no unknown flag");
	show((d.type == NFT_SYSRQ_RUN && d.nsteps) || (d.type == NFT_SYSRQ_CANCEL && !d.nsteps) ||
	     d.type == NFT_SYSRQ_PROBE, "a run has steps, a cancel none");
	if (i < d.nsteps)
		show(!d.steps[i].letter || letter(d.steps[i].letter), "each step is a letter or none");
	else if (i < NFT_SYSRQ_MAX_STEPS && (i || d.nsteps || d.type != NFT_SYSRQ_PROBE))
		show(!d.steps[i].letter && !d.steps[i].wait, "unused steps are zero");
}

static void waits(void)
{
	u8 code = nondet_u8(), back;
	u32 ms = nondet_u32();

	show(nft_sysrq_wire_wait_ms(code) <= NFT_SYSRQ_WAIT_MAX_MS, "no wait is too long");
	back = nft_sysrq_wire_wait_code(ms);
	show(nft_sysrq_wire_wait_ms(back) >= ms || ms > NFT_SYSRQ_WAIT_MAX_MS, "long enough");
	show(!back || nft_sysrq_wire_wait_ms(back - 1) < ms, "and no longer");
}

static void numbers(void)
{
	u32 reasons = nondet_u32(), step = nondet_u32();
	s64 real = nondet_s64();
	u8 three[3], six[6];

	assume(reasons < 1 << 24 && step < NFT_SYSRQ_MAX_STEPS);
	nft_sysrq_wire_put_reasons(three, reasons);
	show(nft_sysrq_wire_get_reasons(three) == reasons, "reasons there and back");
	show(nft_sysrq_wire_reason(reasons, step) <= NFT_SYSRQ_R_UNKNOWN, "each is one");
	/* A division of 64 bits is dear; so the clock is one of some. */
	real = real < 0 ? real : (real & 0xff) * 1000000;
	nft_sysrq_wire_put_wall(six, real);
	show(nft_sysrq_wire_get_wall_ms(six) == (real < 0 ? 0 : real / 1000000), "wall clock");
}

static void texts(void)
{
	struct text t = nondet_text();
	u32 i = nondet_u32();

	t.c[TEXT - 1] = '\0';
	if (nft_sysrq_wire_identity(t.c)) {
		u32 len = 0;

		while (t.c[len])
			len++;
		show(len < NFT_SYSRQ_IDENTITY_LEN, "no identity is too long");
		show(i >= len || (t.c[i] > ' ' && t.c[i] <= '~'), "an identity can be printed");
	}
	t.c[NFT_SYSRQ_NAME_LEN + 1] = '\0';
	if (nft_sysrq_wire_name(t.c)) {
		u32 len = 0;

		while (t.c[len])
			len++;
		show(len && len < NFT_SYSRQ_NAME_LEN, "no name is too long, or empty");
		show(i >= len || letter(t.c[i]) || t.c[i] == '.' || t.c[i] == '_' || t.c[i] == '-',
		     "a name needs no quoting");
	}
}

int main(void)
{
	switch (nondet_int()) {
	case 0:
		requests();
		break;
	case 1:
		waits();
		break;
	case 2:
		numbers();
		break;
	default:
		texts();
	}
}
