/* The same failure counts once: once a message, once a report, once a mail of ours, once a day. */
#include "store/revision.h"
#include "store_temporary.h"

static guint count_rows(struct store_cursor *cursor)
{
    struct counter row;
    g_autoptr(GError) error = NULL;
    guint count = 0;

    while (store_next_counter(cursor, &row, &error))
        count += (guint)row.count;
    g_assert_no_error(error);
    return count;
}

/* A message that says the same of an address many times is one failure. */
static void test_repeated(void)
{
    struct temporary temporary;
    struct event events[9];

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
        events[i] = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "someone@example.com");
    temporary_add(&temporary, events, G_N_ELEMENTS(events), NOON);
    temporary_add(&temporary, events, G_N_ELEMENTS(events), NOON + DAY);
    g_assert_false(temporary_suppressed(&temporary, "someone@example.com", NOON + DAY));
    temporary_add(&temporary, events, G_N_ELEMENTS(events), NOON + 2 * DAY);
    g_assert_true(temporary_suppressed(&temporary, "someone@example.com", NOON + 2 * DAY));

    /* but a hard failure after a soft one of the same reason is a hard failure */
    events[0] = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "other@example.com");
    events[1] = events[0];
    events[0].verdict = VERDICT_SOFT;
    temporary_add(&temporary, events, 2, NOON);
    g_assert_true(temporary_suppressed(&temporary, "other@example.com", NOON));
    temporary_free(&temporary);
}

static void test_duplicate(void)
{
    static const guint8 digest[32] = "a digest";
    const struct store_message message = {.digest = digest, .received = NOON, .source = "lmtp", .size = 1};
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "someone@example.com");
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 5; i++) {
        enum store_result expected = i == 0 ? STORE_RESULT_ADDED : STORE_RESULT_DUPLICATE;

        /* in a later transaction, and twice in the same */
        g_assert_true(store_begin(temporary.store, NULL));
        g_assert_cmpint(store_add(temporary.store, &message, &event, 1, NULL), ==, expected);
        g_assert_cmpint(store_add(temporary.store, &message, &event, 1, NULL), ==, STORE_RESULT_DUPLICATE);
        g_assert_true(store_commit(temporary.store, NULL));
    }
    g_assert_false(temporary_suppressed(&temporary, "someone@example.com", NOON));
    g_autoptr(StoreCursor) cursor = store_counters(temporary.store, &(struct store_filter){0}, NULL);
    g_assert_cmpuint(count_rows(cursor), ==, 1);
    g_clear_pointer(&cursor, store_cursor_free);

    /* what was rolled back was not there */
    static const guint8 other[32] = "another digest";
    struct store_message again = message;
    again.digest = other;
    for (unsigned i = 0; i < 2; i++) {
        g_assert_true(store_begin(temporary.store, NULL));
        g_assert_cmpint(store_add(temporary.store, &again, &event, 1, NULL), ==, STORE_RESULT_ADDED);
        store_rollback(temporary.store);
    }
    temporary_free(&temporary);
}

