// SPDX-License-Identifier: GPL-2.0-only
/* Plain words for letters, reasons, states and counters. */
#include "words.h"

#include <stddef.h>
#include <stdio.h>

#include "wire.h"

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

/*
 * What a letter does, and which bit of kernel.sysrq allows it (0: only 1 does).
 * Of s, u, j and the like no word says more than that the kernel was asked.
 */
static const struct {
	char		letter;
	uint16_t	mask;
	const char	*words;
} letters[] = {
	{ '0', 0x002, "log level 0" },
	{ '1', 0x002, "log level 1" },
	{ '2', 0x002, "log level 2" },
	{ '3', 0x002, "log level 3" },
	{ '4', 0x002, "log level 4" },
	{ '5', 0x002, "log level 5" },
	{ '6', 0x002, "log level 6" },
	{ '7', 0x002, "log level 7" },
	{ '8', 0x002, "log level 8" },
	{ '9', 0x002, "log level 9" },
	{ 'b', 0x080, "reboot" },
	{ 'c', 0x008, "crash" },
	{ 'd', 0x000, "show held locks" },
	{ 'e', 0x040, "terminate all processes" },
	{ 'f', 0x040, "kill a memory hog" },
	{ 'g', 0x000, "enter the debugger" },
	{ 'h', 0xffff, "help" },
	{ 'i', 0x040, "kill all processes" },
	{ 'j', 0x040, "thaw filesystems" },
	{ 'k', 0x004, "kill all on the console" },
	{ 'l', 0x008, "show all CPUs' backtraces" },
	{ 'm', 0x008, "show memory" },
	{ 'n', 0x100, "make real-time tasks nice" },
	{ 'o', 0x080, "power off" },
	{ 'p', 0x008, "show registers" },
	{ 'q', 0x000, "show timers" },
	{ 'r', 0x004, "keyboard out of raw mode" },
	{ 's', 0x010, "sync" },
	{ 't', 0x008, "show tasks" },
	{ 'u', 0x020, "remount read-only" },
	{ 'v', 0x000, "restore the framebuffer" },
	{ 'w', 0x008, "show blocked tasks" },
	{ 'x', 0x000, "enter the monitor" },
	{ 'y', 0x000, "show global registers" },
	{ 'z', 0x008, "show the trace buffer" },
	{ 'D', 0x100, "show sched_ext" },
	{ 'R', 0x008, "replay the kernel log" },
	{ 'S', 0x100, "reset sched_ext" },
};

/**
 * words_letter - what a letter does
 * @letter: or 0
 */
const char *words_letter(uint8_t letter)
{
	size_t i;

	for (i = 0; i < COUNT(letters); i++)
		if (letters[i].letter == letter)
			return letters[i].words;
	return letter ? "unknown" : "wait";
}

/**
 * words_letter_text - a letter for programs and terminals
 * @letter: any byte: what says it may mean no good
 * @text: filled in; "" for 0, and "\x1b" for what is no letter
 */
void words_letter_text(uint8_t letter, char text[WORDS_LETTER_LEN])
{
	text[0] = '\0';
	if (letter)
		snprintf(text, WORDS_LETTER_LEN,
			 nft_sysrq_wire_letter(letter) ? "%c" : "\\x%02x", letter);
}

/**
 * words_mask_allows - does kernel.sysrq allow a letter?
 * @mask: kernel.sysrq
 * @letter: any
 */
bool words_mask_allows(uint32_t mask, uint8_t letter)
{
	size_t i;

	if (mask == 1 || (mask && letter == 'h'))
		return true;
	for (i = 0; i < COUNT(letters); i++)
		if (letters[i].letter == letter)
			return mask & letters[i].mask;
	return false;
}

/**
 * words_mask_with - kernel.sysrq that allows a letter, too
 * @mask: as it is
 * @letter: to be allowed
 *
 * Return: @mask, if it does, or with one more bit, or 1, where only that does.
 */
uint32_t words_mask_with(uint32_t mask, uint8_t letter)
{
	uint32_t bit;

	if (words_mask_allows(mask, letter))
		return mask;
	for (bit = 0x002; bit <= 0x100; bit <<= 1)
		if (words_mask_allows(bit, letter))
			return mask | bit;
	return 1;
}

/**
 * words_end - how a host comes to its end by a letter
 * @letter: or 0
 *
 * Return: "restarts" or the like; NULL if it goes on.
 */
const char *words_end(uint8_t letter)
{
	switch (letter) {
	case 'b':
		return "restarts";
	case 'c':
		return "crashes";
	case 'o':
		return "powers off";
	default:
		return NULL;
	}
}

static const struct {
	const char	*id;
	const char	*words;
} statuses[] = {
	[NFT_SYSRQ_ST_OK] = { "ok", "accepted" },
	[NFT_SYSRQ_ST_MALFORMED] = { "malformed", "the host finds no meaning in the request" },
	[NFT_SYSRQ_ST_STALE] = { "stale", "the host takes the request for an old one" },
	[NFT_SYSRQ_ST_REFUSED] = { "refused", "a command is not allowed" },
	[NFT_SYSRQ_ST_EXPIRED] = { "expired", "the key has expired" },
	[NFT_SYSRQ_ST_FULL] = { "full", "the key has had too many requests lately; "
				"try again in two minutes, or give it a larger --window" },
	[NFT_SYSRQ_ST_OVERTAKEN] = { "overtaken", "a later request came first" },
	[NFT_SYSRQ_ST_BUSY] = { "busy", "the host is still starting what it accepted before; "
				"send again" },
	[NFT_SYSRQ_ST_OTHERS] = { "others", "another key's program is pending, "
				  "and this key does not allow all of its commands" },
	[NFT_SYSRQ_ST_NOTHING] = { "nothing", "no program is pending" },
};

