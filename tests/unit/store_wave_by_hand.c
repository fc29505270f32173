/* Waves that an operator decides about, in a batch that can be undone; and when a wave began. */
#include "store/reversal.h"
#include "store/verification.h"
#include "store/wave.h"
#include "store_temporary.h"

#define HOUR G_GINT64_CONSTANT(3600)
#define MINUTE G_GINT64_CONSTANT(60)

enum { MANY = 10 }; /* ten times the minimum, since the store is new */

static const struct wave_settings settings = {.enabled = true, .minimum = 1, .factor = 8, .hold = 7 * DAY};

static void deny(struct temporary *temporary, guint user, gint64 at)
{
    g_autofree char *address = g_strdup_printf("user%u@gmail.com", user);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);

    event.receiver = "google";
    temporary_add(temporary, &event, 1, at);
}

static void begin(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    store_set_waves(temporary->store, &settings);
    for (guint i = 0; i < MANY; i++)
        deny(temporary, i, NOON + i);
}

static void finish(struct temporary *temporary)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(store_verify(temporary->store, faults, NULL));
    for (guint i = 0; i < faults->len; i++)
        g_test_message("%s", (const char *)faults->pdata[i]);
    g_assert_cmpuint(faults->len, ==, 0);
    temporary_free(temporary);
}

static void check_wave(struct temporary *temporary, gint64 held, gint64 confirmed, gint64 dropped)
{
    g_autoptr(Wave) wave = wave_find(temporary->store, 1, NULL);

    g_assert_cmpint(wave->held, ==, held);
    g_assert_cmpint(wave->confirmed, ==, confirmed);
    g_assert_cmpint(wave->dropped, ==, dropped);
}

static void maintain(struct temporary *temporary, gint64 now)
{
    for (bool more = true; more;)
        g_assert_true(store_maintain(temporary->store, &(struct store_keeping){0}, now, 50, &more, NULL));
}

static void undo(struct temporary *temporary, const char *batch, gint64 now, guint changed)
{
    g_autofree char *name = g_strconcat("undo-", batch, NULL);
    const struct revision_order order = {.who = "bob", .now = now, .note = "undo", .batch = name};
    g_autoptr(GError) error = NULL;
    enum undoable undoable;
    guint n;
    g_autoptr(Reversal) reversal = reversal_new(temporary->store, batch, &undoable, &error);

    g_assert_cmpint(undoable, ==, UNDOABLE_YES);
    for (bool left = true; left;) {
        g_assert_true(reversal_apply(reversal, &order, 3, &left, &error));
        g_assert_no_error(error);
    }
    const struct reversal_listing *listings = reversal_listings(reversal, &n);
    g_assert_cmpuint(n, ==, changed);
    for (guint i = 0; i < n; i++)
        g_assert_cmpint(listings[i].effect, !=, REVERSAL_STAYS);
}

/* --- the beginning ------------------------------------------------------------------------------------------------ */

static gint64 began(struct temporary *temporary)
{
    g_autoptr(Wave) wave = wave_find(temporary->store, 1, NULL);

    g_assert_nonnull(wave);
    return wave->began;
}

/* The first failure that counts: not the hour that is looked at, nor one of an address that was on the list. */
static void test_began(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    store_set_waves(temporary.store, &settings);
    temporary_suppress(temporary.store, "user100@gmail.com", 0);
    deny(&temporary, 100, NOON + MINUTE);
    deny(&temporary, 0, NOON + 17 * MINUTE);
    for (guint i = 1; i < MANY; i++)
        deny(&temporary, i, NOON + (20 + i) * MINUTE);
    g_assert_cmpint(began(&temporary), ==, NOON + 17 * MINUTE);
    deny(&temporary, MANY, NOON + 40 * MINUTE);
    g_assert_cmpint(began(&temporary), ==, NOON + 17 * MINUTE);
    finish(&temporary);
}

