// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl rule list */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include <linux/netfilter.h>

#include "command.h"
#include "options.h"
#include "rule.h"
#include "rules.h"

const struct option_row rule_list_options[] = {
	{ "json", NULL, "One JSON array" },
	{ }
};

static void print(const struct rules *rules)
{
	const struct listed_rule *r;
	size_t left;

	for (r = rules->rule, left = rules->n; left; left--, r++)
		printf("%s %s %s handle %" PRIu64 ": %s\n", rule_family(r->family), r->table,
		       r->chain, r->handle, r->text);
}

static int print_json(const struct command *cmd, const struct rules *rules)
{
	const struct listed_rule *r;
	json_t *a = json_array(), *o;
	int bad = !a;
	size_t left;

	for (r = rules->rule, left = rules->n; left && !bad; left--, r++) {
		o = json_pack("{s:s, s:s, s:s, s:I, s:s}", "family", rule_family(r->family),
			      "table", r->table, "chain", r->chain,
			      "handle", (json_int_t)r->handle, "rule", r->text);
		bad = json_array_append_new(a, o);
	}
	if (!bad)
		bad = json_dumpf(a, stdout, JSON_INDENT(2));
	json_decref(a);
	putchar('\n');
	return bad ? local_error(cmd, "cannot write the rules as JSON") : EXIT_OK;
}

int rule_list_main(const struct command *cmd, int argc, char **argv)
{
	struct rules rules = { 0 };
	int opt, err, status = EXIT_OK;
	const char *value;
	struct options o;
	bool json = false;
	struct nft n;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		json = true;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	err = nft_open(&n);
	if (!err)
		err = rules_get(&n, NFPROTO_UNSPEC, &rules);
	if (err)
		status = rule_error(cmd, &n, err, "cannot list rules");
	else if (json)
		status = print_json(cmd, &rules);
	else
		print(&rules);
	rules_free(&rules);
	nft_close(&n);
	return status;
}
