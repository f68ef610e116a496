// SPDX-License-Identifier: GPL-2.0-only
/* JSON in and out, between libnftables and jansson. */
#include <dlfcn.h>
#include <stdarg.h>

#include "plugin.h"
#include "run.h"
#include "seams.h"

static struct run the_run;
static struct seams table;

struct run *run_current(void)
{
	return &the_run;
}

/* Any address will do: only whether there is a filter is asked. */
void run_filter_all(struct run *r)
{
	r->out = (struct filter *)&the_run;
}

void run_fail(struct run *r, const char *fmt, ...)
{
	(void)fmt;
	r->failed = true;
}

const struct seams *seams(void)
{
	return &table;
}

/* jansson's, which the plugin's stand before. */
static void find(const char *name, void *where)
{
	void *f = dlsym(RTLD_NEXT, name);

	must(f);
	memcpy(where, &f, sizeof(f));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	carrier_init();
	find("json_loads", &table.json_loads);
	find("json_dumps", &table.json_dumps);
	find("json_dumpf", &table.json_dumpf);
	find("json_load_file", &table.json_load_file);
	return 0;
}

/* Writing leaves the tree as it is. */
static void check_dump(const json_t *json)
{
	char *before = table.json_dumps(json, JSON_ENCODE_ANY), *out, *after;

	out = json_dumps(json, JSON_ENCODE_ANY);
	must(!before || out);
	after = table.json_dumps(json, JSON_ENCODE_ANY);
	must(!before == !after && (!before || !strcmp(before, after)));
	free(before);
	free(after);
	free(out);
}

/* A statement of ours goes in and comes out the same. */
static void check_round(json_t *json)
{
	char *out = json_dumps(json, JSON_SORT_KEYS), *again;
	json_t *back = out ? json_loads(out, 0, NULL) : NULL;

	if (back && !the_run.failed) {
		again = json_dumps(back, JSON_SORT_KEYS);
		must(again && !strcmp(again, out));
		free(again);
	}
	json_decref(back);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 }, plain = { 0 };
	json_t *json;

	memset(&the_run, 0, sizeof(the_run));
	buf_add(&plain, data, size);
	must(buf_ok(&plain));
	json = json_loads(plain.p, 0, NULL);
	if (json) {
		check_dump(json);
		check_round(json);
	}
	json_decref(json);

	/* As libnftables could list it: any text that has a mark. */
	memset(&the_run, 0, sizeof(the_run));
	run_filter_all(&the_run);
	put_marked(&text, data, size);
	json = table.json_loads(text.p, JSON_DECODE_ANY, NULL);
	if (json)
		check_dump(json);
	json_decref(json);
	buf_free(&text);
	buf_free(&plain);
	return 0;
}
