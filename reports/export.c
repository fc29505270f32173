#include "reports/export.h"

#include <errno.h>
#include <string.h>

#include "reports/formats/cdb_table.h"
#include "reports/formats/line.h"
#include "reports/formats/lmdb_table.h"
#include "reports/formats/map_key.h"
#include "reports/formats/replacement.h"
#include "reports/formats/sqlite_table.h"
#include "reports/wording.h"
#include "store/entry_key.h"

const char *const export_format_names[] = {
    [EXPORT_CSV] = "csv",
    [EXPORT_JSON] = "json",
    [EXPORT_TEXT] = "text",
    [EXPORT_TEXTHASH] = "texthash",
    [EXPORT_CDB] = "cdb",
    [EXPORT_LMDB] = "lmdb",
    [EXPORT_OPENSMTPD] = "opensmtpd",
    [EXPORT_RSPAMD] = "rspamd",
    [EXPORT_SQLITE] = "sqlite",
    NULL,
};

/* access(5) of Postfix, where parent_domain_matches_subdomains does not name smtpd_access_maps. */
static const struct map_key_form postfix = {"", ".", false}, postfix_text = {"", ".", true};
static const struct map_key_form opensmtpd = {"@", "@*.", false};
static const struct map_key_form rspamd = {"", NULL, false};

/* Lines, or what a library writes; rows for entries, or, of a map, for subjects. */
static const struct format {
    const char *header;
    bool (*line)(GString *line, const struct sink_row *row);
    const struct sink *sink;
    const struct map_key_form *map;
    bool once; /* a line for each subject, whatever entries it has */
} formats[] = {
    [EXPORT_CSV] = {LINE_CSV_HEADER, line_csv, NULL, NULL, false},
    [EXPORT_JSON] = {"", line_json, NULL, NULL, false},
    [EXPORT_TEXT] = {"", line_text, NULL, NULL, true},
    [EXPORT_TEXTHASH] = {"", line_texthash, NULL, &postfix_text, false},
    [EXPORT_CDB] = {NULL, NULL, &cdb_table, &postfix, false},
    [EXPORT_LMDB] = {NULL, NULL, &lmdb_table, &postfix, false},
    [EXPORT_OPENSMTPD] = {LINE_OPENSMTPD_HEADER, line_opensmtpd, NULL, &opensmtpd, false},
    [EXPORT_RSPAMD] = {"", line_rspamd, NULL, &rspamd, false},
    [EXPORT_SQLITE] = {NULL, NULL, &sqlite_table, NULL, false},
};

enum {
    PAGE = 4000,         /* rows; each page looks for its place anew */
    ASIDE_MAX = 1048576, /* octets */
};

struct export
{
    const struct export_settings *settings;
    const struct format *format;
    FILE *out;
    void *state; /* of the sink */
    struct export_count *count;
    GString *line;
    GString *key;
    GString *reply;
    GPtrArray *others;
    GString *aside; /* keys out of order, and values, each with its NUL, that are put behind those that are in order */

    /* of the subject whose entries are read: of a map */
    GString *subject;
    GString *best_reply;
    gint64 best_until; /* G_MAXINT64: for good */
};

static bool put_text(FILE *out, const char *text, size_t length, GError **error)
{
    if (fwrite(text, 1, length, out) == length)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}

const char *export_header(enum export_format format)
{
    return formats[format].header;
}

void export_line(GString *out, enum export_format format, const struct suppression *entry)
{
    g_assert(formats[format].line != NULL && formats[format].map == NULL);
    formats[format].line(out, &(struct sink_row){.entry = entry});
}

