// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin of QEMU (TCG, plugin API version 4): how often each instruction of
 * the guest's kernel is executed between one address and another, and where
 * it stores.
 *
 *	-plugin profile.so,at=FILE,out=FILE[,most=N]
 *
 * at: "ENTRY FROM TO", in hexadecimal, which the guest writes when it is ready:
 * counting begins with each execution of ENTRY, and ends when one of the
 * addresses FROM to TO - 1 is executed. Until the file is there nothing is
 * counted, and little of the emulator's time is taken.
 * out: at the end "entries N", and "ADDRESS N STACK OWN OTHER" for each
 * instruction: how often it was executed, and its stores: to the stack (within
 * 16 kB of the first one behind ENTRY, which saves a register), to what is the
 * processor's own (by %gs), to anything else.
 * most: no passage of more than N instructions is counted, as an interrupt came; no
 * instruction by itself then, but "passages N INSTRUCTIONS INTERRUPTED", and "line
 * ADDRESS N MASK" for each cache line stored to, but for the stack: how often, and
 * by which processors.
 *
 * The processors take turns (thread=single): nothing here is called by two at once.
 *
 * Debian has no package with QEMU's header: what is used of it is declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*udata_cb)(qemu_plugin_id_t id, void *data);
typedef void (*simple_cb)(qemu_plugin_id_t id);
typedef void (*trans_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int vcpu, void *data);
typedef void (*mem_cb)(unsigned int vcpu, uint32_t info, uint64_t address, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, trans_cb cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_cb cb,
					    int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, mem_cb cb, int flags,
				      int rw, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, udata_cb cb, void *data);
void qemu_plugin_reset(qemu_plugin_id_t id, simple_cb cb);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t len);

__attribute__((visibility("default"))) int qemu_plugin_version = 4;

#define BUCKETS		(1u << 20)
#define LOOK_EVERY	64
#define STORES		2	/* enum qemu_plugin_mem_rw */
#define STACK		16384
#define VCPUS		32
#define LINE		64
#define STORES_MOST	4096	/* that are noted of a passage */
#define GS_PREFIX	0x65

enum { TO_STACK, TO_OWN, TO_OTHER, CLASSES };

struct place {
	struct place	*next;
	uint64_t	address;
	uint64_t	count;
	uint64_t	stores[CLASSES];
	bool		by_gs;
};

struct line {
	struct line	*next;
	uint64_t	address;
	uint64_t	count;
	uint32_t	vcpus;
};

static struct place *places[BUCKETS];
static struct line *lines[BUCKETS];
static const char *at, *out;
static uint64_t entry, from, to, entries, most, passages, instructions, interrupted;
static struct vcpu {
	bool		counting;
	uint64_t	stack;
	uint64_t	count;
	size_t		n;
	uint64_t	stored[STORES_MOST];
} vcpus[VCPUS];

static size_t bucket(uint64_t address)
{
	return address * 0x9e3779b97f4a7c15u >> 44;
}

static struct place *place_of(uint64_t address)
{
	struct place **p = &places[bucket(address)];

	while (*p && (*p)->address != address)
		p = &(*p)->next;
	if (!*p) {
		*p = calloc(1, sizeof(**p));
		if (!*p)
			abort();
		(*p)->address = address;
	}
	return *p;
}

static void note_line(unsigned int vcpu, uint64_t address)
{
	struct line **l;

	address &= ~(uint64_t)(LINE - 1);
	for (l = &lines[bucket(address)]; *l && (*l)->address != address; l = &(*l)->next)
		;
	if (!*l) {
		*l = calloc(1, sizeof(**l));
		if (!*l)
			abort();
		(*l)->address = address;
	}
	(*l)->count++;
	(*l)->vcpus |= 1u << vcpu;
}

static void passed(unsigned int vcpu)
{
	struct vcpu *v = &vcpus[vcpu];
	size_t i;

	v->counting = false;
	if (!most)
		return;
	if (v->count > most || v->n == STORES_MOST) {
		interrupted++;
		return;
	}
	passages++;
	instructions += v->count;
	for (i = 0; i < v->n; i++)
		note_line(vcpu, v->stored[i]);
}

