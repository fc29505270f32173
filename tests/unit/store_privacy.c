/* Forgetting an address: what goes and what stays, and what a stranger can do about either. */
#include "store/privacy.h"

#include <sqlite3.h>
#include <zstd.h>

#include "store/sqlite/sql.h"
#include "store/verification.h"
#include "store_temporary.h"

#define VICTIM "victim@forget.example"
#define OTHER "other@forget.example"

static const struct store_order order = {
    .subject = "Victim@FORGET.example", .who = "ann", .note = "a request", .now = NOON};

static struct privacy_traces forget(struct temporary *temporary, enum privacy_extent extent)
{
    struct privacy_traces traces;
    g_autoptr(GError) error = NULL;

    g_assert_true(store_forget(temporary->store, &order, extent, &traces, &error));
    g_assert_no_error(error);
    if (extent == PRIVACY_ERASE)
        g_assert_true(store_wipe(temporary->store, NULL));
    return traces;
}

static void check_store(struct temporary *temporary)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(store_verify(temporary->store, faults, NULL));
    if (faults->len > 0)
        g_error("%s", (const char *)faults->pdata[0]);
}

/* Is the text anywhere in the database, in any case, whichever table it is in? */
static bool is_kept(struct temporary *temporary, const char *text)
{
    g_autofree char *bytes = NULL, *log = g_strconcat(temporary->path, "-wal", NULL), *log_bytes = NULL;
    gsize length, log_length = 0;
    bool found = false;

    g_assert_true(g_file_get_contents(temporary->path, &bytes, &length, NULL));
    g_file_get_contents(log, &log_bytes, &log_length, NULL);
    g_autofree char *wanted = g_ascii_strdown(text, -1);
    for (gsize i = 0; i < length; i++)
        bytes[i] = g_ascii_tolower(bytes[i]);
    for (gsize i = 0; i < log_length; i++)
        log_bytes[i] = g_ascii_tolower(log_bytes[i]);
    found = memmem(bytes, length, wanted, strlen(wanted)) != NULL;
    return found || (log_length > 0 && memmem(log_bytes, log_length, wanted, strlen(wanted)) != NULL);
}

static void add_raw(struct temporary *temporary, const struct event *events, size_t n, const char *raw)
{
    guint8 digest[32] = {0xee, (guint8)++temporary->messages};
    g_autofree char *bytes = g_malloc(ZSTD_compressBound(strlen(raw)));
    size_t size = ZSTD_compress(bytes, ZSTD_compressBound(strlen(raw)), raw, strlen(raw), 1);
    g_autoptr(GBytes) packed = g_bytes_new(bytes, size);
    const struct store_message message = {.digest = digest,
                                          .received = NOON,
                                          .source = "smtp",
                                          .mail_from = "",
                                          .size = strlen(raw),
                                          .raw = packed,
                                          .rule_version = "v1"};

    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, events, n, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, NULL));
}

/* A complaint holds on, however it is forgotten and whatever comes after it. */
static void test_complaint(void)
{
    struct temporary temporary;
    const struct event complaint = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, VICTIM),
                       success = temporary_event(REPORT_KIND_DELIVERED, REASON_NONE, VICTIM),
                       soft = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, VICTIM);
    bool removed;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &complaint, 1, NOON);
    g_assert_true(temporary_suppressed(&temporary, VICTIM, NOON));
    for (int i = 0; i < 3; i++) {
        forget(&temporary, PRIVACY_ERASE);
        g_assert_false(is_kept(&temporary, VICTIM));
        g_assert_true(temporary_suppressed(&temporary, VICTIM, NOON + 1000 * DAY));
        temporary_add(&temporary, i == 0 ? &success : &soft, 1, NOON + i + 1);
        g_assert_true(temporary_suppressed(&temporary, VICTIM, NOON + 1000 * DAY));
    }
    forget(&temporary, PRIVACY_ERASE);
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    g_assert_true(removed);
    g_assert_false(temporary_suppressed(&temporary, VICTIM, NOON));
    g_assert_false(is_kept(&temporary, VICTIM));
    check_store(&temporary);
    temporary_free(&temporary);
}

