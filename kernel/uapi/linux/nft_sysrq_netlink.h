/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The generic netlink family of nft_sysrq: what a host is asked, and told, by
 * its own administrator. docs/netlink/nft_sysrq.yaml specifies it.
 */
#ifndef _UAPI_LINUX_NFT_SYSRQ_NETLINK_H
#define _UAPI_LINUX_NFT_SYSRQ_NETLINK_H

#define NFT_SYSRQ_GENL_NAME		"nft_sysrq"
#define NFT_SYSRQ_GENL_VERSION		1
#define NFT_SYSRQ_GENL_EVENTS		"events"	/* multicast group */

/**
 * enum nft_sysrq_cmd - operations
 * @NFT_SYSRQ_CMD_KEY_NEW: new key: NAME, MATERIAL; KEY settings
 * @NFT_SYSRQ_CMD_KEY_SET: NAME; with MATERIAL replace it, else only settings
 * @NFT_SYSRQ_CMD_KEY_DEL: NAME
 * @NFT_SYSRQ_CMD_KEY_GET: do: NAME; dump: all
 * @NFT_SYSRQ_CMD_STATS_GET: the counters of the network namespace
 * @NFT_SYSRQ_CMD_STATUS_GET: versions, mask, clocks, rules, pending program
 * @NFT_SYSRQ_CMD_PROGRAM_CANCEL: drop the pending program
 * @NFT_SYSRQ_CMD_REQUEST_NTF: event: a genuine request was answered for
 * @NFT_SYSRQ_CMD_STEP_NTF: event: a letter is handed to the kernel
 * @NFT_SYSRQ_CMD_PROGRAM_NTF: event: a program is dropped before its end
 * @NFT_SYSRQ_CMD_KEY_NTF: event: a key has changed
 *
 * Events go to NFT_SYSRQ_GENL_EVENTS, with enum nft_sysrq_event_attrs.
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
	NFT_SYSRQ_CMD_REQUEST_NTF,
	NFT_SYSRQ_CMD_STEP_NTF,
	NFT_SYSRQ_CMD_PROGRAM_NTF,
	NFT_SYSRQ_CMD_KEY_NTF,
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
 * @NFT_SYSRQ_A_KEY_OVERLAP: u32, s, 0..2,592,000; KEY_SET: how long the
 *	material that is replaced, or, without MATERIAL, what was replaced
 *	before, stays good beside the new one; 0 (default with MATERIAL): it
 *	is wiped at once. Out: how long this replaced material is still good;
 *	absent in a key that is not replaced
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
	NFT_SYSRQ_A_KEY_OVERLAP,
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
#define NFT_SYSRQ_OVERLAP_MAX	2592000
#define NFT_SYSRQ_KEYS_MAX	10000	/* of a network namespace */

/**
 * enum nft_sysrq_stat - what became of the packets that met the expression
 *
 * Each packet is counted once, here; a reply besides under REPLY_*. The
 * order is that of the checks. As attributes of STATS_GET each is a u64.
 */
enum nft_sysrq_stat {
	NFT_SYSRQ_STAT_UNSPEC,
	NFT_SYSRQ_STAT_TRANSPORT,	/* neither UDP nor echo request */
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

/**
 * enum nft_sysrq_event_attrs - attributes of events
 * @NFT_SYSRQ_A_EVENT_KEY: string: the key's name
 * @NFT_SYSRQ_A_EVENT_KEY_ID: u32
 * @NFT_SYSRQ_A_EVENT_REALTIME: s64, ns: when it happened
 * @NFT_SYSRQ_A_EVENT_LOST: u32: events before this one that nobody can be
 *	told of, as too many came; absent if none were
 * @NFT_SYSRQ_A_EVENT_ADDRESS: binary: the sender's, 4 or 16 bytes (requests)
 * @NFT_SYSRQ_A_EVENT_PORT: u16: the sender's; absent with ICMP (requests)
 * @NFT_SYSRQ_A_EVENT_TYPE: u8, enum nft_sysrq_type (requests)
 * @NFT_SYSRQ_A_EVENT_STAT: u32, enum nft_sysrq_stat: what became of it
 *	(requests)
 * @NFT_SYSRQ_A_EVENT_STATUS: u8, enum nft_sysrq_status: what is answered
 *	(requests)
 * @NFT_SYSRQ_A_EVENT_BITS: u8, NFT_SYSRQ_B_* (requests)
 * @NFT_SYSRQ_A_EVENT_REASONS: u32: enum nft_sysrq_reason of step i at bits
 *	2i..2i+1 (requests)
 * @NFT_SYSRQ_A_EVENT_NONCE: u32: of the request, or the program (all but key
 *	changes)
 * @NFT_SYSRQ_A_EVENT_STEPS: binary, each struct nft_sysrq_step: those of the
 *	request; the letter that is handed to the kernel, with its wait, and
 *	those after it; those that are dropped
 * @NFT_SYSRQ_A_EVENT_CHANGE: u32, enum nft_sysrq_change (key changes)
 */
enum nft_sysrq_event_attrs {
	NFT_SYSRQ_A_EVENT_UNSPEC,
	NFT_SYSRQ_A_EVENT_KEY,
	NFT_SYSRQ_A_EVENT_KEY_ID,
	NFT_SYSRQ_A_EVENT_REALTIME,
	NFT_SYSRQ_A_EVENT_LOST,
	NFT_SYSRQ_A_EVENT_ADDRESS,
	NFT_SYSRQ_A_EVENT_PORT,
	NFT_SYSRQ_A_EVENT_TYPE,
	NFT_SYSRQ_A_EVENT_STAT,
	NFT_SYSRQ_A_EVENT_STATUS,
	NFT_SYSRQ_A_EVENT_BITS,
	NFT_SYSRQ_A_EVENT_REASONS,
	NFT_SYSRQ_A_EVENT_NONCE,
	NFT_SYSRQ_A_EVENT_STEPS,
	NFT_SYSRQ_A_EVENT_CHANGE,
	NFT_SYSRQ_A_EVENT_PAD,
	__NFT_SYSRQ_A_EVENT_MAX
};

#define NFT_SYSRQ_A_EVENT_MAX	(__NFT_SYSRQ_A_EVENT_MAX - 1)

/**
 * enum nft_sysrq_change - what happened to a key
 * @NFT_SYSRQ_CHANGE_NEW: it is there; also new material under an old name
 * @NFT_SYSRQ_CHANGE_SETTINGS: it has other settings
 * @NFT_SYSRQ_CHANGE_REPLACED: newer material has its name; it is good for a
 *	while
 * @NFT_SYSRQ_CHANGE_GONE: deleted, or replaced and its time is over: wiped
 */
enum nft_sysrq_change {
	NFT_SYSRQ_CHANGE_UNSPEC,
	NFT_SYSRQ_CHANGE_NEW,
	NFT_SYSRQ_CHANGE_SETTINGS,
	NFT_SYSRQ_CHANGE_REPLACED,
	NFT_SYSRQ_CHANGE_GONE,
};

#endif /* _UAPI_LINUX_NFT_SYSRQ_NETLINK_H */
