/* Entries that operators and imports put on the list among reports, when the reports are believed no more. */
#include "store/import.h"
#include "store/reversal.h"
#include "store/revision.h"
#include "store_temporary.h"

#define ADDRESS "someone@example.com"

static void doubt_by(struct store *store, const struct revision_order *order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Revision) revision = revision_new(store, &(struct store_filter){0}, &error);
    struct stored_event row;

    while (revision_next(revision, &row, &error))
        revision_doubt(revision);
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, order, 100, &error));
    g_assert_no_error(error);
}

static void doubt(struct store *store, gint64 now)
{
    doubt_by(store, &(const struct revision_order){
                        .who = "ann", .now = now, .note = "rollback: a test", .rule_version = "v1", .batch = "b"});
}

static void report(struct temporary *temporary, enum reason reason, gint64 now)
{
    enum report_kind kind = reason == REASON_FEEDBACK    ? REPORT_KIND_FEEDBACK
                            : reason == REASON_DELIVERED ? REPORT_KIND_DELIVERED
                                                         : REPORT_KIND_BOUNCE;
    const struct event event = temporary_event(kind, reason, ADDRESS);

    temporary_add(temporary, &event, 1, now);
}

static void import_by(struct store *store, const struct suppression *entry, enum store_door door, gint64 now)
{
    const struct import_settings settings = {.who = "bob", .door = door, .batch = "import", .now = now, .known = now};
    g_autoptr(Import) import = import_new(store, &settings);
    enum import_outcome outcome;

    g_assert_true(import_take(import, entry, 1, &outcome, NULL));
}

static void import_one(struct store *store, enum reason reason, gint64 now, gint64 until)
{
    const struct suppression entry = {.subject = ADDRESS,
                                      .scope = "all",
                                      .who = "bob",
                                      .door = STORE_DOOR_IMPORT,
                                      .reason = reason,
                                      .verdict = reason_row(reason)->verdict,
                                      .until = until};

    import_by(store, &entry, STORE_DOOR_IMPORT, now);
}

/* "feedback by bob until 30", in days from noon on; 0: for good. */
static char *describe(struct store *store, gint64 now)
{
    struct suppression found;
    bool suppressed;

    g_assert_true(store_check(store, ADDRESS, now, &found, &suppressed, NULL));
    return suppressed ? g_strdup_printf("%s by %s until %" G_GINT64_FORMAT, reason_names[found.reason], found.who,
                                        found.until == 0 ? 0 : (found.until - NOON) / DAY)
                      : g_strdup("none");
}

/* --- one entry, and one report ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum reason imported; /* REASON_NONE: by hand */
    unsigned until;       /* days; 0: for good */
    enum reason reported;
    const char *between, *after;
} cases[] = {
    {"by hand, made longer", REASON_NONE, 30, REASON_USER_UNKNOWN, "user_unknown by policy until 0",
     " by ann until 30"},
    {"by hand, for good", REASON_NONE, 0, REASON_USER_UNKNOWN, " by ann until 0", " by ann until 0"},
    {"a bounce that was imported", REASON_USER_UNKNOWN, 30, REASON_USER_UNKNOWN, "user_unknown by policy until 0",
     "user_unknown by bob until 30"},
    {"a complaint that was imported", REASON_FEEDBACK, 30, REASON_USER_UNKNOWN, "feedback by bob until 0",
     "feedback by bob until 30"},
    {"a complaint over it", REASON_USER_UNKNOWN, 0, REASON_FEEDBACK, "feedback by policy until 0",
     "user_unknown by bob until 0"},
    {"over by now", REASON_NONE, 2, REASON_USER_UNKNOWN, "user_unknown by policy until 0", "none"},
    {"a complaint that is over by now", REASON_FEEDBACK, 2, REASON_USER_UNKNOWN, "feedback by bob until 0", "none"},
};

static void test_one(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 until = cases[i].until == 0 ? 0 : NOON + cases[i].until * DAY;
        struct temporary temporary;

        g_test_message("%s", cases[i].name);
        temporary_new(&temporary, NULL);
        if (cases[i].imported != REASON_NONE)
            import_one(temporary.store, cases[i].imported, NOON, until);
        else
            g_assert_true(temporary_suppress(temporary.store, ADDRESS, until));
        /* in the same second */
        report(&temporary, cases[i].reported, NOON);
        g_autofree char *between = describe(temporary.store, NOON + 5 * DAY);
        g_assert_cmpstr(between, ==, cases[i].between);
        doubt(temporary.store, NOON + 5 * DAY);
        g_autofree char *after = describe(temporary.store, NOON + 5 * DAY);
        g_assert_cmpstr(after, ==, cases[i].after);
        temporary_free(&temporary);
    }
}

/* --- doors -------------------------------------------------------------------------------------------------------- */