/* Each entry holds on in its own scope, and is lifted there alone. */
static void test_scopes(void)
{
    struct temporary temporary;
    struct store_order scoped = order;
    struct store_answer answer;
    bool removed;

    temporary_new(&temporary, NULL);
    scoped.scope = "stream=news";
    g_assert_true(store_suppress(temporary.store, &scoped, NULL));
    scoped.scope = "tenant=shop";
    g_assert_true(store_suppress(temporary.store, &scoped, NULL));
    forget(&temporary, PRIVACY_ERASE);
    g_assert_false(is_kept(&temporary, VICTIM));
    for (int lifted = 0; lifted < 2; lifted++) {
        g_assert_true(store_forgotten(temporary.store, VICTIM, NULL, NOON, &answer, NULL));
        g_assert_cmpuint(answer.n, ==, lifted == 0 ? 2 : 1);
        g_assert_cmpstr(answer.entries[answer.n - 1].scope, ==, "tenant=shop");
        g_assert_true(store_forgotten(temporary.store, OTHER, NULL, NOON, &answer, NULL));
        g_assert_cmpuint(answer.n, ==, 0);
        g_assert_true(
            store_look_up(temporary.store, VICTIM, &(struct store_asker){.stream = "news"}, NOON, &answer, NULL));
        g_assert_cmpint(answer.suppressed, ==, lifted == 0);
        g_assert_cmpuint(answer.n, ==, lifted == 0);
        g_assert_true(
            store_look_up(temporary.store, VICTIM, &(struct store_asker){.tenant = "shop"}, NOON, &answer, NULL));
        g_assert_true(answer.suppressed);
        g_assert_cmpstr(answer.entries[0].scope, ==, "tenant=shop");
        g_assert_true(store_look_up(temporary.store, VICTIM, &(struct store_asker){0}, NOON, &answer, NULL));
        g_assert_false(answer.suppressed);
        g_assert_cmpuint(answer.n_closed, ==, lifted == 0 ? 2 : 1);
        scoped.scope = "stream=news";
        g_assert_true(store_unsuppress(temporary.store, &scoped, &removed, NULL));
        g_assert_cmpint(removed, ==, lifted == 0);
    }
    check_store(&temporary);
    temporary_free(&temporary);
}

/* A stranger names the address wherever a report has room for it. */
static void test_crafted(void)
{
    static const char *const raws[] = {
        "To: x\n\nwhat of victim@forget.example?",
        "Content-Transfer-Encoding: base64\n\nd2hhdCBvZiBWaWN0aW1AZm9yZ2V0LmV4YW1wbGU/",
        "Content-Transfer-Encoding: Quoted-Printable\n\nvict=\nim=40forget.example",
        "To: <bounces+victim=forget.example@bounces.example.com>\n\n",
    };
    struct temporary temporary;
    struct event other = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, OTHER);

    temporary_new(&temporary, NULL);
    temporary_suppress(temporary.store, VICTIM, 0);
    other.diagnostic = "550 not <VICTIM@forget.example>";
    other.final_recipient = VICTIM;
    other.remote_mta = "victim%40forget.example";
    other.message_id = "<victim@forget.example>";
    other.subject = "to victim@forget.example";
    other.list_id = other.feedback_id = other.user_agent = other.original_mail_from =
        "bounces+victim=forget.example@x.example";
    for (size_t i = 0; i < G_N_ELEMENTS(raws); i++)
        add_raw(&temporary, &other, 1, raws[i]);
    g_assert_true(is_kept(&temporary, VICTIM));
    struct privacy_traces before = forget(&temporary, PRIVACY_PREVIEW);
    g_assert_true(is_kept(&temporary, VICTIM));
    struct privacy_traces traces = forget(&temporary, PRIVACY_ERASE);
    g_assert_cmpmem(&before, sizeof before, &traces, sizeof traces);
    g_assert_cmpint(traces.messages, ==, G_N_ELEMENTS(raws));
    g_assert_cmpint(traces.entries, ==, 1);
    g_assert_false(is_kept(&temporary, VICTIM));
    g_assert_false(is_kept(&temporary, "victim"));
    /* who is named beside it loses nothing but texts */
    g_assert_true(temporary_suppressed(&temporary, OTHER, NOON));
    g_assert_true(temporary_suppressed(&temporary, VICTIM, NOON));
    check_store(&temporary);
    traces = forget(&temporary, PRIVACY_ERASE);
    g_assert_cmpint(traces.entries + traces.events + traces.changes + traces.messages + traces.texts, ==, 0);
    temporary_free(&temporary);
}

/* A neighbour, whose address is like it, keeps all. */
static void test_neighbour(void)
{
    struct temporary temporary;
    const struct event events[] = {
        temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "the.victim@forget.example"),
        temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "victim@forget.example.org")};

    temporary_new(&temporary, NULL);
    add_raw(&temporary, events, G_N_ELEMENTS(events), "To: the.victim@forget.example, victim@forget.example.org\n\n");
    struct privacy_traces traces = forget(&temporary, PRIVACY_ERASE);
    g_assert_cmpint(traces.entries + traces.events + traces.changes + traces.messages + traces.texts, ==, 0);
    g_assert_true(is_kept(&temporary, "the.victim@forget.example"));
    g_assert_true(temporary_suppressed(&temporary, "victim@forget.example.org", NOON));
    temporary_free(&temporary);
}

