/* json_scan.h: reads JSON (RFC 8259) value by value, without making a tree: one pass, a fixed depth. Text that is
 * not JSON ends it. Line ends within a string, where mail was folded, are dropped. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

enum { JSON_SCAN_DEPTH = 16 };

struct json_scan {
    struct span rest;
    GString *value; /* of the last string, decoded, or the text of another scalar */
    size_t depth;
    struct json_scan_level {
        struct span key; /* under which the value stands; empty in an array */
        size_t item;     /* the number of the value, from 0 */
        bool array;
    } levels[JSON_SCAN_DEPTH];
};

void json_scan_init(struct json_scan *scan, struct span text);
void json_scan_clear(struct json_scan *scan);

/* Moves to the next scalar; false at the end, or where the text is no JSON. */
bool json_scan_next(struct json_scan *scan);
/* The key that stands `up` levels above the value (0: its own, or, in an array, none). */
struct span json_scan_key(const struct json_scan *scan, size_t up);
