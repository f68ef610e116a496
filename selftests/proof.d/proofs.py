# SPDX-License-Identifier: GPL-2.0-only
"""What CBMC shows, how, and what breaks each proof.

harness     in cbmc/, includes the kernel's own files
options     of cbmc, which by default looks for accesses out of bounds, bad pointers, division by
            zero, signed overflow, bad shifts, and loops that are longer than they were unrolled
breaks      (number of the case, file of kernel/, text, what takes its place): the proof must fail
instrument  how goto-instrument changes the program first
cases       what is defined; a proof may be one for each of many
"""
import dataclasses


@dataclasses.dataclass
class Proof:
    harness: str
    options: list
    breaks: list
    instrument: list = dataclasses.field(default_factory=list)
    cases: list = dataclasses.field(default_factory=lambda: [[]])


def window_cases():
    """A window of two: where it begins, how many are there, in which lists, who comes, who is noted.

    Lists are numbered from that of the oldest on, as no list is different from another.
    """
    size = stranger = 2
    for oldest in range(size):
        for count in range(size + 1):
            there = [(oldest + age) % size for age in range(count)]
            for comes in (*there, stranger):
                matter = list(dict.fromkeys((*there, comes)))
                for noted in dict.fromkeys((comes, *there[:1], *there[1:])):
                    for others in range(2 ** (len(matter) - 1)):
                        lists = sum((others >> i & 1) * size ** nonce
                                    for i, nonce in enumerate(matter[1:]))
                        yield [f"-DOLDEST={oldest}", f"-DCOUNT={count}", f"-DLISTS={lists}",
                               f"-DITS={comes}", f"-DNOTED={noted}"]


WINDOW = list(window_cases())


def case_of(*defines):
    """The number of the first case that has these."""
    return next(i for i, case in enumerate(WINDOW) if set(defines) <= set(case))


STRANGER_COMES = case_of("-DOLDEST=0", "-DCOUNT=1", "-DITS=2", "-DNOTED=0")
NEWS = case_of("-DOLDEST=0", "-DCOUNT=1", "-DITS=2", "-DNOTED=2")
IT_COMES = case_of("-DOLDEST=0", "-DCOUNT=1", "-DITS=0", "-DNOTED=0")

# Who comes is new; whom it is noted of does not matter.
NEWCOMERS = [case for case in WINDOW if {"-DITS=2", "-DNOTED=2"} <= set(case)]
HALF, FULL = (next(i for i, case in enumerate(NEWCOMERS) if {"-DOLDEST=0", count} <= set(case))
              for count in ("-DCOUNT=1", "-DCOUNT=2"))