/* Two failures on different days: what else they have in common says whether they are one, and the figures follow. */
static void test_once_a_mail(void)
{
    static const struct {
        const char *name;
        struct event first, second; /* what differs */
        enum policy_effect effect;
    } rows[] = {
        {"other mails", {.message_id = "<1@x>"}, {.message_id = "<2@x>"}, POLICY_COUNTED},
        {"one mail", {.message_id = "<1@x>"}, {.message_id = "<1@x>"}, POLICY_REPEATED},
        {"nothing known of the mail", {0}, {0}, POLICY_COUNTED},
        {"the same report, by another way", {.occurred = NOON - 9}, {.occurred = NOON - 9}, POLICY_REPEATED},
        {"another report", {.occurred = NOON - 9}, {.occurred = NOON - 8}, POLICY_COUNTED},
        {"another host's report",
         {.occurred = NOON - 9, .reporting_mta = "a"},
         {.occurred = NOON - 9, .reporting_mta = "b"},
         POLICY_COUNTED},
        {"one day's signature, and a Message-ID that anybody may write",
         {.evidence = REPORT_EVIDENCE_SIGNED, .mailed = NOON, .message_id = "<1@x>"},
         {.evidence = REPORT_EVIDENCE_SIGNED, .mailed = NOON, .message_id = "<2@x>"},
         POLICY_REPEATED},
        {"two days' signatures",
         {.evidence = REPORT_EVIDENCE_SIGNED, .mailed = NOON},
         {.evidence = REPORT_EVIDENCE_SIGNED, .mailed = NOON + DAY},
         POLICY_COUNTED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        for (unsigned n = 0; n < 2; n++) {
            const struct event *more = n == 0 ? &rows[i].first : &rows[i].second;
            struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@example.com");

            event.message_id = more->message_id;
            event.reporting_mta = more->reporting_mta;
            event.occurred = more->occurred;
            event.mailed = more->mailed;
            event.evidence = more->evidence != REPORT_EVIDENCE_UNPROVEN ? more->evidence : event.evidence;
            temporary_add(&temporary, &event, 1, NOON + n * DAY);
        }
        g_test_message("%s", rows[i].name);
        g_assert_cmpstr(policy_effect_names[temporary_last_effect(temporary.store, "someone@example.com")], ==,
                        policy_effect_names[rows[i].effect]);
        g_autoptr(StoreCursor) cursor = store_counters(temporary.store, &(struct store_filter){0}, NULL);
        g_assert_cmpuint(count_rows(cursor), ==, rows[i].effect == POLICY_REPEATED ? 1 : 2);
        g_clear_pointer(&cursor, store_cursor_free);
        temporary_free(&temporary);
    }
}

/* A report that proves nothing does not hide the same one that does, and a report about mail from before an operator
 * took the address off does not bring it back. */
static void test_stale(void)
{
    static const struct {
        gint64 mailed;
        enum policy_effect effect;
    } rows[] = {
        {NOON - DAY, POLICY_STALE},
        {NOON + DAY, POLICY_STALE}, /* to the second: the removal */
        {NOON + DAY + 1, POLICY_SUPPRESSED},
        {0, POLICY_SUPPRESSED},
    };
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");

    event.occurred = NOON - 1;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct store_order order = {.subject = event.recipient, .who = "carol", .now = NOON + DAY};
        struct event late = event, unproven = event;
        struct temporary temporary;
        bool removed;

        temporary_new(&temporary, NULL);
        unproven.may_suppress = false;
        temporary_add(&temporary, &unproven, 1, NOON);
        temporary_add(&temporary, &event, 1, NOON);
        g_assert_true(temporary_suppressed(&temporary, event.recipient, NOON));
        g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
        late.mailed = rows[i].mailed;
        late.occurred = NOON + 2 * DAY;
        temporary_add(&temporary, &late, 1, NOON + 3 * DAY);
        g_test_message("row %zu", i);
        g_assert_cmpstr(policy_effect_names[temporary_last_effect(temporary.store, event.recipient)], ==,
                        policy_effect_names[rows[i].effect]);
        temporary_free(&temporary);
    }
}

/* --- judged again ------------------------------------------------------------------------------------------------- */

/* Events of one address after an operator took it off the list at noon, one a day from then on; and what becomes of
 * them when those with another reason are judged again. */
