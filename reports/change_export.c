#include "reports/change_export.h"

#include <errno.h>
#include <string.h>

#include "reports/csv.h"
#include "reports/json.h"
#include "store/entry_key.h"

static bool put(FILE *out, const char *text, size_t length, GError **error)
{
    if (fwrite(text, 1, length, out) == length)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}

/* Rows that fail at the flush were not written. */
static bool finish(FILE *out, GError **error)
{
    if (fflush(out) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s", g_strerror(errno));
    return false;
}

/* The entry as the change leaves it: none is left, or a wave holds it, or it is in force. */
static const char *state_after(const struct change *row)
{
    static const char *const ends[] = {"remove", "expire", "forget", NULL};

    return g_strv_contains(ends, row->change) ? "" : store_state_names[row->wave != 0];
}

static void write_change_csv(GString *line, const struct change *row)
{
    g_autofree char *at = event_time_format(row->at);
    g_autofree char *since = event_time_format(row->since);
    g_autofree char *until = row->until == 0 ? NULL : event_time_format(row->until);

    csv_text(line, row->change);
    csv_text(line, row->subject);
    csv_text(line, row->scope);
    csv_text(line, state_after(row));
    csv_text(line, reason_names[row->reason]);
    csv_text(line, verdict_names[row->verdict]);
    csv_text(line, at);
    csv_text(line, since);
    csv_text(line, until);
    csv_text(line, row->who);
    csv_text(line, row->note);
    csv_end(line);
}

static void write_change_json(GString *line, const struct change *row)
{
    struct change shown = *row;

    shown.sequence = 0;
    json_change(line, &shown);
    g_string_append_c(line, '\n');
}

static bool applies(const struct store_asker *asker, const char *scope)
{
    const struct entry_scope scopes[] = {{ENTRY_SCOPE_STREAM, asker->stream}, {ENTRY_SCOPE_TENANT, asker->tenant}};

    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++) {
        g_autofree char *text = scopes[i].name != NULL ? entry_scope_format(&scopes[i]) : NULL;
        if (g_strcmp0(text, scope) == 0)
            return true;
    }
    return strcmp(scope, entry_scope_kind_names[ENTRY_SCOPE_ALL]) == 0;
}

bool change_export(struct store_tail *tail, const struct store_position *end, const struct store_asker *asker,
                   enum change_export_format format, FILE *out, GError **error)
{
    g_autoptr(GString) lines = g_string_new(
        format == CHANGE_EXPORT_CSV ? "change,recipient,scope,state,reason,verdict,at,since,until,who,note\r\n" : "");
    struct store_position position;
    struct store_tail_item item;
    GError *bad = NULL;

    do {
        while (store_tail_next(tail, &item, &bad)) {
            if (asker != NULL && !applies(asker, item.change->scope))
                continue;
            (format == CHANGE_EXPORT_CSV ? write_change_csv : write_change_json)(lines, item.change);
        }
        if (bad != NULL) {
            g_propagate_error(error, bad);
            return false;
        }
        if (!put(out, lines->str, lines->len, error))
            return false;
        g_string_truncate(lines, 0);
        store_tail_position(tail, &position);
    } while (position.change < end->change);
    return finish(out, error);
}
