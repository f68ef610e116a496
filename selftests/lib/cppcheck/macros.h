/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros of libraries that begin a statement: cppcheck, which does not read their headers, must know them. */
#define mnl_attr_for_each(attr, nlh, offset)	for ((attr) = any(nlh); any(attr);)
#define mnl_attr_for_each_nested(attr, nest)	for ((attr) = any(nest); any(attr);)
#define json_array_foreach(array, i, value)	for ((i) = 0, (value) = any(array); any(i); (i)++)
#define json_object_foreach(object, key, value)	for ((key) = any(object), (value) = any(key); any(key);)
