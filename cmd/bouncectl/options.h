/* options.h: the options of a command line as a table: the rows say what an option takes and which member of a struct
 * it goes to. The help and the shells' completion are made from the same rows. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The values that an option takes, and the type of its member in the struct. Everything starts as zero: not given. */
enum option_type {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* char *, as it was typed; options_clear() frees it */
    OPTION_LINE,   /* char *, the same; for people: one line of UTF-8 that is not blank */
    OPTION_NUMBER, /* gint64, 1 and up */
    OPTION_CHOICE, /* unsigned: 1 + the index in `names` */
    OPTION_MOMENT, /* gint64, seconds since 1970 UTC; written as in moment.h */
    OPTION_SPAN,   /* gint64, seconds; written as in moment.h */
};

struct option_row {
    const char *name; /* "limit" for --limit */
    char letter;      /* 'n' for -n, 0: none */
    enum option_type type;
    size_t offset;
    const char *argument; /* for the help: "N"; NULL for a flag */
    const char *summary;
    const char *const *names; /* of an OPTION_CHOICE: NULL-terminated; "" is no choice */
};

/* Rows, and the struct that they are about. */
struct options {
    const struct option_row *rows; /* ends with a row without a name; may be NULL */
    void *object;
    gint64 now; /* what moments are relative to */
};

enum options_extent {
    OPTIONS_ANYWHERE, /* up to "--", also between arguments */
    OPTIONS_FIRST,    /* up to the first word that is none */
};

/* Takes the options of `n` groups out of `argv`, which starts with the program's name: --name value, --name=value,
 * -n value, -nvalue, and flags by their letters together. */
bool options_parse(const struct options *groups, size_t n, enum options_extent extent, char ***argv, GError **error);
void options_clear(const struct options *options);
