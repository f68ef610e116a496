// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl show */
#include <stdio.h>

#include "command.h"
#include "duration.h"
#include "key-words.h"
#include "module.h"
#include "options.h"
#include "prometheus.h"
#include "words.h"

#define MANY_KEYS	20	/* more are only counted */

enum {
	OPT_JSON,
	OPT_PROMETHEUS,
	OPT_OUTPUT,
};

const struct option_row show_options[] = {
	[OPT_JSON] = { "json", NULL, "One JSON object" },
	[OPT_PROMETHEUS] = { "prometheus", NULL, "Prometheus' text exposition format" },
	[OPT_OUTPUT] = { "output", "FILE", "With --prometheus: into that file, at once" },
	{ }
};

static void print_keys(const struct keys_state *keys)
{
	const struct key_state *key;
	size_t left;

	if (keys->n > MANY_KEYS) {
		printf("keys: %zu (sysrqctl key list tells them)\n", keys->n);
		return;
	}
	printf("keys: %zu%s\n", keys->n,
	       keys->n ? "" : " (make one: sysrqctl key set NAME --file FILE)");
	for (key = keys->key, left = keys->n; left; left--, key++)
		printf("  %s: allows %s%s%s\n", key->name, key_letters(key->letters),
		       key->left >= 0 ? "; is replaced, and good for a while" : "",
		       key->expired ? "; has expired" : "");
}

static void print_pending(const struct module_state *m)
{
	const char *comma = "";
	char fires[32];
	unsigned int i;

	if (!m->nsteps) {
		printf("pending: nothing\n");
		return;
	}
	duration_print(m->pending_fires_ms, fires, sizeof(fires));
	printf("pending: by key %s, in %s: ", m->pending_key, fires);
	for (i = 0; i < m->nsteps; i++) {
		printf("%s%s", comma, words_letter(m->pending[i].letter));
		comma = ", ";
	}
	putchar('\n');
}

static void print_stats(const u64 stats[NFT_SYSRQ_STAT_PAD])
{
	unsigned int i, any = 0;

	for (i = 1; i < NFT_SYSRQ_STAT_PAD; i++) {
		if (!stats[i])
			continue;
		if (!any++)
			printf("packets:\n");
		printf("  %10llu  %s\n", (unsigned long long)stats[i], words_stat(i));
	}
	if (!any)
		printf("packets: none yet\n");
}

static void print_people(const struct host_state *s)
{
	const struct module_state *m = &s->module;
	char letters[LETTERS_LEN];

	module_allowed(m, letters);
	printf("module: nft_sysrq %s, protocol %u\n", m->version, m->proto);
	printf("kernel.sysrq: %u\n", m->mask);
	printf("  of the commands that this kernel has: %s\n", m->handled);
	printf("  it allows: %s\n", letters[0] ? letters : "none");
	printf("rules: %u%s\n", m->exprs,
	       m->exprs ? "" : " (make one: nft add rule inet filter input udp dport 9 sysrq)");
	print_keys(&s->keys);
	print_pending(m);
	print_stats(s->stats);
}

static json_t *pending_json(const struct module_state *m)
{
	json_t *steps, *step;
	char letter[WORDS_LETTER_LEN];
	unsigned int i;

	if (!m->nsteps)
		return json_null();
	steps = json_array();
	for (i = 0; i < m->nsteps; i++) {
		words_letter_text(m->pending[i].letter, letter);
		step = json_pack("{s:s?, s:s, s:i}",
				 "letter", letter[0] ? letter : NULL,
				 "words", words_letter(m->pending[i].letter),
				 "wait_ms", (int)nft_sysrq_wire_wait_ms(m->pending[i].wait));
		json_array_append_new(steps, step);
	}
	return json_pack("{s:s, s:o, s:I, s:o}",
			 "key", m->pending_key,
			 "nonce", json_sprintf("%08x", m->pending_nonce),
			 "fires_ms", (json_int_t)m->pending_fires_ms,
			 "steps", steps);
}

static json_t *stats_json(const u64 stats[NFT_SYSRQ_STAT_PAD])
{
	json_t *o = json_object();
	unsigned int i;

	for (i = 1; i < NFT_SYSRQ_STAT_PAD; i++)
		json_object_set_new(o, words_stat_id(i), json_integer(stats[i]));
	return o;
}

static int print_json(const struct host_state *s)
{
	const struct module_state *m = &s->module;
	char letters[LETTERS_LEN];
	json_t *o;

	module_allowed(m, letters);
	o = json_pack("{s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o}",
		      "version", m->version,
		      "protocol", (json_int_t)m->proto,
		      "mask", (json_int_t)m->mask,
		      "handled", m->handled,
		      "allowed", letters,
		      "rules", (json_int_t)m->exprs,
		      "boottime_ms", (json_int_t)(m->boottime / NS_PER_MS),
		      "wall_ms", (json_int_t)(m->realtime / NS_PER_MS),
		      "keys", keys_json(&s->keys),
		      "pending", pending_json(m),
		      "counters", stats_json(s->stats));
	if (!o)
		return -1;
	json_dumpf(o, stdout, JSON_INDENT(2));
	json_decref(o);
	putchar('\n');
	return 0;
}

static int get_all(struct genl *g, struct host_state *s)
{
	int err = module_state_get(g, &s->module);

	if (!err)
		err = stats_get(g, s->stats);
	if (!err)
		err = keys_state_get(g, &s->keys);
	return err;
}

/* How it is to be shown; all false: to people. */
struct form {
	bool		json;
	bool		prometheus;
	const char	*output;
};

static int print(const struct command *cmd, const struct host_state *s, const struct form *f)
{
	char why[4608];

	if (f->json)
		return print_json(s) ? local_error(cmd, "no memory") : EXIT_OK;
	if (f->output)
		return prometheus_write(s, f->output, why, sizeof(why)) ?
		       local_error(cmd, "%s", why) : EXIT_OK;
	if (f->prometheus)
		prometheus_print(s, stdout);
	else
		print_people(s);
	return EXIT_OK;
}

static int show(const struct command *cmd, const struct form *f)
{
	struct host_state s = { 0 };
	struct genl g;
	int err, status;

	status = module_open(cmd, &g, false);
	if (status)
		goto out;
	err = get_all(&g, &s);
	status = err ? module_error(cmd, &g, err, "cannot read the module's state") :
		       print(cmd, &s, f);
	keys_state_free(&s.keys);
out:
	genl_close(&g);
	return status;
}

int show_main(const struct command *cmd, int argc, char **argv)
{
	struct form f = { 0 };
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		f.json |= opt == OPT_JSON;
		f.prometheus |= opt == OPT_PROMETHEUS;
		if (opt == OPT_OUTPUT)
			f.output = value;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	if (f.json && f.prometheus)
		return usage_error(cmd, "--json and --prometheus exclude each other");
	if (f.output && !f.prometheus)
		return usage_error(cmd, "--output goes only with --prometheus");
	return show(cmd, &f);
}
