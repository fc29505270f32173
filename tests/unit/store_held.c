/* Entries that a wave holds, and what becomes of them by what comes next; and what is no wave. */
#include "store/import.h"
#include "store/revision.h"
#include "store/verification.h"
#include "store/wave.h"
#include "store_temporary.h"

#define HOUR G_GINT64_CONSTANT(3600)

enum { MANY = 100 }; /* ten times the minimum, since the store is new */

static const struct wave_settings settings = {.enabled = true, .minimum = 10, .factor = 8, .hold = 7 * DAY};

static struct event event_of(enum report_kind kind, enum reason reason, const char *address)
{
    struct event event = temporary_event(kind, reason, address);

    event.receiver = "google";
    return event;
}

static void add(struct temporary *temporary, enum report_kind kind, enum reason reason, const char *address, gint64 at)
{
    const struct event event = event_of(kind, reason, address);

    temporary_add(temporary, &event, 1, at);
}

static void deny(struct temporary *temporary, const char *address, gint64 at)
{
    add(temporary, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address, at);
}

static void deny_some(struct temporary *temporary, guint first, guint n, gint64 at)
{
    g_assert_true(store_begin(temporary->store, NULL));
    for (guint i = first; i < first + n; i++) {
        g_autofree char *address = g_strdup_printf("user%u@gmail.com", i);
        const struct event event = event_of(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        temporary_put(temporary, &event, 1, at);
    }
    g_assert_true(store_commit(temporary->store, NULL));
}

static void begin(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    store_set_waves(temporary->store, &settings);
}

static void finish(struct temporary *temporary)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(store_verify(temporary->store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
    temporary_free(temporary);
}

static void check_wave(struct temporary *temporary, gint64 held, gint64 confirmed, gint64 dropped)
{
    g_autoptr(Wave) wave = wave_find(temporary->store, 1, NULL);

    g_assert_nonnull(wave);
    g_assert_cmpint(wave->held, ==, held);
    g_assert_cmpint(wave->confirmed, ==, confirmed);
    g_assert_cmpint(wave->dropped, ==, dropped);
}

static guint count_waves(struct temporary *temporary)
{
    g_autoptr(GPtrArray) waves = wave_list(temporary->store, 0, 100, NULL);
    return waves->len;
}

static void maintain(struct temporary *temporary, gint64 now)
{
    static const struct store_keeping keeping = {0};

    for (bool more = true; more;)
        g_assert_true(store_maintain(temporary->store, &keeping, now, 50, &more, NULL));
}

/* --- sequences ---------------------------------------------------------------------------------------------------- */

#define BOUNCE(reason) REPORT_KIND_BOUNCE, REASON_##reason

/* Of user0, whose entry the wave holds, in hours after its alarm; the wave is over after an hour. */
static const struct sequence {
    const char *name;
    struct step {
        unsigned hours;
        enum report_kind kind;
        enum reason reason;
        enum policy_effect effect;
    } steps[4]; /* ends with an empty one */
    bool suppressed;
    gint64 confirmed, dropped;
} sequences[] = {
    {"nothing else", {{0}}, false, 0, 0},
    {"in the wave", {{1, BOUNCE(HOST_UNKNOWN), POLICY_HELD}}, false, 0, 0},
    {"before a day has passed", {{24, BOUNCE(USER_UNKNOWN), POLICY_HELD}}, false, 0, 0},
    {"after a day", {{26, BOUNCE(USER_UNKNOWN), POLICY_SUPPRESSED}}, true, 1, 0},
    {"after a day, for another reason", {{26, BOUNCE(HOST_UNKNOWN), POLICY_SUPPRESSED}}, true, 1, 0},
    {"two days", {{24, BOUNCE(USER_UNKNOWN), POLICY_HELD}, {48, BOUNCE(USER_UNKNOWN), POLICY_SUPPRESSED}}, true, 1, 0},
    {"mail goes through", {{2, REPORT_KIND_DELIVERED, REASON_DELIVERED, POLICY_CLEARED}}, false, 0, 1},
    {"mail goes through, and fails when all is over",
     {{2, REPORT_KIND_DELIVERED, REASON_DELIVERED, POLICY_CLEARED}, {48, BOUNCE(USER_UNKNOWN), POLICY_SUPPRESSED}},
     true,
     0,
     1},
    {"not the recipient's fault", {{48, BOUNCE(BLOCKED), POLICY_NEVER}}, false, 0, 0},
    {"its mailbox is full: then it is there", {{48, BOUNCE(MAILBOX_FULL), POLICY_COUNTED}}, false, 0, 0},
    {"disabled, three times: for a while",
     {{30, BOUNCE(MAILBOX_DISABLED), POLICY_COUNTED},
      {54, BOUNCE(MAILBOX_DISABLED), POLICY_COUNTED},
      {78, BOUNCE(MAILBOX_DISABLED), POLICY_SUPPRESSED}},
     true,
     0,
     0},
    {"a complaint", {{1, REPORT_KIND_FEEDBACK, REASON_FEEDBACK, POLICY_SUPPRESSED}}, true, 0, 0},
    {"an opt-out", {{1, REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, POLICY_SUPPRESSED}}, true, 0, 0},
};

static gint64 take_steps(struct temporary *temporary, const struct sequence *sequence)
{
    gint64 now = NOON;

    for (const struct step *step = sequence->steps; step->hours > 0; step++) {
        now = NOON + step->hours * HOUR;
        add(temporary, step->kind, step->reason, "user0@gmail.com", now);
        enum policy_effect effect = temporary_last_effect(temporary->store, "user0@gmail.com");
        if (effect != step->effect)
            g_error("%s: at %u h %s", sequence->name, step->hours, policy_effect_names[effect]);
    }
    return now;
}

/* All events judged again, as they are: nothing changes. */
static void judge_again(struct temporary *temporary, gint64 now)
{
    const struct revision_order order = {.who = "carol", .rule_version = "v2", .now = now};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct stored_event row;
    guint n;

    while (revision_next(revision, &row, NULL)) {
        const struct verdict verdict = {
            .verdict = row.event.verdict, .reason = row.event.reason, .party = row.event.party, .rule = "other-rule"};
        revision_judge(revision, &verdict);
    }
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, 1000, NULL));
    revision_listings(revision, &n);
    g_assert_cmpuint(n, ==, 0);
}

