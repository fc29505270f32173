#include "reports/export.h"

#include <errno.h>
#include <string.h>

#include "reports/csv.h"
#include "reports/json.h"
#include "reports/readable.h"

const char *const export_format_names[] = {
    [EXPORT_CSV] = "csv",
    [EXPORT_JSON] = "json",
    [EXPORT_TEXT] = "text",
    NULL,
};

static void write_csv(GString *line, const struct suppression *row)
{
    g_autofree char *since = event_time_format(row->since);
    g_autofree char *until = row->until == 0 ? NULL : event_time_format(row->until);

    csv_text(line, row->subject);
    csv_text(line, row->scope);
    csv_text(line, store_state_names[row->wave != 0]);
    csv_text(line, reason_names[row->reason]);
    csv_text(line, verdict_names[row->verdict]);
    csv_text(line, since);
    csv_text(line, until);
    csv_text(line, row->stream);
    csv_text(line, row->policy);
    csv_text(line, row->rule);
    csv_text(line, row->who);
    csv_text(line, row->note);
    csv_text(line, row->diagnostic);
    csv_end(line);
}

static void write_json(GString *line, const struct suppression *row)
{
    json_suppression(line, row);
    g_string_append_c(line, '\n');
}

/* A line that begins with "#" is a comment to whoever reads such files: the local part is quoted (RFC 5321 section
 * 4.1.2), which makes no other address of it. */
static void write_text(GString *line, const struct suppression *row)
{
    const char *at = strrchr(row->subject, '@');

    if (*row->subject != '#' || at == NULL) {
        readable_append(line, row->subject);
    } else {
        g_autofree char *local = g_strndup(row->subject, (size_t)(at - row->subject));
        g_string_append_c(line, '"');
        readable_append(line, local);
        g_string_append_c(line, '"');
        readable_append(line, at);
    }
    g_string_append_c(line, '\n');
}

static const struct {
    const char *header;
    void (*write)(GString *line, const struct suppression *row);
} formats[] = {
    [EXPORT_CSV] = {"recipient,scope,state,reason,verdict,since,until,stream,policy,rule,who,note,diagnostic\r\n",
                    write_csv},
    [EXPORT_JSON] = {"", write_json},
    [EXPORT_TEXT] = {"", write_text},
};

static bool put(FILE *out, const char *text, size_t length, GError **error)
{
    if (fwrite(text, 1, length, out) == length)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}

enum { PAGE = 4000 }; /* rows; each page looks for its place anew */

static bool put_page(const struct suppression *page, guint n, enum export_format format, FILE *out, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        g_string_truncate(line, 0);
        formats[format].write(line, &page[i]);
        if (!put(out, line->str, line->len, error))
            return false;
    }
    return true;
}

bool export_suppressions(struct store_pages *pages, enum export_format format, FILE *out, GError **error)
{
    const char *header = formats[format].header;
    const struct suppression *page;
    guint n = 0;

    if (!put(out, header, strlen(header), error))
        return false;
    while ((page = store_next_page(pages, PAGE, &n, error)) != NULL && n > 0) {
        if (!put_page(page, n, format, out, error))
            return false;
    }
    if (page == NULL)
        return false;
    /* Rows that fail at the flush were not written. */
    if (fflush(out) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}