/* Columns of text that hold no address by their nature; a new one is erased (sql_privacy.h), or it is told here why
 * not. */
static const struct {
    const char *table, *column;
} others[] = {
    {"messages", "dialect"},
    {"messages", "feedback_type"},
    {"messages", "source_ip"},
    {"messages", "stream"},
    {"messages", "batch"},
    {"messages", "tenant"},
    {"events", "rule_version"},
    {"events", "effect"},
    {"events", "policy"},
    {"events", "revised_by"},
    {"events", "revised_from"},
    {"events", "kind"},
    {"events", "recipient_from"},
    {"events", "verdict"},
    {"events", "reason"},
    {"events", "party"},
    {"events", "rule"},
    {"events", "action"},
    {"events", "status"},
    {"events", "blocklist"},
    {"events", "evidence"},
    {"events", "scope"},
    {"events", "receiver"},
    {"events", "doubted"},
    {"causes", "reason"},
    {"causes", "verdict"},
    {"causes", "policy"},
    {"causes", "who"},
    {"causes", "door"},
    {"causes", "batch"},
    {"suppressions", "scope"},
    {"changes", "change"},
    {"changes", "scope"},
    {"forgiven", "scope"},
    {"outbox", "state"},
    {"proofs", "signers"},
    {"proofs", "proof"},
    {"claims", "signers"},
    {"secrets", "name"},
    {"tombstones", "scope"},
    {"tombstones", "reason"},
    {"tombstones", "verdict"},
    {"counters", "day"},
    {"counters", "stream"},
    {"counters", "sender_domain"},
    {"counters", "kind"},
    {"counters", "verdict"},
    {"counters", "reason"},
    {"counters", "recipient_domain"},
    {"tallies", "receiver"},
    {"tallies", "rule"},
    {"waves", "receiver"},
    {"waves", "rule"},
    {"batches", "name"},
    {"batches", "undone_by"},
    {"batches", "who"},
    {"batches", "note"},
    {"event_images", "scope"},
    {"event_images", "effect"},
    {"event_images", "policy"},
    {"event_images", "revised_by"},
    {"event_images", "revised_from"},
    {"forgiven_images", "scope"},
    /* rows that go as a whole */
    {"events", "recipient"},
    {"suppressions", "subject"},
    {"suppressions", "spelling"},
    {"changes", "subject"},
    {"forgiven", "recipient"},
    {"forgiven_images", "recipient"},
    {"forgetting", "subject"},
    {"feeds", "name"},
    {"feeds", "error"},
    {"tokens", "name"},
    {"tokens", "tenant"},
    {"tellings", "id"}, /* a keyed hash, as its other columns have */
};

static bool is_known(const char *table, const char *column)
{
    g_autofree char *word = g_strdup_printf("%s = ", column);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].table, table) == 0 && strcmp(others[i].column, column) == 0)
            return true;
    }
    for (enum sql sql = SQL_ERASE_OUTBOX; sql <= SQL_ERASE_NOTE; sql++) {
        g_autofree char *update = g_strdup_printf("UPDATE %s SET ", table);
        const char *text = sql_of_sqlite(sql);
        if (g_str_has_prefix(text, update) && strstr(text, word) != NULL)
            return true;
    }
    return strcmp(table, "outbox") == 0 && strstr(sql_of_sqlite(SQL_HOLDING_OUTBOX), column) != NULL;
}

static void test_columns(void)
{
    struct temporary temporary;
    sqlite3 *database = NULL;
    sqlite3_stmt *columns = NULL;

    temporary_new(&temporary, NULL);
    g_assert_cmpint(sqlite3_open(temporary.path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(database,
                                       "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
                                       " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT'",
                                       -1, &columns, NULL),
                    ==, SQLITE_OK);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(columns, 0);
        const char *column = (const char *)sqlite3_column_text(columns, 1);
        if (!is_known(table, column))
            g_error("%s.%s may hold an address that is forgotten: is it erased?", table, column);
    }
    sqlite3_finalize(columns);
    sqlite3_close(database);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/privacy/complaint", test_complaint);
    g_test_add_func("/store/privacy/scopes", test_scopes);
    g_test_add_func("/store/privacy/crafted", test_crafted);
    g_test_add_func("/store/privacy/neighbour", test_neighbour);
    g_test_add_func("/store/privacy/columns", test_columns);
    return g_test_run();
}
