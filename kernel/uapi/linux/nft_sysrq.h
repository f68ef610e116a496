/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Every number of nft_sysrq that crosses a boundary: the datagram on the wire
 * (docs/protocol.md), the nftables expression, the generic netlink family.
 */
#ifndef _UAPI_LINUX_NFT_SYSRQ_H
#define _UAPI_LINUX_NFT_SYSRQ_H

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

/* ---- The generic netlink family ------------------------------------- */

#define NFT_SYSRQ_GENL_NAME		"nft_sysrq"
#define NFT_SYSRQ_GENL_VERSION		1

/**
 * enum nft_sysrq_cmd - operations
 * @NFT_SYSRQ_CMD_KEY_NEW: new key: NAME, MATERIAL; KEY settings
 * @NFT_SYSRQ_CMD_KEY_SET: NAME; with MATERIAL replace it, else only settings
 * @NFT_SYSRQ_CMD_KEY_DEL: NAME
 * @NFT_SYSRQ_CMD_KEY_GET: do: NAME; dump: all
 * @NFT_SYSRQ_CMD_STATS_GET: the counters of the network namespace
 * @NFT_SYSRQ_CMD_STATUS_GET: versions, mask, clocks, rules, pending program
 * @NFT_SYSRQ_CMD_PROGRAM_CANCEL: drop the pending program
 */
enum nft_sysrq_cmd {
	NFT_SYSRQ_CMD_UNSPEC,
	NFT_SYSRQ_CMD_KEY_NEW,
	NFT_SYSRQ_CMD_KEY_SET,
	NFT_SYSRQ_CMD_KEY_DEL,
	NFT_SYSRQ_CMD_KEY_GET,
	NFT_SYSRQ_CMD_STATS_GET,
	NFT_SYSRQ_CMD_STATUS_GET,
	NFT_SYSRQ_CMD_PROGRAM_CANCEL,
	__NFT_SYSRQ_CMD_MAX
};

#define NFT_SYSRQ_CMD_MAX	(__NFT_SYSRQ_CMD_MAX - 1)

/**
 * enum nft_sysrq_key_attrs - attributes of a key; host byte order
 * @NFT_SYSRQ_A_KEY_NAME: string, 1..31 of [A-Za-z0-9._-], no leading '-'
 * @NFT_SYSRQ_A_KEY_MATERIAL: 32 bytes; in only, never out
 * @NFT_SYSRQ_A_KEY_IDENTITY: string, 0..253 of lower-case ASCII; this host's
 *	name in wall-clock mode; default: the host's name when the key is set
 * @NFT_SYSRQ_A_KEY_LETTERS: string of allowed letters; default: all but
 *	g, n and x
 * @NFT_SYSRQ_A_KEY_TOLERANCE: u32, ms, 3,000..3,600,000; default 60,000
 * @NFT_SYSRQ_A_KEY_WALL: u8, 0 or 1: wall-clock mode allowed; default 1
 * @NFT_SYSRQ_A_KEY_EXPIRES: u64, s since 1970; 0: never (default)
 * @NFT_SYSRQ_A_KEY_WINDOW: u32, entries, 16..4096, a power of two; default
 *	64; only with MATERIAL
 * @NFT_SYSRQ_A_KEY_ID: u32; out only
 * @NFT_SYSRQ_A_KEY_AGE: u64, s since the material came; out only
 * @NFT_SYSRQ_A_KEY_LAST_USE: u64, s since the last accepted request; absent
 *	if there was none; out only
 * @NFT_SYSRQ_A_KEY_ACCEPTED: u64, requests; out only
 * @NFT_SYSRQ_A_KEY_REFUSED: u64, requests refused after the HMAC; out only
 * @NFT_SYSRQ_A_KEY_EPOCH: u64; out only
 * @NFT_SYSRQ_A_KEY_EXPIRED: flag; out only
 * @NFT_SYSRQ_A_KEY_USED: u32, entries of the window in use; out only
 */
