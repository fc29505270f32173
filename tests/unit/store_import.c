/* Entries that come from elsewhere, against what is on the list. */
#include "store/import.h"
#include "store/privacy.h"
#include "store/verification.h"
#include "store_temporary.h"

#define SUBJECT "ann@example.org"

/* An entry: "reason verdict since until", times in days after NOON; NULL: there is none. */
struct state {
    enum reason reason;
    enum verdict_kind verdict;
    gint64 since, until; /* days; until 0: for good */
};

static const struct {
    const char *name;
    bool listed;
    struct state before, given;
    enum import_outcome outcome;
    struct state after;
} rows[] = {
    {"new",
     false,
     {0},
     {REASON_USER_UNKNOWN, VERDICT_HARD, -9, 0},
     IMPORT_ADDED,
     {REASON_USER_UNKNOWN, VERDICT_HARD, -9, 0}},
    {"new, without a date",
     false,
     {0},
     {REASON_NONE, VERDICT_NONE, 0, 5},
     IMPORT_ADDED,
     {REASON_NONE, VERDICT_NONE, 1, 5}},
    {"the same",
     true,
     {REASON_USER_UNKNOWN, VERDICT_HARD, 0, 0},
     {REASON_USER_UNKNOWN, VERDICT_HARD, -9, 0},
     IMPORT_LISTED,
     {REASON_USER_UNKNOWN, VERDICT_HARD, 0, 0}},
    {"shorter",
     true,
     {REASON_MAILBOX_FULL, VERDICT_SOFT, 0, 90},
     {REASON_MAILBOX_FULL, VERDICT_SOFT, -9, 30},
     IMPORT_LONGER,
     {REASON_MAILBOX_FULL, VERDICT_SOFT, 0, 90}},
    {"longer",
     true,
     {REASON_MAILBOX_FULL, VERDICT_SOFT, 0, 90},
     {REASON_MAILBOX_FULL, VERDICT_SOFT, -9, 0},
     IMPORT_CHANGED,
     {REASON_MAILBOX_FULL, VERDICT_SOFT, 0, 0}},
    {"stronger",
     true,
     {REASON_USER_UNKNOWN, VERDICT_HARD, 0, 0},
     {REASON_FEEDBACK, VERDICT_COMPLAINT, -9, 0},
     IMPORT_CHANGED,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 0}},
    {"stronger and shorter",
     true,
     {REASON_USER_UNKNOWN, VERDICT_HARD, 0, 90},
     {REASON_FEEDBACK, VERDICT_COMPLAINT, -9, 30},
     IMPORT_CHANGED,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 90}},
    {"weaker",
     true,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 0},
     {REASON_USER_UNKNOWN, VERDICT_HARD, -9, 0},
     IMPORT_LONGER,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 0}},
    {"weaker and longer",
     true,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 90},
     {REASON_USER_UNKNOWN, VERDICT_HARD, -9, 0},
     IMPORT_CHANGED,
     {REASON_FEEDBACK, VERDICT_COMPLAINT, 0, 0}},
    {"an operator's own for good",
     true,
     {REASON_NONE, VERDICT_NONE, 0, 0},
     {REASON_FEEDBACK, VERDICT_COMPLAINT, -9, 0},
     IMPORT_LONGER,
     {REASON_NONE, VERDICT_NONE, 0, 0}},
};

static void take(struct store *store, const char *batch, const struct suppression *entry, enum import_outcome *outcome)
{
    const struct import_settings settings = {
        .who = "ann", .door = STORE_DOOR_IMPORT, .note = "moved", .batch = batch, .now = NOON + DAY, .known = NOON};
    g_autoptr(Import) import = import_new(store, &settings);
    g_autoptr(GError) error = NULL;

    g_assert_true(import_take(import, entry, 1, outcome, &error));
    g_assert_no_error(error);
}

static void put(struct store *store, const struct state *state)
{
    const struct store_order order = {.subject = SUBJECT,
                                      .who = "bob",
                                      .now = NOON,
                                      .until = state->until != 0 ? NOON + state->until * DAY : 0,
                                      .reason = state->reason,
                                      .verdict = state->verdict};

    g_assert_true(store_suppress(store, &order, NULL));
}

