/* The ids of what is told: the same at each telling, and of each item another; and the object around them. */
#include "reports/feed_event.h"

#include "store/privacy.h"
#include "store_temporary.h"

static const guint8 key[NAME_KEY_SIZE] = {1};

/* The ids of all that is there, in its order. */
static GPtrArray *ids_of(struct store *store)
{
    const struct store_filter all = {0};
    const struct store_position beginning = {0};
    const struct store_tail_settings settings = {
        .filter = &all, .events = true, .changes = true, .position = &beginning};
    g_autoptr(StoreTail) tail = store_tail_new(store, &settings, NULL);
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    struct store_tail_item item;

    while (store_tail_next(tail, &item, NULL))
        g_ptr_array_add(ids, feed_event_id(key, &item));
    return ids;
}

static void test_ids(void)
{
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_EXPIRED, "a@example.org");
    const struct event twice[] = {event, event};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, twice, 2, NOON);
    for (unsigned i = 0; i < 2; i++) {
        bool removed;
        const struct store_order order = {.subject = "a@example.org", .who = "ann", .now = NOON};
        temporary_suppress(temporary.store, "a@example.org", 0);
        g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    }
    g_autoptr(GPtrArray) ids = ids_of(temporary.store), again = ids_of(temporary.store);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_assert_cmpuint(ids->len, ==, 6);
    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        g_assert_cmpstr(id, ==, g_ptr_array_index(again, i));
        g_assert_cmpuint(strlen(id), ==, FEED_EVENT_ID);
        g_assert_true(g_hash_table_add(seen, (char *)id));
    }
    temporary_free(&temporary);
}

/* Each part counts; and none of what may change. */
static void test_parts(void)
{
    const struct stored_event event = {.digest = "00", .event.recipient = "a@example.org", .received = 5};
    const struct stored_event events[] = {
        {.digest = "01", .event.recipient = "a@example.org", .received = 5},
        {.digest = "00", .event.recipient = "b@example.org", .received = 5},
        {.digest = "00", .received = 5},
    };
    const struct change change = {.change = "add", .at = 5, .subject = "a@example.org", .scope = "all"};
    const struct change changes[] = {
        {.change = "update", .at = 5, .subject = "a@example.org", .scope = "all"},
        {.change = "add", .at = 6, .subject = "a@example.org", .scope = "all"},
        {.change = "add", .at = 5, .subject = "b@example.org", .scope = "all"},
        {.change = "add", .at = 5, .subject = "a@example.org", .scope = "tenant=x"},
    };
    const guint8 other_key[NAME_KEY_SIZE] = {2};
    const struct stored_event revised = {
        .digest = "00", .event = {.recipient = "a@example.org", .reason = REASON_EXPIRED}, .received = 9, .revised = 7};
    g_autofree char *id = feed_event_id(key, &(struct store_tail_item){.event = &event, .number = 1});
    g_autofree char *same = feed_event_id(key, &(struct store_tail_item){.event = &revised, .number = 1});
    g_autofree char *next = feed_event_id(key, &(struct store_tail_item){.event = &event, .number = 2});
    g_autofree char *keyed = feed_event_id(other_key, &(struct store_tail_item){.event = &event, .number = 1});
    g_autofree char *of_change = feed_event_id(key, &(struct store_tail_item){.change = &change, .number = 1});

    g_assert_cmpstr(id, ==, same);
    g_assert_cmpstr(id, !=, next);
    g_assert_cmpstr(id, !=, keyed);
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autofree char *other = feed_event_id(key, &(struct store_tail_item){.event = &events[i], .number = 1});
        g_assert_cmpstr(id, !=, other);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *other = feed_event_id(key, &(struct store_tail_item){.change = &changes[i], .number = 1});
        g_assert_cmpstr(of_change, !=, other);
    }
}

static void test_object(void)
{
    const struct change change = {
        .sequence = 7, .at = 1795262401, .change = "remove", .subject = "a@example.org", .scope = "all", .who = "ann"};
    const struct store_tail_item item = {.change = &change, .number = 7};
    g_autofree char *id = feed_event_id(key, &item);
    g_autofree char *expected = g_strdup_printf(
        "{\"id\":\"%s\",\"type\":\"suppression.removed\",\"timestamp\":\"2026-11-21T12:00:01Z\",\"data\":"
        "{\"at\":\"2026-11-21T12:00:01Z\",\"change\":\"remove\",\"recipient\":\"a@example.org\",\"scope\":\"all\","
        "\"verdict\":\"none\",\"who\":\"ann\",\"door\":\"cli\"}}",
        id);
    g_autoptr(GString) out = g_string_new(NULL);

    feed_event_append(out, key, &item);
    g_assert_cmpstr(out->str, ==, expected);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/feed_event/ids", test_ids);
    g_test_add_func("/reports/feed_event/parts", test_parts);
    g_test_add_func("/reports/feed_event/object", test_object);
    return g_test_run();
}