/**
 * words_status - why a host refuses
 * @status: enum nft_sysrq_status, or what a later host may say
 */
const char *words_status(unsigned int status)
{
	return status < COUNT(statuses) ? statuses[status].words :
	       "for a reason that this sysrqctl is too old to know";
}

/**
 * words_status_id - a status for programs
 * @status: enum nft_sysrq_status, or what a later host may say
 */
const char *words_status_id(unsigned int status)
{
	return status < COUNT(statuses) ? statuses[status].id : "unknown";
}

/**
 * words_reason_id - a reason for programs
 * @reason: enum nft_sysrq_reason
 */
const char *words_reason_id(unsigned int reason)
{
	static const char * const ids[] = {
		[NFT_SYSRQ_R_OK] = "ok",
		[NFT_SYSRQ_R_SYSRQ] = "kernel.sysrq",
		[NFT_SYSRQ_R_KEY] = "key",
		[NFT_SYSRQ_R_UNKNOWN] = "no-handler",
	};

	return ids[reason & 3];
}

static const struct {
	const char	*id;
	const char	*words;
} stats[] = {
	[NFT_SYSRQ_STAT_TRANSPORT] = { "transport", "not ours: neither UDP nor ping" },
	[NFT_SYSRQ_STAT_FRAGMENT] = { "fragment", "not ours: fragmented" },
	[NFT_SYSRQ_STAT_ADDRESS] = { "address", "not ours: not to this host alone" },
	[NFT_SYSRQ_STAT_LENGTH] = { "length", "not ours: another length" },
	[NFT_SYSRQ_STAT_MAGIC] = { "magic", "not ours: does not begin with SRQ" },
	[NFT_SYSRQ_STAT_VERSION] = { "version", "another version of the protocol" },
	[NFT_SYSRQ_STAT_HEADER] = { "header", "header makes no sense" },
	[NFT_SYSRQ_STAT_KEY_UNKNOWN] = { "key-unknown", "key is not set here" },
	[NFT_SYSRQ_STAT_KEY_OTHER] = { "key-other", "key is not the rule's" },
	[NFT_SYSRQ_STAT_ADMISSION] = { "admission", "forged (admission tag)" },
	[NFT_SYSRQ_STAT_STALE_LIMITED] = { "stale-limited", "stale, not answered again so soon" },
	[NFT_SYSRQ_STAT_SEEN_LIMITED] = { "seen-limited", "repeated, not answered again so soon" },
	[NFT_SYSRQ_STAT_MAC] = { "mac", "forged (HMAC)" },
	[NFT_SYSRQ_STAT_MALFORMED] = { "malformed", "genuine, but without meaning" },
	[NFT_SYSRQ_STAT_STALE_EPOCH] = { "stale-epoch", "stale: another boot, key setting or host" },
	[NFT_SYSRQ_STAT_STALE_OLD] = { "stale-old", "stale: too old" },
	[NFT_SYSRQ_STAT_STALE_FUTURE] = { "stale-future", "stale: ahead of the clock" },
	[NFT_SYSRQ_STAT_STALE_FLOOR] = { "stale-floor", "by wall clock, too soon after the key "
					"was set: told the epoch, not run" },
	[NFT_SYSRQ_STAT_STALE_WALL] = { "stale-wall", "stale: key forbids wall-clock mode" },
	[NFT_SYSRQ_STAT_SEEN] = { "seen", "repeated, answered, not run again" },
	[NFT_SYSRQ_STAT_FULL] = { "full", "refused: window full" },
	[NFT_SYSRQ_STAT_EXPIRED] = { "expired", "refused: key expired" },
	[NFT_SYSRQ_STAT_REFUSED_KEY] = { "refused-key", "refused: by the key's letters" },
	[NFT_SYSRQ_STAT_REFUSED_SYSRQ] = { "refused-sysrq", "refused: by kernel.sysrq" },
	[NFT_SYSRQ_STAT_REFUSED_UNKNOWN] = { "refused-unknown", "refused: no handler for a letter" },
	[NFT_SYSRQ_STAT_OVERTAKEN] = { "overtaken", "refused: a later request came first" },
	[NFT_SYSRQ_STAT_OTHERS] = { "others", "refused: another key's program is pending" },
	[NFT_SYSRQ_STAT_BUSY] = { "busy", "refused: still starting programs" },
	[NFT_SYSRQ_STAT_NOTHING] = { "nothing", "cancels with nothing to cancel" },
	[NFT_SYSRQ_STAT_PROBE] = { "probe", "probes accepted" },
	[NFT_SYSRQ_STAT_RUN] = { "run", "runs accepted" },
	[NFT_SYSRQ_STAT_CANCEL] = { "cancel", "cancels accepted" },
	[NFT_SYSRQ_STAT_REPLY_SENT] = { "reply-sent", "replies sent" },
	[NFT_SYSRQ_STAT_REPLY_FAILED] = { "reply-failed", "replies that could not be sent" },
	[NFT_SYSRQ_STAT_STEPS] = { "steps", "letters handed to the kernel" },
};

_Static_assert(COUNT(stats) == NFT_SYSRQ_STAT_PAD, "a counter without words");

/**
 * words_stat - what a counter counts
 * @stat: enum nft_sysrq_stat
 */
const char *words_stat(unsigned int stat)
{
	return stat < COUNT(stats) && stats[stat].words ? stats[stat].words : "unknown";
}

/**
 * words_stat_id - a counter for programs
 * @stat: enum nft_sysrq_stat
 */
const char *words_stat_id(unsigned int stat)
{
	return stat < COUNT(stats) && stats[stat].id ? stats[stat].id : "unknown";
}
