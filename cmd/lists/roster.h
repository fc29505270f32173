/* roster.h: reads a list of addresses from a file, entry by entry: CSV, JSON or text, of our own export or a
 * provider's.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/lists/entry.h"
#include "reports/export.h"

#define ROSTER_ERROR (roster_error_quark())
GQuark roster_error_quark(void);
enum roster_error { ROSTER_ERROR_BROKEN }; /* the file is not what it seems: nothing of it is to be believed */

struct roster;

struct roster_settings {
    const char *path;
    const char *name; /* for messages */
    unsigned format;  /* 1 + enum export_format; 0: as it looks */
    struct entry_rules rules;
};

enum roster_result {
    ROSTER_RESULT_ENTRY,
    ROSTER_RESULT_REJECTED, /* `roster_fault` says why */
    ROSTER_RESULT_END,
    ROSTER_RESULT_FAILED,
};

/* All that the settings point to is borrowed. NULL and an error if the file cannot be read, or is no list. */
struct roster *roster_open(const struct roster_settings *settings, GError **error);
void roster_free(struct roster *roster);

/* The next entry; it lives until the next call. */
enum roster_result roster_next(struct roster *roster, struct entry *entry, GError **error);

/* Of the row that was read last: the line of the file that it begins in, from 1; its text without the line end; and why
 * it was rejected. */
guint64 roster_line(const struct roster *roster);
struct span roster_text(const struct roster *roster);
const char *roster_fault(const struct roster *roster);

/* How it is read: "csv, in the form of sendgrid"; with the name of a column that seems to say who is suppressed, and is
 * not known. The caller frees. */
char *roster_form(const struct roster *roster);

typedef struct roster Roster;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roster, roster_free)
