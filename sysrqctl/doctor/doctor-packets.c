// SPDX-License-Identifier: GPL-2.0-only
/* doctor: counters that tell of trouble. */
#include "doctor.h"
#include "words.h"

/* From how many on it is worth a word: some come with every key, boot or scan of ports. */
static const struct {
	enum nft_sysrq_stat	stat;
	u64			many;
} signs[] = {
	{ NFT_SYSRQ_STAT_REPLY_FAILED, 1 },
	{ NFT_SYSRQ_STAT_FULL, 1 },
	{ NFT_SYSRQ_STAT_EXPIRED, 1 },
	{ NFT_SYSRQ_STAT_BUSY, 1 },
	{ NFT_SYSRQ_STAT_FRAGMENT, 10 },
	{ NFT_SYSRQ_STAT_VERSION, 10 },
	{ NFT_SYSRQ_STAT_KEY_UNKNOWN, 10 },
	{ NFT_SYSRQ_STAT_STALE_OLD, 10 },
	{ NFT_SYSRQ_STAT_STALE_FUTURE, 10 },
	{ NFT_SYSRQ_STAT_STALE_LIMITED, 10 },
	{ NFT_SYSRQ_STAT_SEEN_LIMITED, 10 },
	{ NFT_SYSRQ_STAT_ADMISSION, 100 },
	{ NFT_SYSRQ_STAT_MAC, 1 },
};

/*
 * Each sender's first probe goes by the wall clock, and is stale where the key is younger than its
 * tolerance, or has been set anew; what follows it is accepted. So stale ones beside as many that are
 * accepted are no trouble.
 */
static bool is_usual(enum nft_sysrq_stat stat, u64 n, u64 accepted)
{
	return (stat == NFT_SYSRQ_STAT_STALE_OLD || stat == NFT_SYSRQ_STAT_STALE_FUTURE) &&
	       n <= accepted;
}

/**
 * doctor_packets - what became of packets that should have become something else
 * @d: the doctor
 */
void doctor_packets(struct doctor *d)
{
	const u64 *stats = d->state.stats;
	u64 n, accepted = stats[NFT_SYSRQ_STAT_RUN] + stats[NFT_SYSRQ_STAT_CANCEL] +
			  stats[NFT_SYSRQ_STAT_PROBE];
	unsigned int told = 0;
	size_t i;

	if (d->module_err)
		return;
	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		n = stats[signs[i].stat];
		if (n < signs[i].many || is_usual(signs[i].stat, n, accepted))
			continue;
		doctor_tell(d, DOCTOR_NOTE, "packets", "%llu %s", (unsigned long long)n,
			    words_stat(signs[i].stat));
		told++;
	}
	/* Counters only grow: what it was is seen only as it happens. */
	if (told)
		doctor_mend(d, "sysrqctl monitor");
	else
		doctor_tell(d, DOCTOR_OK, "packets", "none that tell of trouble; %llu requests "
			    "accepted", (unsigned long long)accepted);
}
