#include "cmd/bounced/out/feeds/webhook_body.h"

#include <string.h>

#include "reports/json.h"
#include "reports/moment.h"

/* One item as it is; more as {"type": "batch", "timestamp", "data": [...]}. */
static bool append_standard(GString *out, const GPtrArray *items, gint64 now)
{
    g_autofree char *time = moment_text(now);

    if (items->len > 1)
        g_string_append_printf(out, "{\"type\":\"batch\",\"timestamp\":\"%s\",\"data\":[", time);
    for (guint i = 0; i < items->len; i++) {
        const struct feed_item *item = items->pdata[i];

        g_string_append(out, i > 0 ? "," : "");
        g_string_append(out, item->json);
    }
    if (items->len > 1)
        g_string_append(out, "]}");
    return true;
}

/* One POST /webhooks/bounce of one item; listmonk takes hard, soft and complaint alone, of addresses. */
static bool append_listmonk(GString *out, const GPtrArray *items, gint64 now G_GNUC_UNUSED)
{
    static const char *const kinds[] = {"hard", "soft", "complaint", NULL};
    const struct feed_item *item = items->pdata[0];
    g_autofree char *time = moment_text(item->at);

    if (item->recipient == NULL || item->verdict == NULL || !g_strv_contains(kinds, item->verdict))
        return false;
    g_string_append(out, "{\"email\":");
    json_text(out, item->recipient);
    g_string_append_printf(out, ",\"type\":\"%s\",\"source\":\"bounced\",\"created_at\":\"%s\",\"meta\":%s}",
                           item->verdict, time, item->json);
    return true;
}

static bool (*const formats[])(GString *out, const GPtrArray *items, gint64 now) = {
    [FEED_FORMAT_STANDARD] = append_standard,
    [FEED_FORMAT_LISTMONK] = append_listmonk,
};

bool webhook_body_append(GString *out, enum feed_format format, const GPtrArray *items, gint64 now)
{
    return formats[format](out, items, now);
}
