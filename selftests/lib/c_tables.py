# SPDX-License-Identifier: GPL-2.0-only
"""What C says, asked of a C compiler: values of names, and the kernel's netlink tables.

Tables (policies, ranges, operations, groups) are cut out of a source as they stand, and compiled here
with headers of our own that turn each entry into what it allows: type, least and greatest value,
least and greatest length.
"""
import json
import os
import re
import subprocess
import tempfile

TREE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..")
UAPI = os.path.join(TREE, "kernel", "uapi")
TABLE = re.compile(r"^(?:static |const )*struct (netlink_range_validation|nla_policy|genl_ops|"
                   r"genl_split_ops|genl_multicast_group) (\w+)(\[.*?\])?[^;{]* = \{.*?^\};",
                   re.M | re.S)

STUBS = r"""
#include <stdio.h>
#include <linux/nft_sysrq.h>
#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define __ro_after_init
struct netlink_range_validation { unsigned long long min, max; };
enum { NLA_UNSPEC, NLA_U8, NLA_U16, NLA_U32, NLA_U64, NLA_S64, NLA_FLAG, NLA_BINARY, NLA_NUL_STRING,
       NLA_STRING, NLA_NESTED, NLA_REJECT };
struct nla_policy {
	int type;
	unsigned long long min, max;
	const struct netlink_range_validation *range;
	unsigned int len, exact;
	int bounded;
};
#define NLA_POLICY_EXACT_LEN(n) { .type = NLA_BINARY, .len = (n), .exact = 1 }
#define NLA_POLICY_MAX(t, n) { .type = (t), .max = (n), .bounded = 1 }
#define NLA_POLICY_MIN(t, n) { .type = (t), .min = (n), .max = ~0ULL, .bounded = 1 }
#define NLA_POLICY_RANGE(t, a, b) { .type = (t), .min = (a), .max = (b), .bounded = 1 }
#define NLA_POLICY_FULL_RANGE(t, r) { .type = (t), .range = (r) }
enum { GENL_ADMIN_PERM = 1, GENL_CMD_CAP_DO = 2, GENL_CMD_CAP_DUMP = 4, GENL_UNS_ADMIN_PERM = 16 };
enum { GENL_MCAST_CAP_NET_ADMIN = 1 };
struct genl_ops {
	int cmd, maxattr, flags, internal_flags, validate;
	const char *doit, *dumpit;
	const struct nla_policy *policy;
};
#define genl_split_ops genl_ops
struct genl_multicast_group { const char *name; int flags; };

static const char *types[] = { "unspec", "u8", "u16", "u32", "u64", "s64", "flag", "binary",
			       "string", "string", "nest", "reject" };

static void show_policy(const struct nla_policy *p, int n)
{
	unsigned long long min, max;

	printf("[");
	for (int i = 0; i < n; i++, p++) {
		min = p->range ? p->range->min : p->min;
		max = p->range ? p->range->max : p->bounded ? p->max : ~0ULL;
		printf("%s{\"type\": \"%s\", \"min\": %llu, \"max\": %llu, \"min_len\": %u, \"max_len\": %u}",
		       i ? ", " : "", types[p->type], min, max, p->exact ? p->len : 0, p->len);
	}
	printf("]");
}

static void show_op(const struct genl_ops *o)
{
	printf("{\"cmd\": %d, \"flags\": %d, \"do\": %d, \"dump\": %d, \"policy\": ", o->cmd,
	       o->flags & GENL_ADMIN_PERM, !!o->doit, !!o->dumpit);
	show_policy(o->policy, o->policy ? o->maxattr + 1 : 0);
	printf("}");
}
"""


def run_c(text):
    """Compile and run; what it prints is JSON."""
    with tempfile.TemporaryDirectory() as tmp:
        source, program = os.path.join(tmp, "t.c"), os.path.join(tmp, "t")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["gcc", "-std=gnu11", "-Werror", "-Wno-unused", "-I", UAPI, "-o", program,
                        source], check=True)
        return json.loads(subprocess.run([program], check=True, text=True,
                                         stdout=subprocess.PIPE).stdout)


def names_of(text):
    """Names that a header defines: macros with a value, and enumerators."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.findall(r"^(?:#define[ \t]+|[ \t]+)(\w*NFT_SYSRQ_\w+)(?:[ \t]+\S|[ \t]*[,=\n])", text, re.M)


def values(header, names):
    """{name: value} of a header, by the compiler; strings and integers."""
    shown = "".join(f"""
	printf("%s\\"{name}\\": ", n++ ? ", " : "");
	show(_Generic(({name}), char *: 1, default: 0), (unsigned long long)({name}));""" for name in names)
    return run_c(f"""
#include <stdio.h>
{header}
static void show(int text, unsigned long long v)
{{
	if (text)
		printf("\\"%s\\"", (const char *)(__UINTPTR_TYPE__)v);
	else
		printf("%lld", (long long)v);
}}
int main(void)
{{
	int n = 0;

	printf("{{");{shown}
	printf("}}");
}}
""")


def tables(*sources):
    """The tables in sources: {kind: {name: [entries]}}; macros that they define are known."""
    body, parts, shown = "", {}, []
    for text in sources:
        body += "".join(line + "\n" for line in
                        re.findall(r"^#define[ \t]+\w+[ \t]+(?:\d|\(?NFT_)\S*(?=\s)", text, re.M))
    for text in sources:
        for found in TABLE.finditer(text):
            kind, name = found[1].replace("split_", ""), found[2]
            # Names of functions become texts.
            part = re.sub(r"\.(doit|dumpit)(\s*)=\s*(\w+)", r'.\1\2= "\3"', found[0])
            parts[kind] = parts.get(kind, "") + part + "\n"
            if kind != "netlink_range_validation":
                shown.append((kind, name))
    # Each kind refers to those before it.
    body += "".join(parts.get(kind, "") for kind in ("netlink_range_validation", "nla_policy", "genl_ops",
                                                     "genl_multicast_group"))
    main = ""
    for i, (kind, name) in enumerate(shown):
        main += f'\tprintf("%s[\\"{kind}\\", \\"{name}\\", [", {i} ? ", " : "");\n'
        if kind == "nla_policy":
            main += f"\tshow_policy({name}, ARRAY_SIZE({name}));\n"
        else:
            each = f"show_op(&{name}[i])" if kind == "genl_ops" else \
                f'printf("{{\\"name\\": \\"%s\\", \\"admin\\": %d}}", {name}[i].name, !!{name}[i].flags)'
            main += (f"\tfor (unsigned int i = 0; i < ARRAY_SIZE({name}); i++) {{\n"
                     f"\t\tif (i) printf(\", \");\n\t\t{each};\n\t}}\n")
        main += '\tprintf("]]");\n'
    found = {}
    for kind, name, entries in run_c(f'{STUBS}\n{body}\nint main(void)\n{{\n\tprintf("[");\n{main}'
                                     '\tprintf("]");\n}\n'):
        found.setdefault(kind, {})[name] = entries
    return found
