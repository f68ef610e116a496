// SPDX-License-Identifier: GPL-2.0-only
/* Layout of the datagram: what can be told from its bytes alone. */
#include "wire.h"

/**
 * nft_sysrq_wire_letter - can this byte be a SysRq letter?
 * @letter: as received
 *
 * The kernel's table has 0-9, a-z and A-Z (drivers/tty/sysrq.c,
 * sysrq_key_table_key2index()).
 */
bool nft_sysrq_wire_letter(u8 letter)
{
	return (letter >= '0' && letter <= '9') ||
	       (letter >= 'a' && letter <= 'z') ||
	       (letter >= 'A' && letter <= 'Z');
}

/**
 * nft_sysrq_wire_name - can this be the name of a key?
 * @name: NUL-terminated
 *
 * 1..31 of [A-Za-z0-9._-], not beginning with '-', so that it needs no
 * quoting anywhere.
 */
bool nft_sysrq_wire_name(const char *name)
{
	size_t i;

	if (name[0] == '-')
		return false;
	for (i = 0; name[i]; i++)
		if (i >= NFT_SYSRQ_NAME_LEN - 1 ||
		    (!nft_sysrq_wire_letter(name[i]) && name[i] != '.' &&
		     name[i] != '_' && name[i] != '-'))
			return false;
	return i;
}

/**
 * nft_sysrq_wire_identity - can this be a host's name in wall-clock mode?
 * @identity: NUL-terminated
 *
 * 0..253 printable ASCII bytes, no upper case, no final dot: whoever derives
 * the host tag must come to the same bytes.
 */
bool nft_sysrq_wire_identity(const char *identity)
{
	size_t i;

	for (i = 0; identity[i]; i++)
		if (i >= NFT_SYSRQ_IDENTITY_LEN - 1 || identity[i] <= ' ' ||
		    identity[i] > '~' || (identity[i] >= 'A' && identity[i] <= 'Z'))
			return false;
	return !i || identity[i - 1] != '.';
}

static __always_inline u64 word_at(const u8 *p)
{
	u64 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/*
 * By words, the last of which may overlap the one before. Inline: a bare
 * probe's length is a constant, so that three words are all.
 */
static __always_inline bool zero(const u8 *p, unsigned int len)
{
	const u8 *last;
	u64 any = 0;

	if (len >= sizeof(any)) {
		last = p + len - sizeof(any);
		for (; p < last; p += sizeof(any))
			any |= word_at(p);
		return !(any | word_at(last));
	}
	while (len--)
		any |= *p++;
	return !any;
}

/**
 * nft_sysrq_wire_meaningful - can a genuine request be obeyed?
 * @d: passed nft_sysrq_wire_check()
 *
 * Return: false if it is to be answered with NFT_SYSRQ_ST_MALFORMED.
 */
bool nft_sysrq_wire_meaningful(const struct nft_sysrq_dgram *d)
{
	unsigned int i, used = d->nsteps * sizeof(d->steps[0]);

	if (d->flags & ~NFT_SYSRQ_F_MASK)
		return false;
	if (d->type == NFT_SYSRQ_RUN && !d->nsteps)
		return false;
	if (d->type == NFT_SYSRQ_CANCEL && d->nsteps)
		return false;
	if (d->type == NFT_SYSRQ_PROBE && !d->nsteps)
		return d->body[0] <= NFT_SYSRQ_PAGE_MAX &&
		       zero(d->body + 1, sizeof(d->body) - 1);
	for (i = 0; i < d->nsteps; i++)
		if (d->steps[i].letter && !nft_sysrq_wire_letter(d->steps[i].letter))
			return false;
	return zero(d->body + used, sizeof(d->body) - used);
}

/**
 * nft_sysrq_wire_wait_ms - length of a wait
 * @wait: struct nft_sysrq_step's
 *
 * Return: ms, 0..NFT_SYSRQ_WAIT_MAX_MS.
 */
u32 nft_sysrq_wire_wait_ms(u8 wait)
{
	return wait < 128 ? wait * 100U : (wait - 127) * 10000U;
}

/**
 * nft_sysrq_wire_wait_code - shortest wait that is at least so long
 * @ms: 0..NFT_SYSRQ_WAIT_MAX_MS; more gives the longest wait there is
 */
u8 nft_sysrq_wire_wait_code(u32 ms)
{
	if (ms <= 12700)
		return (ms + 99) / 100;
	if (ms >= NFT_SYSRQ_WAIT_MAX_MS)
		return 255;
	return 127 + (ms + 9999) / 10000;
}

/**
 * nft_sysrq_wire_put_reasons - reasons of all steps into a reply
 * @out: struct nft_sysrq_outcome's
 * @reasons: 2 bits a step, the first step lowest
 */
void nft_sysrq_wire_put_reasons(u8 out[3], u32 reasons)
{
	out[0] = reasons >> 16;
	out[1] = reasons >> 8;
	out[2] = reasons;
}

/**
 * nft_sysrq_wire_get_reasons - reasons of all steps from a reply
 * @in: struct nft_sysrq_outcome's
 */
u32 nft_sysrq_wire_get_reasons(const u8 in[3])
{
	return (u32)in[0] << 16 | (u32)in[1] << 8 | in[2];
}

/**
 * nft_sysrq_wire_put_wall - wall clock into a reply
 * @out: struct nft_sysrq_outcome's
 * @real_ns: CLOCK_REALTIME; before 1970 is told as 1970
 */
void nft_sysrq_wire_put_wall(u8 out[6], s64 real_ns)
{
	u64 ms = real_ns < 0 ? 0 : compat_div_u64(real_ns, 1000000);
	int i;

	for (i = 5; i >= 0; i--, ms >>= 8)
		out[i] = ms;
}

/**
 * nft_sysrq_wire_get_wall_ms - wall clock from a reply
 * @in: struct nft_sysrq_outcome's
 *
 * Return: ms since 1970.
 */
s64 nft_sysrq_wire_get_wall_ms(const u8 in[6])
{
	u64 ms = 0;
	int i;

	for (i = 0; i < 6; i++)
		ms = ms << 8 | in[i];
	return ms;
}
