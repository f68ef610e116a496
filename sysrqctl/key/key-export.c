// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysrqctl key export: a key file as a picture, from one screen to one camera.
 *
 * Our own buffers are wiped. libqrencode has copies of the key in buffers of its
 * own, which it frees and does not wipe; nobody can reach those. So while it works no
 * memory of ours may be swapped out or dumped, as far as we are let, and
 * this process ends right after.
 */
#include <qrencode.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "command.h"
#include "key-out.h"
#include "options.h"

/* Light modules around: two are enough for cameras, and keep it below 24 lines. */
#define MARGIN	2

/* Black on white, whatever the terminal's own colours are. */
#define COLOURS	"\033[38;5;16;48;5;231m"
#define PLAIN	"\033[0m\n"

enum {
	OPT_QR,
	OPT_FORCE,
};

const struct option_row key_export_options[] = {
	[OPT_QR] = { "qr", NULL, "As a QR code, in UTF-8 half blocks" },
	[OPT_FORCE] = { "force", NULL, "Even if no terminal, or not all of one, would show it" },
	{ }
};

static QRcode *make_code(const struct keyfile *key)
{
	u8 *text = sodium_malloc(KEYFILE_MAX);
	QRcode *code = NULL;

	if (text)
		code = QRcode_encodeData(keyfile_format(key, (char *)text, KEYFILE_MAX), text, 0,
					 QR_ECLEVEL_L);
	sodium_free(text);
	return code;
}

static bool is_dark(const QRcode *code, int x, int y)
{
	x -= MARGIN;
	y -= MARGIN;
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	       code->data[y * code->width + x] & 1;
}

/* Two rows of modules to a line. Return: length of the text. */
static size_t draw(const QRcode *code, char *text)
{
	static const char * const cells[] = { " ", "\u2580", "\u2584", "\u2588" };
	int width = code->width + 2 * MARGIN, x, y;
	char *p = text;

	for (y = 0; y < width; y += 2) {
		p = stpcpy(p, COLOURS);
		for (x = 0; x < width; x++)
			p = stpcpy(p, cells[is_dark(code, x, y) | is_dark(code, x, y + 1) << 1]);
		p = stpcpy(p, PLAIN);
	}
	return p - text;
}

/* Is all of it to be seen? */
static int check_screen(const struct command *cmd, const QRcode *code)
{
	int columns = code->width + 2 * MARGIN, lines = (columns + 1) / 2 + 1;
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		return EXIT_OK;
	if (size.ws_col >= columns && size.ws_row >= lines)
		return EXIT_OK;
	return local_error(cmd, "the terminal has %u columns and %u lines, but it takes %d and %d; "
			   "make its letters smaller", size.ws_col, size.ws_row, columns, lines);
}

static int print_code(const struct command *cmd, const QRcode *code)
{
	size_t width = code->width + 2 * MARGIN;
	char *text = sodium_malloc((width / 2 + 1) *
				   (3 * width + sizeof(COLOURS) + sizeof(PLAIN)));
	int status;

	status = text ? key_out_write(cmd, text, draw(code, text)) :
			local_error(cmd, "no memory for a picture");
	sodium_free(text);
	return status;
}

static int export_key(const struct command *cmd, const char *file, bool force)
{
	struct keyfile *key;
	char why[4608];
	QRcode *code;
	int status;

	/* Without the right to these, the rest is done all the same. */
	prctl(PR_SET_DUMPABLE, 0);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	key = keyfile_read_any(file, why, sizeof(why));
	if (!key)
		return local_error(cmd, "%s", why);
	code = make_code(key);
	keyfile_free(key);
	if (!code)
		return local_error(cmd, "no memory for a picture");
	status = force ? EXIT_OK : check_screen(cmd, code);
	if (!status)
		status = print_code(cmd, code);
	sodium_memzero(code->data, (size_t)code->width * code->width);
	QRcode_free(code);
	return status;
}

int key_export_main(const struct command *cmd, int argc, char **argv)
{
	bool qr = false, force = false;
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		if (opt == OPT_QR)
			qr = true;
		else
			force = true;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands != 1)
		return usage_error(cmd, "needs one FILE, not %d", o.operands);
	if (!qr)
		return usage_error(cmd, "needs --qr, the one form that there is");
	if (!force && !isatty(STDOUT_FILENO))
		return usage_error(cmd, "standard output is no terminal; --force if it is meant");
	return export_key(cmd, o.argv[0], force);
}
