/* options.h: the options of a command line as a table: GLib's GOption parses, the rows say what an option takes and
 * which member of a struct it goes to. The help is printed from the same rows. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* What an option takes, and what its member in the struct is. Everything starts as zero: not given. */
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

/* Takes the options out of `argv` (as for g_option_context_parse_strv). With `own` NULL it stops at the first word that
 * is no option. */
bool options_parse(struct options *shared, struct options *own, char ***argv, GError **error);
void options_clear(const struct options *options);