static const struct {
    const char *name;
    struct later {
        enum reason reason, then; /* REASON_NONE: as before */
        gint64 mailed;
        const char *message_id;
        bool same_day; /* as the one before */
    } events[3];
    enum policy_effect effects[3];
    unsigned failures; /* of the last */
} later_cases[] = {
    {"two copies of a stale report count nothing",
     {{.reason = REASON_MAILBOX_FULL, .mailed = NOON - DAY, .message_id = "<1@x>"},
      {.reason = REASON_MAILBOX_FULL, .mailed = NOON - DAY, .message_id = "<1@x>"},
      {.reason = REASON_SPAM_DETECTED, .then = REASON_MAILBOX_FULL, .mailed = NOON + DAY}},
     {POLICY_STALE, POLICY_REPEATED, POLICY_COUNTED},
     1},
    {"a stale failure does not stand in for another of its day",
     {{.reason = REASON_USER_UNKNOWN, .then = REASON_SPAM_DETECTED, .mailed = NOON + DAY},
      {.reason = REASON_USER_UNKNOWN, .mailed = NOON - DAY, .same_day = true},
      {.reason = REASON_MAILBOX_FULL, .mailed = NOON + DAY}},
     {POLICY_NEVER, POLICY_REPEATED, POLICY_COUNTED},
     1},
    {"a failure that is stale now",
     {{.reason = REASON_SPAM_DETECTED, .then = REASON_USER_UNKNOWN, .mailed = NOON - DAY},
      {.reason = REASON_MAILBOX_FULL},
      {.reason = REASON_MAILBOX_FULL}},
     {POLICY_STALE, POLICY_COUNTED, POLICY_COUNTED},
     2},
};

static void check_later(struct store *store, size_t i)
{
    g_autoptr(StoreCursor) cursor = store_events(store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    g_assert_true(store_next_event(cursor, &row, NULL)); /* from before the removal */
    for (size_t n = 0; n < G_N_ELEMENTS(later_cases[i].events); n++) {
        g_test_message("%s: event %zu", later_cases[i].name, n);
        g_assert_true(store_next_event(cursor, &row, NULL));
        g_assert_cmpstr(policy_effect_names[row.effect], ==, policy_effect_names[later_cases[i].effects[n]]);
    }
    g_assert_cmpuint(row.failures, ==, later_cases[i].failures);
}

static void judge_later(struct store *store, size_t i)
{
    const struct revision_order order = {.who = "ann", .rule_version = "v2", .now = NOON + 9 * DAY};
    g_autoptr(Revision) revision = revision_new(store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    g_assert_true(revision_next(revision, &row, NULL));
    for (size_t n = 0; n < G_N_ELEMENTS(later_cases[i].events); n++) {
        enum reason then = later_cases[i].events[n].then;
        const struct verdict verdict = {
            .reason = then, .party = reason_row(then)->party, .verdict = reason_row(then)->verdict, .rule = "new-rule"};

        g_assert_true(revision_next(revision, &row, NULL));
        if (then != REASON_NONE)
            revision_judge(revision, &verdict);
    }
    g_assert_true(revision_apply(revision, &order, G_MAXUINT, NULL));
}

static void test_judged_again(void)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");
    const struct store_order order = {.subject = event.recipient, .who = "carol", .now = NOON};

    for (size_t i = 0; i < G_N_ELEMENTS(later_cases); i++) {
        struct temporary temporary;
        gint64 at = NOON;
        bool removed;

        temporary_new(&temporary, NULL);
        temporary_add(&temporary, &event, 1, NOON - DAY);
        g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
        for (size_t n = 0; n < G_N_ELEMENTS(later_cases[i].events); n++) {
            const struct later *later = &later_cases[i].events[n];
            struct event one = temporary_event(REPORT_KIND_BOUNCE, later->reason, event.recipient);

            one.mailed = later->mailed;
            one.message_id = later->message_id;
            at += later->same_day ? 1 : DAY;
            temporary_add(&temporary, &one, 1, at);
        }
        judge_later(temporary.store, i);
        check_later(temporary.store, i);
        g_assert_false(temporary_suppressed(&temporary, event.recipient, at));
        temporary_free(&temporary);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/repeated/message", test_repeated);
    g_test_add_func("/store/repeated/duplicate", test_duplicate);
    g_test_add_func("/store/repeated/once_a_mail", test_once_a_mail);
    g_test_add_func("/store/repeated/stale", test_stale);
    g_test_add_func("/store/repeated/judged_again", test_judged_again);
    return g_test_run();
}
