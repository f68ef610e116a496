// SPDX-License-Identifier: GPL-2.0-only
/* Letters: who allows which, by tables of our own and not by those of letters.c. */
#include "stand-in.h"

#include "letters.h"
#include "tap.h"
#include "wire.h"

static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The bit of kernel.sysrq that allows a letter (Documentation/admin-guide/sysrq.rst). */
static int mask_for(char letter)
{
	static const struct {
		int		mask;
		const char	*letters;
	} rows[] = {
		{ 2, "0123456789" }, { 4, "kr" }, { 8, "clmptwzR" }, { 16, "s" },
		{ 32, "u" }, { 64, "efij" }, { 128, "bo" }, { 256, "nSD" },
		{ 0xffff, "h" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (strchr(rows[i].letters, letter))
			return rows[i].mask;
	return 0;
}

static void test_sets(void)
{
	char text[NFT_SYSRQ_LETTERS + 1];
	bool each = true, none = true;
	u64 set = 1;
	size_t i;
	int c;

	ok(!nft_sysrq_letters_parse(all, &set) && set == NFT_SYSRQ_LETTERS_ALL, "all letters");
	nft_sysrq_letters_print(set, text);
	ok(!strcmp(text, all), "and back");
	for (i = 0; i < sizeof(all) - 1; i++) {
		char one[2] = { all[i] };

		each &= !nft_sysrq_letters_parse(one, &set) && set == 1ULL << i;
		nft_sysrq_letters_print(set, text);
		each &= !strcmp(text, one);
	}
	ok(each, "each letter has its bit, as in the kernel's own table");
	ok(!nft_sysrq_letters_parse("bbus", &set) && set == (1ULL << 11 | 1ULL << 30 | 1ULL << 28),
	   "some, one of them twice");
	ok(!nft_sysrq_letters_parse("", &set) && !set, "none");
	set = 77;
	for (c = 1; c < 256; c++) {
		char two[3] = { 's', c };

		if (!strchr(all, c))
			none &= nft_sysrq_letters_parse(two, &set) == -EINVAL && set == 77;
	}
	ok(none, "no other byte is a letter, and nothing is set then");
	nft_sysrq_letters_print(nft_sysrq_letters_default(), text);
	ok(!strcmp(text, "0123456789abcdefhijklmopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
	   "by default all but g, n and x");
}

static void test_probe(const char *taken, const char *want)
{
	char text[NFT_SYSRQ_LETTERS + 1];

	host.handlers = taken;
	nft_sysrq_letters_probe();
	nft_sysrq_letters_print(nft_sysrq_letters_handled(), text);
	ok(!strcmp(text, want), "handled if others have taken \"%s\"", taken);
}

/* Every letter, with and without the key's leave, under every kernel.sysrq of one bit. */
static void test_judge(void)
{
	const struct nft_sysrq_step steps[] = {
		{ 's', 1 }, { 0, 1 }, { 'u', 1 }, { 'b', 0 },
	};
	struct nft_sysrq_step step = { 0 };
	bool right = true;
	u64 allowed;
	size_t i;
	u32 want;
	int bit;

	host.handlers = "djklorvRSD";
	nft_sysrq_letters_probe();
	for (i = 0; i < sizeof(all) - 1; i++)
		for (bit = -1; bit < 16; bit++) {
			u16 mask = bit < 0 ? 0 : 1 << bit;

			step.letter = all[i];
			allowed = 1ULL << i;
			right &= nft_sysrq_steps_judge(&step, 1, NFT_SYSRQ_LETTERS_ALL & ~allowed,
						       mask) == NFT_SYSRQ_R_KEY;
			want = !strchr("0123456789bcefhimnpqstuwdjklorvRSD", all[i]) ?
				       NFT_SYSRQ_R_UNKNOWN :
			       mask == 1 || (mask & mask_for(all[i])) ? NFT_SYSRQ_R_OK :
									NFT_SYSRQ_R_SYSRQ;
			right &= nft_sysrq_steps_judge(&step, 1, allowed, mask) == want;
		}
	ok(right, "each letter, under each bit of kernel.sysrq");
	ok(!nft_sysrq_steps_judge(steps, 4, ~0ULL, 1), "several that will do");
	ok(nft_sysrq_steps_judge(steps, 4, ~0ULL, 0x90) == NFT_SYSRQ_R_SYSRQ << 4,
	   "the third of four: its two bits");
	ok(nft_sysrq_steps_judge(steps, 4, 1ULL << 28 | 1ULL << 30, 0x50) ==
	   (NFT_SYSRQ_R_SYSRQ << 4 | NFT_SYSRQ_R_KEY << 6), "and one that the key does not allow");
	step.letter = 0;
	ok(!nft_sysrq_steps_judge(&step, 1, 0, 0), "to wait needs nobody's leave");
	step.letter = '!';
	ok(nft_sysrq_steps_judge(&step, 1, ~0ULL, 1) == NFT_SYSRQ_R_KEY, "what is no letter does");
	step.letter = 's';
	ok(!nft_sysrq_steps_judge(&step, 1, ~0ULL, 0x1f0), "several bits at once");
	ok(nft_sysrq_steps_judge(&step, 1, ~0ULL, 3) == NFT_SYSRQ_R_SYSRQ, "1 only if it is all");
}

static void test_steps(void)
{
	struct nft_sysrq_step steps[NFT_SYSRQ_MAX_STEPS] = {
		{ 's', 0 }, { 0, 0 }, { 'g', 0 }, { 'b', 0 }, { 'y', 0 },
	};
	u64 sb = 1ULL << 28 | 1ULL << 11;
	int i;

	ok_u64(nft_sysrq_steps_letters(steps, 4), sb | 1ULL << 16, "letters of some steps");
	ok_u64(nft_sysrq_steps_letters(steps, 0), 0, "of none");
	ok_u64(nft_sysrq_steps_judge(steps, 5, sb | 1ULL << 34, 1),
	       NFT_SYSRQ_R_KEY << 4 | NFT_SYSRQ_R_UNKNOWN << 8, "reasons, the first step lowest");
	for (i = 0; i < NFT_SYSRQ_MAX_STEPS; i++)
		steps[i].letter = 'b';
	ok_u64(nft_sysrq_steps_judge(steps, NFT_SYSRQ_MAX_STEPS, 0, 1), 0x2aaaaa,
	       "of all that there can be");

	ok(!nft_sysrq_steps_wait(steps, NFT_SYSRQ_MAX_STEPS), "none waits");
	steps[4].wait = 1;
	ok(!nft_sysrq_steps_wait(steps, 5), "nothing comes after the last step");
	ok(nft_sysrq_steps_wait(steps, 6), "but after the one before it");
	steps[0].wait = 1;
	steps[4].wait = 0;
	ok(nft_sysrq_steps_wait(steps, 2), "and after the first");
	ok(!nft_sysrq_steps_wait(steps, 1), "not if it is the only one");
	ok(!nft_sysrq_steps_wait(steps, 0), "without steps nothing waits");
}

static void test_kinds(void)
{
	bool prints = true, ends = true;
	int c;

	for (c = 0; c < 256; c++) {
		prints &= nft_sysrq_letter_prints(c) == (c && strchr("twlmqzpdhRDn", c));
		ends &= nft_sysrq_letter_ends(c) == (c && strchr("bco", c));
	}
	ok(prints, "what may keep a console busy");
	ok(ends, "what ends the machine");
	host.sysrq = 438;
	ok_u64(nft_sysrq_mask(), 438, "kernel.sysrq");
	host.sysrq = -1;
	ok_u64(nft_sysrq_mask(), 0, "below what fits");
	host.sysrq = 65536;
	ok_u64(nft_sysrq_mask(), 65535, "above it");
}

int main(void)
{
	host_init();
	test_sets();
	test_probe("", "0123456789bcefhimnpqstuw");
	test_probe("djR", "0123456789bcdefhijmnpqstuwR");
	test_probe("gdjklorvxyzRSD", "0123456789bcdefghijklmnopqrstuvwxyzDRS");
	test_judge();
	test_steps();
	test_kinds();
	host_exit();
	return done();
}
