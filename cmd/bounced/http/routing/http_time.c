#include "cmd/bounced/http/routing/http_time.h"

#include <string.h>

enum { DAY_LENGTH = 10 }; /* of "2026-11-28" */

/* date-time = full-date "T" full-time; GLib also knows other forms of ISO 8601. */
static bool has_form(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";

    if (strlen(text) < strlen(form) + 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return false;
    }
    return true;
}

bool http_time_read(const char *text, gint64 *seconds)
{
    g_autofree char *day = strlen(text) == DAY_LENGTH ? g_strconcat(text, "T00:00:00Z", NULL) : NULL;
    const char *whole = day != NULL ? day : text;
    GDateTime *time = has_form(whole) ? g_date_time_new_from_iso8601(whole, NULL) : NULL;

    if (time == NULL)
        return false;
    *seconds = g_date_time_to_unix(time);
    g_date_time_unref(time);
    return true;
}