PROOFS = {
    "decode": Proof("decode.c", ["--unwind", "34", "--unwindset",
                                 "nft_sysrq_wire_identity.0:257,texts.0:257"], [
        (0, "wire.h", "d->nsteps > NFT_SYSRQ_MAX_STEPS)", "d->nsteps > NFT_SYSRQ_MAX_STEPS + 1)"),
        (0, "wire.h", "d->type > NFT_SYSRQ_CANCEL", "d->type > 0x80 + NFT_SYSRQ_CANCEL"),
        (0, "wire.c", "i >= NFT_SYSRQ_NAME_LEN - 1", "i > NFT_SYSRQ_NAME_LEN - 1"),
        (0, "wire.c", "wait < 128 ? wait * 100U", "wait <= 128 ? wait * 1000U"),
        (0, "wire.c", "sizeof(d->body) - used)", "sizeof(d->body) - used - 1)"),
    ]),
    "program-steps": Proof("program-steps.c", ["--unwind", "14"], [
        (0, "program_claim.c", "	p->pos++;\n", ""),
        (0, "program_claim.c", "p->pos == p->nsteps", "p->pos > p->nsteps"),
        (0, "program_claim.c", "now < p->due", "now + 1 < p->due"),
        (0, "program_claim.c", "max(when, p->earliest)", "min(when, p->earliest)"),
        (0, "program_claim.c", "letter == 'b' || letter == 'o'", "letter == 'o'"),
        (0, "program.c", "p->nsteps - p->pos);", "p->nsteps);"),
    ]),
    "window-lookup": Proof("window-lookup.c", ["--unwind", "18"], [
        (0, "window.h", "i < w->size && bound--", "i <= w->size && bound--"),
        (0, "window.h", "i < w->size && bound--", "i < w->size"),
        (0, "window.h", "READ_ONCE(w->born) + tolerance", "READ_ONCE(w->born)"),
        (0, "window.h", "stamp <= clock - tolerance ||", ""),
    ]),
    "verify-runs": Proof("verify-runs.c", ["--unwind", "12", "--unwindset",
                                           "memcmp.0:33"], [
        (0, "verify.c", "if (!nft_sysrq_mac_holds(&key->secrets, NFT_SYSRQ_DIR_REQUEST, d))", "if (0)"),
        (0, "verify.c", "	o->stat = stale(r);\n", ""),
        (0, "verify.c", "r->d->epoch != READ_ONCE(key->epoch)", "0"),
        (0, "verify.c", "!(r->probe && !r->d->epoch)", "r->d->epoch"),
        (0, "verify.c", "	if (o->status)\n		return;\n	if (r->d->type", "	if (r->d->type"),
        (0, "verify.c", "	if (nft_sysrq_key_expired(key, &r->now)) {", "	if (0) {"),
        (0, "verify.c", "r->key->dead ||", ""),
        (0, "letters.c", "!(allowed & BIT_ULL(bit))", "!(allowed & BIT_ULL(0))"),
        (0, "verify.c", "o.answer && !silent", "o.answer"),
    ]),
    "direction": Proof("direction.c", ["--no-standard-checks", "--unwind", "66"], [
        (0, "uapi/linux/nft_sysrq.h", '"nft-sysrq v1 reply mac"', '"nft-sysrq v1 request mac"'),
        (0, "mac.h", "compat_hmac_holds(&s->mac[dir], ", "compat_hmac_holds(&s->mac[0], "),
        (0, "mac.c", "	compat_hmac_prepare(&root, key, NFT_SYSRQ_KEY_LEN);\n	for",
         "	compat_hmac_prepare(&root, key, 0);\n	for"),
    ], cases=[["-DSEALED=0"], ["-DSEALED=1"]]),
    "window-once": Proof("window-once.c", ["--no-standard-checks", "--unwind", "9", "--unwindset",
                                           "nft_sysrq_window_commit.0:4,forget_oldest.0:3"], [
        (IT_COMES, "window.h", "if (READ_ONCE(w->ring[i].nonce) == nonce)", "if (0)"),
        (STRANGER_COMES, "window.c", "	WRITE_ONCE(*link, e->next);\n", ""),
        (STRANGER_COMES, "window.c",
         "	raise(w, NFT_SYSRQ_MODE_WALL, nft_sysrq_window_wall0(w, now) + e->end);\n", ""),
        (NEWS, "window.c", "NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + w->tolerance;",
         "NFT_SYSRQ_LEAD_NS + w->tolerance;"),
    ], ["--replace-calls", "nft_sysrq_window_hash:any_hash"], WINDOW),
    "window-full": Proof("window-full.c", ["--no-standard-checks", "--unwind", "9", "--unwindset",
                                           "nft_sysrq_window_commit.0:4,forget_oldest.0:3"], [
        (FULL, "window.h", "return READ_ONCE(w->count) >= w->size ||", "return"),
        (HALF, "window.h", "READ_ONCE(w->probes) >= w->size / 2", "READ_ONCE(w->probes) >= w->size"),
        (FULL, "window.h", "now->boot > end + tolerance", "now->boot > end"),
        (FULL, "window.c", "			return NULL;\n		forget_oldest", "			;\n		forget_oldest"),
    ], ["--replace-calls", "nft_sysrq_window_hash:any_hash"], NEWCOMERS),
}
