// SPDX-License-Identifier: GPL-2.0-only
/* Reads rules with the target SYSRQ, as iptables takes and iptables-save writes them. */
#include "old-rule.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>

#define TARGET	"SYSRQ"

/**
 * struct words - a line, taken apart
 * @word: the words
 * @n: of those
 * @at: the next one
 */
struct words {
	char		*word[OLD_WORDS];
	unsigned int	n;
	unsigned int	at;
};

/* As a shell would: quotes hold words together, and \ takes what follows as it is. */
static bool split(char *text, struct words *w)
{
	char *from = text, *to = text, quote = '\0';

	memset(w, 0, sizeof(*w));
	while (*from) {
		while (isspace((unsigned char)*from))
			from++;
		if (!*from)
			break;
		if (w->n == OLD_WORDS)
			return false;
		w->word[w->n++] = to;
		for (; *from && (quote || !isspace((unsigned char)*from)); from++) {
			if (*from == quote)
				quote = '\0';
			else if (!quote && (*from == '"' || *from == '\''))
				quote = *from;
			else if (*from == '\\' && from[1] && quote != '\'')
				*to++ = *++from;
			else
				*to++ = *from;
		}
		if (*from)
			from++;
		*to++ = '\0';
	}
	return !quote;
}

static bool is(const char *word, const char *one, const char *other)
{
	return !strcmp(word, one) || !strcmp(word, other);
}

static void not_understood(struct old_rule *r, const char *what, const char *value)
{
	if (!r->bad[0])
		snprintf(r->bad, sizeof(r->bad), "%.40s%s%.40s", what, value ? " " : "",
			 value ? value : "");
}

static void leave(struct old_rule *r, const char *what, const char *value)
{
	if (r->nleft < sizeof(r->left) / sizeof(r->left[0]))
		snprintf(r->left[r->nleft++], sizeof(r->left[0]), "%.40s %.50s", what, value);
}

/* An address with its mask as a length; old ones write it as an address. */
static int with_length(const char *word, char *buf, size_t size)
{
	const char *slash = strchr(word, '/');
	struct in_addr mask;
	uint32_t bits;
	int len;

	if (!slash || !strchr(slash, '.'))
		return (size_t)snprintf(buf, size, "%s", word) < size ? 0 : -EINVAL;
	if (inet_pton(AF_INET, slash + 1, &mask) != 1)
		return -EINVAL;
	bits = ~ntohl(mask.s_addr);
	if (bits & (bits + 1))
		return -EINVAL;
	len = 32 - (bits ? __builtin_popcount(bits) : 0);
	return (size_t)snprintf(buf, size, "%.*s/%d", (int)(slash - word), word, len) < size ? 0 : -EINVAL;
}

static int read_to(const char *word, struct old_rule *r)
{
	struct rule_spec spec = { 0 };
	char buf[64];

	if (with_length(word, buf, sizeof(buf)) || rule_read_from(buf, &spec))
		return -EINVAL;
	if (r->spec.family == NFPROTO_INET)
		r->spec.family = spec.from_family;
	memcpy(r->to, buf, sizeof(buf));
	return r->spec.family == spec.from_family ? 0 : -EINVAL;
}

static int read_source(const char *word, struct old_rule *r)
{
	char buf[64];

	return with_length(word, buf, sizeof(buf)) || rule_read_from(buf, &r->spec) ? -EINVAL : 0;
}

static int read_mac(const char *word, struct old_rule *r)
{
	size_t i;

	if (strlen(word) != sizeof(r->mac) - 1)
		return -EINVAL;
	for (i = 0; i < sizeof(r->mac) - 1; i++)
		if (i % 3 == 2 ? word[i] != ':' : !isxdigit((unsigned char)word[i]))
			return -EINVAL;
	memcpy(r->mac, word, sizeof(r->mac));
	return 0;
}

/* Nothing that a shell, or nft, would take for more than text. */
static int read_comment(const char *word, struct old_rule *r)
{
	const char *p;

	for (p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(" .,:;/+=_@()-", *p))
			return -EINVAL;
	return (size_t)snprintf(r->comment, sizeof(r->comment), "%s", word) < sizeof(r->comment) ?
	       0 : -EINVAL;
}

static int read_protocol(const char *word, struct old_rule *r)
{
	/* Of -m policy, which has an option of that name, too. */
	if (r->nleft && (is(word, "esp", "ah") || !strcmp(word, "ipcomp")))
		return 0;
	r->spec.icmp = is(word, "icmp", "1") || is(word, "icmpv6", "58") || !strcmp(word, "ipv6-icmp");
	return r->spec.icmp || is(word, "udp", "17") ? 0 : -EINVAL;
}

static int read_port(const char *word, struct old_rule *r)
{
	uint64_t port;

	if (rule_read_number(word, UINT16_MAX, &port))
		return -EINVAL;
	r->spec.port = port;
	return 0;
}

/* Only echo requests are looked at anyhow. */
static int read_icmp_type(const char *word, struct old_rule *r)
{
	(void)r;
	return is(word, "8", "echo-request") || is(word, "128", "any") ? 0 : -EINVAL;
}

