/* SPDX-License-Identifier: GPL-2.0-only */
/* Plain words for letters, reasons, states and counters. */
#ifndef SYSRQCTL_WORDS_H
#define SYSRQCTL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#define WORDS_LETTER_LEN	5	/* of a letter as text, with NUL */

const char *words_letter(uint8_t letter);
void words_letter_text(uint8_t letter, char text[WORDS_LETTER_LEN]);
bool words_mask_allows(uint32_t mask, uint8_t letter);
uint32_t words_mask_with(uint32_t mask, uint8_t letter);
const char *words_end(uint8_t letter);

const char *words_status(unsigned int status);
const char *words_status_id(unsigned int status);
const char *words_reason_id(unsigned int reason);

const char *words_stat(unsigned int stat);
const char *words_stat_id(unsigned int stat);

#endif /* SYSRQCTL_WORDS_H */
