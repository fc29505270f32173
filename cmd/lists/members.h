/* members.h: the members of a JSON object, each with its value as text. Those of an object that is a member are members
 * as well, by both names: of {"reason": {"code": "x"}} it is "reasoncode". Pure.
 */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include "parser/text/span.h"

enum { MEMBERS_MAX = 64 };

struct members {
    struct span names[MEMBERS_MAX];
    unsigned n; /* those that are more are not looked at */
    char fault[JSON_ERROR_TEXT_LENGTH];
    json_t *object;
    const json_t *values[MEMBERS_MAX];
    GString *joined;             /* names that are made of two */
    GString *key;                /* all names */
    GString *before;             /* those of the object before */
    GString *texts[MEMBERS_MAX]; /* of values that are no strings */
};

void members_init(struct members *members);
void members_clear(struct members *members);

/* Reads an object, whose names and values live until the next one. False if it is bad JSON, or holds a NUL, which no
 * text of ours can have: `fault` says how. */
bool members_read(struct members *members, struct span object);
/* Has it the same names, in the same order, as the object before? */
bool members_same(const struct members *members);

/* A string, "true" or "false", or a number, in digits; of an array the one string that it has. NULL: another value. */
const char *members_text(struct members *members, unsigned i);
