// SPDX-License-Identifier: GPL-2.0-only
/* Settings of a key, as options and key files say them and as the kernel is told. */
#include "key-settings.h"

#include <stdio.h>
#include <time.h>

#include "duration.h"

static const char *take_letters(struct key_settings *s, const char *value)
{
	size_t len = strlen(value), i;

	for (i = 0; i < len; i++)
		if (!nft_sysrq_wire_letter(value[i]))
			return "not only 0-9, a-z and A-Z";
	if (len >= sizeof(s->letters))
		return "more letters than there are";
	memcpy(s->letters, value, len + 1);
	return NULL;
}

static const char *take_tolerance(struct key_settings *s, const char *value)
{
	int64_t ms;
	int err = duration_parse(value, &ms);

	if (err == -EINVAL)
		return "not a duration like 30s or 5m";
	if (err || ms < NFT_SYSRQ_TOLERANCE_MIN || ms > NFT_SYSRQ_TOLERANCE_MAX)
		return "not from 3s to 3600s";
	s->tolerance_ms = ms;
	return NULL;
}

static const char *take_wall(struct key_settings *s, const char *value)
{
	if (strcmp(value, "yes") && strcmp(value, "no"))
		return "not yes or no";
	s->wall = !strcmp(value, "yes");
	return NULL;
}

static const char *take_expires(struct key_settings *s, const char *value, bool relative)
{
	if (!relative && value[0] == '+')
		return "in a file, +DUR says nothing definite: name a date";
	switch (when_parse(value, relative ? time(NULL) : 0, &s->expires)) {
	case 0:
		return NULL;
	case -ERANGE:
		return "is past, or too far away";
	default:
		return relative ? "not +30d, 2027-01-31, '2027-01-31 12:00', @SECONDS or never" :
				  "not 2027-01-31, 2027-01-31 12:00, @SECONDS or never";
	}
}

static const char *take_identity(struct key_settings *s, const char *value)
{
	if (!nft_sysrq_wire_identity(value))
		return "not at most 253 characters of lower-case ASCII without final dot";
	strcpy(s->identity, value);
	return NULL;
}

static const char *take_window(struct key_settings *s, const char *value)
{
	char text[8];
	u32 n;

	for (n = NFT_SYSRQ_WINDOW_MIN; n <= NFT_SYSRQ_WINDOW_MAX; n *= 2) {
		snprintf(text, sizeof(text), "%u", n);
		if (strcmp(text, value))
			continue;
		s->window = n;
		return NULL;
	}
	return "not a power of two from 16 to 4096";
}

static const char *take_overlap(struct key_settings *s, const char *value)
{
	int64_t ms;
	int err = duration_parse(value, &ms);

	if (err == -EINVAL)
		return "not a duration like 1h or 7d";
	if (err || ms > NFT_SYSRQ_OVERLAP_MAX * 1000LL)
		return "longer than 30d";
	if (ms % 1000)
		return "not in whole seconds";
	s->overlap_s = ms / 1000;
	return NULL;
}

/**
 * key_setting_take - one setting from text
 * @s: where to
 * @which: it is
 * @value: the text
 * @relative: it is said now, for now: a point in time may be relative, and must
 *	not be past
 *
 * Return: NULL, or what is wrong; that does not repeat the text.
 */
const char *key_setting_take(struct key_settings *s, enum key_setting which,
			     const char *value, bool relative)
{
	s->given |= 1U << which;
	switch (which) {
	case KEY_ALLOW:
		return take_letters(s, value);
	case KEY_TOLERANCE:
		return take_tolerance(s, value);
	case KEY_WALL:
		return take_wall(s, value);
	case KEY_EXPIRES:
		return take_expires(s, value, relative);
	case KEY_IDENTITY:
		return take_identity(s, value);
	case KEY_WINDOW:
		return take_window(s, value);
	case KEY_OVERLAP:
		return take_overlap(s, value);
	default:
		return "unknown";
	}
}

/**
 * key_setting_format - one setting as text that key_setting_take() reads
 * @s: settings
 * @which: that are said
 * @text: where to
 * @size: of @text; 256 is enough
 *
 * Return: length of the text.
 */
size_t key_setting_format(const struct key_settings *s, enum key_setting which, char *text,
			  size_t size)
{
	switch (which) {
	case KEY_ALLOW:
		return snprintf(text, size, "%s", s->letters);
	case KEY_TOLERANCE:
		return snprintf(text, size, "%ums", s->tolerance_ms);
	case KEY_WALL:
		return snprintf(text, size, "%s", s->wall ? "yes" : "no");
	case KEY_EXPIRES:
		return s->expires ?
		       snprintf(text, size, "@%llu", (unsigned long long)s->expires) :
		       snprintf(text, size, "never");
	case KEY_IDENTITY:
		return snprintf(text, size, "%s", s->identity);
	case KEY_WINDOW:
		return snprintf(text, size, "%u", s->window);
	default:
		return snprintf(text, size, "%us", s->overlap_s);
	}
}

/**
 * key_settings_merge - let other settings go before these
 * @s: settings
 * @over: what they say replaces what @s says
 */
void key_settings_merge(struct key_settings *s, const struct key_settings *over)
{
	s->given |= over->given;
	if (key_settings_has(over, KEY_ALLOW))
		strcpy(s->letters, over->letters);
	if (key_settings_has(over, KEY_TOLERANCE))
		s->tolerance_ms = over->tolerance_ms;
	if (key_settings_has(over, KEY_WALL))
		s->wall = over->wall;
	if (key_settings_has(over, KEY_EXPIRES))
		s->expires = over->expires;
	if (key_settings_has(over, KEY_IDENTITY))
		strcpy(s->identity, over->identity);
	if (key_settings_has(over, KEY_WINDOW))
		s->window = over->window;
	if (key_settings_has(over, KEY_OVERLAP))
		s->overlap_s = over->overlap_s;
}

/**
 * key_settings_put - what is said, as attributes
 * @nlh: message for them
 * @s: settings
 */
void key_settings_put(struct nlmsghdr *nlh, const struct key_settings *s)
{
	if (key_settings_has(s, KEY_ALLOW))
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_LETTERS, s->letters);
	if (key_settings_has(s, KEY_TOLERANCE))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_TOLERANCE, s->tolerance_ms);
	if (key_settings_has(s, KEY_WALL))
		mnl_attr_put_u8(nlh, NFT_SYSRQ_A_KEY_WALL, s->wall);
	if (key_settings_has(s, KEY_EXPIRES))
		mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EXPIRES, s->expires);
	if (key_settings_has(s, KEY_IDENTITY))
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_IDENTITY, s->identity);
	if (key_settings_has(s, KEY_WINDOW))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_WINDOW, s->window);
	if (key_settings_has(s, KEY_OVERLAP))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_OVERLAP, s->overlap_s);
}
