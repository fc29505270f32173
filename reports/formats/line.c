#include "reports/formats/line.h"

#include <string.h>

#include "reports/csv.h"
#include "reports/json.h"
#include "reports/readable.h"

bool line_csv(GString *line, const struct sink_row *put)
{
    const struct suppression *row = put->entry;
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
    return true;
}

bool line_json(GString *line, const struct sink_row *row)
{
    json_suppression(line, row->entry);
    g_string_append_c(line, '\n');
    return true;
}

/* A line that begins with "#" is a comment to whoever reads such files: the local part is quoted (RFC 5321 section
 * 4.1.2), which makes no other address of it. */
bool line_text(GString *line, const struct sink_row *row)
{
    const char *subject = row->entry->subject, *at = strrchr(subject, '@');

    if (*subject != '#' || at == NULL) {
        readable_append(line, subject);
    } else {
        g_autofree char *local = g_strndup(subject, (size_t)(at - subject));
        g_string_append_c(line, '"');
        readable_append(line, local);
        g_string_append_c(line, '"');
        readable_append(line, at);
    }
    g_string_append_c(line, '\n');
    return true;
}

/* A comment, whatever stands behind it. Postfix asks for such an address without quotes, and so no other form of it
 * would be found. */
static bool is_comment(const GString *key)
{
    return key->str[0] == '#';
}

bool line_texthash(GString *line, const struct sink_row *row)
{
    if (is_comment(row->key))
        return false;
    g_string_append_printf(line, "%s %s\n", row->key->str, row->value);
    return true;
}

bool line_opensmtpd(GString *line, const struct sink_row *row)
{
    if (is_comment(row->key))
        return false;
    g_string_append_printf(line, "%s\n", row->key->str);
    return true;
}

bool line_rspamd(GString *line, const struct sink_row *row)
{
    if (is_comment(row->key))
        return false;
    g_string_append_printf(line, "%s\n", row->key->str);
    return true;
}
