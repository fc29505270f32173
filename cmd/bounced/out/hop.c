#include "cmd/bounced/out/hop.h"

#include <glib.h>

char *hop_date(gint64 seconds)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);

    return g_strdup_printf("%s, %d %s %d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week(time) - 1],
                           g_date_time_get_day_of_month(time), months[g_date_time_get_month(time) - 1],
                           g_date_time_get_year(time), g_date_time_get_hour(time), g_date_time_get_minute(time),
                           g_date_time_get_second(time));
}

char *hop_fields(const struct outgoing *outgoing, const char *hostname)
{
    g_autofree char *date = hop_date(outgoing->queued);
    g_autofree char *protocol = g_ascii_strup(outgoing->source, -1);

    return g_strdup_printf("Delivered-To: %s\r\n"
                           "Received: by %s (bounced) with %s id %.16s\r\n"
                           "\tfor <%s>; %s\r\n",
                           outgoing->came_to, hostname, protocol, outgoing->digest, outgoing->came_to, date);
}
