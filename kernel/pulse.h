/* SPDX-License-Identifier: GPL-2.0-only */
/* So that packets come in where nobody would take them in any more. */
#ifndef NFT_SYSRQ_PULSE_H
#define NFT_SYSRQ_PULSE_H

int nft_sysrq_pulse_init(void);
void nft_sysrq_pulse_exit(void);

#endif /* NFT_SYSRQ_PULSE_H */
