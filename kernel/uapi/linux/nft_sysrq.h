/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Every number of nft_sysrq that crosses a boundary: the datagram on the wire
 * (docs/protocol.md), the nftables expression, and, in a header of its own,
 * the generic netlink family.
 */
#ifndef _UAPI_LINUX_NFT_SYSRQ_H
#define _UAPI_LINUX_NFT_SYSRQ_H

#include <linux/nft_sysrq_netlink.h>
#include <linux/types.h>

/* ---- The datagram --------------------------------------------------- */

#define NFT_SYSRQ_PROTO_VERSION	1
#define NFT_SYSRQ_PORT		9	/* what sysrqctl sends to by default */

#define NFT_SYSRQ_MAX_STEPS	11
#define NFT_SYSRQ_KEY_LEN	32
#define NFT_SYSRQ_MAC_LEN	32	/* HMAC-SHA256 */
#define NFT_SYSRQ_ADM_LEN	8	/* SipHash-2-4 */
#define NFT_SYSRQ_BODY_LEN	22
#define NFT_SYSRQ_MAC_OFFSET	54	/* bytes under the HMAC */
#define NFT_SYSRQ_ADM_OFFSET	86	/* bytes under the admission tag */
#define NFT_SYSRQ_DGRAM_LEN	94

/**
 * struct nft_sysrq_step - one step of a program
 * @letter: SysRq letter; 0 only waits
 * @wait: before the next step: 0..127 in 100 ms, 128..255 (n - 127) in 10 s
 */
struct nft_sysrq_step {
	__u8	letter;
	__u8	wait;
};

/**
 * struct nft_sysrq_dgram - request or reply; integers are big-endian
 * @magic: "SRQ"
 * @version: NFT_SYSRQ_PROTO_VERSION
 * @type: enum nft_sysrq_type; a reply has NFT_SYSRQ_REPLY set
 * @flags: request: NFT_SYSRQ_F_*; reply: enum nft_sysrq_status
 * @nsteps: 0..NFT_SYSRQ_MAX_STEPS; a reply repeats the request's
 * @spoken: request: 0; reply: the highest version the host speaks
 * @key_id: which key
 * @nonce: random; a request is its nonce, a reply repeats it
 * @epoch: the key's epoch at the host, or with NFT_SYSRQ_F_WALL the host
 *	tag; a reply always carries the epoch
 * @stamp: ns, signed: the host's CLOCK_BOOTTIME as the sender estimates it,
 *	or with NFT_SYSRQ_F_WALL CLOCK_REALTIME; a reply carries the host's
 *	CLOCK_BOOTTIME
 * @body: request: steps, unused ones zero, or the page of a bare probe;
 *	reply: struct nft_sysrq_outcome or struct nft_sysrq_pending
 * @mac: HMAC-SHA256 over all before it
 * @admission: SipHash-2-4 over all before it, least significant byte first
 */
struct nft_sysrq_dgram {
	__u8	magic[3];
	__u8	version;
	__u8	type;
	__u8	flags;
	__u8	nsteps;
	__u8	spoken;
	__be32	key_id;
	__be32	nonce;
	__be64	epoch;
	__be64	stamp;
	union {
		struct nft_sysrq_step	steps[NFT_SYSRQ_MAX_STEPS];
		__u8			body[NFT_SYSRQ_BODY_LEN];
	};
	__u8	mac[NFT_SYSRQ_MAC_LEN];
	__u8	admission[NFT_SYSRQ_ADM_LEN];
} __attribute__((packed));

/**
 * struct nft_sysrq_outcome - body of a reply
 * @stamp: of the request that @status is about: its own, or where the nonce
 *	was seen before, that of the first one
 * @wall_ms: the host's CLOCK_REALTIME, ms since 1970, 48 bits
 * @mask: the host's kernel.sysrq
 * @reasons: enum nft_sysrq_reason of step i at bits 2i..2i+1, the whole a
 *	24-bit big-endian integer
 * @fires_s: seconds, rounded up, until the pending program's next letter;
 *	NFT_SYSRQ_FIRES_NONE without one
 * @bits: NFT_SYSRQ_B_*
 */
struct nft_sysrq_outcome {
	__be64	stamp;
	__u8	wall_ms[6];
	__be16	mask;
	__u8	reasons[3];
	__be16	fires_s;
	__u8	bits;
} __attribute__((packed));

/**
 * struct nft_sysrq_pending - body of a reply to a bare probe for
 *	NFT_SYSRQ_PAGE_PENDING
 * @stamp: of the request
 * @nonce: of the pending program; 0 with @fires_ms NFT_SYSRQ_FIRES_NONE_MS
 * @fires_ms: until its next letter
 * @next: its next three steps that are left
 */
struct nft_sysrq_pending {
	__be64	stamp;
	__be32	nonce;
	__be32	fires_ms;
	struct nft_sysrq_step	next[3];
} __attribute__((packed));

#define NFT_SYSRQ_FIRES_NONE	0xffff
#define NFT_SYSRQ_FIRES_NONE_MS	0xffffffffU

enum nft_sysrq_type {
	NFT_SYSRQ_PROBE		= 1,
	NFT_SYSRQ_RUN		= 2,
	NFT_SYSRQ_CANCEL	= 3,
};

#define NFT_SYSRQ_REPLY		0x80

