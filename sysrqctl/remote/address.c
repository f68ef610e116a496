// SPDX-License-Identifier: GPL-2.0-only
/* Addresses: from a name, compared, as text. */
#include "address.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static void add(struct addresses *a, const struct addrinfo *ai)
{
	struct address new = { .len = ai->ai_addrlen };
	unsigned int i;

	if ((ai->ai_family != AF_INET && ai->ai_family != AF_INET6) ||
	    ai->ai_addrlen > sizeof(new.in6))
		return;
	memcpy(&new.sa, ai->ai_addr, ai->ai_addrlen);
	for (i = 0; i < a->n; i++)
		if (a->all[i].len == new.len && !memcmp(&a->all[i].sa, &new.sa, new.len))
			return;
	a->all[a->n++] = new;
}

/**
 * addresses_find - add those of a name to the addresses of a host
 * @a: more than EXCHANGE_ADDRS are cut off, the same ones are held once
 * @name: name or address
 * @port: decimal
 * @literal: @name is an address; this does not block
 *
 * Return: 0, or EAI_*.
 */
int addresses_find(struct addresses *a, const char *name, const char *port, bool literal)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICSERV | (literal ? AI_NUMERICHOST : 0),
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
	};
	struct addrinfo *found, *ai;
	int err = getaddrinfo(name, port, &hints, &found);

	if (err)
		return err;
	for (ai = found; ai && a->n < EXCHANGE_ADDRS; ai = ai->ai_next)
		add(a, ai);
	freeaddrinfo(found);
	return a->n ? 0 : EAI_NONAME;
}

/**
 * address_same_host - are they the same but for the port?
 * @a: one
 * @b: the other
 */
bool address_same_host(const struct address *a, const struct address *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET)
		return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	return !memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof(a->in6.sin6_addr)) &&
	       (!a->in6.sin6_scope_id || !b->in6.sin6_scope_id ||
		a->in6.sin6_scope_id == b->in6.sin6_scope_id);
}

/**
 * address_text - as digits, without the port
 * @a: the address
 * @text: where to
 */
void address_text(const struct address *a, char text[ADDRESS_TEXT])
{
	if (getnameinfo(&a->sa, a->len, text, ADDRESS_TEXT, NULL, 0, NI_NUMERICHOST))
		snprintf(text, ADDRESS_TEXT, "?");
}
