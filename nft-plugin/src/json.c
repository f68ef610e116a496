// SPDX-License-Identifier: GPL-2.0-only
/*
 * Between libnftables and jansson, on parsed trees:
 * {"sysrq": null} or {"sysrq": {"key": "ops", "silent": true}} in the "expr" of a "rule".
 */
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "seams.h"
#include "uncarry.h"

#define JSON_DEPTH	64	/* nothing that nft reads or writes is deeper */

SEAM json_t *json_loads(const char *input, size_t flags, json_error_t *error);
SEAM json_t *json_load_file(const char *path, size_t flags, json_error_t *error);
SEAM int json_dumpf(const json_t *json, FILE *fp, size_t flags);
SEAM char *json_dumps(const json_t *json, size_t flags);

/* Why the value of "sysrq" is no good, or NULL. */
static const char *fault(const json_t *v)
{
	const json_t *key = json_object_get(v, "key"), *silent = json_object_get(v, "silent");

	if (json_is_null(v))
		return NULL;
	if (!json_is_object(v))
		return "its value must be null or an object";
	if (json_object_size(v) != (size_t)!!key + !!silent)
		return "it has properties 'key' and 'silent' only";
	if (key && !json_is_string(key))
		return "'key' must be a string";
	if (silent && !json_is_boolean(silent))
		return "'silent' must be true or false";
	if (key && !nftnl_sysrq_key_valid(json_string_value(key), json_string_length(key)))
		return KEY_NAME_FAULT;
	return NULL;
}

static json_t *carrier_of(const json_t *v)
{
	const char *key = json_string_value(json_object_get(v, "key"));
	json_t *stmt = NULL;
	struct buf text = { 0 };

	carrier_put(&text, key ? key : "", key ? strlen(key) : 0,
		    json_is_true(json_object_get(v, "silent")));
	if (buf_ok(&text))
		stmt = json_pack("{s:{s:s}}", "log", "prefix", text.p);
	buf_free(&text);
	return stmt;
}

/* The statements of one rule. False: refused. */
static bool carry_rule(struct run *r, json_t *rule)
{
	json_t *list = json_object_get(rule, "expr"), *stmt, *v;
	const char *why;
	size_t i;

	json_array_foreach(list, i, stmt) {
		v = json_object_get(stmt, "sysrq");
		if (!v)
			continue;
		why = json_object_size(stmt) == 1 ? fault(v) : "it must stand alone in its object";
		stmt = why ? NULL : carrier_of(v);
		if (!stmt) {
			run_fail(r, "Invalid sysrq statement: %s", why ? why : "out of memory");
			return false;
		}
		run_filter_all(r);
		json_array_set_new(list, i, stmt);
	}
	return true;
}

static bool carry_json(struct run *r, json_t *json, unsigned int depth)
{
	const char *name;
	json_t *v;
	size_t i;

	if (depth == JSON_DEPTH)
		return true;
	json_array_foreach(json, i, v)
		if (!carry_json(r, v, depth + 1))
			return false;
	json_object_foreach(json, name, v) {
		if (!strcmp(name, "rule") ? !carry_rule(r, v) : !carry_json(r, v, depth + 1))
			return false;
	}
	return true;
}

/* What is refused leaves nothing to do: were it no JSON, nft would try it as text. */
static json_t *carried(json_t *json)
{
	struct run *r = run_current();

	if (!json || !r || carry_json(r, json, 0))
		return json;
	json_decref(json);
	return json_pack("{s:[]}", "nftables");
}

json_t *json_loads(const char *input, size_t flags, json_error_t *error)
{
	return carried(seams()->json_loads(input, flags, error));
}

json_t *json_load_file(const char *path, size_t flags, json_error_t *error)
{
	return carried(seams()->json_load_file(path, flags, error));
}

