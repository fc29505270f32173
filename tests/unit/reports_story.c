/* The story of an address: where it stands with entries of each kind, and what is told of long and hostile histories.
 */
#include "reports/story/story.h"

#include "store/privacy.h"
#include "store/revision.h"

#include "store_temporary.h"

#define ANNA "anna@news.example.org"

static char *tell(struct temporary *temporary, gint64 now, bool all)
{
    const struct question question = {
        .style = &lines_plain, .store = temporary->store, .address = ANNA, .now = now, .all = all};
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(story_tell(&question, out, &error));
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static guint count(const char *text, const char *words)
{
    guint n = 0;

    for (const char *found = strstr(text, words); found != NULL; found = strstr(found + 1, words))
        n++;
    return n;
}

static void contains(const char *text, const char *line)
{
    if (strstr(text, line) == NULL)
        g_assert_cmpstr(text, ==, line);
}

/* Entries, and what is told of them. */
static const struct {
    const char *subject, *scope;
    gint64 until;
    const char *lines[5];
} entries[] = {
    {ANNA,
     "all",
     0,
     {ANNA " is suppressed for all mail since 2026-11-21 12:00, for good.\n",
      "  why         alice put it there by hand.\n",
      "  next        It stays on the list until somebody takes it off.\n",
      "  undo        bouncectl remove " ANNA " --note WHY\n"}},
    {ANNA,
     "all",
     NOON + 3 * DAY,
     {ANNA " is suppressed for all mail since 2026-11-21 12:00, until 2026-11-24 12:00.\n",
      "  next        It comes off by itself on 2026-11-24 12:00.\n"}},
    {ANNA,
     "stream=news",
     0,
     {ANNA " is suppressed for the mail of the stream news alone since 2026-11-21 12:00, for good.\n",
      "  undo        bouncectl remove " ANNA " --stream news --note WHY\n", "\nAll other mail goes to it.\n",
      "  add, for stream=news, by alice, for good\n"}},
    {ANNA,
     "tenant=the shop",
     0,
     {ANNA " is suppressed for the mail of the tenant the shop alone since 2026-11-21 12:00, for good.\n",
      "  undo        bouncectl remove " ANNA " --tenant 'the shop' --note WHY\n"}},
    {"@news.example.org",
     "all",
     0,
     {ANNA " is suppressed for all mail since 2026-11-21 12:00, for good, as all addresses of news.example.org are.\n",
      "  undo        bouncectl remove @news.example.org --note WHY\n"}},
    {".example.org",
     "all",
     0,
     {ANNA " is suppressed for all mail since 2026-11-21 12:00, for good, as all addresses of the sub-domains of"
           " example.org are.\n"}},
    {"@example.org", "all", 0, {ANNA " is not suppressed: nothing is known of it.\n"}},
    {".news.example.org", "all", 0, {ANNA " is not suppressed: nothing is known of it.\n"}},
};

static void suppress(struct temporary *temporary, const char *subject, const char *scope, gint64 until, gint64 now)
{
    const struct store_order order = {
        .subject = subject, .scope = scope, .until = until, .who = "alice", .note = "asked", .now = now};
    g_autoptr(GError) error = NULL;

    g_assert_true(store_suppress(temporary->store, &order, &error));
    g_assert_no_error(error);
}

static void test_entries(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        suppress(&temporary, entries[i].subject, entries[i].scope, entries[i].until, NOON);
        g_autofree char *text = tell(&temporary, NOON + DAY, false);
        g_test_message("%s", text);
        for (size_t j = 0; j < G_N_ELEMENTS(entries[i].lines) && entries[i].lines[j] != NULL; j++)
            contains(text, entries[i].lines[j]);
        temporary_free(&temporary);
    }
}

/* The decisive one first: its own before its domain's, and the one that lasts longer. */
static void test_order(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    suppress(&temporary, ".example.org", "all", 0, NOON);
    suppress(&temporary, ANNA, "all", NOON + 3 * DAY, NOON);
    suppress(&temporary, ANNA, "stream=news", 0, NOON);
    g_autofree char *text = tell(&temporary, NOON, false);
    const char *first = strstr(text, ANNA " is suppressed for the mail of the stream news alone");
    const char *second = strstr(text, "It is suppressed, too, for all mail since 2026-11-21 12:00, until");
    const char *third = strstr(text, "It is suppressed, too, for all mail since 2026-11-21 12:00, for good, as all");
    g_assert_true(first == text && second > first && third > second);
    g_assert_null(strstr(text, "All other mail"));
    temporary_free(&temporary);
}

