// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl doctor: of this host, or of the way to another */
#include "doctor.h"

#include <errno.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "doctor-way.h"
#include "options.h"

#include <linux/netfilter.h>	/* behind netinet/in.h, which those above have */

enum {
	OPT_JSON,
	OPT_FIRST_OF_HOST,
};

const struct option_row doctor_options[] = {
	[OPT_JSON] = { "json", NULL, "One JSON object a finding and line" },
	[OPT_FIRST_OF_HOST] = { "key", "FILE", "With HOST: key file; - is standard input" },
	{ "port", "N", "With HOST: UDP port (default 9)" },
	{ "icmp", NULL, "With HOST: by ping (ICMP echo) instead of UDP" },
	{ "timeout", "DUR", "With HOST: how long to wait for it (default 3s)" },
	{ "identity", "NAME", "With HOST: its own name, for sending blind" },
	{ "config", "FILE", "With HOST: settings file instead of the usual two; none: no settings" },
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
	doctor_reach(d);
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

/* @n stays open: sets are looked into only when somebody asks. */
static void ask_rules(struct doctor *d, struct nft *n)
{
	d->rules_err = nft_open(n);
	if (!d->rules_err)
		d->rules_err = rules_get(n, NFPROTO_UNSPEC, &d->rules);
	if (!d->rules_err && d->rules.n)
		d->ruleset_err = reach_dump(n, &d->ruleset);
}

static int end_status(const struct command *cmd, const struct doctor *d)
{
	if (d->failed)
		return local_error(cmd, "no memory");
	return d->count[DOCTOR_PROBLEM] ? EXIT_REFUSED : EXIT_OK;
}

static int this_host(const struct command *cmd, bool json)
{
	struct doctor d = { .out = stdout, .json = json, .root = "" };
	struct utsname u;
	struct nft n;

	if (uname(&u))
		return local_error(cmd, "uname: %m");
	snprintf(d.release, sizeof(d.release), "%s", u.release);
	d.now = time(NULL);
	d.synchronised = clock_is_synchronised();
	d.module_err = ask_module(&d);
	ask_rules(&d, &n);
	/* Root of a user namespace is none to the kernel. */
	d.as_root = !geteuid() && d.module_err != -EPERM && d.rules_err != -EPERM;
	doctor_all(&d);
	keys_state_free(&d.state.keys);
	rules_free(&d.rules);
	rs_free(&d.ruleset);
	nft_close(&n);
	return end_status(cmd, &d);
}

static int other_host(const struct remote *r, char *host)
{
	struct doctor d = { .out = stdout, .json = r->json, .root = "" };
	int status = doctor_way(&d, r, host);

	if (status)
		return status;
	return end_status(r->cmd, &d);
}

int doctor_main(const struct command *cmd, int argc, char **argv)
{
	const char *value, *of_host = NULL;
	struct options o;
	struct remote r;
	int opt, status;

	remote_begin(&r, cmd, NFT_SYSRQ_PROBE);
	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		if (opt >= OPT_FIRST_OF_HOST)
			of_host = cmd->options[opt].name;
		status = remote_option(&r, cmd->options[opt].name, value);
		if (status)
			return status;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands > 1)
		return usage_error(cmd, "takes one HOST, not %d", o.operands);
	if (!o.operands && of_host)
		return usage_error(cmd, "--%s goes only with HOST", of_host);
	return o.operands ? other_host(&r, o.argv[0]) : this_host(cmd, r.json);
}
