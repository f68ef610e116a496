// SPDX-License-Identifier: GPL-2.0-only
/*
 * SysRq letters. Which of them kernel.sysrq allows is known inside
 * drivers/tty/sysrq.c only (enable_mask of each handler), so the table stands
 * here again; handle_sysrq() judges once more.
 */
#include "letters.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/sysrq.h>

#include "compat/compat.h"
#include "wire.h"

/* Letters that some handler of the kernel may take, and what allows them. */
static const struct {
	const char	*letters;
	u16		mask;
} masks[] = {
	{ "0123456789",	0x002 },	/* console log level */
	{ "kr",		0x004 },	/* keyboard */
	{ "clmptwzR",	0x008 },	/* dumps */
	{ "s",		0x010 },	/* sync */
	{ "u",		0x020 },	/* remount read-only */
	{ "efij",	0x040 },	/* signals, thaw */
	{ "bo",		0x080 },	/* reboot, power off */
	{ "nSD",	0x100 },	/* scheduling */
	{ "gqdvxy",	0x000 },	/* only with kernel.sysrq=1 */
};

/* The same by bit_of() a letter. */
static u16 mask_of[NFT_SYSRQ_LETTERS];

/*
 * Taken by every kernel with MAGIC_SYSRQ; of the others a kernel may have a
 * handler or not. "h" is nobody's: the kernel prints its help.
 */
static const char always[] = "0123456789bcefhimnpqstuw";
static const char unsure[] = "dgjklorvxyzRSD";

static u64 handled;

static int bit_of(u8 letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 10;
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A' + 36;
	return -1;
}

static u64 set_of(const char *letters)
{
	u64 set = 0;

	while (*letters)
		set |= BIT_ULL(bit_of(*letters++));
	return set;
}

/**
 * nft_sysrq_letters_default - what a key allows unless it says otherwise
 *
 * All but g (waits for a debugger), n (may sleep where it must not) and x
 * (a monitor on the console): each can hang the machine rather than save it.
 */
u64 nft_sysrq_letters_default(void)
{
	return NFT_SYSRQ_LETTERS_ALL & ~set_of("gnx");
}

/** nft_sysrq_letters_handled - what this kernel has handlers for, and h */
u64 nft_sysrq_letters_handled(void)
{
	return handled;
}

/**
 * nft_sysrq_letters_parse - a set from text
 * @text: letters, each once or more
 * @set: what they make
 *
 * Return: 0, or -EINVAL if a byte is no letter.
 */
int nft_sysrq_letters_parse(const char *text, u64 *set)
{
	u64 s = 0;

	for (; *text; text++) {
		if (!nft_sysrq_wire_letter(*text))
			return -EINVAL;
		s |= BIT_ULL(bit_of(*text));
	}
	*set = s;
	return 0;
}

/**
 * nft_sysrq_letters_print - a set as text
 * @set: of letters
 * @text: where it goes
 */
void nft_sysrq_letters_print(u64 set, char text[NFT_SYSRQ_LETTERS + 1])
{
	int bit;

	for (bit = 0; bit < NFT_SYSRQ_LETTERS; bit++)
		if (set & BIT_ULL(bit))
			*text++ = bit < 10 ? '0' + bit :
				  bit < 36 ? 'a' + bit - 10 : 'A' + bit - 36;
	*text = '\0';
}

/**
 * nft_sysrq_steps_letters - the letters of some steps
 * @steps: with letters that nft_sysrq_wire_meaningful() has seen
 * @n: how many
 */
u64 nft_sysrq_steps_letters(const struct nft_sysrq_step *steps, unsigned int n)
{
	u64 set = 0;

	while (n--)
		if (steps[n].letter)
			set |= BIT_ULL(bit_of(steps[n].letter));
	return set;
}

/**
 * nft_sysrq_steps_wait - does any step wait for the one before it?
 * @steps: the program
 * @n: how many
 */
bool nft_sysrq_steps_wait(const struct nft_sysrq_step *steps, unsigned int n)
{
	/* Nothing comes after the last step. */
	while (n-- > 1)
		if (steps[n - 1].wait)
			return true;
	return false;
}

static enum nft_sysrq_reason judge(u8 letter, u64 allowed, u16 mask)
{
	int bit = bit_of(letter);

	if (!letter)
		return NFT_SYSRQ_R_OK;
	if (bit < 0 || !(allowed & BIT_ULL(bit)))
		return NFT_SYSRQ_R_KEY;
	if (!(handled & BIT_ULL(bit)))
		return NFT_SYSRQ_R_UNKNOWN;
	if (mask != 1 && !(mask & mask_of[bit]))
		return NFT_SYSRQ_R_SYSRQ;
	return NFT_SYSRQ_R_OK;
}

/**
 * nft_sysrq_steps_judge - what would be refused
 * @steps: the program
 * @n: how many
 * @allowed: letters of the key
 * @mask: kernel.sysrq
 *
 * Return: 2 bits of enum nft_sysrq_reason a step, the first step lowest.
 */
u32 nft_sysrq_steps_judge(const struct nft_sysrq_step *steps, unsigned int n,
			  u64 allowed, u16 mask)
{
	u32 reasons = 0;

	while (n--)
		reasons = reasons << 2 | judge(steps[n].letter, allowed, mask);
	return reasons;
}

/**
 * nft_sysrq_letter_prints - may it keep a slow console busy, or sleep?
 * @letter: or 0
 *
 * Not c: what it prints is the panic.
 */
bool nft_sysrq_letter_prints(u8 letter)
{
	return letter && strchr("twlmqzpdhRDn", letter);
}

/**
 * nft_sysrq_letter_ends - is the answer lost if it runs too soon?
 * @letter: or 0
 */
bool nft_sysrq_letter_ends(u8 letter)
{
	return letter == 'b' || letter == 'c' || letter == 'o';
}

/** nft_sysrq_mask - kernel.sysrq as it is now */
u16 nft_sysrq_mask(void)
{
	return clamp(sysrq_mask(), 0, U16_MAX);
}

static void vacant_handler(compat_sysrq_arg)
{
}

static const struct sysrq_key_op vacant = {
	.handler	= vacant_handler,
	.help_msg	= "",
	.action_msg	= "No handler",
	.enable_mask	= 0,
};

/**
 * nft_sysrq_letters_probe - learn which letters this kernel takes
 *
 * Its table is private; but a handler can be put only where none is. Sleeps.
 */
void nft_sysrq_letters_probe(void)
{
	u64 set = set_of(always);
	const char *p;
	int i;

	for (i = 0; i < ARRAY_SIZE(masks); i++)
		for (p = masks[i].letters; *p; p++)
			mask_of[bit_of(*p)] = masks[i].mask;
	/* The kernel's help comes as soon as anything is allowed. */
	mask_of[bit_of('h')] = U16_MAX;

	for (p = unsure; *p; p++) {
		if (register_sysrq_key(*p, &vacant))
			set |= BIT_ULL(bit_of(*p));
		else
			unregister_sysrq_key(*p, &vacant);
	}
	handled = set;
}