/* It has ended by itself, whether the daemon has seen it yet or not. */
static void test_ends(void)
{
    const struct store_order order = {.subject = ANNA, .who = "bob", .note = "by phone", .now = NOON + 5 * DAY};
    struct temporary temporary;
    bool removed;

    temporary_new(&temporary, NULL);
    suppress(&temporary, ANNA, "all", NOON + 3 * DAY, NOON);
    g_autofree char *expired = tell(&temporary, NOON + 4 * DAY, false);
    contains(expired, ANNA " is not suppressed: its entry expired on 2026-11-24 12:00.\n");
    contains(expired, "2026-11-24 12:00  expired\n");
    suppress(&temporary, ANNA, "all", 0, NOON + 4 * DAY);
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    g_autofree char *gone = tell(&temporary, NOON + 5 * DAY, false);
    contains(gone, ANNA " is not suppressed: bob took it off the list on 2026-11-26 12:00,");
    contains(gone, "  note        by phone\n  next        Nothing counts against it now.\n");
    temporary_free(&temporary);
}

/* A tombstone is all that is known. */
static void test_forgotten(void)
{
    const struct store_order order = {.subject = ANNA, .who = "ann", .note = "asked", .now = NOON + DAY};
    struct privacy_traces traces;
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    suppress(&temporary, ANNA, "all", 0, NOON);
    g_assert_true(store_forget(temporary.store, &order, PRIVACY_ERASE, &traces, &error));
    g_assert_no_error(error);
    g_autofree char *text = tell(&temporary, NOON + 2 * DAY, false);
    contains(text, ANNA " is suppressed for all mail since ");
    contains(text, "  why         The address was forgotten, and its entry goes on: why it was made is not kept.\n");
    contains(text, "  undo        bouncectl remove " ANNA " --note WHY\n");
    temporary_free(&temporary);
}

/* It holds on for the stream that it was for. */
static void test_forgotten_stream(void)
{
    const struct store_order order = {.subject = ANNA, .who = "carol", .note = "request", .now = NOON + DAY};
    struct temporary temporary;
    struct privacy_traces traces;

    temporary_new(&temporary, NULL);
    suppress(&temporary, ANNA, "stream=news", 0, NOON);
    g_assert_true(store_forget(temporary.store, &order, PRIVACY_ERASE, &traces, NULL));
    g_autofree char *text = tell(&temporary, NOON + 2 * DAY, false);
    contains(text, ANNA " is suppressed for the mail of the stream news alone since ");
    contains(text, "  undo        bouncectl remove " ANNA " --stream news --note WHY\n");
    contains(text, "\nAll other mail goes to it.\n");
    temporary_free(&temporary);
}

/* The mail that it is about, by all that is known of it. */
static void test_mail(void)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, ANNA);
    struct temporary temporary;

    event.subject = "November";
    event.sender = "news@example.com";
    event.message_id = "<1@example.com>";
    event.list_id = "news.example.com";
    event.feedback_id = "c7:shop";
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_autofree char *text = tell(&temporary, NOON, false);
    g_assert_cmpuint(count(text, "  mail        \"November\", from news@example.com, Message-ID <1@example.com>,"
                                 " list news.example.com, campaign c7:shop\n"),
                     ==, 2);
    temporary_free(&temporary);
}

/* Failures that count: how many more, until when, and on which days they were. */
static void test_prospect(void)
{
    const struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, ANNA);
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &full, 1, NOON);
    temporary_add(&temporary, &full, 1, NOON + DAY);
    g_autofree char *two = tell(&temporary, NOON + DAY, false);
    contains(two,
             "  next        3 more failures for mailbox_full on other days before 2026-12-21 12:00 put it on the list"
             " for 90d. So far it is 2 of 5 in 30d: 2026-11-21, 2026-11-22.\n");
    for (int i = 2; i < 5; i++)
        temporary_add(&temporary, &full, 1, NOON + i * DAY);
    g_autofree char *listed = tell(&temporary, NOON + 5 * DAY, false);
    contains(listed,
             "  next        It comes off by itself on 2027-02-23 12:00. Another such failure before that makes it"
             " stay longer.\n");
    temporary_free(&temporary);
}

/* One that a wave holds says itself what comes next, whatever else counts. */
static void test_held(void)
{
    static const struct wave_settings waves = {.enabled = true, .minimum = 1, .factor = 8, .hold = 7 * DAY};
    const struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, ANNA);
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    store_set_waves(temporary.store, &waves);
    temporary_add(&temporary, &full, 1, NOON - DAY);
    for (int i = 9; i >= 0; i--) {
        g_autofree char *address = i == 0 ? g_strdup(ANNA) : g_strdup_printf("user%d@news.example.org", i);
        struct event gone = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);

        gone.receiver = "example.org";
        temporary_add(&temporary, &gone, 1, NOON);
    }
    g_autofree char *text = tell(&temporary, NOON, false);
    contains(text, ANNA " is not suppressed.\nAn entry is held, and not in force, for all mail since ");
    g_assert_cmpuint(count(text, "\n  next  "), ==, 1);
    contains(text, "\n  next        Mail goes to it meanwhile. ");
    temporary_free(&temporary);
}