static void executed(unsigned int vcpu, void *data)
{
	struct vcpu *v = &vcpus[vcpu % VCPUS];
	struct place *p = data;

	if (p->address == entry && !v->counting) {
		v->counting = true;
		v->stack = 0;
		v->count = 0;
		v->n = 0;
		entries++;
	} else if (v->counting && p->address >= from && p->address < to) {
		passed(vcpu % VCPUS);
	}
	if (v->counting) {
		v->count++;
		p->count++;
	}
}

static void stored(unsigned int vcpu, uint32_t info, uint64_t address, void *data)
{
	struct vcpu *v = &vcpus[vcpu % VCPUS];
	struct place *p = data;

	(void)info;
	if (!v->counting)
		return;
	if (!v->stack && !p->by_gs)
		v->stack = address;
	if (!p->by_gs && address - v->stack + STACK < 2 * STACK) {
		p->stores[TO_STACK]++;
		return;
	}
	p->stores[p->by_gs ? TO_OWN : TO_OTHER]++;
	if (v->n < STORES_MOST)
		v->stored[v->n++] = address;
}

/* A prefix of an instruction; others may stand before it. */
static bool has_gs(const struct qemu_plugin_insn *insn)
{
	uint8_t bytes[4] = { 0 };
	size_t i, n = qemu_plugin_insn_data(insn, bytes, sizeof(bytes));

	for (i = 0; i < n && i < sizeof(bytes); i++)
		if (bytes[i] == GS_PREFIX)
			return true;
		else if (bytes[i] != 0x66 && bytes[i] != 0xf0 && bytes[i] != 0xf2 &&
			 bytes[i] != 0xf3 && bytes[i] != 0x3e)
			break;
	return false;
}

static void count_all(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		struct place *p;

		/* The kernel's half. */
		if (!(address >> 63))
			continue;
		p = place_of(address);
		p->by_gs = has_gs(insn);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, 0, p);
		qemu_plugin_register_vcpu_mem_cb(insn, stored, 0, STORES, p);
	}
}

static void tell_places(FILE *file)
{
	struct place *p;
	size_t i;

	fprintf(file, "entries %" PRIu64 "\n", entries);
	for (i = 0; i < BUCKETS; i++)
		for (p = places[i]; p; p = p->next)
			if (p->count)
				fprintf(file, "%" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64
					" %" PRIu64 "\n", p->address, p->count,
					p->stores[TO_STACK], p->stores[TO_OWN],
					p->stores[TO_OTHER]);
}

static void tell_lines(FILE *file)
{
	struct line *l;
	size_t i;

	fprintf(file, "passages %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", passages, instructions,
		interrupted);
	for (i = 0; i < BUCKETS; i++)
		for (l = lines[i]; l; l = l->next)
			fprintf(file, "line %" PRIx64 " %" PRIu64 " %" PRIx32 "\n", l->address,
				l->count, l->vcpus);
}

static void tell(qemu_plugin_id_t id, void *data)
{
	FILE *file = fopen(out, "w");

	(void)id;
	(void)data;
	if (!file)
		return;
	if (most)
		tell_lines(file);
	else
		tell_places(file);
	fclose(file);
}

/* What was translated before is translated again, with the counters. */
static void begin(qemu_plugin_id_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, count_all);
	qemu_plugin_register_atexit_cb(id, tell, NULL);
}

static void wait_for_guest(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	static unsigned int turns;
	FILE *file;

	(void)tb;
	if (entry || turns++ % LOOK_EVERY)
		return;
	file = fopen(at, "r");
	if (!file)
		return;
	if (fscanf(file, "%" SCNx64 " %" SCNx64 " %" SCNx64, &entry, &from, &to) == 3)
		qemu_plugin_reset(id, begin);
	fclose(file);
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "at=", 3))
			at = strdup(argv[i] + 3);
		else if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
		else if (!strncmp(argv[i], "most=", 5))
			most = strtoull(argv[i] + 5, NULL, 10);
	}
	if (!at || !out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, wait_for_guest);
	return 0;
}
