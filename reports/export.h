/* export.h: the suppression list as files for senders. A format is a row of a table:
 *
 * csv (RFC 4180, with a header line), json (one object a line), text (one subject a line) and sqlite (sqlite_table.h)
 * have a row for each entry. The others are maps, with a row for each subject and the reply to mail for it: of several
 * entries of a subject that of the one that lasts longest. texthash is what postmap(1) takes, cdb and lmdb
 * (cdb_table.h, lmdb_table.h) are what it makes: "example.org" is all addresses at a domain, ".example.org" those at
 * its sub-domains. opensmtpd is a file of table(5): "@example.org" and "@*.example.org". rspamd is a map of multimap's
 * type rcpt: "example.org", and nothing for sub-domains.
 *
 * All are written in memory that does not grow with the list, but for cdb's 8 octets a row. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "store/store.h"

enum export_format {
    EXPORT_CSV,
    EXPORT_JSON,
    EXPORT_TEXT,
    EXPORT_TEXTHASH,
    EXPORT_CDB,
    EXPORT_LMDB,
    EXPORT_OPENSMTPD,
    EXPORT_RSPAMD,
    EXPORT_SQLITE,
};
extern const char *const export_format_names[];

struct export_settings {
    enum export_format format;
    const char *wording; /* of the reply, see wording.h */
    mode_t mode;         /* of a file; 0: that of the file that is there, ... */
    mode_t fresh;        /* ... or this one; see replacement.h */
    const gint *stop;    /* atomic: not 0 when the export is to fail, G_FILE_ERROR_INTR; may be NULL */
};

struct export_count {
    guint64 rows;
    guint64 left_out; /* subjects that the format has no form for */
};

/* Of a format with a line for each entry (csv, json, text): the line before all, "" if there is none; and appends that
 * of an entry, with its end. */
const char *export_header(enum export_format format);
void export_line(GString *out, enum export_format format, const struct suppression *entry);

/* Can it be written to a stream that is no file? */
bool export_streams(enum export_format format);

/* Writes all rows of `pages` to `out`, which may stand still for long, as a pipe does; false when the store or `out`
 * fails. */
bool export_suppressions(struct store_pages *pages, const struct export_settings *settings, FILE *out,
                         struct export_count *count, GError **error);

/* Puts a file with them in the place of `path`, all at once: whoever opens it finds the old list or the new one, also
 * after a loss of power. False leaves what is there. */
bool export_file(struct store_pages *pages, const struct export_settings *settings, const char *path,
                 struct export_count *count, GError **error);

/* Removes what a process left beside `path` that was killed meanwhile. Not while somebody writes it. */
void export_sweep(const char *path);
