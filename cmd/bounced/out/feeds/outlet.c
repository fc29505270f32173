#include "cmd/bounced/out/feeds/outlet.h"

#include "reports/announcement.h"
#include "reports/feed_event.h"
#include "store/event.h"

static void set_event(struct feed_item *item, const struct stored_event *from, bool copies)
{
    item->type = announcement_type_of_event(from);
    item->recipient = g_strdup(from->event.recipient);
    item->verdict = verdict_names[from->event.verdict];
    item->reason = reason_names[from->event.reason];
    item->at = from->received;
    item->event = copies ? event_copy(&from->event) : NULL;
    item->digest = copies ? g_strdup(from->digest) : NULL;
}

static void set_change(struct feed_item *item, const struct change *from)
{
    item->type = g_strdup(announcement_type_of_change(from));
    item->recipient = g_strdup(from->subject);
    item->verdict = verdict_names[from->verdict];
    item->reason = reason_names[from->reason];
    item->at = from->at;
}

struct feed_item *feed_item_new(const guint8 *key, const struct store_tail_item *from, bool copies)
{
    struct feed_item *item = g_new0(struct feed_item, 1);
    GString *json = g_string_new(NULL);

    feed_event_append(json, key, from);
    item->id = feed_event_id(key, from);
    item->json = g_string_free(json, FALSE);
    if (from->event != NULL)
        set_event(item, from->event, copies);
    else
        set_change(item, from->change);
    return item;
}

struct feed_item *feed_item_new_test(gint64 number, gint64 now)
{
    struct feed_item *item = g_new0(struct feed_item, 1);
    g_autofree char *time = event_time_format(now);

    item->id = g_strdup_printf("tst_%" G_GINT64_FORMAT, number);
    item->type = g_strdup("feed.test");
    item->json =
        g_strdup_printf("{\"id\":\"%s\",\"type\":\"feed.test\",\"timestamp\":\"%s\",\"data\":{}}", item->id, time);
    item->at = now;
    return item;
}

void feed_item_free(struct feed_item *item)
{
    if (item == NULL)
        return;
    g_free(item->id);
    g_free(item->type);
    g_free(item->json);
    g_free(item->recipient);
    event_copy_free(item->event);
    g_free(item->digest);
    g_free(item);
}
