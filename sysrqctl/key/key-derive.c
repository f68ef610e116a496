// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key derive */
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "derive.h"
#include "key-out.h"
#include "options.h"
#include "passphrase.h"

enum {
	OPT_REALM,
	OPT_FLEET,
	OPT_HOST,
	OPT_STDIN,
	OPT_NAME,
	OPT_FORCE,
};

const struct option_row key_derive_options[] = {
	[OPT_REALM] = { "realm", "REALM", "From a passphrase: the key of the fleet of that name" },
	[OPT_FLEET] = { "fleet", "FILE", "From a fleet's key file" },
	[OPT_HOST] = { "host", "IDENTITY", "The key of that host of the fleet" },
	[OPT_STDIN] = { "stdin", NULL, "Take the passphrase from standard input, one line" },
	[OPT_NAME] = { "name", "NAME", "Write this name into the key file" },
	[OPT_FORCE] = { "force", NULL, "Print it even on a terminal" },
	{ }
};

/* What the command line says; NULL where it does not. */
struct wish {
	const char	*realm;
	const char	*fleet;
	const char	*host;
	const char	*name;
	bool		from_stdin;
	bool		force;
};

static int check(const struct command *cmd, const struct wish *w)
{
	if (!w->realm == !w->fleet)
		return usage_error(cmd, "needs one of --realm REALM and --fleet FILE");
	if (w->fleet && !w->host)
		return usage_error(cmd, "--fleet needs --host: which host's key?");
	if (w->fleet && w->from_stdin)
		return usage_error(cmd, "--stdin goes only with --realm; "
				   "a key file from standard input is --fleet -");
	if (w->realm && !derive_realm_valid(w->realm))
		return usage_error(cmd, "--realm '%.64s': not 1 to %d characters of lower-case "
				   "ASCII without final dot", w->realm, NFT_SYSRQ_IDENTITY_LEN - 1);
	if (w->host && !derive_realm_valid(w->host))
		return usage_error(cmd, "--host '%.64s': not 1 to %d characters of lower-case "
				   "ASCII without final dot", w->host, NFT_SYSRQ_IDENTITY_LEN - 1);
	if (w->name && !nft_sysrq_wire_name(w->name))
		return usage_error(cmd, "--name '%.64s': not 1 to 31 of A-Z a-z 0-9 . _ -, "
				   "the first not -", w->name);
	return 0;
}

/* From standard input once, from the terminal twice. */
static int get_passphrase(const struct wish *w, char *pass, char *again, char *why, size_t len)
{
	const char *weak;
	char prompt[512];
	int err;

	if (w->from_stdin) {
		err = passphrase_line(STDIN_FILENO, pass, PASSPHRASE_MAX + 1, why, len);
	} else {
		snprintf(prompt, sizeof(prompt), "Passphrase of the fleet %s: ", w->realm);
		err = passphrase_ask(prompt, pass, PASSPHRASE_MAX + 1, why, len);
	}
	if (err)
		return err;
	weak = derive_weakness(pass);
	if (weak) {
		snprintf(why, len, "this passphrase is not taken: %s", weak);
		return -EINVAL;
	}
	if (w->from_stdin)
		return 0;
	err = passphrase_ask("The same once more: ", again, PASSPHRASE_MAX + 1, why, len);
	if (!err && strcmp(pass, again)) {
		snprintf(why, len, "the two passphrases differ");
		err = -EINVAL;
	}
	return err;
}

/* Return: the fleet's key, or NULL. */
static struct keyfile *from_passphrase(const struct wish *w, char *why, size_t len)
{
	char *pass = sodium_malloc(PASSPHRASE_MAX + 1);
	char *again = sodium_malloc(PASSPHRASE_MAX + 1);
	u8 *material = sodium_malloc(NFT_SYSRQ_KEY_LEN);
	struct keyfile *key = NULL;

	if (!pass || !again || !material) {
		snprintf(why, len, "no memory for a passphrase");
		goto out;
	}
	if (get_passphrase(w, pass, again, why, len))
		goto out;
	if (derive_fleet(pass, w->realm, material)) {
		snprintf(why, len, "not enough memory: to derive a key from a passphrase takes "
			 "%d MiB", DERIVE_MEMORY_MIB);
		goto out;
	}
	key = keyfile_make(material);
	if (!key) {
		snprintf(why, len, "no memory for a key");
		goto out;
	}
	key->fleet = true;
	strcpy(key->realm, w->realm);
out:
	sodium_free(pass);
	sodium_free(again);
	sodium_free(material);
	return key;
}

static struct keyfile *from_file(const struct wish *w, char *why, size_t len)
{
	struct keyfile *key = keyfile_read_any(w->fleet, why, len);

	if (!key || key->fleet)
		return key;
	keyfile_free(key);
	snprintf(why, len, "%s: a host's key; hosts' keys are derived from a fleet's", w->fleet);
	return NULL;
}

/* The key of a host of @fleet, whose key file says for whom it is. */
static struct keyfile *of_host(const struct keyfile *fleet, const char *identity)
{
	u8 *material = sodium_malloc(NFT_SYSRQ_KEY_LEN);
	struct keyfile *key = NULL;

	if (material) {
		keyfile_derive_host(fleet, identity, material);
		key = keyfile_make(material);
	}
	if (key)
		key_setting_take(&key->settings, KEY_IDENTITY, identity, false);
	sodium_free(material);
	return key;
}

static int derive(const struct command *cmd, const struct wish *w)
{
	struct keyfile *fleet, *key;
	char why[4608];
	int status;

	fleet = w->fleet ? from_file(w, why, sizeof(why)) : from_passphrase(w, why, sizeof(why));
	if (!fleet)
		return local_error(cmd, "%s", why);
	key = w->host ? of_host(fleet, w->host) : fleet;
	if (key)
		strcpy(key->name, w->name ? w->name : "");
	status = key_out_print(cmd, key);
	if (key != fleet)
		keyfile_free(key);
	keyfile_free(fleet);
	return status;
}

int key_derive_main(const struct command *cmd, int argc, char **argv)
{
	struct wish w = { 0 };
	const char *value;
	struct options o;
	int opt, status;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		if (opt == OPT_REALM)
			w.realm = value;
		else if (opt == OPT_FLEET)
			w.fleet = value;
		else if (opt == OPT_HOST)
			w.host = value;
		else if (opt == OPT_NAME)
			w.name = value;
		else if (opt == OPT_STDIN)
			w.from_stdin = true;
		else
			w.force = true;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'; it prints to standard output", o.argv[0]);
	status = check(cmd, &w);
	if (!status)
		status = key_out_check(cmd, w.force);
	return status ? status : derive(cmd, &w);
}
