/* columns.h: what the columns of a list mean, by their names: those of our own export and of the providers' exports and
 * answers, a row each in a table, and else words that are usual. Names are compared without case, blanks, "_" and "-":
 * "Created At" is "created_at". */
#pragma once

#include <stdbool.h>

#include "cmd/lists/flags.h"
#include "parser/text/span.h"

enum { COLUMNS_NAME_MAX = 64 };

enum column {
    COLUMN_ADDRESS,
    COLUMN_REASON,     /* a word: "bounce"; or what the receiver said */
    COLUMN_DIAGNOSTIC, /* what the receiver said */
    COLUMN_STATUS,     /* "5.1.1", or the code of a reply */
    COLUMN_SINCE,
    COLUMN_UNTIL,
    COLUMN_ORIGIN,        /* who asked for the entry, at Postmark */
    COLUMN_PLACE,         /* of which of the provider's streams, lists or groups it is */
    COLUMN_MAIL,          /* for which mail, at SparkPost: "transactional" or "non_transactional"; ... */
    COLUMN_TRANSACTIONAL, /* ... or "yes" or "no" for each */
    COLUMN_NON_TRANSACTIONAL,
    COLUMN_WORD, /* where the form gives all rows one reason: what would be the reason without it; others have it too */
    /* our own export's */
    COLUMN_SCOPE,
    COLUMN_STATE,
    COLUMN_VERDICT,
    COLUMN_STREAM,
    COLUMN_POLICY,
    COLUMN_RULE,
    COLUMN_WHO,
    COLUMN_DOOR,
    COLUMN_BATCH,
    COLUMN_NOTE,
    /* those that say "yes" or "no" in a list of all addresses, in the order that they stand in */
    COLUMN_FLAG,
    COLUMN_COUNT = COLUMN_FLAG + FLAGS_MAX
};

/* Where each of them is. */
struct columns {
    const char *form;         /* whose list it is: "sendgrid"; NULL: not known */
    const char *kind;         /* the reason of all rows that give none: a word; NULL: there is none */
    int places[COLUMN_COUNT]; /* from 0; -1: the list has no such column */
    unsigned n;               /* that it has in all */
    const struct flag *flags[FLAGS_MAX];
    unsigned flags_n;
    char unknown[COLUMNS_NAME_MAX]; /* the first that seems to say who is suppressed, and is not known; "": none */
};

/* The form of our own export, which `form` points to. */
extern const char columns_ours[];

/* By the `n` names. False if none of them is that of an address. */
bool columns_find(const struct span *names, unsigned n, struct columns *columns);

/* Is one of the names that of an address: may they be a header line? */
bool columns_header(const struct span *names, unsigned n);
