#include "reports/feed_event.h"

#include <string.h>

#include "reports/announcement.h"
#include "store/privacy.h"

#define PREFIX "evt_"

/* With its NUL, so that two parts are never the parts of another. */
static void take(GHmac *hmac, const char *part)
{
    g_hmac_update(hmac, (const guchar *)(part != NULL ? part : ""), part != NULL ? (gssize)strlen(part) + 1 : 1);
}

static void take_number(GHmac *hmac, gint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

    take(hmac, text);
}

/* Of the number, and of what never changes: in a database that was restored another item may have the number. */
char *feed_event_id(const guint8 *key, const struct store_tail_item *item)
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, NAME_KEY_SIZE);

    take_number(hmac, item->number);
    if (item->event != NULL) {
        take(hmac, "event");
        take(hmac, item->event->digest);
        take(hmac, item->event->event.recipient);
    } else {
        take(hmac, "change");
        take(hmac, item->change->change);
        take_number(hmac, item->change->at);
        take(hmac, item->change->subject);
        take(hmac, item->change->scope);
    }
    return g_strdup_printf(PREFIX "%.*s", FEED_EVENT_ID - (int)strlen(PREFIX), g_hmac_get_string(hmac));
}

void feed_event_append(GString *out, const guint8 *key, const struct store_tail_item *item)
{
    g_autofree char *id = feed_event_id(key, item);

    if (item->event != NULL) {
        announcement_event(out, id, item->event);
        return;
    }
    /* The number is the store's own. */
    struct change change = *item->change;
    change.sequence = 0;
    announcement_change(out, id, &change);
}