static bool put_row(struct export *export, const struct sink_row *row, GError **error)
{
    export->count->rows++;
    if (export->format->sink != NULL)
        return export->format->sink->put(export->state, row, error);
    g_string_truncate(export->line, 0);
    if (export->format->line(export->line, row))
        return put_text(export->out, export->line->str, export->line->len, error);
    export->count->rows--;
    export->count->left_out++;
    return true;
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

static bool put_aside(struct export *export, GError **error)
{
    const char *end = export->aside->str + export->aside->len;

    for (const char *at = export->aside->str; at < end;) {
        const char *value = at + strlen(at) + 1;
        g_string_assign(export->key, at);
        if (!put_row(export, &(struct sink_row){.key = export->key, .value = value}, error))
            return false;
        at = value + strlen(value) + 1;
    }
    g_string_truncate(export->aside, 0);
    return true;
}

static void set_aside(struct export *export, const char *key)
{
    g_string_append_len(export->aside, key, (gssize)strlen(key) + 1);
    g_string_append_len(export->aside, export->best_reply->str, (gssize) export->best_reply->len + 1);
}

static bool put_subject(struct export *export, GError **error)
{
    const struct sink_row row = {.key = export->key, .value = export->best_reply->str};
    const char *subject = export->subject->str;

    if (*subject == '\0')
        return true;
    map_key(export->format->map, subject, export->key);
    if (export->key->len == 0) {
        export->count->left_out++;
        return true;
    }
    map_key_others(export->format->map, export->key, export->others);
    for (guint i = 0; i < export->others->len; i++)
        set_aside(export, g_ptr_array_index(export->others, i));
    if (entry_subject_kind(subject) != ENTRY_SUBJECT_ADDRESS)
        set_aside(export, export->key->str);
    else if (!put_row(export, &row, error))
        return false;
    return export->aside->len < ASIDE_MAX || put_aside(export, error);
}

/* The entries of a subject come one after another. */
static bool take_map_entry(struct export *export, const struct suppression *entry, GError **error)
{
    gint64 until = entry->until == 0 ? G_MAXINT64 : entry->until;
    bool other = g_ascii_strcasecmp(entry->subject, export->subject->str) != 0;

    if (other) {
        if (!put_subject(export, error))
            return false;
        g_string_assign(export->subject, entry->subject);
    }
    if (other || until > export->best_until) {
        export->best_until = until;
        g_string_assign(export->best_reply, export->reply->str);
    }
    return true;
}

/* --- the walk ----------------------------------------------------------------------------------------------------- */

static bool take_entry(struct export *export, const struct suppression *entry, GError **error)
{
    const struct wording_facts facts = wording_facts_of(entry);

    if (export->format->once && g_ascii_strcasecmp(entry->subject, export->subject->str) == 0)
        return true;
    if (export->format->once)
        g_string_assign(export->subject, entry->subject);
    g_string_assign(export->reply, WORDING_REPLY);
    wording_append(export->reply, export->settings->wording, &facts);
    if (export->format->map != NULL)
        return take_map_entry(export, entry, error);
    return put_row(export, &(struct sink_row){.value = export->reply->str, .entry = entry}, error);
}

static bool stopped(const struct export *export, GError **error)
{
    if (export->settings->stop == NULL || g_atomic_int_get(export->settings->stop) == 0)
        return false;
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INTR, "the export was stopped");
    return true;
}

static bool take_all(struct export *export, struct store_pages *pages, GError **error)
{
    const struct suppression *page;
    guint n = 0;

    while ((page = store_next_page(pages, PAGE, &n, error)) != NULL && n > 0) {
        for (guint i = 0; i < n; i++) {
            if (!take_entry(export, &page[i], error))
                return false;
        }
        if (stopped(export, error))
            return false;
    }
    return page != NULL && (export->format->map == NULL || (put_subject(export, error) && put_aside(export, error)));
}

static bool write_sink(struct export *export, struct store_pages *pages, const char *path, GError **error)
{
    const struct sink *sink = export->format->sink;

    export->state = sink->open(path, export->out, error);
    if (export->state == NULL)
        return false;
    if (take_all(export, pages, error))
        return sink->finish(export->state, error);
    sink->abandon(export->state);
    return false;
}

static bool write_lines(struct export *export, struct store_pages *pages, GError **error)
{
    if (!put_text(export->out, export->format->header, strlen(export->format->header), error) ||
        !take_all(export, pages, error))
        return false;
    /* Rows that fail at the flush were not written. */
    if (fflush(export->out) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}

static bool write_all(struct store_pages *pages, const struct export_settings *settings, FILE *out, const char *path,
                      struct export_count *count, GError **error)
{
    struct export export = {
        .settings = settings,
        .format = &formats[settings->format],
        .out = out,
        .count = count,
    };
    GString **const buffers[] = {&export.line,  &export.key,     &export.reply,
                                 &export.aside, &export.subject, &export.best_reply};

    *count = (struct export_count){0};
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        *buffers[i] = g_string_new(NULL);
    export.others = g_ptr_array_new_with_free_func(g_free);
    bool good =
        export.format->sink != NULL ? write_sink(&export, pages, path, error) : write_lines(&export, pages, error);
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        g_string_free(*buffers[i], TRUE);
    g_ptr_array_unref(export.others);
    return good;
}

bool export_streams(enum export_format format)
{
    return formats[format].sink == NULL;
}

static bool needs_file(enum export_format format, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is written to a file alone", export_format_names[format]);
    return false;
}

bool export_suppressions(struct store_pages *pages, const struct export_settings *settings, FILE *out,
                         struct export_count *count, GError **error)
{
    if (!export_streams(settings->format))
        return needs_file(settings->format, error);
    return write_all(pages, settings, out, NULL, count, error);
}

bool export_file(struct store_pages *pages, const struct export_settings *settings, const char *path,
                 struct export_count *count, GError **error)
{
    g_autoptr(Replacement) file = replacement_new(path, settings->mode, settings->fresh, error);

    if (file == NULL)
        return false;
    if (replacement_path(file) == NULL && !export_streams(settings->format))
        return needs_file(settings->format, error);
    return write_all(pages, settings, replacement_stream(file), replacement_path(file), count, error) &&
           replacement_commit(file, error);
}

void export_sweep(const char *path)
{
    replacement_sweep(path);
}
