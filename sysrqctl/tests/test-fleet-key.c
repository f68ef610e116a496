// SPDX-License-Identifier: GPL-2.0-only
/* Hosts whose keys are derived from one fleet's, for a name that may be one of two. */
#include <unistd.h>

#include "command.h"
#include "fake-server.h"
#include "keyfile.h"
#include "test.h"

static char fleet_path[64];
static char config[64];
static struct keyfile *fleet;

static void make_fleet(void)
{
	u8 material[NFT_SYSRQ_KEY_LEN];
	char text[KEYFILE_MAX];
	size_t n;

	randombytes_buf(material, sizeof(material));
	fleet = keyfile_make(material);
	check(fleet);
	fleet->fleet = true;
	strcpy(fleet->name, "all");
	n = keyfile_format(fleet, text, sizeof(text) - 1);
	text[n] = '\0';
	snprintf(fleet_path, sizeof(fleet_path), "%s/fleet.key", server_dir);
	write_file(fleet_path, text, 0600);
	snprintf(config, sizeof(config), "%s/conf", server_dir);
	write_file(config, "Host *.example.org\n\tAddress 127.0.0.1\n", 0600);
}

/* The host has the key that is derived for @identity. */
static void set_key(const char *identity)
{
	u8 material[NFT_SYSRQ_KEY_LEN];

	keyfile_derive_host(fleet, identity, material);
	nft_sysrq_mac_derive(&srv.host.secrets, material);
	srv.host.tag = nft_sysrq_mac_host_tag(material, identity, strlen(identity));
}

static void begin(const char *identity, bool deaf)
{
	server_start(identity);
	set_key(identity);
	srv.deaf_to_probes = deaf;
	server_go();
}

static void ask(struct run *r, const char *rest)
{
	char text[512];

	snprintf(text, sizeof(text), "send --config %s --key %s --port %d --timeout 600ms %s",
		 config, fleet_path, srv.port, rest);
	run(r, NULL, text);
}

static void call(struct run *r, const char *identity, bool deaf, const char *rest)
{
	begin(identity, deaf);
	ask(r, rest);
	server_stop();
}

/* Whichever of the two names its key is for. */
static void test_candidates(void)
{
	struct run r;

	call(&r, "web1.example.org", false, "--strict web1.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	check(!strcmp(r.out, "all@web1.example.org: sync accepted; handed to the kernel now\n"));
	call(&r, "web2", false, "--strict Web2.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	call(&r, "example", false, "--strict web3.example.org s");
	check(r.status == EXIT_NO_ANSWER && !srv.host.datagrams);
	call(&r, "web4", false, "--strict --identity web4 127.0.0.1 s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	call(&r, "web5", false, "--strict web5.example.org,web6.example.org s");
	check(r.status == EXIT_NO_ANSWER && srv.host.runs == 1);
	check_has(r.out, "\n2 hosts: 1 accepted, 1 no answer (web6.example.org)\n");
}

/* Blind, it goes under one key only. */
static void test_blind(void)
{
	struct run r;

	call(&r, "web7", true, "web7.example.org s");
	check(r.status == EXIT_NO_ANSWER && !srv.host.runs);
	call(&r, "web7", true, "--blind web7.example.org s");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "--blind: web7.example.org may have the key of one of two names; "
		  "give --identity");
	call(&r, "web7", true, "--blind --identity web7 web7.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	/* Both names again: by what is remembered it is known which it is. */
	begin("web7", false);
	ask(&r, "web7.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	srv.deaf_to_probes = true;
	ask(&r, "--blind web7.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 2);
	server_stop();
	/* Remembered for the one name, but since it was given the other's key. */
	begin("web9", false);
	ask(&r, "web9.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 1);
	set_key("web9.example.org");
	ask(&r, "web9.example.org s");
	check(r.status == EXIT_OK && srv.host.runs == 2);
	server_stop();
}

/* doctor asks many times, and tells of the one key of two that the host has. */
static void test_doctor(void)
{
	char text[512];
	struct run r;

	begin("web2", false);
	snprintf(text, sizeof(text), "doctor --config %s --key %s --port %d web2.example.org", config,
		 fleet_path, srv.port);
	run(&r, NULL, text);
	check(r.status == EXIT_OK && !r.err[0]);
	snprintf(text, sizeof(text), "ok       key: all (%08x) is the host's\n",
		 be32_to_cpu(srv.host.secrets.key_id));
	check_has(r.out, text);
	check_has(r.out, "would be accepted");
	server_stop();
}

static void test_no_name(void)
{
	struct run r;

	call(&r, "web8", false, "127.0.0.1 s");
	check(r.status == EXIT_USAGE && !r.out[0] && !srv.host.datagrams);
	check_has(r.err, "key 'all' is a fleet's, and host 127.0.0.1 is not known by name");
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	make_fleet();
	test_candidates();
	test_blind();
	test_doctor();
	test_no_name();
	keyfile_free(fleet);
	server_end();
	return 0;
}