static void test_sequences(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sequences); i++) {
        const struct sequence *sequence = &sequences[i];
        struct temporary temporary;

        g_test_message("%s", sequence->name);
        begin(&temporary);
        deny_some(&temporary, 0, MANY, NOON);
        check_wave(&temporary, MANY, 0, 0);
        gint64 now = take_steps(&temporary, sequence);
        for (unsigned judged = 0; judged < 2; judged++) {
            g_assert_cmpint(temporary_suppressed(&temporary, "user0@gmail.com", now), ==, sequence->suppressed);
            g_assert_false(temporary_suppressed(&temporary, "user1@gmail.com", now));
            judge_again(&temporary, now);
        }
        maintain(&temporary, NOON + 10 * DAY);
        judge_again(&temporary, NOON + 10 * DAY);
        gint64 replaced = sequence->suppressed && sequence->confirmed + sequence->dropped == 0;
        check_wave(&temporary, 0, sequence->confirmed, MANY - sequence->confirmed - replaced);
        g_assert_cmpint(temporary_suppressed(&temporary, "user0@gmail.com", NOON + 10 * DAY), ==, sequence->suppressed);
        finish(&temporary);
    }
}

/* --- what is none ------------------------------------------------------------------------------------------------- */

static void test_unproven(void)
{
    struct temporary temporary;

    begin(&temporary);
    g_assert_true(store_begin(temporary.store, NULL));
    for (guint i = 0; i < 5 * MANY; i++) {
        g_autofree char *address = g_strdup_printf("user%u@gmail.com", i);
        struct event event = event_of(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        event.evidence = REPORT_EVIDENCE_UNPROVEN;
        event.may_suppress = false;
        temporary_put(&temporary, &event, 1, NOON);
    }
    g_assert_true(store_commit(temporary.store, NULL));
    deny_some(&temporary, 1000, MANY - 1, NOON);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    /* The same address again and again is one. */
    for (guint i = 0; i < MANY; i++)
        deny(&temporary, "user1000@gmail.com", NOON + i);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    g_assert_true(temporary_suppressed(&temporary, "user1000@gmail.com", NOON + HOUR));
    finish(&temporary);
}

static void test_disabled(void)
{
    static const struct wave_settings off = {.minimum = 10, .factor = 8, .hold = 7 * DAY};
    struct temporary temporary;

    begin(&temporary);
    store_set_waves(temporary.store, &off);
    deny_some(&temporary, 0, 2 * MANY, NOON);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    finish(&temporary);
}

/* An entry from before is no part of the wave, and nor is one that is in force for a complaint. */
static void test_before(void)
{
    struct temporary temporary;

    begin(&temporary);
    deny(&temporary, "early@gmail.com", NOON - 2 * HOUR);
    add(&temporary, REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "angry@gmail.com", NOON);
    deny(&temporary, "angry@gmail.com", NOON);
    deny_some(&temporary, 0, MANY, NOON);
    deny(&temporary, "late@gmail.com", NOON + HOUR / 2);
    check_wave(&temporary, MANY + 1, 0, 0);
    g_assert_true(temporary_suppressed(&temporary, "early@gmail.com", NOON + HOUR));
    g_assert_true(temporary_suppressed(&temporary, "angry@gmail.com", NOON + HOUR));
    g_assert_false(temporary_suppressed(&temporary, "late@gmail.com", NOON + HOUR));
    finish(&temporary);
}

static void reopen(struct temporary *temporary)
{
    store_free(temporary->store);
    temporary->store = temporary_open(temporary, STORE_MODE_WRITE, NULL);
    store_set_waves(temporary->store, &settings);
}

/* The counts are there after a restart. */
static void test_restart(void)
{
    struct temporary temporary;

    begin(&temporary);
    deny_some(&temporary, 0, MANY - 1, NOON);
    reopen(&temporary);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    deny_some(&temporary, MANY, 1, NOON + HOUR / 2);
    check_wave(&temporary, MANY, 0, 0);
    reopen(&temporary);
    deny_some(&temporary, 2 * MANY, 1, NOON + HOUR);
    check_wave(&temporary, MANY + 1, 0, 0);
    finish(&temporary);
}

/* --- by hand ------------------------------------------------------------------------------------------------------ */

static void test_by_hand(void)
{
    const struct store_order order = {.who = "ann", .note = "so", .now = NOON + HOUR};
    struct temporary temporary;
    unsigned n;

    begin(&temporary);
    deny_some(&temporary, 0, MANY, NOON);
    g_assert_true(temporary_suppress(temporary.store, "user0@gmail.com", NOON + DAY));
    g_assert_true(temporary_suppressed(&temporary, "user0@gmail.com", NOON + HOUR));
    g_assert_true(wave_confirm(temporary.store, 1, &order, 30, &n, NULL));
    g_assert_cmpuint(n, ==, 30);
    check_wave(&temporary, MANY - 31, 30, 0);
    g_assert_true(wave_drop(temporary.store, 1, &order, 1000, &n, NULL));
    g_assert_cmpuint(n, ==, MANY - 31);
    check_wave(&temporary, 0, 30, MANY - 31);
    judge_again(&temporary, NOON + HOUR);
    check_wave(&temporary, 0, 30, MANY - 31);
    finish(&temporary);
}

/* An entry from elsewhere takes effect in place of the one that is held, and nothing of that stays. */
static void test_imported(void)
{
    const struct suppression entries[] = {
        {.subject = "user0@gmail.com", .who = "ann"},
        {.subject = "user1@gmail.com", .who = "ann", .reason = REASON_PROVIDER_SUPPRESSED, .verdict = VERDICT_SOFT},
        {.subject = "user2@gmail.com", .who = "ann", .verdict = VERDICT_COMPLAINT, .until = NOON + 2 * DAY},
    };
    const struct import_settings into = {
        .who = "ann", .door = STORE_DOOR_IMPORT, .batch = "b", .now = NOON + HOUR, .known = NOON + HOUR};
    const struct store_order order = {.who = "ann", .note = "so", .now = NOON + HOUR};
    enum import_outcome outcomes[G_N_ELEMENTS(entries)];
    struct temporary temporary;
    struct suppression found;
    bool suppressed;
    unsigned n;

    begin(&temporary);
    deny_some(&temporary, 0, MANY, NOON);
    g_autoptr(Import) import = import_new(temporary.store, &into);
    g_assert_true(import_take(import, entries, G_N_ELEMENTS(entries), outcomes, NULL));
    g_assert_true(wave_drop(temporary.store, 1, &order, 1000, &n, NULL));
    g_assert_cmpuint(n, ==, MANY - G_N_ELEMENTS(entries));
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_assert_cmpint(outcomes[i], ==, IMPORT_ADDED);
        g_assert_true(store_check(temporary.store, entries[i].subject, NOON + HOUR, &found, &suppressed, NULL));
        g_assert_true(suppressed);
        g_assert_cmpint(found.until, ==, entries[i].until);
        g_assert_cmpint(found.verdict, ==, entries[i].verdict);
    }
    finish(&temporary);
}

