// SPDX-License-Identifier: GPL-2.0-only
/* Hosts as they are named on a command line or in a file. */
#include "hosts.h"

#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "wire.h"
#include "why.h"

#define PLACE_LEN	4352

/**
 * port_parse - a UDP port from text
 * @text: 1..65535
 * @port: the same, as digits
 *
 * Return: 0, or -EINVAL.
 */
int port_parse(const char *text, char port[6])
{
	size_t len = strlen(text);
	unsigned long value;

	if (!len || len > 5 || strspn(text, "0123456789") != len)
		return -EINVAL;
	value = strtoul(text, NULL, 10);
	if (!value || value > 65535)
		return -EINVAL;
	snprintf(port, 6, "%lu", value);
	return 0;
}

/* "[NAME]:PORT", "[NAME]", "NAME:PORT" or NAME; with more colons an address */
static int split(char *text, char **name, char **port)
{
	char *colon = strchr(text, ':'), *end;

	*name = text;
	*port = NULL;
	if (text[0] == '[') {
		end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		*name = text + 1;
		*end = '\0';
		if (end[1])
			*port = end + 2;
	} else if (colon && !strchr(colon + 1, ':')) {
		*colon = '\0';
		*port = colon + 1;
	}
	return 0;
}

/**
 * host_is_literal - is it an address?
 * @name: name or address, without brackets
 */
bool host_is_literal(const char *name)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;

	if (getaddrinfo(name, NULL, &hints, &found))
		return false;
	freeaddrinfo(found);
	return true;
}

/* ::1 is also 0::1, and 192.0.2.1 also 192.0.513 and ::ffff:192.0.2.1. */
static void set_same_literal(struct host *host)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;
	char text[HOST_LEN];

	strcpy(host->same, host->name);
	if (getaddrinfo(host->name, NULL, &hints, &found))
		return;
	if (!getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof(text), NULL, 0,
			 NI_NUMERICHOST))
		strcpy(host->same, text + (!strncmp(text, "::ffff:", 7) && strchr(text, '.') ? 7 : 0));
	freeaddrinfo(found);
}

/*
 * Names are repeated on terminals, also in command lines to be copied: nothing in
 * them may mean anything to either. A char may be signed or not.
 */
static bool is_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (*p <= ' ' || (unsigned char)*p >= 0x7f ||
		    strchr("/@\"'\\,;&|<>()[]{}$`*?!~#", *p))
			return false;
	return p != name && name[0] != '-';
}

static void add_identity(struct host *host, const char *name)
{
	if (name[0] && nft_sysrq_wire_identity(name))
		strcpy(host->identities[host->nidentities++], name);
}

static void set_same_name(struct host *host)
{
	size_t i;

	for (i = 0; host->name[i]; i++)
		host->same[i] = tolower((unsigned char)host->name[i]);
	if (i && host->same[i - 1] == '.')
		i--;
	host->same[i] = '\0';
}

/* As typed, and its first label: administrators call a host either. */
static void guess_identities(struct host *host)
{
	char name[HOST_LEN];

	strcpy(name, host->same);
	add_identity(host, name);
	if (!strchr(name, '.'))
		return;
	*strchr(name, '.') = '\0';
	add_identity(host, name);
}

/**
 * host_set_identity - the name that a host has in wall-clock mode is known
 * @host: the host
 * @identity: lower-case ASCII without final dot
 *
 * Return: 0, or -EINVAL.
 */
int host_set_identity(struct host *host, const char *identity)
{
	host->nidentities = 0;
	add_identity(host, identity);
	return host->nidentities ? 0 : -EINVAL;
}

