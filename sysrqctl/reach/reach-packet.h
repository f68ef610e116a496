/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A request as rules see it, of which some bits are known and others are not: it stands for all
 * requests that have the known ones.
 */
#ifndef SYSRQCTL_REACH_PACKET_H
#define SYSRQCTL_REACH_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/nft_sysrq.h>

#include "reach-ruleset.h"

/* Where in a packet's bytes things are. Headers and protocol are as on the wire. */
enum {
	AT_NETWORK	= 0,
	AT_TRANSPORT	= AT_NETWORK + 40,
	AT_IIFNAME	= AT_TRANSPORT + 8 + NFT_SYSRQ_DGRAM_LEN,
	AT_OIFNAME	= AT_IIFNAME + 16,
	AT_IIF		= AT_OIFNAME + 16,
	AT_OIF		= AT_IIF + 4,
	AT_IIFTYPE	= AT_OIF + 4,
	AT_IIFGROUP	= AT_IIFTYPE + 2,
	AT_LEN		= AT_IIFGROUP + 4,
	AT_MARK		= AT_LEN + 4,
	AT_PROTOCOL	= AT_MARK + 4,
	AT_NFPROTO	= AT_PROTOCOL + 2,
	AT_L4PROTO	= AT_NFPROTO + 1,
	AT_PKTTYPE	= AT_L4PROTO + 1,
	AT_CT_STATE	= AT_PKTTYPE + 1,
	AT_CT_STATUS	= AT_CT_STATE + 4,
	AT_CT_MARK	= AT_CT_STATUS + 4,
	AT_CT_DIR	= AT_CT_MARK + 4,
	AT_NATTED	= AT_CT_DIR + 1,	/* it has been decided where it goes */
	PACKET_BYTES	= AT_NATTED + 1,
};

#define AT_DPORT	(AT_TRANSPORT + 2)
#define TRANSPORT_LEN	(8 + NFT_SYSRQ_DGRAM_LEN)

/* Bits of the connection's state. */
#define CT_INVALID	1
#define CT_NEW		8
#define CT_UNTRACKED	64

/**
 * struct packet - some requests
 * @rs: where names of interfaces are looked up
 * @v6: of IPv6
 * @icmp: pings
 * @val: bytes
 * @known: the bits of @val that are known; the others are 0
 * @first: bytes as they were when it came
 * @first_known: their bits that are known
 * @written: bytes that rules have changed since: what is learnt of them says nothing of @first
 */
struct packet {
	const struct ruleset	*rs;
	bool			v6;
	bool			icmp;
	uint8_t			val[PACKET_BYTES];
	uint8_t			known[PACKET_BYTES];
	uint8_t			first[PACKET_BYTES];
	uint8_t			first_known[PACKET_BYTES];
	bool			written[PACKET_BYTES];
};

void packet_init(struct packet *p, const struct ruleset *rs, bool v6, bool icmp);
void packet_restart(struct packet *p, const struct packet *from);
void packet_learn(struct packet *p, int at, const void *val, const void *mask, uint32_t len);
void packet_write(struct packet *p, int at, const void *val, const void *known, uint32_t len);
void packet_forget(struct packet *p, int at, uint32_t len);
void packet_join(struct packet *p, const struct packet *other);
bool packet_known(const struct packet *p, int at, uint32_t len);
bool packet_differs(const struct packet *p, int at, const uint8_t *val, const uint8_t *mask,
		    uint32_t len);
unsigned int packet_header(const struct packet *p);

static inline void packet_is(struct packet *p, int at, const void *val, uint32_t len)
{
	packet_learn(p, at, val, NULL, len);
}

#endif /* SYSRQCTL_REACH_PACKET_H */