enum nft_sysrq_key_attrs {
	NFT_SYSRQ_A_KEY_UNSPEC,
	NFT_SYSRQ_A_KEY_NAME,
	NFT_SYSRQ_A_KEY_MATERIAL,
	NFT_SYSRQ_A_KEY_IDENTITY,
	NFT_SYSRQ_A_KEY_LETTERS,
	NFT_SYSRQ_A_KEY_TOLERANCE,
	NFT_SYSRQ_A_KEY_WALL,
	NFT_SYSRQ_A_KEY_EXPIRES,
	NFT_SYSRQ_A_KEY_WINDOW,
	NFT_SYSRQ_A_KEY_ID,
	NFT_SYSRQ_A_KEY_AGE,
	NFT_SYSRQ_A_KEY_LAST_USE,
	NFT_SYSRQ_A_KEY_ACCEPTED,
	NFT_SYSRQ_A_KEY_REFUSED,
	NFT_SYSRQ_A_KEY_EPOCH,
	NFT_SYSRQ_A_KEY_EXPIRED,
	NFT_SYSRQ_A_KEY_USED,
	NFT_SYSRQ_A_KEY_PAD,
	__NFT_SYSRQ_A_KEY_MAX
};

#define NFT_SYSRQ_A_KEY_MAX	(__NFT_SYSRQ_A_KEY_MAX - 1)

#define NFT_SYSRQ_IDENTITY_LEN	254	/* with NUL */
#define NFT_SYSRQ_TOLERANCE_MIN	3000
#define NFT_SYSRQ_TOLERANCE_MAX	3600000
#define NFT_SYSRQ_TOLERANCE_DEF	60000
#define NFT_SYSRQ_WINDOW_MIN	16
#define NFT_SYSRQ_WINDOW_MAX	4096
#define NFT_SYSRQ_WINDOW_DEF	64
#define NFT_SYSRQ_KEYS_MAX	10000	/* of a network namespace */

/**
 * enum nft_sysrq_stat - what became of the packets that met the expression
 *
 * Each packet is counted once, here; a reply besides under REPLY_*. The
 * order is that of the checks. As attributes of STATS_GET each is a u64.
 */
enum nft_sysrq_stat {
	NFT_SYSRQ_STAT_UNSPEC,
	NFT_SYSRQ_STAT_TRANSPORT,	/* not UDP */
	NFT_SYSRQ_STAT_FRAGMENT,	/* fragmented, reassembled or GSO */
	NFT_SYSRQ_STAT_ADDRESS,		/* not to this host, or not unicast */
	NFT_SYSRQ_STAT_LENGTH,		/* not 94 bytes */
	NFT_SYSRQ_STAT_MAGIC,		/* not "SRQ" */
	NFT_SYSRQ_STAT_VERSION,		/* another version */
	NFT_SYSRQ_STAT_HEADER,		/* type, zero byte or number of steps */
	NFT_SYSRQ_STAT_KEY_UNKNOWN,	/* no key of that id */
	NFT_SYSRQ_STAT_KEY_OTHER,	/* not the key that the rule names */
	NFT_SYSRQ_STAT_ADMISSION,	/* forged: admission tag */
	NFT_SYSRQ_STAT_STALE_LIMITED,	/* stale, and its slot may not answer */
	NFT_SYSRQ_STAT_SEEN_LIMITED,	/* seen, and answered just before */
	NFT_SYSRQ_STAT_MAC,		/* forged: HMAC */
	NFT_SYSRQ_STAT_MALFORMED,	/* genuine, but has no meaning */
	NFT_SYSRQ_STAT_STALE_EPOCH,	/* genuine, other epoch or host tag */
	NFT_SYSRQ_STAT_STALE_OLD,	/* genuine, stamp too old, or forgotten */
	NFT_SYSRQ_STAT_STALE_FUTURE,	/* genuine, stamp ahead of the clock */
	NFT_SYSRQ_STAT_STALE_FLOOR,	/* genuine, from before the key was set */
	NFT_SYSRQ_STAT_STALE_WALL,	/* genuine, but the key forbids wall clock */
	NFT_SYSRQ_STAT_SEEN,		/* genuine, nonce seen before: not run again */
	NFT_SYSRQ_STAT_FULL,		/* genuine, nonce window full */
	NFT_SYSRQ_STAT_EXPIRED,		/* genuine, key expired */
	NFT_SYSRQ_STAT_REFUSED_KEY,	/* a letter not allowed by the key */
	NFT_SYSRQ_STAT_REFUSED_SYSRQ,	/* a letter not allowed by kernel.sysrq */
	NFT_SYSRQ_STAT_REFUSED_UNKNOWN,	/* a letter that no handler takes */
	NFT_SYSRQ_STAT_OVERTAKEN,	/* a later run or cancel came first */
	NFT_SYSRQ_STAT_OTHERS,		/* another key's program is pending */
	NFT_SYSRQ_STAT_BUSY,		/* programs are still being started */
	NFT_SYSRQ_STAT_NOTHING,		/* nothing to cancel */
	NFT_SYSRQ_STAT_PROBE,		/* accepted */
	NFT_SYSRQ_STAT_RUN,		/* accepted */
	NFT_SYSRQ_STAT_CANCEL,		/* accepted */
	NFT_SYSRQ_STAT_REPLY_SENT,
	NFT_SYSRQ_STAT_REPLY_FAILED,	/* no memory, no route */
	NFT_SYSRQ_STAT_STEPS,		/* letters handed to the kernel */
	NFT_SYSRQ_STAT_PAD,
	__NFT_SYSRQ_STAT_MAX
};

