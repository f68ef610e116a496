/* SPDX-License-Identifier: GPL-2.0-only */
/* SysRq letters: sets of them, and who allows which. */
#ifndef NFT_SYSRQ_LETTERS_H
#define NFT_SYSRQ_LETTERS_H

#include <linux/nft_sysrq.h>
#include <linux/types.h>

/* A set of letters: 0-9, a-z, A-Z at bits 0..61, as the kernel's own table. */
#define NFT_SYSRQ_LETTERS	62
#define NFT_SYSRQ_LETTERS_ALL	(BIT_ULL(NFT_SYSRQ_LETTERS) - 1)

u64 nft_sysrq_letters_default(void);
u64 nft_sysrq_letters_handled(void);
int nft_sysrq_letters_parse(const char *text, u64 *set);
void nft_sysrq_letters_print(u64 set, char text[NFT_SYSRQ_LETTERS + 1]);

u64 nft_sysrq_steps_letters(const struct nft_sysrq_step *steps, unsigned int n);
bool nft_sysrq_steps_wait(const struct nft_sysrq_step *steps, unsigned int n);
u32 nft_sysrq_steps_judge(const struct nft_sysrq_step *steps, unsigned int n,
			  u64 allowed, u16 mask);

bool nft_sysrq_letter_prints(u8 letter);
bool nft_sysrq_letter_ends(u8 letter);

u16 nft_sysrq_mask(void);
void nft_sysrq_letters_probe(void);

#endif /* NFT_SYSRQ_LETTERS_H */
