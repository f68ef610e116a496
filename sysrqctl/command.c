// SPDX-License-Identifier: GPL-2.0-only
/* The one table of commands. */
#include "command.h"

#include <stddef.h>

const struct command commands[] = {
	{ "key gen", key_gen_main, "Make a new key and print its key file",
	  "> FILE", key_gen_options },
	{ "key derive", key_derive_main, "Derive a key from a passphrase, or a host's from a fleet's",
	  "> FILE", key_derive_options },
	{ "key set", key_set_main, "Give this host a key, or a key other settings",
	  "NAME", key_set_options },
	{ "key load", key_load_main, "Give this host all keys of a directory, or none",
	  "[DIR]", key_load_options },
	{ "key list", key_list_main, "List this host's keys, or tell all of some",
	  "[NAME...]", key_list_options },
	{ "key del", key_del_main, "Take a key from this host",
	  "NAME", key_del_options },
	{ "key export", key_export_main, "Show a key file to a camera",
	  "FILE", key_export_options },
	{ "send", send_main, "Have hosts run SysRq commands",
	  "HOST[,HOST...] COMMANDS...", send_options },
	{ "probe", probe_main, "Ask hosts whether they answer, or would run commands",
	  "HOST[,HOST...] [COMMANDS...]", probe_options },
	{ "cancel", cancel_main, "Have hosts drop the program that is pending",
	  "HOST[,HOST...]", cancel_options },
	{ "sequences", sequences_main, "List the programs that have a name",
	  "", sequences_options },
	{ "config", config_main, "Show which settings hold for hosts",
	  "HOST[,HOST...]", config_options },
	{ "show", show_main, "Show the state of this host's module",
	  "", show_options },
	{ "rule add", rule_add_main, "Add a rule that takes requests, without nft",
	  "", rule_add_options },
	{ "rule list", rule_list_main, "List the rules that take requests",
	  "", rule_list_options },
	{ "rule del", rule_del_main, "Delete a rule that takes requests",
	  "HANDLE", rule_del_options },
	{ "arm", arm_main, "Take requests by a table of this tool's own, without nft",
	  "", arm_options },
	{ "disarm", disarm_main, "Delete the table that arm has made",
	  "", disarm_options },
	{ "monitor", monitor_main, "Tell what happens at this host's module as it happens",
	  "", monitor_options },
	{ "doctor", doctor_main, "Look for what would keep requests from being carried out",
	  "[HOST]", doctor_options },
	{ }
};
