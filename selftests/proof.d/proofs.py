# SPDX-License-Identifier: GPL-2.0-only
"""What CBMC shows, how, and what breaks each proof. See cbmc.py for the form."""

# The arithmetic of times, and who is known, not each access: window-safe has those.
WINDOW = ["--unwind", "9", "--unwindset", "nft_sysrq_window_commit.0:4,forget_oldest.0:3"]
ANY_HASH = ["--replace-calls", "hash:any_hash"]

PROOFS = {
    "decode": ("decode.c", ["--unwind", "34", "--unwindset",
                            "nft_sysrq_wire_identity.0:257,texts.0:257"], [], [
        ("wire.h", "d->nsteps > NFT_SYSRQ_MAX_STEPS", "d->nsteps > NFT_SYSRQ_MAX_STEPS + 1"),
        ("wire.h", "d->type > NFT_SYSRQ_CANCEL", "d->type > 0x80 + NFT_SYSRQ_CANCEL"),
        ("wire.c", "i >= NFT_SYSRQ_NAME_LEN - 1", "i > NFT_SYSRQ_NAME_LEN - 1"),
        ("wire.c", "wait < 128 ? wait * 100U", "wait <= 128 ? wait * 100U"),
        ("wire.c", "sizeof(d->body) - used)", "sizeof(d->body) - used - 1)"),
    ]),
}
