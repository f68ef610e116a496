// SPDX-License-Identifier: GPL-2.0-only
/* A host for the packet path in userspace: what it asks of the kernel, and what is not under test. */
#include "stand-in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "event.h"
#include "letters.h"
#include "reply.h"

struct stand_in host;
struct nft_sysrq_space space;
int stand_in_rcu, stand_in_module;

static struct nft_sysrq_stats stats;

/* ---- The kernel ---------------------------------------------------------- */

u64 ktime_get_boot_fast_ns(void)
{
	return host.boot;
}

u64 ktime_get_real_fast_ns(void)
{
	return host.real;
}

u64 ktime_get_mono_fast_ns(void)
{
	return host.mono;
}

static bool memory(void)
{
	return host.memory < 0 || host.memory-- > 0;
}

void *kzalloc(size_t size, int gfp)
{
	(void)gfp;
	return memory() ? calloc(1, size) : NULL;
}

void *kvmalloc(size_t size, int gfp)
{
	(void)gfp;
	return memory() ? malloc(size) : NULL;
}

void *kvcalloc(size_t n, size_t size, int gfp)
{
	(void)gfp;
	return memory() ? calloc(n, size) : NULL;
}

void kfree(const void *p)
{
	free((void *)p);
}

void kvfree(const void *p)
{
	free((void *)p);
}

void kfree_sensitive(const void *p)
{
	host.freed++;
	free((void *)p);
}

static struct rcu_head *rcu_head;
static void (*rcu_fn)(struct rcu_head *head);

/* What somebody may still be reading is freed when the next one goes. */
void call_rcu(struct rcu_head *head, void (*fn)(struct rcu_head *head))
{
	if (rcu_head && !stand_in_rcu)
		rcu_fn(rcu_head);
	assert(!rcu_head || !stand_in_rcu);
	rcu_head = head;
	rcu_fn = fn;
}

u64 get_random_u64(void)
{
	static u64 last;

	/* Zero first: it is no epoch. */
	return last++ * 0x9e3779b97f4a7c15ULL;
}

u32 get_random_u32(void)
{
	return get_random_u64();
}

u32 jhash(const void *key, u32 len, u32 seed)
{
	const u8 *p = key;

	while (len--)
		seed = seed * 31 + *p++;
	return seed;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < (int)size ? n : (int)size - 1;
}

void pr_notice_ratelimited(const char *fmt, ...)
{
	const char *name, *what, *steps;
	va_list args;

	va_start(args, fmt);
	name = va_arg(args, const char *);
	(void)va_arg(args, const void *);
	what = va_arg(args, const char *);
	steps = va_arg(args, const char *);
	va_end(args);
	snprintf(host.log, sizeof(host.log), "%s %s%s", name, what, steps);
	host.logs++;
}

void schedule_delayed_work(struct delayed_work *work, unsigned long delay)
{
	host.work = &work->work;
	host.delay = delay;
	host.works++;
}

void cancel_delayed_work(struct delayed_work *work)
{
	(void)work;
}

void cancel_delayed_work_sync(struct delayed_work *work)
{
	(void)work;
}

int sysrq_mask(void)
{
	return host.sysrq;
}

int register_sysrq_key(int letter, const struct sysrq_key_op *op)
{
	(void)op;
	if (strchr(host.handlers, letter))
		return -EBUSY;
	host.registered++;
	return 0;
}

int unregister_sysrq_key(int letter, const struct sysrq_key_op *op)
{
	(void)op;
	assert(!strchr(host.handlers, letter));
	host.registered--;
	return 0;
}

/* ---- Packets, replies, events -------------------------------------------- */

int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			  struct nft_sysrq_bytes *b)
{
	(void)b;
	host.packets_read++;
	p->pkt = pkt;
	p->v4 = true;
	return host.packet_is;
}

bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p)
{
	void (*fn)(void) = host.meanwhile;

	(void)p;
	/* It comes right behind the HMAC. */
	host.meanwhile = NULL;
	if (fn)
		fn();
	return !host.elsewhere;
}

int nft_sysrq_reply_send(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d)
{
	(void)p;
	if (host.no_reply)
		return -ENOMEM;
	host.replies++;
	host.reply = *d;
	return 0;
}

void nft_sysrq_event_request(const struct request *r, const struct outcome *o,
			     const struct nft_sysrq_packet *p)
{
	(void)r;
	(void)p;
	host.requests_told++;
	host.told_stat = o->stat;
}

