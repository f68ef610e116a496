// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl doctor: this host, from the module to the next boot */
#include "doctor.h"

#include <errno.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "fleet.h"
#include "options.h"

#include <linux/netfilter.h>	/* behind netinet/in.h, which fleet.h has */

const struct option_row doctor_options[] = {
	{ "json", NULL, "One JSON object a finding and line" },
	{ }
};

/**
 * doctor_all - all checks of this host, in their order
 * @d: all facts are there
 */
void doctor_all(struct doctor *d)
{
	doctor_module(d);
	doctor_signature(d);
	doctor_kernels(d);
	doctor_keys(d);
	doctor_key_files(d);
	doctor_sysrq(d);
	doctor_clock(d);
	doctor_rules(d);
	doctor_nft(d);
	doctor_nftables(d);
	doctor_boot(d);
	doctor_packets(d);
	doctor_end(d);
}

static int ask_module(struct doctor *d)
{
	struct genl g;
	int err = genl_open(&g);

	if (!err)
		err = module_state_get(&g, &d->state.module);
	if (!err)
		err = stats_get(&g, d->state.stats);
	if (!err)
		err = keys_state_get(&g, &d->state.keys);
	genl_close(&g);
	return err;
}

static int ask_rules(struct doctor *d)
{
	struct nft n;
	int err = nft_open(&n);

	if (!err)
		err = rules_get(&n, NFPROTO_UNSPEC, &d->rules);
	nft_close(&n);
	return err;
}

static int this_host(const struct command *cmd, bool json)
{
	struct doctor d = { .out = stdout, .json = json, .root = "" };
	struct utsname u;

	if (uname(&u))
		return local_error(cmd, "uname: %m");
	snprintf(d.release, sizeof(d.release), "%s", u.release);
	d.as_root = !geteuid();
	d.now = time(NULL);
	d.synchronised = clock_is_synchronised();
	d.module_err = ask_module(&d);
	d.rules_err = ask_rules(&d);
	doctor_all(&d);
	keys_state_free(&d.state.keys);
	rules_free(&d.rules);
	if (d.failed)
		return local_error(cmd, "no memory");
	return d.count[DOCTOR_PROBLEM] ? EXIT_REFUSED : EXIT_OK;
}

int doctor_main(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	bool json = false;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		json = true;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	return this_host(cmd, json);
}
