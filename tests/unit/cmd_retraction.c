/* Which reports a rollback selects, and what it tells of them. */
#include "cmd/batches/retraction.h"

#include "cmd/batches/batch_json.h"
#include "store_temporary.h"

/* One of each kind, of an address each, and one that says nothing of anybody. */
static void fill(struct temporary *temporary)
{
    const struct {
        enum report_kind kind;
        enum reason reason;
        const char *recipient;
    } rows[] = {
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "bounce@example.org"},
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "Bounce@Example.org"},
        {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "complaint@example.org"},
        {REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, "optout@example.org"},
        {REPORT_KIND_DELIVERED, REASON_DELIVERED, "delivered@example.org"},
        {REPORT_KIND_BOUNCE, REASON_HOST_UNKNOWN, "host@example.org"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct event event = temporary_event(rows[i].kind, rows[i].reason, rows[i].recipient);
        temporary_add(temporary, &event, 1, NOON + (gint64)i * DAY);
    }
    struct event unproven = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "unproven@example.org");
    unproven.may_suppress = false;
    temporary_add(temporary, &unproven, 1, NOON);
}

static const struct {
    const char *name;
    struct retraction_settings settings;
    guint events, spared;
} cases[] = {
    {"failures alone", {.filter = {.since = 1}}, 3, 2},
    {"with complaints", {.filter = {.since = 1}, .include_complaints = true}, 5, 0},
    {"a whole run", {.whole = true}, 6, 0},
    {"a kind", {.filter = {.kind = "feedback"}}, 1, 0},
    {"deliveries, by their kind", {.filter = {.kind = "delivered"}}, 1, 0},
    {"a reason of failures", {.filter = {.reason = "host_unknown"}}, 1, 0},
    {"complaints, by their reason", {.filter = {.reason = "feedback"}}, 1, 0},
    {"opt-outs, by their reason", {.filter = {.reason = "unsubscribe"}}, 1, 0},
    {"deliveries, by their reason", {.filter = {.reason = "delivered"}}, 1, 0},
    {"an address", {.filter = {.recipient = "complaint@example.org"}}, 0, 1},
};

static struct retraction *select_all(struct store *store, const struct retraction_settings *settings)
{
    g_autoptr(GError) error = NULL;
    struct retraction *retraction = retraction_new(store, settings, &error);
    bool left = true;

    while (left)
        g_assert_true(retraction_select(retraction, 2, &left, &error));
    g_assert_no_error(error);
    return retraction;
}

static void test_selects(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    fill(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Retraction) retraction = select_all(temporary.store, &cases[i].settings);
        struct retraction_sums sums;

        g_test_message("%s", cases[i].name);
        retraction_read_sums(retraction, &sums);
        g_assert_cmpuint(sums.events, ==, cases[i].events);
        g_assert_cmpuint(retraction_left(retraction), ==, cases[i].events);
        g_assert_cmpuint(sums.spared, ==, cases[i].spared);
    }
    temporary_free(&temporary);
}

static void append_sorts(struct retraction *retraction, GString *out)
{
    const GPtrArray *sorts = retraction_sorts(retraction);

    for (guint i = 0; i < sorts->len; i++)
        batch_json_sort(out, sorts->pdata[i]);
}

/* The listings are forgotten meanwhile, as one does who has looked at them. */
static char *go_through(struct retraction *retraction, const struct revision_order *order)
{
    g_autoptr(GString) out = g_string_new(NULL);
    struct retraction_sums sums;

    while (retraction_left(retraction) > 0) {
        guint n;
        g_assert_true(retraction_take(retraction, order, NOON + 10 * DAY, NULL));
        const struct revision_listing *listings = revision_listings(retraction_revision(retraction), &n);
        for (guint i = 0; i < n; i++)
            batch_json_revised(out, &listings[i]);
        revision_forget_listings(retraction_revision(retraction));
    }
    append_sorts(retraction, out);
    retraction_read_sums(retraction, &sums);
    batch_json_rollback(out, &sums, order != NULL, order != NULL ? order->batch : NULL);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

#define LISTED                                                                                                         \
    "{\"recipient\":\"bounce@example.org\",\"effect\":\"goes\",\"from\":\"user_unknown\",\"to\":\"\"}"                 \
    "{\"recipient\":\"host@example.org\",\"effect\":\"goes\",\"from\":\"host_unknown\",\"to\":\"\"}"                   \
    "{\"reason\":\"user_unknown\",\"rule\":\"test-rule\",\"events\":2}"                                                \
    "{\"reason\":\"host_unknown\",\"rule\":\"test-rule\",\"events\":1}"                                                \
    "\"events\":3,\"addresses\":2,\"goes\":2,\"changes\":0,\"appears\":0,\"stays\":0,\"spared\":2"

static void assert_suppressed(struct store *store, bool expected)
{
    bool suppressed;

    g_assert_true(store_check(store, "bounce@example.org", NOON + 10 * DAY, NULL, &suppressed, NULL));
    g_assert_true(suppressed == expected);
}

/* It is read by one store, and written by another. */
static void test_done(void)
{
    const struct retraction_settings settings = {.filter = {.since = 1}};
    const struct revision_order order = {
        .who = "crm", .now = NOON + 10 * DAY, .note = "rollback: x", .batch = "b1", .door = STORE_DOOR_API};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    fill(&temporary);
    g_autoptr(Store) reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_autoptr(Retraction) shown = select_all(reader, &settings);
    g_autofree char *preview = go_through(shown, NULL);
    g_assert_cmpstr(preview, ==, LISTED ",\"applied\":false");
    assert_suppressed(temporary.store, true);
    g_autoptr(Retraction) done = select_all(reader, &settings);
    revision_move(retraction_revision(done), temporary.store);
    g_autofree char *applied = go_through(done, &order);
    g_assert_cmpstr(applied, ==, LISTED ",\"applied\":true,\"batch\":\"b1\"");
    assert_suppressed(temporary.store, false);
    g_clear_pointer(&shown, retraction_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/retraction/selects", test_selects);
    g_test_add_func("/cmd/retraction/done", test_done);
    return g_test_run();
}
