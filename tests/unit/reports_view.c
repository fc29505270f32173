/* A tenant is told nothing of what others wrote of an address, or mailed to it. */
#include "reports/story/view.h"

#include "reports/story/dossier.h"
#include "reports/story/story.h"
#include "store/revision.h"

#include "store_temporary.h"

#define ANNA "anna@news.example.org"

/* An operator takes all reports back. */
static void roll_back(struct temporary *temporary)
{
    const struct revision_order order = {
        .who = "bob", .now = NOON + DAY / 2, .note = "note-of-rollback", .batch = "batch"};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    while (revision_next(revision, &row, NULL))
        revision_doubt(revision);
    g_assert_true(revision_apply(revision, &order, 100, NULL));
}

/* The list, its log and reports, each of the tenant, of another one and of all. */
static void fill(struct temporary *temporary, GHashTable *tenants)
{
    static const struct {
        const char *scope, *note;
    } entries[] = {{"tenant=shop", "note-own"},
                   {"stream=news", "note-own-stream"},
                   {"tenant=bank", "note-foreign"},
                   {"stream=alerts", "note-foreign-stream"},
                   {"all", "note-of-all"}};
    static const char *const streams[] = {"news", "alerts", NULL};

    temporary_new(temporary, NULL);
    store_set_policies(temporary->store, NULL, tenants);
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, ANNA);
        g_autofree char *diagnostic = g_strdup_printf("said-to-%s", streams[i] != NULL ? streams[i] : "nobody");

        event.stream = streams[i];
        event.diagnostic = diagnostic;
        temporary_add(temporary, &event, 1, NOON);
    }
    roll_back(temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        const struct store_order order = {.subject = ANNA,
                                          .who = "alice",
                                          .note = entries[i].note,
                                          .now = NOON + DAY,
                                          .scope = entries[i].scope,
                                          .door = STORE_DOOR_API};
        g_assert_true(store_suppress(temporary->store, &order, NULL));
    }
}

/* As text and as JSON. */
static char *tell(const struct question *question)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(story_tell(question, out, &error));
    g_assert_true(dossier_list(question, out, &error));
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static void test_tenant(void)
{
    static const char *const own[] = {"note-own",          "note-own-stream",    "said-to-news",
                                      "\"scope\":\"all\"", "\"event_count\":1,", "rolled back"};
    static const char *const foreign[] = {"note-foreign", "note-of-all",   "said-to-alerts", "said-to-nobody",
                                          "tenant=bank",  "stream=alerts", "(null)",         "note-of-rollback"};
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    const struct store_asker asker = {.tenant = "shop"};
    struct temporary temporary;

    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"alerts", (char *)"bank");
    fill(&temporary, tenants);
    struct question question = {
        .style = &lines_plain, .store = temporary.store, .address = ANNA, .now = NOON + 2 * DAY, .all = true};
    g_autofree char *all = tell(&question);
    question.audience = (struct audience){asker.tenant, tenants};
    question.asker = &asker;
    g_autofree char *text = tell(&question);

    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        if (strstr(own[i], "count") == NULL)
            g_assert_nonnull(strstr(all, own[i]));
        if (strstr(text, own[i]) == NULL)
            g_error("not told: %s", own[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
        if (strstr(text, foreign[i]) != NULL)
            g_error("told: %s", foreign[i]);
        g_assert_true(foreign[i][0] == '(' || strstr(all, foreign[i]) != NULL);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/view/tenant", test_tenant);
    return g_test_run();
}
