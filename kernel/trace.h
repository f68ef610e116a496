/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: each packet's verdict, each letter that is handed to the kernel. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nft_sysrq

#if !defined(NFT_SYSRQ_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NFT_SYSRQ_TRACE_H

#include <linux/nft_sysrq.h>
#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include "packet.h"
#include "runner.h"

/* As sysrqctl show calls them. */
#define STATS \
	STAT(TRANSPORT, "transport") \
	STAT(FRAGMENT, "fragment") \
	STAT(ADDRESS, "address") \
	STAT(LENGTH, "length") \
	STAT(MAGIC, "magic") \
	STAT(VERSION, "version") \
	STAT(HEADER, "header") \
	STAT(KEY_UNKNOWN, "key-unknown") \
	STAT(KEY_OTHER, "key-other") \
	STAT(ADMISSION, "admission") \
	STAT(STALE_LIMITED, "stale-limited") \
	STAT(SEEN_LIMITED, "seen-limited") \
	STAT(MAC, "mac") \
	STAT(MALFORMED, "malformed") \
	STAT(STALE_EPOCH, "stale-epoch") \
	STAT(STALE_OLD, "stale-old") \
	STAT(STALE_FUTURE, "stale-future") \
	STAT(STALE_FLOOR, "stale-floor") \
	STAT(STALE_WALL, "stale-wall") \
	STAT(SEEN, "seen") \
	STAT(FULL, "full") \
	STAT(EXPIRED, "expired") \
	STAT(REFUSED_KEY, "refused-key") \
	STAT(REFUSED_SYSRQ, "refused-sysrq") \
	STAT(REFUSED_UNKNOWN, "refused-unknown") \
	STAT(OVERTAKEN, "overtaken") \
	STAT(OTHERS, "others") \
	STAT(BUSY, "busy") \
	STAT(NOTHING, "nothing") \
	STAT(PROBE, "probe") \
	STAT(RUN, "run") \
	STAT(CANCEL, "cancel")

#define RUNNERS \
	BY(TIMER, "timer") \
	BY(PRINTER, "printer") \
	BY(PACKET, "packet")

/* For readers of the binary buffer, who know no names. */
#undef STAT
#define STAT(name, text) TRACE_DEFINE_ENUM(NFT_SYSRQ_STAT_##name);
STATS
#undef BY
#define BY(name, text) TRACE_DEFINE_ENUM(NFT_SYSRQ_BY_##name);
RUNNERS

#undef STAT
#undef BY
#define STAT(name, text) { NFT_SYSRQ_STAT_##name, text },
#define BY(name, text) { NFT_SYSRQ_BY_##name, text },

/**
 * nft_sysrq_verdict - what became of a packet that met the expression
 * @p: where it is from; NULL: it was not looked at so far
 * @d: the datagram; valid with @p
 * @stat: enum nft_sysrq_stat
 */
TRACE_EVENT(nft_sysrq_verdict,
	TP_PROTO(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d, int stat),
	TP_ARGS(p, d, stat),
	TP_STRUCT__entry(
		__field(int, stat)
		__field(u8, proto)
		__field(u8, type)
		__field(u32, key_id)
		__field(u32, nonce)
		__array(u8, from, sizeof(struct in6_addr))
	),
	TP_fast_assign(
		__entry->stat = stat;
		__entry->proto = p ? p->proto : 0;
		__entry->type = p ? d->type : 0;
		__entry->key_id = p ? be32_to_cpu(d->key_id) : 0;
		__entry->nonce = p ? be32_to_cpu(d->nonce) : 0;
		if (!p)
			memset(__entry->from, 0, sizeof(__entry->from));
		else if (p->v4)
			ipv6_addr_set_v4mapped(p->from.ip, (struct in6_addr *)__entry->from);
		else
			memcpy(__entry->from, &p->from.in6, sizeof(__entry->from));
	),
	TP_printk("%s from=%pI6c proto=%u type=%u key_id=%08x nonce=%08x",
		  __print_symbolic(__entry->stat, STATS { 0, "none" }), __entry->from,
		  __entry->proto, __entry->type, __entry->key_id, __entry->nonce)
);

/**
 * nft_sysrq_step - a letter is handed to the kernel
 * @letter: the letter
 * @by: who runs it
 */
TRACE_EVENT(nft_sysrq_step,
	TP_PROTO(int letter, enum nft_sysrq_by by),
	TP_ARGS(letter, by),
	TP_STRUCT__entry(
		__field(u8, letter)
		__field(u8, by)
	),
	TP_fast_assign(
		__entry->letter = letter;
		__entry->by = by;
	),
	TP_printk("%c by=%s", __entry->letter,
		  __print_symbolic(__entry->by, RUNNERS { -1, "none" }))
);

#endif /* NFT_SYSRQ_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