static void test_news(void)
{
    struct temporary temporary;

    begin(&temporary);
    for (unsigned round = 0; round < 3; round++) {
        static const guint told[] = {0, 1, 1};

        if (round == 1)
            deny_some(&temporary, 0, MANY, NOON);
        if (round == 2)
            maintain(&temporary, NOON + 3 * HOUR);
        g_autoptr(GPtrArray) news = wave_news(temporary.store, NULL);
        g_assert_cmpuint(news->len, ==, told[round]);
        for (guint i = 0; i < news->len; i++)
            g_assert_true(wave_told(temporary.store, news->pdata[i], NULL));
        g_autoptr(GPtrArray) none = wave_news(temporary.store, NULL);
        g_assert_cmpuint(none->len, ==, 0);
    }
    finish(&temporary);
}

/* --- archives ----------------------------------------------------------------------------------------------------- */

static void feed(struct temporary *temporary, guint first, guint n, gint64 occurred)
{
    g_assert_true(store_begin(temporary->store, NULL));
    for (guint i = first; i < first + n; i++) {
        g_autofree char *address = g_strdup_printf("user%u@gmail.com", i);
        struct event event = event_of(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        guint8 digest[32] = {[31] = 1};
        const struct store_message message = {
            .digest = digest, .received = NOON, .source = "file", .size = 5, .rule_version = "v1", .batch = "b"};

        memcpy(digest, &i, sizeof i);
        event.occurred = occurred;
        g_assert_cmpint(store_add(temporary->store, &message, &event, 1, NULL), ==, STORE_RESULT_ADDED);
    }
    g_assert_true(store_commit(temporary->store, NULL));
}

/* A failure of long ago holds nothing; it is the past that others are measured with. */
static void test_archive(void)
{
    struct temporary temporary;

    begin(&temporary);
    feed(&temporary, 0, 2 * MANY, NOON - 500 * DAY);
    feed(&temporary, 2 * MANY, 2 * MANY, NOON - 20 * DAY);
    feed(&temporary, 4 * MANY, 2 * MANY, NOON - 2 * DAY);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    g_assert_true(temporary_suppressed(&temporary, "user0@gmail.com", NOON));
    g_assert_true(temporary_suppressed(&temporary, "user599@gmail.com", NOON));
    deny_some(&temporary, 6 * MANY, 4 * MANY, NOON);
    g_assert_cmpuint(count_waves(&temporary), ==, 0);
    finish(&temporary);
    begin(&temporary);
    feed(&temporary, 0, MANY, NOON - DAY / 2);
    check_wave(&temporary, MANY, 0, 0);
    finish(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/held/sequences", test_sequences);
    g_test_add_func("/held/unproven", test_unproven);
    g_test_add_func("/held/disabled", test_disabled);
    g_test_add_func("/held/before", test_before);
    g_test_add_func("/held/restart", test_restart);
    g_test_add_func("/held/by-hand", test_by_hand);
    g_test_add_func("/held/imported", test_imported);
    g_test_add_func("/held/news", test_news);
    g_test_add_func("/held/archive", test_archive);
    return g_test_run();
}
