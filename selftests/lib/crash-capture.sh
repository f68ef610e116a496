# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For cases that do what docs/crash-capture.md says: its commands and files, and a guest that is its web1.
. "$(dirname "${BASH_SOURCE[0]}")/outside.sh"
document=docs/crash-capture.md

# document_commands SECTION PROMPT: those of a section, one a line; it is an error if there are none.
document_commands() {
	awk -v section="## $1" -v prompt="$2 " '
		/^## / { on = $0 == section }
		on && index($0, prompt) == 1 { print substr($0, length(prompt) + 1); found = 1 }
		END { exit !found }' "$document"
}

# document_file PATH: the block that stands below the line "PATH:".
document_file() {
	awk -v name="$1:" '
		$0 == name { on = 1; next }
		on && /^```/ { if (inside) exit; inside = 1; next }
		on && inside { print; found = 1 }
		END { exit !found }' "$document"
}

# as_guest: the document's monitor is this machine, as the guest calls it, with ports of its own.
as_guest() { sed "s/192\.0\.2\.10/10.0.2.2/g; s/\b6666\b/$monitor_port/g; s/\b6667\b/$console_port/g"; }

# set_up: a script for the guest that serves the key and allows what the document allows.
set_up() {
	echo 'set -e; exec 2>&1'
	printf 'cat >/etc/sysctl.d/crash-capture.conf <<"END"\n%s\nEND\n' \
		"$(document_file /etc/sysctl.d/crash-capture.conf)"
	document_commands "What the server must allow" 'web1#'
	echo 'sysrqctl key set ops --file /mnt/share/key.text 2>/dev/null'
	echo 'sysrqctl arm'
}

# ask COMMANDS...: the document's "sysrqctl send web1", at the guest
ask() { sysrqctl send --strict --timeout 20s --key "$share/key.text" --port "$port" 127.0.0.1 "$@"; }

# It makes the file its owner's alone.
sysrqctl key gen --name ops >"$share/key.text"

# crash_initramfs FILE: for a second kernel, which saves the dump by this machine's makedumpfile, and restarts.
crash_initramfs() (
	. selftests/lib/common.sh
	. selftests/lib/initramfs.sh
	dir=$(guest_of "$GUEST")
	guest_lock "$dir" shared
	boot_files "$dir"
	add=$vm_dir/crash-initramfs
	mkdir "$add"
	cp selftests/lib/crash-init "$add/init"
	document_commands "A dump of memory" 'crash#' | sed 's,/var/crash,/share,' >"$add/dump"
	program=$(command -v makedumpfile)
	for file in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do
		install -D "$file" "$add$file"
	done
	(cd "$add" && find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0) | cat "$initramfs" - >"$1"
)