/* An entry of a policy, which our own export has, is placed by whichever door it comes. */
static void test_import_by_door(void)
{
    static const enum store_door doors[] = {STORE_DOOR_IMPORT, STORE_DOOR_API};

    for (size_t i = 0; i < G_N_ELEMENTS(doors); i++) {
        const struct suppression entry = {.subject = ADDRESS,
                                          .scope = "all",
                                          .who = "policy",
                                          .door = STORE_DOOR_POLICY,
                                          .reason = REASON_USER_UNKNOWN,
                                          .verdict = VERDICT_HARD,
                                          .until = NOON + 30 * DAY};
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        import_by(temporary.store, &entry, doors[i], NOON);
        report(&temporary, REASON_USER_UNKNOWN, NOON);
        doubt(temporary.store, NOON + DAY);
        g_autofree char *after = describe(temporary.store, NOON + DAY);
        g_assert_cmpstr(after, ==, "user_unknown by policy until 30");
        temporary_free(&temporary);
    }
}

static void undo(struct store *store, const char *batch, const struct revision_order *order)
{
    enum undoable undoable;
    g_autoptr(Reversal) reversal = reversal_new(store, batch, &undoable, NULL);
    bool left = true;

    while (left)
        g_assert_true(reversal_apply(reversal, order, 100, &left, NULL));
}

/* One that an undoing put back is no entry that was placed, by whichever door it came. */
static void test_undone_by_door(void)
{
    static const enum store_door doors[] = {STORE_DOOR_CLI, STORE_DOOR_API};

    for (size_t i = 0; i < G_N_ELEMENTS(doors); i++) {
        struct revision_order order = {.who = "ann", .now = NOON + DAY, .note = "rollback: x", .door = doors[i]};
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        report(&temporary, REASON_USER_UNKNOWN, NOON);
        order.batch = "one";
        doubt_by(temporary.store, &order);
        order.batch = "two";
        undo(temporary.store, "one", &order);
        g_autofree char *between = describe(temporary.store, NOON + DAY);
        g_assert_cmpstr(between, ==, "user_unknown by policy until 0");
        order.batch = "three";
        doubt_by(temporary.store, &order);
        g_autofree char *after = describe(temporary.store, NOON + DAY);
        g_assert_cmpstr(after, ==, "none");
        temporary_free(&temporary);
    }
}

/* --- at random ---------------------------------------------------------------------------------------------------- */

enum { SEEDS = 20, STEPS = 20 };

/* Puts an entry on, or takes it off: the same in both. An import changes nothing where a report did more. */
static void place(GRand *random, struct store *stores[2], gint64 now)
{
    gint64 until = g_rand_int_range(random, 0, 5) == 0 ? 0 : now + g_rand_int_range(random, 1, 20) * DAY;
    int choice = g_rand_int_range(random, 0, 5);
    bool suppressed, removed;

    g_assert_true(store_check(stores[0], ADDRESS, now, NULL, &suppressed, NULL));
    for (unsigned i = 0; i < 2; i++) {
        const struct store_order order = {.subject = ADDRESS, .who = "bob", .now = now, .until = until};

        if (choice == 0)
            g_assert_true(store_unsuppress(stores[i], &order, &removed, NULL));
        else if (choice < 3)
            g_assert_true(store_suppress(stores[i], &order, NULL));
        else if (!suppressed)
            import_one(stores[i], choice == 3 ? REASON_FEEDBACK : REASON_USER_UNKNOWN, now, until);
    }
}

/* When no report is believed any more, the list is as if none had ever come. */
static void test_random(void)
{
    static const enum reason reasons[] = {REASON_USER_UNKNOWN,     REASON_MAILBOX_FULL, REASON_MAILBOX_FULL,
                                          REASON_MAILBOX_DISABLED, REASON_FEEDBACK,     REASON_DELIVERED};

    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        GRand *random = g_rand_new_with_seed(seed);
        struct temporary temporary, quiet;
        gint64 now = NOON;

        g_test_message("seed %u", seed);
        temporary_new(&temporary, NULL);
        temporary_new(&quiet, NULL);
        for (unsigned step = 0; step < STEPS; step++) {
            now += g_rand_int_range(random, 0, 3) * DAY / 2;
            report(&temporary, reasons[g_rand_int_range(random, 0, G_N_ELEMENTS(reasons))], now);
            if (g_rand_int_range(random, 0, 4) == 0)
                place(random, (struct store *[]){temporary.store, quiet.store}, now);
        }
        doubt(temporary.store, now);
        g_autofree char *is = describe(temporary.store, now), *should = describe(quiet.store, now);
        g_assert_cmpstr(is, ==, should);
        temporary_free(&temporary);
        temporary_free(&quiet);
        g_rand_free(random);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/placements/one", test_one);
    g_test_add_func("/store/placements/import-by-door", test_import_by_door);
    g_test_add_func("/store/placements/undone-by-door", test_undone_by_door);
    g_test_add_func("/store/placements/random", test_random);
    return g_test_run();
}