static int read_match(const char *word, struct old_rule *r)
{
	static const char *const known[] = { "udp", "icmp", "icmp6", "icmpv6", "mac", "comment" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(word, known[i]))
			return 0;
	if (strcmp(word, "policy") && strcmp(word, "limit"))
		return -EINVAL;
	leave(r, "-m", word);
	return 0;
}

static int read_chain(const char *word, struct old_rule *r)
{
	(void)r;
	return strcmp(word, "INPUT") ? -EINVAL : 0;
}

static int read_first(const char *word, struct old_rule *r)
{
	r->insert = true;
	return read_chain(word, r);
}

static int read_table(const char *word, struct old_rule *r)
{
	(void)r;
	return strcmp(word, "filter") ? -EINVAL : 0;
}

static int read_iface(const char *word, struct old_rule *r)
{
	const char *p;

	/* A + at its end stands for any text; and it is to be typed into a shell. */
	for (p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._:@-", *p))
			return -EINVAL;
	return rule_read_iface(word, &r->spec);
}

static int read_passed(const char *word, struct old_rule *r)
{
	(void)word;
	(void)r;
	return 0;
}

static const struct {
	const char	*brief;
	const char	*name;
	int		(*read)(const char *word, struct old_rule *r);
} options[] = {
	{ "-A", "--append", read_chain },
	{ "-I", "--insert", read_first },
	{ "-t", "--table", read_table },
	{ "-s", "--source", read_source },
	{ "--src", "--src", read_source },
	{ "-d", "--destination", read_to },
	{ "--dst", "--dst", read_to },
	{ "-i", "--in-interface", read_iface },
	{ "-p", "--protocol", read_protocol },
	{ "--proto", "--proto", read_protocol },
	{ "-m", "--match", read_match },
	{ "--dport", "--destination-port", read_port },
	{ "--icmp-type", "--icmpv6-type", read_icmp_type },
	{ "--mac-source", "--mac-source", read_mac },
	{ "--comment", "--comment", read_comment },
	{ "-j", "--jump", read_passed },
	/* What follows -m policy and -m limit, which are left out. */
	{ "--dir", "--pol", read_passed },
	{ "--mode", "--mode", read_passed },
	{ "--tunnel-src", "--tunnel-dst", read_passed },
	{ "--reqid", "--spi", read_passed },
	{ "--limit", "--limit-burst", read_passed },
};

static void read_option(struct words *w, struct old_rule *r)
{
	const char *name = w->word[w->at++], *value;
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (is(name, options[i].brief, options[i].name))
			break;
	if (i == sizeof(options) / sizeof(options[0])) {
		not_understood(r, name, NULL);
		return;
	}
	value = w->at < w->n ? w->word[w->at++] : "";
	if (options[i].read(value, r))
		not_understood(r, name, value);
	/* -I CHAIN NUMBER */
	if (options[i].read == read_first && w->at < w->n && isdigit((unsigned char)w->word[w->at][0]))
		w->at++;
}

static bool has_target(const struct words *w)
{
	unsigned int i;

	for (i = 0; i + 1 < w->n; i++)
		if (is(w->word[i], "-j", "--jump") && !strcmp(w->word[i + 1], TARGET))
			return true;
	return false;
}

/* What comes before the rule: the program, or the counters of iptables-save. */
static void read_head(struct words *w, struct old_rule *r)
{
	const char *slash = strrchr(w->word[0], '/'), *name = slash ? slash + 1 : w->word[0];

	if (name[0] == '[')
		w->at++;
	if (strncmp(name, "iptables", 8) && strncmp(name, "ip6tables", 9))
		return;
	r->spec.family = name[2] == '6' ? NFPROTO_IPV6 : NFPROTO_IPV4;
	w->at++;
}

/**
 * old_rule_read - read a line
 * @line: of a script or of iptables-save
 * @r: filled in; @bad says what is not understood
 *
 * Return: whether it is a rule with the target SYSRQ.
 */
bool old_rule_read(const char *line, struct old_rule *r)
{
	struct words w;

	memset(r, 0, sizeof(*r));
	r->spec.family = NFPROTO_INET;
	if ((size_t)snprintf(r->text, sizeof(r->text), "%s", line) >= sizeof(r->text)) {
		not_understood(r, "a line of 2048 bytes or more", NULL);
		return strstr(line, TARGET);
	}
	if (!split(r->text, &w)) {
		not_understood(r, "its quotes", NULL);
		return strstr(line, TARGET);
	}
	if (!has_target(&w) || w.word[0][0] == '#')
		return false;
	read_head(&w, r);
	while (w.at < w.n)
		read_option(&w, r);
	if (r->spec.from_family && r->spec.family != NFPROTO_INET && r->spec.from_family != r->spec.family)
		not_understood(r, "addresses of two families", NULL);
	if (!r->spec.port)
		r->spec.port = NFT_SYSRQ_PORT;
	return true;
}