/* Takes all reports back. */
static void roll_back(struct temporary *temporary, const char *note, gint64 now)
{
    const struct revision_order order = {.who = "bob", .now = now, .note = note, .batch = "batch-7"};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    while (revision_next(revision, &row, NULL))
        revision_doubt(revision);
    g_assert_true(revision_apply(revision, &order, 100, NULL));
    g_assert_cmpuint(revision_left(revision), ==, 0);
}

/* It says that an operator took the report back: it lacked nothing. */
static void test_rollback(void)
{
    struct event events[] = {temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, ANNA),
                             temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, ANNA),
                             temporary_event(REPORT_KIND_DELIVERED, REASON_DELIVERED, ANNA)};
    struct temporary temporary;

    events[1].evidence = REPORT_EVIDENCE_UNPROVEN; /* and the config believes it */
    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
        temporary_add(&temporary, &events[i], 1, NOON + (gint64)i * DAY);
    roll_back(&temporary, "rollback: their outage", NOON + 3 * DAY);
    g_autofree char *text = tell(&temporary, NOON + 4 * DAY, false);
    contains(text, ANNA " is not suppressed: bob took it off the list on 2026-11-24 12:00.\n"
                        "  note        rollback: their outage\n  batch       batch-7\n");
    g_assert_cmpuint(count(text, "\n  effect      not counted: an operator rolled it back\n"), ==, 3);
    g_assert_cmpuint(count(text, "\n  rolled back 2026-11-24 12:00 by bob, rollback: their outage\n"
                                 "  batch       batch-7\n"
                                 "  undo        bouncectl rollback --undo batch-7 --apply --note WHY, with all of that"
                                 " batch\n"),
                     ==, 3);
    g_assert_cmpuint(count(text, "\n  evidence    signed: "), ==, 2);
    contains(text, "  evidence    unproven: nothing proves that it is about your mail, and the config says to believe"
                   " it\n");
    g_assert_null(strstr(text, "  judged "));
    temporary_free(&temporary);
}

/* Nothing in it moves a cursor or opens a line of its own, and what is long is cut, and says so. */
static void test_hostile(void)
{
    static const char evil[] = "\033[2J\nundo \302\233x \342\200\256txt";
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, ANNA);
    struct temporary temporary;

    event.diagnostic = event.subject = event.sender = event.message_id = event.list_id = event.feedback_id = evil;
    event.remote_mta = event.reporting_mta = event.rule = event.source = event.final_recipient = event.status = evil;
    temporary_new(&temporary, NULL);
    for (int i = 0; i < QUESTION_NEWEST + 1; i++)
        temporary_add(&temporary, &event, 1, NOON + i * DAY);
    for (int i = 0; i < QUESTION_NEWEST + 1; i++)
        suppress(&temporary, ANNA, "all", NOON + (100 + i) * DAY, NOON + i);
    g_autofree char *text = tell(&temporary, NOON + 60 * DAY, false);
    g_autofree char *all = tell(&temporary, NOON + 60 * DAY, true);
    g_assert_null(strchr(text, '\033'));
    g_assert_null(strstr(text, "\302\233"));
    g_assert_null(strstr(text, "\342\200\256"));
    g_assert_null(strstr(text, "\nundo"));
    contains(text, "(51 reports; the newest 50, --all tells the others)\n");
    contains(text, "(1 change before these; --all tells them)\n");
    g_assert_cmpuint(count(text, "\n  effect "), ==, QUESTION_NEWEST);
    g_assert_cmpuint(count(text, " by alice, until "), ==, QUESTION_NEWEST);
    g_assert_cmpuint(count(all, "\n  effect "), ==, QUESTION_NEWEST + 1);
    g_assert_cmpuint(count(all, " by alice, until "), ==, QUESTION_NEWEST + 1);
    g_assert_null(strstr(all, "--all"));
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/story/entries", test_entries);
    g_test_add_func("/reports/story/order", test_order);
    g_test_add_func("/reports/story/ends", test_ends);
    g_test_add_func("/reports/story/forgotten", test_forgotten);
    g_test_add_func("/reports/story/forgotten-stream", test_forgotten_stream);
    g_test_add_func("/reports/story/mail", test_mail);
    g_test_add_func("/reports/story/prospect", test_prospect);
    g_test_add_func("/reports/story/held", test_held);
    g_test_add_func("/reports/story/rollback", test_rollback);
    g_test_add_func("/reports/story/hostile", test_hostile);
    return g_test_run();
}
