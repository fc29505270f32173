/* The undoing of a batch tells this, as it goes from one store to another. */
#include "cmd/batches/batch_json.h"

#include "store/import.h"
#include "store_temporary.h"

static void import_one(struct store *store, const char *subject)
{
    const struct import_settings settings = {
        .who = "ann", .door = STORE_DOOR_API, .batch = "b1", .now = NOON, .known = NOON};
    const struct suppression entry = {
        .subject = subject, .scope = "all", .who = "ann", .reason = REASON_FEEDBACK, .verdict = VERDICT_COMPLAINT};
    g_autoptr(Import) import = import_new(store, &settings);
    enum import_outcome outcome;

    g_assert_true(import_take(import, &entry, 1, &outcome, NULL));
}

/* Two were imported, of which one was changed since. */
static void fill(struct temporary *temporary)
{
    const struct store_order order = {
        .subject = "changed@example.org", .who = "bob", .now = NOON + DAY, .until = NOON + 9 * DAY};

    import_one(temporary->store, "changed@example.org");
    import_one(temporary->store, "same@example.org");
    g_assert_true(store_suppress(temporary->store, &order, NULL));
}

static const struct {
    bool apply;
    const char *json;
} cases[] = {
    {false, "\"returns\":0,\"goes\":1,\"changes\":0,\"stays\":1,\"events\":0,\"applied\":false"},
    {true, "\"returns\":0,\"goes\":1,\"changes\":0,\"stays\":1,\"events\":0,\"applied\":true,\"batch\":\"b2\""},
};

static char *go_through(struct reversal *reversal, bool apply)
{
    const struct revision_order order = {
        .who = "crm", .now = NOON + 2 * DAY, .note = "undo of b1: x", .batch = "b2", .door = STORE_DOOR_API};
    g_autoptr(GString) out = g_string_new(NULL);
    struct batch_undone undone = {.events = reversal_events(reversal)};

    for (bool left = true; left;) {
        guint n;

        g_assert_true(apply ? reversal_apply(reversal, &order, 1, &left, NULL)
                            : reversal_preview(reversal, order.now, 1, &left, NULL));
        const struct reversal_listing *listings = reversal_listings(reversal, &n);
        for (guint i = 0; i < n; i++) {
            batch_json_reversed(out, &listings[i]);
            undone.effects[listings[i].effect]++;
        }
        reversal_forget_listings(reversal);
    }
    batch_json_undoing(out, &undone, apply, apply ? order.batch : NULL);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_undone(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    fill(&temporary);
    g_autoptr(Store) reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        enum undoable undoable;
        g_autoptr(Reversal) reversal = reversal_new(reader, "b1", &undoable, NULL);

        g_assert_cmpint(undoable, ==, UNDOABLE_YES);
        if (cases[i].apply)
            reversal_move(reversal, temporary.store);
        g_autofree char *told = go_through(reversal, cases[i].apply);
        g_autofree char *expected =
            g_strconcat("{\"recipient\":\"changed@example.org\",\"scope\":\"all\",\"effect\":\"stays\"}"
                        "{\"recipient\":\"same@example.org\",\"scope\":\"all\",\"effect\":\"goes\",\"reason\":"
                        "\"feedback\"}",
                        cases[i].json, NULL);
        g_assert_cmpstr(told, ==, expected);
    }
    temporary_free(&temporary);
}

/* The log has the door. */
static void test_door(void)
{
    struct temporary temporary;
    const struct store_filter filter = {.batch = "b2"};
    struct change row;

    temporary_new(&temporary, NULL);
    fill(&temporary);
    enum undoable undoable;
    g_autoptr(Reversal) reversal = reversal_new(temporary.store, "b1", &undoable, NULL);
    g_autofree char *told = go_through(reversal, true);
    g_clear_pointer(&reversal, reversal_free);
    g_autoptr(StoreCursor) cursor = store_changes(temporary.store, &filter, NULL);
    g_assert_true(store_next_change(cursor, &row, NULL));
    g_assert_cmpstr(row.subject, ==, "same@example.org");
    g_assert_cmpint(row.door, ==, STORE_DOOR_API);
    g_assert_cmpstr(row.who, ==, "crm");
    g_clear_pointer(&cursor, store_cursor_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/batch-json/undone", test_undone);
    g_test_add_func("/cmd/batch-json/door", test_door);
    return g_test_run();
}