void nft_sysrq_event_steps(enum nft_sysrq_cmd cmd, const struct nft_sysrq_actor *actor,
			   u32 nonce, const struct nft_sysrq_step *steps, unsigned int nsteps)
{
	(void)nonce;
	host.told_of = *actor;
	host.told_steps = steps;
	host.told_nsteps = nsteps;
	assert(nsteps <= NFT_SYSRQ_MAX_STEPS);
	host.steps_told += cmd == NFT_SYSRQ_CMD_STEP_NTF;
	host.ended_told += cmd == NFT_SYSRQ_CMD_PROGRAM_NTF;
}

void nft_sysrq_event_key(const struct nft_sysrq_key *key, enum nft_sysrq_change change)
{
	(void)key;
	(void)change;
	host.keys_told++;
}

/* ---- The runner ---------------------------------------------------------- */

void nft_sysrq_runner_arm(unsigned int slot, u64 now, u64 when)
{
	assert(slot < NFT_SYSRQ_PROGRAMS && now == (u64)host.mono);
	host.when[slot] = when;
}

void nft_sysrq_runner_disarm(unsigned int slot)
{
	assert(slot < NFT_SYSRQ_PROGRAMS);
	host.when[slot] = 0;
}

bool nft_sysrq_runner_busy(unsigned int slot)
{
	return host.busy >> slot & 1;
}

void nft_sysrq_runner_wake(void)
{
	host.woken++;
}

void nft_sysrq_runner_run(unsigned int slot, enum nft_sysrq_by by)
{
	size_t n = strlen(host.ran);
	int letter;

	while ((letter = nft_sysrq_program_claim(slot, by)) >= 0)
		if (letter && n + 1 < sizeof(host.ran))
			host.ran[n++] = letter;
}

void host_run(enum nft_sysrq_by by)
{
	unsigned int slot;

	for (slot = 0; slot < NFT_SYSRQ_PROGRAMS; slot++)
		if (by != NFT_SYSRQ_BY_PRINTER || nft_sysrq_program_handed(slot))
			nft_sysrq_runner_run(slot, by);
}

void host_pass(s64 ns)
{
	s64 step = 10000000, left;
	unsigned int slot;

	for (; ns > 0; ns -= step) {
		left = ns < step ? ns : step;
		host.boot += left;
		host.real += left;
		host.mono += left;
		for (slot = 0; slot < NFT_SYSRQ_PROGRAMS && !host.hold; slot++)
			if (host.when[slot] && host.when[slot] <= (u64)host.mono)
				nft_sysrq_runner_run(slot, NFT_SYSRQ_BY_TIMER);
	}
}

/* ---- Its beginning and end ----------------------------------------------- */

void host_init(void)
{
	memset(&host, 0, sizeof(host));
	host.boot = 100000 * SECOND;
	host.mono = 90000 * SECOND;
	host.real = 1760000000 * SECOND;
	host.sysrq = 1;
	host.memory = -1;
	host.handlers = "djklorvRSD";
	memset(&space, 0, sizeof(space));
	memset(&stats, 0, sizeof(stats));
	space.stats = &stats;
	nft_sysrq_letters_probe();
	mutex_lock(&nft_sysrq_key_mutex);
}

struct nft_sysrq_key *host_key(const char *name, u8 material, u32 window, u32 overlap)
{
	static const struct nft_sysrq_settings set = {
		.letters = NFT_SYSRQ_LETTERS_ALL,
		.tolerance_ms = NFT_SYSRQ_TOLERANCE_DEF,
		.wall = true,
		.identity = "web1",
	};
	struct nft_sysrq_key *key, *old = nft_sysrq_key_find(&space, name);
	u8 bytes[NFT_SYSRQ_KEY_LEN];

	memset(bytes, material, sizeof(bytes));
	key = nft_sysrq_key_create(name, bytes, &set, window);
	if (!key || nft_sysrq_key_insert(&space, key, old, overlap))
		abort();
	return key;
}

void host_exit(void)
{
	struct hlist_head *buckets = space.by_id;
	struct nft_sysrq_key *key;
	unsigned int i;

	for (i = 0; buckets && i < NFT_SYSRQ_KEY_BUCKETS; i++)
		while (buckets[i].first) {
			key = container_of(buckets[i].first, struct nft_sysrq_key, by_id);
			nft_sysrq_key_remove(key);
		}
	if (rcu_head)
		rcu_fn(rcu_head);
	rcu_head = NULL;
	assert(!space.keys && !stand_in_rcu && !host.registered);
	while (nft_sysrq_program_abort())
		;
	free(buckets);
	mutex_unlock(&nft_sysrq_key_mutex);
}
