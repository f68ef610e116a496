// SPDX-License-Identifier: GPL-2.0-only
/*
 * For selftests/cases/host/fleet: what a sender of one packet costs, as the
 * ancestors have one, to be called in a shell loop.
 *
 *	one-packet KEYFILE IDENTITY ADDRESS PORT LETTER
 *
 * Sends one request by the wall clock, and waits for no answer.
 */
#include <arpa/inet.h>
#include <unistd.h>

#include "keyfile.h"
#include "member.h"
#include "test.h"

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct nft_sysrq_dgram d = {
		.magic = { 'S', 'R', 'Q' }, .version = NFT_SYSRQ_PROTO_VERSION, .type = NFT_SYSRQ_RUN,
		.flags = NFT_SYSRQ_F_WALL, .nsteps = 1,
	};
	struct exchange_clock now;
	struct keyfile *key;
	char why[512];
	int fd;

	check(argc == 6 && sodium_init() >= 0);
	key = keyfile_read(argv[1], why, sizeof(why));
	check(key);
	check(inet_pton(AF_INET, argv[3], &to.sin_addr) == 1);
	to.sin_port = htons(atoi(argv[4]));
	clocks_read(&now);
	d.key_id = key->secrets.key_id;
	randombytes_buf(&d.nonce, sizeof(d.nonce));
	d.epoch = nft_sysrq_mac_host_tag(key->material, argv[2], strlen(argv[2]));
	d.stamp = cpu_to_be64(now.real);
	d.steps[0].letter = argv[5][0];
	nft_sysrq_mac_seal(&key->secrets, NFT_SYSRQ_DIR_REQUEST, &d);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	check(sendto(fd, &d, sizeof(d), 0, (struct sockaddr *)&to, sizeof(to)) == sizeof(d));
	keyfile_free(key);
	close(fd);
	return 0;
}