static void feed(struct temporary *temporary, guint user, gint64 occurred)
{
    g_autofree char *address = g_strdup_printf("user%u@gmail.com", user);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
    const guint8 digest[32] = {[0] = 1, [31] = (guint8)user};
    const struct store_message message = {
        .digest = digest, .received = NOON, .source = "file", .size = 5, .rule_version = "v1", .batch = "b"};

    event.receiver = "google";
    event.occurred = occurred;
    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, &event, 1, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, NULL));
}

/* Files that are read at one time tell of many, in any order. */
static void test_began_in_files(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    store_set_waves(temporary.store, &settings);
    for (guint i = 0; i < MANY; i++)
        feed(&temporary, i, NOON - HOUR / 2 - (i == 5 ? 7 * MINUTE : 0));
    g_assert_cmpint(began(&temporary), ==, NOON - HOUR / 2 - 7 * MINUTE);
    feed(&temporary, MANY, NOON - HOUR / 2 - 11 * MINUTE);
    g_assert_cmpint(began(&temporary), ==, NOON - HOUR / 2 - 11 * MINUTE);
    finish(&temporary);
}

/* --- decisions ---------------------------------------------------------------------------------------------------- */

static const struct {
    bool (*decide)(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
                   GError **error);
    gint64 confirmed, dropped;
} decisions[] = {{wave_confirm, MANY, 0}, {wave_drop, 0, MANY}};

/* The wave holds them again, and lets go of them when its time has come. */
static void test_undone(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(decisions); i++) {
        const struct store_order order = {.who = "ann", .note = "wave 1: so", .batch = "b7", .now = NOON + HOUR};
        struct temporary temporary;
        unsigned n;

        begin(&temporary);
        g_assert_true(decisions[i].decide(temporary.store, 1, &order, 100, &n, NULL));
        check_wave(&temporary, 0, decisions[i].confirmed, decisions[i].dropped);
        g_assert_cmpint(temporary_suppressed(&temporary, "user1@gmail.com", NOON + HOUR), ==, i == 0);
        undo(&temporary, "b7", NOON + 2 * HOUR, MANY);
        check_wave(&temporary, MANY, 0, 0);
        g_assert_false(temporary_suppressed(&temporary, "user1@gmail.com", NOON + 2 * HOUR));
        g_assert_cmpint(temporary_last_effect(temporary.store, "user1@gmail.com"), ==, POLICY_HELD);
        deny(&temporary, 1, NOON + 2 * DAY);
        g_assert_true(temporary_suppressed(&temporary, "user1@gmail.com", NOON + 2 * DAY));
        check_wave(&temporary, MANY - 1, 1, 0);
        maintain(&temporary, NOON + 10 * DAY);
        check_wave(&temporary, 0, 1, MANY - 1);
        finish(&temporary);
    }
}

/* One that held nothing any more, and was closed, holds again what somebody had taken off. */
static void test_closed(void)
{
    static const char *const subjects[] = {"user1@gmail.com", "user2@gmail.com"};
    const struct store_order order = {.who = "ann", .note = "so", .batch = "b8", .now = NOON + HOUR};
    struct temporary temporary;
    bool changed[G_N_ELEMENTS(subjects)];
    const struct store_batch batch = {order, subjects, G_N_ELEMENTS(subjects), false, changed};

    begin(&temporary);
    g_assert_true(store_unsuppress_all(temporary.store, &batch, NULL));
    maintain(&temporary, NOON + 10 * DAY);
    check_wave(&temporary, 0, 0, MANY - 2);
    undo(&temporary, "b8", NOON + 10 * DAY, 2);
    check_wave(&temporary, 2, 0, MANY - 2);
    maintain(&temporary, NOON + 10 * DAY);
    check_wave(&temporary, 0, 0, MANY);
    finish(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/wave-by-hand/began", test_began);
    g_test_add_func("/store/wave-by-hand/began-in-files", test_began_in_files);
    g_test_add_func("/store/wave-by-hand/undone", test_undone);
    g_test_add_func("/store/wave-by-hand/closed", test_closed);
    return g_test_run();
}