static void test_outcomes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct state *given = &rows[i].given, *after = &rows[i].after;
        const struct suppression entry = {
            .subject = SUBJECT,
            .who = "ann",
            .door = STORE_DOOR_IMPORT,
            .reason = given->reason,
            .verdict = given->verdict,
            .since = given->since != 0 ? NOON + given->since * DAY : 0,
            .until = given->until != 0 ? NOON + given->until * DAY : 0,
        };
        g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
        struct temporary temporary;
        struct suppression found;
        enum import_outcome outcome, rehearsed;
        bool suppressed;

        temporary_new(&temporary, NULL);
        if (rows[i].listed)
            put(temporary.store, &rows[i].before);
        take(temporary.store, NULL, &entry, &rehearsed);
        g_assert_true(store_check(temporary.store, SUBJECT, NOON + DAY, &found, &suppressed, NULL));
        g_assert_cmpint(suppressed, ==, rows[i].listed);
        take(temporary.store, "b", &entry, &outcome);
        if (outcome != rows[i].outcome || rehearsed != outcome)
            g_error("%s: %u, and in the rehearsal %u", rows[i].name, outcome, rehearsed);
        g_assert_true(store_check(temporary.store, SUBJECT, NOON + DAY, &found, &suppressed, NULL));
        if (!suppressed || found.reason != after->reason || found.verdict != after->verdict ||
            found.since != NOON + after->since * DAY ||
            found.until != (after->until != 0 ? NOON + after->until * DAY : 0))
            g_error("%s: %s %s since %" G_GINT64_FORMAT " until %" G_GINT64_FORMAT, rows[i].name,
                    reason_names[found.reason], verdict_names[found.verdict], found.since, found.until);
        g_assert_true(store_verify(temporary.store, faults, NULL));
        g_assert_cmpuint(faults->len, ==, 0);
        temporary_free(&temporary);
    }
}