/* Flags of a request. */
#define NFT_SYSRQ_F_WALL	0x01	/* stamp is wall clock, epoch is host tag */
#define NFT_SYSRQ_F_MASK	0x01

/* Pages of a probe without steps, its first body byte. */
#define NFT_SYSRQ_PAGE_STATUS	0
#define NFT_SYSRQ_PAGE_PENDING	1
#define NFT_SYSRQ_PAGE_MAX	1

/**
 * enum nft_sysrq_status - what became of a request
 * @NFT_SYSRQ_ST_OK: run: accepted; cancel: carried out; probe: would be
 * @NFT_SYSRQ_ST_MALFORMED: a flag, step, wait or page that has no meaning
 * @NFT_SYSRQ_ST_STALE: other epoch, host tag or clock; the reply has the
 *	epoch and clocks, and nothing else
 * @NFT_SYSRQ_ST_REFUSED: the reasons tell which steps, and why
 * @NFT_SYSRQ_ST_EXPIRED: the key is past its expiry
 * @NFT_SYSRQ_ST_FULL: the key's nonce window holds no free entry
 * @NFT_SYSRQ_ST_OVERTAKEN: a later run or cancel came first
 * @NFT_SYSRQ_ST_BUSY: programs accepted before are still being started
 * @NFT_SYSRQ_ST_OTHERS: another key's program is pending, and this key lacks
 *	a letter of it
 * @NFT_SYSRQ_ST_NOTHING: cancel: no program was pending
 */
enum nft_sysrq_status {
	NFT_SYSRQ_ST_OK		= 0,
	NFT_SYSRQ_ST_MALFORMED	= 1,
	NFT_SYSRQ_ST_STALE	= 2,
	NFT_SYSRQ_ST_REFUSED	= 3,
	NFT_SYSRQ_ST_EXPIRED	= 4,
	NFT_SYSRQ_ST_FULL	= 5,
	NFT_SYSRQ_ST_OVERTAKEN	= 6,
	NFT_SYSRQ_ST_BUSY	= 7,
	NFT_SYSRQ_ST_OTHERS	= 8,
	NFT_SYSRQ_ST_NOTHING	= 9,
};

/**
 * enum nft_sysrq_reason - why a step is refused
 * @NFT_SYSRQ_R_OK: it is not
 * @NFT_SYSRQ_R_SYSRQ: kernel.sysrq does not allow it
 * @NFT_SYSRQ_R_KEY: the key does not
 * @NFT_SYSRQ_R_UNKNOWN: the host's kernel has no handler for it
 */
enum nft_sysrq_reason {
	NFT_SYSRQ_R_OK		= 0,
	NFT_SYSRQ_R_SYSRQ	= 1,
	NFT_SYSRQ_R_KEY		= 2,
	NFT_SYSRQ_R_UNKNOWN	= 3,
};

/* Bits of a reply. */
#define NFT_SYSRQ_B_SEEN	0x01	/* the nonce was seen before: first outcome */
#define NFT_SYSRQ_B_REPLACED	0x02	/* a pending program was replaced */
#define NFT_SYSRQ_B_NO_WALL	0x04	/* the key forbids wall-clock mode */

/* How far a stamp in epoch mode may lead the host's clock, ns. */
#define NFT_SYSRQ_LEAD_NS	5000000000LL

/* How long after its first sending a sender may go on encoding a request, ns. */
#define NFT_SYSRQ_TRY_NS	20000000000LL

/*
 * Labels of the derivation: HMAC-SHA256(key, label), without the final NUL;
 * for the host tag HMAC-SHA256(key, label + identity).
 */
#define NFT_SYSRQ_LABEL_REQUEST_MAC	"nft-sysrq v1 request mac"
#define NFT_SYSRQ_LABEL_REQUEST_ADM	"nft-sysrq v1 request admission"
#define NFT_SYSRQ_LABEL_REPLY_MAC	"nft-sysrq v1 reply mac"
#define NFT_SYSRQ_LABEL_REPLY_ADM	"nft-sysrq v1 reply admission"
#define NFT_SYSRQ_LABEL_KEY_ID		"nft-sysrq v1 key id"
#define NFT_SYSRQ_LABEL_HOST_TAG	"nft-sysrq v1 host "

/* ---- The nftables expression "sysrq" -------------------------------- */

#define NFT_SYSRQ_NAME_LEN	32	/* of a key's name, with NUL */

/**
 * enum nft_sysrq_attributes - netlink attributes of the expression
 * @NFTA_SYSRQ_KEY: only this key (NLA_STRING, < NFT_SYSRQ_NAME_LEN); without
 *	it, any key of the network namespace
 * @NFTA_SYSRQ_FLAGS: NFT_SYSRQ_E_* (NLA_U32, big-endian); without it, 0
 */
enum nft_sysrq_attributes {
	NFTA_SYSRQ_UNSPEC,
	NFTA_SYSRQ_KEY,
	NFTA_SYSRQ_FLAGS,
	__NFTA_SYSRQ_MAX
};

#define NFTA_SYSRQ_MAX		(__NFTA_SYSRQ_MAX - 1)

#define NFT_SYSRQ_E_SILENT	0x1	/* never answer */
#define NFT_SYSRQ_E_MASK	0x1

#endif /* _UAPI_LINUX_NFT_SYSRQ_H */
