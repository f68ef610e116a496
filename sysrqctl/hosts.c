// SPDX-License-Identifier: GPL-2.0-only
/* Hosts as they are named on a command line. */
#include "hosts.h"

#include <ctype.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "wire.h"

__attribute__((format(printf, 3, 4)))
static int refuse(char *why, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

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

static bool is_literal(const char *name)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;

	if (getaddrinfo(name, NULL, &hints, &found))
		return false;
	freeaddrinfo(found);
	return true;
}

static bool is_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (*p <= ' ' || *p == 0x7f || strchr("/@\"'\\", *p))
			return false;
	return p != name && name[0] != '-';
}

static void add_identity(struct host *host, const char *name)
{
	if (name[0] && nft_sysrq_wire_identity(name))
		strcpy(host->identities[host->nidentities++], name);
}

/* As typed, and its first label: administrators call a host either. */
static void guess_identities(struct host *host)
{
	char name[HOST_LEN];
	size_t len, i;

	for (i = 0; host->name[i]; i++)
		name[i] = tolower((unsigned char)host->name[i]);
	len = i;
	if (len && name[len - 1] == '.')
		len--;
	name[len] = '\0';
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

static int parse_one(char *text, const char *port, struct host *host, char *why, size_t len)
{
	char *name, *own_port;

	if (!*text)
		return refuse(why, len, "an empty host");
	if (strlen(text) >= HOST_LEN)
		return refuse(why, len, "host '%.32s...' is longer than %d characters", text,
			      HOST_LEN - 1);
	if (split(text, &name, &own_port))
		return refuse(why, len, "host '%s': not [ADDRESS]:PORT", text);
	if (port_parse(own_port ? own_port : port, host->port))
		return refuse(why, len, "host '%s': port '%s' is not one of 1 to 65535", name,
			      own_port ? own_port : port);
	if (!is_name(name))
		return refuse(why, len, "host '%s': neither a name nor an address", name);
	host->literal = is_literal(name);
	if (strchr(name, ':') && !host->literal)
		return refuse(why, len, "host '%s': not an IPv6 address; [ADDRESS]:PORT has "
			      "a port", name);
	strcpy(host->name, name);
	if (!host->literal)
		guess_identities(host);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct host *const *x = a, *const *y = b;
	int order = strcasecmp((*x)->name, (*y)->name);

	return order ? order : strcmp((*x)->port, (*y)->port);
}

/* Twice the same host would be two requests: it would run both. */
static int check_twice(struct host *hosts, size_t n, char *why, size_t len)
{
	struct host **sorted = calloc(n, sizeof(*sorted));
	int err = 0;
	size_t i;

	if (!sorted)
		return refuse(why, len, "no memory");
	for (i = 0; i < n; i++)
		sorted[i] = &hosts[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	for (i = 1; i < n && !err; i++)
		if (!compare(&sorted[i - 1], &sorted[i]))
			err = refuse(why, len, "host '%s' is named twice", sorted[i]->name);
	free(sorted);
	return err;
}

/**
 * hosts_parse - hosts from a command line
 * @text: HOST[,HOST...]
 * @port: where a host names none
 * @hosts: to be freed
 * @n: how many, 1..HOSTS_MAX
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int hosts_parse(const char *text, const char *port, struct host **hosts, size_t *n,
		char *why, size_t len)
{
	char *copy = strdup(text), *p = copy, *next;
	size_t max = 1;
	int err = 0;

	for (*n = 0; *text; text++)
		max += *text == ',';
	*hosts = NULL;
	if (max > HOSTS_MAX)
		err = refuse(why, len, "more than %d hosts", HOSTS_MAX);
	else
		*hosts = calloc(max, sizeof(**hosts));
	if (!err && (!*hosts || !copy))
		err = refuse(why, len, "no memory");

	for (; p && !err; p = next) {
		next = strchr(p, ',');
		if (next)
			*next++ = '\0';
		err = parse_one(p, port, &(*hosts)[(*n)++], why, len);
	}
	if (!err)
		err = check_twice(*hosts, *n, why, len);
	free(copy);
	if (err) {
		free(*hosts);
		*hosts = NULL;
	}
	return err;
}