/* It stays off for a list from before, by the date of its row or its own, and comes back for one from after. */
static void test_removed(void)
{
    static const struct {
        gint64 since; /* 0: not told, and the list is of NOON */
        gint64 removed;
        enum import_outcome outcome;
    } cases[] = {
        {NOON - 10, NOON - 9, IMPORT_REMOVED},
        {NOON - 10, NOON - 10, IMPORT_ADDED},
        {NOON - 10, NOON - 11, IMPORT_ADDED},
        {0, NOON + 1, IMPORT_REMOVED},
        {0, NOON, IMPORT_ADDED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct suppression entry = {
            .subject = "ANN@example.org", .who = "ann", .verdict = VERDICT_SOFT, .since = cases[i].since};
        const struct store_order order = {.subject = SUBJECT, .who = "bob", .note = "x", .now = cases[i].removed};
        struct temporary temporary;
        enum import_outcome outcome;
        bool removed;

        temporary_new(&temporary, NULL);
        g_assert_true(store_suppress(temporary.store, &order, NULL));
        g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
        take(temporary.store, "b", &entry, &outcome);
        if (outcome != cases[i].outcome)
            g_error("%zu: %u", i, outcome);
        temporary_free(&temporary);
    }
}

/* An entry's diagnostic and rule are kept as an event, which counts for nothing. */
static void test_events(void)
{
    const struct suppression entries[] = {
        {.subject = "a@example.org",
         .who = "ann",
         .verdict = VERDICT_HARD,
         .reason = REASON_USER_UNKNOWN,
         .stream = "news",
         .rule = "a-rule",
         .diagnostic = "550 no",
         .since = NOON - DAY},
        {.subject = "b@example.org",
         .who = "ann",
         .verdict = VERDICT_COMPLAINT,
         .reason = REASON_FEEDBACK,
         .stream = "news"},
        {.subject = "c@example.org", .who = "ann"},
    };
    const struct import_settings settings = {.who = "ann", .door = STORE_DOOR_IMPORT, .batch = "b", .now = NOON};
    const struct store_filter all = {0};
    enum import_outcome outcomes[3];
    struct temporary temporary;
    struct suppression found;
    struct counter counter;
    bool suppressed;
    gint64 n;

    temporary_new(&temporary, NULL);
    g_autoptr(Import) import = import_new(temporary.store, &settings);
    g_assert_true(import_take(import, entries, 3, outcomes, NULL));
    g_assert_true(store_check(temporary.store, "a@example.org", NOON, &found, &suppressed, NULL));
    g_assert_cmpstr(found.stream, ==, "news");
    g_assert_cmpstr(found.rule, ==, "a-rule");
    g_assert_cmpstr(found.diagnostic, ==, "550 no");
    g_assert_cmpstr(found.batch, ==, "b");
    g_assert_true(store_count_events(temporary.store, "b@example.org", &n, NULL));
    g_assert_cmpint(n, ==, 1);
    g_assert_true(store_count_events(temporary.store, "c@example.org", &n, NULL));
    g_assert_cmpint(n, ==, 0);
    struct store_cursor *counters = store_counters(temporary.store, &all, NULL);
    g_assert_false(store_next_counter(counters, &counter, NULL));
    store_cursor_free(counters);
    temporary_free(&temporary);
}

/* Those that are new are written some at once: a second row of one of them finds it all the same. */
static void test_many(void)
{
    g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    const struct import_settings settings = {.who = "ann", .door = STORE_DOOR_IMPORT, .batch = "b", .now = NOON};
    struct suppression entries[300];
    enum import_outcome outcomes[300];
    struct temporary temporary;
    unsigned counts[IMPORT_OUTCOMES] = {0};

    temporary_new(&temporary, NULL);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *subject =
            g_strdup_printf(i % 3 == 0 ? "User%u@example.org" : "user%u@example.org", i / 3 * 7 % 50);
        entries[i] = (struct suppression){.subject = g_string_chunk_insert(texts, subject),
                                          .scope = i % 2 == 0 ? NULL : "stream=news",
                                          .who = i % 5 == 0 ? "eve" : "ann",
                                          .reason = i % 4 == 0 ? REASON_FEEDBACK : REASON_USER_UNKNOWN,
                                          .verdict = i % 4 == 0 ? VERDICT_COMPLAINT : VERDICT_HARD,
                                          .since = NOON - i};
    }
    g_autoptr(Import) import = import_new(temporary.store, &settings);
    g_assert_true(import_take(import, entries, 300, outcomes, NULL));
    for (guint i = 0; i < 300; i++)
        counts[outcomes[i]]++;
    g_assert_cmpuint(counts[IMPORT_ADDED], ==, 100); /* 50 addresses, two scopes */
    g_assert_cmpuint(counts[IMPORT_REMOVED], ==, 0);
    g_assert_cmpuint(counts[IMPORT_CHANGED], >, 0);
    g_assert_true(import_take(import, entries, 300, outcomes, NULL));
    for (guint i = 0; i < 300; i++)
        g_assert_true(outcomes[i] == IMPORT_LISTED || outcomes[i] == IMPORT_LONGER);
    g_assert_true(store_verify(temporary.store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
    temporary_free(&temporary);
}

/* A forgotten address is on the list by its hash, and its name does not come back for an entry that lasts no longer. */
static void test_forgotten(void)
{
    const struct store_order order = {.subject = SUBJECT, .who = "bob", .now = NOON, .until = NOON + 9 * DAY};
    const struct store_order forget = {.subject = SUBJECT, .who = "bob", .now = NOON};
    const struct suppression entry = {.subject = SUBJECT, .who = "ann", .until = NOON + 8 * DAY};
    const struct suppression longer = {.subject = SUBJECT, .who = "ann"};
    struct privacy_traces traces;
    struct temporary temporary;
    enum import_outcome outcome;

    temporary_new(&temporary, NULL);
    g_assert_true(store_suppress(temporary.store, &order, NULL));
    g_assert_true(store_forget(temporary.store, &forget, PRIVACY_ERASE, &traces, NULL));
    take(temporary.store, "b", &entry, &outcome);
    g_assert_cmpint(outcome, ==, IMPORT_LISTED);
    take(temporary.store, "b", &longer, &outcome);
    g_assert_cmpint(outcome, ==, IMPORT_ADDED);
    temporary_free(&temporary);
}

static void test_empty(void)
{
    const struct suppression entry = {.subject = SUBJECT, .who = "ann"};
    enum import_outcome outcome = IMPORT_LISTED;

    take(NULL, NULL, &entry, &outcome);
    g_assert_cmpint(outcome, ==, IMPORT_ADDED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/import/outcomes", test_outcomes);
    g_test_add_func("/store/import/removed", test_removed);
    g_test_add_func("/store/import/events", test_events);
    g_test_add_func("/store/import/many", test_many);
    g_test_add_func("/store/import/forgotten", test_forgotten);
    g_test_add_func("/store/import/empty", test_empty);
    return g_test_run();
}