static json_t *statement_of(const char *text)
{
	struct nftnl_sysrq *e;
	json_t *v;
	int err = carrier_parse(text, strlen(text), &e);

	if (err)
		return json_pack("{s:s}", "sysrq", "unknown");
	v = nftnl_sysrq_get_key(e) || nftnl_sysrq_get_flags(e) ? json_object() : json_null();
	if (nftnl_sysrq_get_key(e))
		json_object_set_new(v, "key", json_string(nftnl_sysrq_get_key(e)));
	if (nftnl_sysrq_get_flags(e) & NFTNL_SYSRQ_SILENT)
		json_object_set_new(v, "silent", json_true());
	nftnl_sysrq_free(e);
	return json_pack("{s:o}", "sysrq", v);
}

/* The value of @stmt if it is called @name. Asked of each element of each list, so that it costs little. */
static json_t *value_of(json_t *stmt, const char *name)
{
	void *first = json_is_object(stmt) ? json_object_iter(stmt) : NULL;

	return first && !strcmp(json_object_iter_key(first), name) ? json_object_iter_value(first) : NULL;
}

/* The carrier's text, if @stmt is one. */
static const char *carrier_text(json_t *stmt)
{
	const char *text = json_string_value(json_object_get(value_of(stmt, "log"), "prefix"));

	return text && !strncmp(text, carrier_mark(), strlen(carrier_mark())) ? text : NULL;
}

/* What only keeps rules apart; nobody is to see it. */
static bool is_apart(json_t *stmt)
{
	const json_t *name = value_of(stmt, "quota");

	return json_is_string(name) && carrier_is_apart(json_string_value(name), json_string_length(name));
}

/* What nft has no JSON for, as an anonymous chain before 1.1, it writes as a string. */
static bool has_carrier(const json_t *v)
{
	return json_is_string(v) && strstr(json_string_value(v), carrier_mark());
}

static json_t *uncarried(const json_t *v)
{
	struct buf out = { 0 };
	json_t *ours = NULL;

	uncarry(json_string_value(v), json_string_length(v), &out, NULL);
	if (buf_ok(&out))
		ours = json_stringn(out.p, out.len);
	buf_free(&out);
	return ours;
}

static bool uncarry_json(json_t *json, unsigned int depth);

static bool uncarry_elem(json_t *list, size_t at, unsigned int depth)
{
	json_t *v = json_array_get(list, at);
	const char *text = carrier_text(v);

	if (text)
		return !json_array_set_new(list, at, statement_of(text));
	if (has_carrier(v))
		return !json_array_set_new(list, at, uncarried(v));
	if (is_apart(v))
		return !json_array_remove(list, at);
	return uncarry_json(v, depth + 1);
}

/* Puts statements in the place of carriers, for good: so a long tree does not grow. */
static bool uncarry_json(json_t *json, unsigned int depth)
{
	void *member;
	size_t i;

	if (depth == JSON_DEPTH)
		return true;
	if (json_is_array(json)) {
		/* From the end, as an element may go. */
		for (i = json_array_size(json); i--;)
			if (!uncarry_elem(json, i, depth))
				return false;
	} else if (json_is_object(json)) {
		for (member = json_object_iter(json); member;
		     member = json_object_iter_next(json, member))
			if (!uncarry_json(json_object_iter_value(member), depth + 1))
				return false;
	}
	return true;
}

/* Whether there can be carriers in this run's trees. */
static bool wanted(void)
{
	return run_current() && run_current()->out;
}

/* What libnftables writes so it writes last: it gives the tree up behind each of its calls. */
int json_dumpf(const json_t *json, FILE *fp, size_t flags)
{
	if (wanted() && !uncarry_json((json_t *)json, 0)) {
		run_fail(run_current(), "out of memory");
		return -1;
	}
	return seams()->json_dumpf(json, fp, flags);
}

/* For errors: a part of what libnftables still reads, so it is left as it is. A lone statement too. */
char *json_dumps(const json_t *json, size_t flags)
{
	json_t *list = wanted() ? json_pack("[o]", json_deep_copy(json)) : NULL;
	char *text = NULL;

	if (!list)
		return seams()->json_dumps(json, flags);
	if (uncarry_json(list, 0))
		text = seams()->json_dumps(json_array_get(list, 0), flags);
	json_decref(list);
	return text;
}
