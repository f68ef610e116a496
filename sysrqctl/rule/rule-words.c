// SPDX-License-Identifier: GPL-2.0-only
/* What is said of rules on a command line. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

#include "rule.h"

static const struct {
	const char	*word;
	uint16_t	family;
} families[] = {
	{ "inet", NFPROTO_INET }, { "ip", NFPROTO_IPV4 }, { "ip6", NFPROTO_IPV6 },
	{ "netdev", NFPROTO_NETDEV },
};

/**
 * rule_read_family - a family as nft calls it
 * @word: inet, ip, ip6 or netdev
 * @family: set to its number
 *
 * Return: 0, or -EINVAL.
 */
int rule_read_family(const char *word, uint16_t *family)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (strcmp(word, families[i].word))
			continue;
		*family = families[i].family;
		return 0;
	}
	return -EINVAL;
}

/**
 * rule_family - what nft calls a family
 * @family: NFPROTO_*
 *
 * Return: the word; "other" for those in which no rule of ours can be.
 */
const char *rule_family(uint16_t family)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].family == family)
			return families[i].word;
	return "other";
}

/**
 * rule_read_number - a number of digits alone
 * @word: the digits
 * @max: the greatest; the least is 1
 * @number: set
 *
 * Return: 0, or -EINVAL.
 */
int rule_read_number(const char *word, uint64_t max, uint64_t *number)
{
	uint64_t n;
	char *end;

	if (word[0] < '0' || word[0] > '9' || strlen(word) > 20)
		return -EINVAL;
	errno = 0;
	n = strtoull(word, &end, 10);
	if (errno || *end || !n || n > max)
		return -EINVAL;
	*number = n;
	return 0;
}

/**
 * rule_read_from - an address, or a network as ADDR/LEN
 * @word: of IPv4 or IPv6; bits beyond LEN must be 0
 * @spec: its from_family, from and from_len are set
 *
 * Return: 0, or -EINVAL; then nothing is changed.
 */
int rule_read_from(const char *word, struct rule_spec *spec)
{
	const char *slash = strchrnul(word, '/');
	bool v6 = strchr(word, ':');
	uint64_t len = v6 ? 128 : 32;
	uint8_t addr[16] = { 0 };
	char text[INET6_ADDRSTRLEN] = "";
	unsigned int i;

	if ((size_t)(slash - word) >= sizeof(text))
		return -EINVAL;
	memcpy(text, word, slash - word);
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, addr) != 1)
		return -EINVAL;
	/* From everywhere, of one family, is no match worth a rule: LEN is 1 at least. */
	if (*slash && rule_read_number(slash + 1, len, &len))
		return -EINVAL;
	for (i = len; i < (v6 ? 128 : 32); i++)
		if (addr[i / 8] & 0x80 >> i % 8)
			return -EINVAL;
	spec->from_family = v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	memcpy(spec->from, addr, sizeof(addr));
	spec->from_len = len;
	return 0;
}

/**
 * rule_read_iface - the name of an interface, which need not exist
 * @word: 1 to 15 bytes, without '/' and white space
 * @spec: its iface is set
 *
 * Return: 0, or -EINVAL; then nothing is changed.
 */
int rule_read_iface(const char *word, struct rule_spec *spec)
{
	size_t len = strlen(word);

	if (!len || len >= IFNAMSIZ || strpbrk(word, "/ \t\n\v\f\r") || !strcmp(word, ".") ||
	    !strcmp(word, ".."))
		return -EINVAL;
	memset(spec->iface, 0, sizeof(spec->iface));
	memcpy(spec->iface, word, len);
	return 0;
}
