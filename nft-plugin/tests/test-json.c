// SPDX-License-Identifier: GPL-2.0-only
/* Statements in JSON: in, out, refused. */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>

#include "run.h"
#include "seams.h"
#include "tap.h"

#define RULE(stmts)	"{\"nftables\": [{\"add\": {\"rule\": {\"expr\": [" stmts "]}}}]}"

static struct run the_run;
static char complaint[256];
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
	va_list ap;

	r->failed = true;
	va_start(ap, fmt);
	vsnprintf(complaint, sizeof(complaint), fmt, ap);
	va_end(ap);
}

const struct seams *seams(void)
{
	return &table;
}

static void find(const char *name, void *where)
{
	void *f = dlsym(RTLD_NEXT, name);

	memcpy(where, &f, sizeof(f));
}

static void good(const char *text)
{
	json_t *json = json_loads(text, 0, NULL), *stmt;
	char *inside, *out, *written;
	size_t len;
	FILE *file;

	memset(&complaint, 0, sizeof(complaint));
	inside = table.json_dumps(json, JSON_PRESERVE_ORDER);
	ok(!strstr(inside, "sysrq\":"), "nft sees no sysrq");
	out = json_dumps(json, JSON_PRESERVE_ORDER);
	same(out, text, "in and out");
	free(out);
	out = table.json_dumps(json, JSON_PRESERVE_ORDER);
	same(out, inside, "nft's own tree is not touched");
	stmt = json_pack("{s:{s:s}}", "log", "prefix", "hello");
	free(out);
	out = json_dumps(stmt, 0);
	same(out, "{\"log\": {\"prefix\": \"hello\"}}", "another log statement stays");
	file = open_memstream(&written, &len);
	json_dumpf(json, file, JSON_PRESERVE_ORDER);
	fclose(file);
	same(written, text, "written to a file");
	free(written);
	free(out);
	out = table.json_dumps(json, JSON_PRESERVE_ORDER);
	same(out, text, "in place, as nft gives the tree up behind it");
	free(out);
	free(inside);
	json_decref(stmt);
	json_decref(json);
}

static void bad(const char *text, const char *why)
{
	json_t *json = json_loads(text, 0, NULL);
	char *inside;

	same(complaint, why, "refused, and why");
	inside = table.json_dumps(json, 0);
	same(inside, "{\"nftables\": []}", "nothing is left to be done");
	free(inside);
	json_decref(json);
}

static void other(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	char *inside = table.json_dumps(json, JSON_PRESERVE_ORDER);

	same(inside, text, "what only looks like a statement stays");
	free(inside);
	json_decref(json);
}

static void text_within(void)
{
	struct buf text = { 0 };
	json_t *list;
	char *out;

	buf_str(&text, "jump { log prefix \"");
	carrier_put(&text, "ops", 3, false);
	buf_str(&text, "\" drop }");
	list = json_pack("[s]", buf_ok(&text) ? text.p : "");
	out = json_dumps(list, 0);
	same(out, "[\"jump { sysrq key \\\"ops\\\" drop }\"]", "text in JSON");
	free(out);
	buf_free(&text);
	json_decref(list);
}

/* As of a rule that nft -o has just read: its carrier, and what keeps it apart. */
static void kept_apart(void)
{
	struct buf text = { 0 }, apart = { 0 };
	json_t *list;
	char *out;

	carrier_put(&text, "ops", 3, false);
	carrier_put_apart(&apart);
	ok(buf_ok(&text) && buf_ok(&apart), "memory");
	list = json_pack("[{s:{s:s}},{s:s},{s:s},{s:{s:s}},{s:s}]", "log", "prefix", text.p, "quota",
			 apart.p, "quota", "q", "log", "prefix", text.p, "quota", apart.p);
	out = json_dumps(list, 0);
	same(out, "[{\"sysrq\": {\"key\": \"ops\"}}, {\"quota\": \"q\"}, {\"sysrq\": {\"key\": \"ops\"}}]",
	     "what keeps rules apart for nft -o is not shown");
	free(out);
	buf_free(&text);
	buf_free(&apart);
	json_decref(list);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	carrier_init();
	find("json_loads", &table.json_loads);
	find("json_dumps", &table.json_dumps);
	find("json_dumpf", &table.json_dumpf);
	find("json_load_file", &table.json_load_file);

	good(RULE("{\"sysrq\": null}"));
	good(RULE("{\"sysrq\": {\"key\": \"ops\", \"silent\": true}}, {\"accept\": null}"));
	good(RULE("{\"sysrq\": {\"key\": \"a.b\"}}, {\"sysrq\": {\"silent\": true}}"));
	good("{\"nftables\": [{\"rule\": {\"expr\": [{\"sysrq\": null}]}}]}");
	bad(RULE("{\"sysrq\": 1}"),
	    "Invalid sysrq statement: its value must be null or an object");
	bad(RULE("{\"sysrq\": {\"kye\": \"ops\"}}"),
	    "Invalid sysrq statement: it has properties 'key' and 'silent' only");
	bad(RULE("{\"sysrq\": {\"key\": 1}}"), "Invalid sysrq statement: 'key' must be a string");
	bad(RULE("{\"sysrq\": {\"silent\": 1}}"),
	    "Invalid sysrq statement: 'silent' must be true or false");
	bad(RULE("{\"sysrq\": {\"key\": \"a b\"}}"),
	    "Invalid sysrq statement: a key name is 1 to 31 of A-Z a-z 0-9 . _ - and does not "
	    "begin with -");
	bad(RULE("{\"sysrq\": null, \"drop\": null}"),
	    "Invalid sysrq statement: it must stand alone in its object");
	other("{\"nftables\": [{\"add\": {\"table\": {\"name\": \"sysrq\"}}}]}");
	other("{\"nftables\": [{\"add\": {\"set\": {\"elem\": [{\"sysrq\": null}]}}}]}");
	other("{\"sysrq\": null}");
	other("[[[[{\"rule\": [1, {\"rule\": null}]}]]]]");
	text_within();
	kept_apart();
	ok(!json_loads("{\"sysrq\"", 0, NULL), "no JSON stays none");
	return tap_end();
}
