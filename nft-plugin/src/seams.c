// SPDX-License-Identifier: GPL-2.0-only
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "carrier.h"
#include "input.h"
#include "object.h"
#include "seams.h"

static struct seams table;
static struct object nftables;
static const char *missing;
static pthread_once_t once = PTHREAD_ONCE_INIT;

struct seam {
	const char	*name;
	size_t		offset;
	enum { CALLED, IF_CALLED, BESIDE } kind;
	void		*ours;	/* what libnftables is made to call in its place */
};

#define SEAM_OF(name_, field, kind_)	{ name_, offsetof(struct seams, field), kind_, NULL }
#define SEAM_TAKEN(name_, ours_)	{ #name_, offsetof(struct seams, name_), BESIDE, ours_ }

/*
 * CALLED: libnftables must call it, and get us. IF_CALLED: if it does, it must get us. BESIDE:
 * called by others or by us.
 */
static const struct seam seam_list[] = {
	SEAM_OF("nft_run_cmd_from_buffer", run_buffer, BESIDE),
	SEAM_OF("nft_run_cmd_from_filename", run_filename, BESIDE),
	SEAM_OF("nft_ctx_set_output", set_output, BESIDE),
	SEAM_OF("nft_ctx_set_error", set_error, BESIDE),
	SEAM_OF("nft_ctx_get_optimize", get_optimize, BESIDE),
	SEAM_OF("nft_ctx_output_get_debug", get_debug, BESIDE),
	SEAM_OF("nftnl_expr_build_payload", expr_build, CALLED),
	SEAM_OF("nftnl_rule_nlmsg_parse", rule_parse, CALLED),
	SEAM_OF("json_loads", json_loads, IF_CALLED),
	SEAM_OF("json_load_file", json_load_file, IF_CALLED),
	SEAM_OF("json_dumpf", json_dumpf, IF_CALLED),
	SEAM_OF("json_dumps", json_dumps, IF_CALLED),
	SEAM_TAKEN(fopen, input_fopen),
	SEAM_TAKEN(fopen64, input_fopen64),
	SEAM_TAKEN(read, input_read),
};

#define SEAMS	(sizeof(seam_list) / sizeof(seam_list[0]))

/*
 * Does a call of @name through @slot end with us? A slot that points into its own object is bound
 * at its first call: to us, if nobody comes before us and we were loaded before that object.
 */
static bool leads_here(const struct object *o, const void *slot, const char *name)
{
	const struct link_map *us = object_map(seam_list), *to = object_map(slot), *m;

	if (to != o->map)
		return to && to == us;
	if (object_map(dlsym(RTLD_DEFAULT, name)) != us)
		return false;
	for (m = o->map->l_prev; m; m = m->l_prev)
		if (m == us)
			return true;
	return false;
}

/* Returns 1 if @o calls @name and gets us, 0 if it gets another, -1 if it does not call it. */
static int calls_us(const struct object *o, const char *name)
{
	void **slot = object_slot(o, name);

	return slot ? leads_here(o, *slot, name) : -1;
}

/* libnftables' own slot: others' files are none of our business, and who opens us comes behind libc. */
static bool take(const struct object *o, const struct seam *seam)
{
	void **slot = object_slot(o, seam->name);

	return !slot || !object_redirect(o, slot, seam->ours);
}

static bool is_good(const struct object *o, const struct seam *seam)
{
	switch (seam->kind) {
	case CALLED:
		return calls_us(o, seam->name) == 1;
	case IF_CALLED:
		return calls_us(o, seam->name);
	case BESIDE:
		break;
	}
	return true;
}

static void find(void)
{
	size_t i;

	carrier_init();
	for (i = 0; i < SEAMS; i++) {
		void *f = dlsym(RTLD_NEXT, seam_list[i].name);

		memcpy((char *)&table + seam_list[i].offset, &f, sizeof(f));
		if (!f && !missing)
			missing = seam_list[i].name;
	}
	if (missing)
		return;
	if (!object_of((const void *)table.run_buffer, &nftables)) {
		missing = "libnftables";
		return;
	}
	for (i = 0; i < SEAMS && !missing; i++)
		if (!is_good(&nftables, &seam_list[i]))
			missing = seam_list[i].name;
	for (i = 0; i < SEAMS && !missing; i++)
		if (seam_list[i].ours && !take(&nftables, &seam_list[i]))
			missing = seam_list[i].name;
}

const struct seams *seams(void)
{
	pthread_once(&once, find);
	return &table;
}

static void complain(void)
{
	fprintf(stderr, "nft-sysrq: switched off, this nft does not let it in at %s; "
			"rules with sysrq cannot be read or written\n", missing);
}

bool seams_good(void)
{
	static pthread_once_t said = PTHREAD_ONCE_INIT;

	pthread_once(&once, find);
	if (missing)
		pthread_once(&said, complain);
	return !missing;
}

static void complain_passed(void)
{
	Dl_info info;

	fprintf(stderr, "nft-sysrq: this program calls libnftables past it, and a rule with sysrq is "
			"left out or refused; let it open %s in place of libnftables.so.1\n",
		dladdr(seam_list, &info) ? info.dli_fname : "the plugin");
}

/* Ours, or another one that the program has found elsewhere. */
static bool is_libnftables(const struct link_map *map)
{
	static const char name[] = "/libnftables.so";
	const char *base = map ? strrchr(map->l_name, '/') : NULL;

	return map == nftables.map || (base && !strncmp(base, name, sizeof(name) - 1));
}

void seams_passed(const void *caller)
{
	static pthread_once_t said = PTHREAD_ONCE_INIT;

	if (seams_good() && is_libnftables(object_map(caller)))
		pthread_once(&said, complain_passed);
}
