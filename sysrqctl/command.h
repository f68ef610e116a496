/* SPDX-License-Identifier: GPL-2.0-only */
/* The one table of commands, and what each may be given. */
#ifndef SYSRQCTL_COMMAND_H
#define SYSRQCTL_COMMAND_H

/* Exit statuses; send, probe and cancel take the highest of their hosts. */
enum {
	EXIT_OK		= 0,	/* done; every host accepted */
	EXIT_REFUSED	= 1,	/* a host refused */
	EXIT_USAGE	= 2,	/* bad arguments or key file, or this machine's fault */
	EXIT_NO_ANSWER	= 3,	/* a host gave no answer */
};

/**
 * struct option_row - one long option of a command
 * @name: without dashes; NULL ends the table
 * @arg: what its argument is called; NULL: takes none
 * @help: one line
 */
struct option_row {
	const char	*name;
	const char	*arg;
	const char	*help;
};

/**
 * struct command - one row of the table
 * @name: one or two words
 * @run: gets the arguments after the name; returns the exit status
 * @summary: one line
 * @usage: what follows the name, besides options
 * @options: what it takes besides --help; never NULL
 */
struct command {
	const char	*name;
	int		(*run)(const struct command *cmd, int argc, char **argv);
	const char	*summary;
	const char	*usage;
	const struct option_row *options;
};

/* Ends with a row whose name is NULL. */
extern const struct command commands[];

int key_gen_main(const struct command *cmd, int argc, char **argv);
int key_derive_main(const struct command *cmd, int argc, char **argv);
int key_set_main(const struct command *cmd, int argc, char **argv);
int key_load_main(const struct command *cmd, int argc, char **argv);
int key_list_main(const struct command *cmd, int argc, char **argv);
int key_del_main(const struct command *cmd, int argc, char **argv);
int key_export_main(const struct command *cmd, int argc, char **argv);
int send_main(const struct command *cmd, int argc, char **argv);
int probe_main(const struct command *cmd, int argc, char **argv);
int cancel_main(const struct command *cmd, int argc, char **argv);
int sequences_main(const struct command *cmd, int argc, char **argv);
int config_main(const struct command *cmd, int argc, char **argv);
int show_main(const struct command *cmd, int argc, char **argv);
int rule_add_main(const struct command *cmd, int argc, char **argv);
int rule_list_main(const struct command *cmd, int argc, char **argv);
int rule_del_main(const struct command *cmd, int argc, char **argv);
int rule_translate_main(const struct command *cmd, int argc, char **argv);
int arm_main(const struct command *cmd, int argc, char **argv);
int disarm_main(const struct command *cmd, int argc, char **argv);
int monitor_main(const struct command *cmd, int argc, char **argv);
int doctor_main(const struct command *cmd, int argc, char **argv);

extern const struct option_row key_gen_options[];
extern const struct option_row key_derive_options[];
extern const struct option_row key_set_options[];
extern const struct option_row key_load_options[];
extern const struct option_row key_list_options[];
extern const struct option_row key_del_options[];
extern const struct option_row key_export_options[];
extern const struct option_row send_options[];
extern const struct option_row probe_options[];
extern const struct option_row cancel_options[];
extern const struct option_row sequences_options[];
extern const struct option_row config_options[];
extern const struct option_row show_options[];
extern const struct option_row rule_add_options[];
extern const struct option_row rule_list_options[];
extern const struct option_row rule_del_options[];
extern const struct option_row rule_translate_options[];
extern const struct option_row arm_options[];
extern const struct option_row disarm_options[];
extern const struct option_row monitor_options[];
extern const struct option_row doctor_options[];

#endif /* SYSRQCTL_COMMAND_H */