/**
 * host_parse - one host
 * @text: NAME, ADDRESS, NAME:PORT or [ADDRESS]:PORT; is cut up
 * @host: filled in; its port is "" if none is named
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int host_parse(char *text, struct host *host, char *why, size_t len)
{
	char *name, *port;

	memset(host, 0, sizeof(*host));
	if (!*text)
		return refuse(why, len, "an empty host");
	if (strlen(text) >= HOST_LEN)
		return refuse(why, len, "host '%.32s...' is longer than %d characters", text,
			      HOST_LEN - 1);
	if (split(text, &name, &port))
		return refuse(why, len, "host '%s': not [ADDRESS]:PORT", text);
	if (port && port_parse(port, host->port))
		return refuse(why, len, "host '%s': port '%s' is not one of 1 to 65535", name,
			      port);
	if (!is_name(name))
		return refuse(why, len, "host '%s': neither a name nor an address", name);
	host->literal = host_is_literal(name);
	host->direct = host->literal;
	if (strchr(name, ':') && !host->literal)
		return refuse(why, len, "host '%s': not an IPv6 address; [ADDRESS]:PORT has "
			      "a port", name);
	strcpy(host->name, name);
	if (host->literal) {
		set_same_literal(host);
	} else {
		set_same_name(host);
		guess_identities(host);
	}
	return 0;
}

/**
 * hosts_room - room for one more host
 * @h: the hosts
 * @why: says so, if there is none
 * @len: of @why
 *
 * Return: where it is to be put; NULL: there are too many, or no memory.
 */
struct host *hosts_room(struct hosts *h, char *why, size_t len)
{
	size_t room = h->room ? 2 * h->room : 16;
	struct host *all;

	if (h->n == HOSTS_MAX) {
		refuse(why, len, "more than %d hosts", HOSTS_MAX);
		return NULL;
	}
	if (h->n < h->room)
		return &h->all[h->n];
	all = reallocarray(h->all, room, sizeof(*all));
	if (!all) {
		refuse(why, len, "no memory");
		return NULL;
	}
	h->all = all;
	h->room = room;
	return &h->all[h->n];
}

/**
 * hosts_add - hosts from a command line
 * @h: gets more
 * @text: HOST[,HOST...]
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int hosts_add(struct hosts *h, const char *text, char *why, size_t len)
{
	char *copy = strdup(text), *p = copy, *next;
	struct host *host;
	int err = copy ? 0 : refuse(why, len, "no memory");

	for (; p && !err; p = next) {
		next = strchr(p, ',');
		if (next)
			*next++ = '\0';
		host = hosts_room(h, why, len);
		err = host ? host_parse(p, host, why, len) : -EINVAL;
		h->n += !err;
	}
	free(copy);
	return err;
}

static int compare(const void *a, const void *b)
{
	const struct host *const *x = a, *const *y = b;
	int order = strcmp((*x)->same, (*y)->same);

	return order ? order : strcmp((*x)->port, (*y)->port);
}

static void say_place(const struct hosts *h, const struct host *host, char *text, size_t len)
{
	if (host->line)
		snprintf(text, len, "%s:%u", h->file, host->line);
	else
		snprintf(text, len, "the command line");
}

static int refuse_twice(const struct hosts *h, const struct host *a, const struct host *b,
			char *why, size_t len)
{
	char first[PLACE_LEN], second[PLACE_LEN];

	say_place(h, a < b ? a : b, first, sizeof(first));
	say_place(h, a < b ? b : a, second, sizeof(second));
	return refuse(why, len, "host '%s' is named twice: by %s and %s", b->name, first,
		      second);
}

/**
 * hosts_check_twice - twice the same host would be two requests: it would run both
 * @h: with ports
 * @why: says which, and where
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int hosts_check_twice(const struct hosts *h, char *why, size_t len)
{
	struct host **sorted = calloc(h->n, sizeof(*sorted));
	int err = 0;
	size_t i;

	if (!sorted)
		return refuse(why, len, "no memory");
	for (i = 0; i < h->n; i++)
		sorted[i] = &h->all[i];
	qsort(sorted, h->n, sizeof(*sorted), compare);
	for (i = 1; i < h->n && !err; i++)
		if (!compare(&sorted[i - 1], &sorted[i]))
			err = refuse_twice(h, sorted[i - 1], sorted[i], why, len);
	free(sorted);
	return err;
}

/**
 * hosts_free - free all hosts
 * @h: left empty
 */
void hosts_free(struct hosts *h)
{
	free(h->all);
	memset(h, 0, sizeof(*h));
}