#define NFT_SYSRQ_STAT_MAX	(__NFT_SYSRQ_STAT_MAX - 1)

/**
 * enum nft_sysrq_status_attrs - attributes of STATUS_GET
 * @NFT_SYSRQ_A_STATUS_VERSION: string: the module's
 * @NFT_SYSRQ_A_STATUS_PROTO: u32: highest protocol version
 * @NFT_SYSRQ_A_STATUS_MASK: u32: kernel.sysrq
 * @NFT_SYSRQ_A_STATUS_HANDLED: string: letters that this kernel takes
 * @NFT_SYSRQ_A_STATUS_EXPRS: u32: live expressions of the network namespace
 * @NFT_SYSRQ_A_STATUS_KEYS: u32: keys of the network namespace
 * @NFT_SYSRQ_A_STATUS_BOOTTIME: s64, ns
 * @NFT_SYSRQ_A_STATUS_REALTIME: s64, ns
 * @NFT_SYSRQ_A_STATUS_PENDING: nested enum nft_sysrq_pending_attrs; absent
 *	if no program is pending
 */
enum nft_sysrq_status_attrs {
	NFT_SYSRQ_A_STATUS_UNSPEC,
	NFT_SYSRQ_A_STATUS_VERSION,
	NFT_SYSRQ_A_STATUS_PROTO,
	NFT_SYSRQ_A_STATUS_MASK,
	NFT_SYSRQ_A_STATUS_HANDLED,
	NFT_SYSRQ_A_STATUS_EXPRS,
	NFT_SYSRQ_A_STATUS_KEYS,
	NFT_SYSRQ_A_STATUS_BOOTTIME,
	NFT_SYSRQ_A_STATUS_REALTIME,
	NFT_SYSRQ_A_STATUS_PENDING,
	NFT_SYSRQ_A_STATUS_PAD,
	__NFT_SYSRQ_A_STATUS_MAX
};

#define NFT_SYSRQ_A_STATUS_MAX	(__NFT_SYSRQ_A_STATUS_MAX - 1)

/**
 * enum nft_sysrq_pending_attrs - the pending program
 * @NFT_SYSRQ_A_PENDING_KEY: string: name of the key that sent it
 * @NFT_SYSRQ_A_PENDING_NONCE: u32
 * @NFT_SYSRQ_A_PENDING_FIRES: u64, ms until the next letter
 * @NFT_SYSRQ_A_PENDING_STEPS: binary: the steps that are left, each
 *	struct nft_sysrq_step
 */
enum nft_sysrq_pending_attrs {
	NFT_SYSRQ_A_PENDING_UNSPEC,
	NFT_SYSRQ_A_PENDING_KEY,
	NFT_SYSRQ_A_PENDING_NONCE,
	NFT_SYSRQ_A_PENDING_FIRES,
	NFT_SYSRQ_A_PENDING_STEPS,
	NFT_SYSRQ_A_PENDING_PAD,
	__NFT_SYSRQ_A_PENDING_MAX
};

#define NFT_SYSRQ_A_PENDING_MAX	(__NFT_SYSRQ_A_PENDING_MAX - 1)

#endif /* _UAPI_LINUX_NFT_SYSRQ_H */
