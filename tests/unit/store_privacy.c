/* Forgetting an address: what goes and what stays, and what a stranger can do about either. */
#include "store/privacy.h"

#include <sqlite3.h>
#include <zstd.h>

#include "store/feed.h"
#include "store/outbox.h"
#include "store/revision.h"
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

/* --- every column of text ----------------------------------------------------------------------------------------- */

/* Those that hold no address: our own words, ... */
static const struct {
    const char *table, *columns; /* with blanks between and around them */
} others[] = {
    {"messages", " dialect batch "},
    {"events", " rule_version effect kind recipient_from verdict reason party action evidence doubted "},
    {"causes", " reason verdict door "},
    {"changes", " change "},
    {"outbox", " state "},
    {"secrets", " name "},
    {"tombstones", " reason verdict "},
    {"counters", " day kind verdict reason "},
    {"batches", " name undone_by "},
    {"event_images", " effect "},
    {"tallies", " receiver rule "},
    {"waves", " receiver rule "},
    {"tellings", " id "},
    /* ... names that the operator gives, ... */
    {"feeds", " name "},
    {"tokens", " name tenant "},
    {"suppressions", " scope "},
    {"changes", " scope "},
    {"forgiven", " scope "},
    {"forgiven_images", " scope "},
    {"tombstones", " scope "},
    /* ... and addresses, whose rows go as a whole */
    {"events", " recipient "},
    {"suppressions", " subject spelling "},
    {"changes", " subject "},
    {"forgiven", " recipient "},
    {"forgiven_images", " recipient "},
    {"forgetting", " subject "},
};

static bool is_other(const char *table, const char *column)
{
    g_autofree char *word = g_strdup_printf(" %s ", column);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].table, table) == 0 && strstr(others[i].columns, word) != NULL)
            return true;
    }
    return false;
}

/* Every table that has texts of others has a row of another address. */
static void fill_tables(struct temporary *temporary)
{
    struct event event = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, OTHER);
    const struct revision_order undo = {.who = "ann", .now = NOON, .note = "a mistake", .batch = "batch"};
    g_autoptr(Revision) revision = NULL;
    struct stored_event row;
    const struct outgoing_order going = {.recipient = "ann@example.com", .came_to = "fbl@example.com", .now = NOON};
    enum outgoing_state state;
    const guint8 digest[32] = {0xee, 1}; /* as add_raw() makes it */

    event.signers = "signer.example";
    event.evidence = REPORT_EVIDENCE_UNPROVEN;
    event.may_suppress = false;
    event.signers_known = true;
    add_raw(temporary, &event, 1, "nobody");
    event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, OTHER);
    event.proof = "dkim d=example.org s=key1";
    temporary_add(temporary, &event, 1, NOON);
    revision = revision_new(temporary->store, &(struct store_filter){.kind = "bounce"}, NULL);
    g_assert_true(revision_next(revision, &row, NULL));
    revision_doubt(revision);
    g_assert_true(revision_apply(revision, &undo, 10, NULL));
    temporary_suppress(temporary->store, OTHER, 0);
    feed_state_free(store_feed_open(temporary->store, "crm", NULL));
    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_true(store_outbox_add(temporary->store, digest, &going, &state, NULL));
    g_assert_true(store_commit(temporary->store, NULL));
}

static gint64 fill_column(sqlite3 *database, const char *table, const char *column)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE OR IGNORE %s SET %s = 'of <Victim@forget.example> ' || rowid", table, column);
    g_autofree char *keyed =
        g_strdup_printf("UPDATE OR IGNORE %s SET %s = 'of <Victim@forget.example>'", table, column);
    bool numbered = sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;

    if (!numbered && sqlite3_exec(database, keyed, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s.%s: %s", table, column, sqlite3_errmsg(database));
    return sqlite3_changes(database);
}

/* The tables and columns of text, one after the other. */
static GPtrArray *list_columns(sqlite3 *database)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *columns = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database,
                                       "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
                                       " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT'",
                                       -1, &columns, NULL),
                    ==, SQLITE_OK);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        for (int i = 0; i < 2; i++)
            g_ptr_array_add(names, g_strdup((const char *)sqlite3_column_text(columns, i)));
    }
    sqlite3_finalize(columns);
    return names;
}

/* Fills each with the address. Those whose texts are to be told as such, for the outbox is told as a whole. */
static GPtrArray *fill_columns(struct temporary *temporary)
{
    GPtrArray *told = g_ptr_array_new_with_free_func(g_free);
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    g_autoptr(GPtrArray) names = list_columns(database);
    for (guint i = 0; i < names->len; i += 2) {
        const char *table = names->pdata[i], *column = names->pdata[i + 1];

        if (is_other(table, column))
            continue;
        if (fill_column(database, table, column) == 0)
            g_error("%s.%s: the test has no row of it", table, column);
        if (strcmp(table, "outbox") != 0)
            g_ptr_array_add(told, g_strdup(column));
    }
    sqlite3_close(database);
    return told;
}

static bool is_told(const GPtrArray *mentions, const char *field)
{
    for (guint i = 0; i < mentions->len; i++) {
        if (strcmp(((const struct privacy_mention *)mentions->pdata[i])->field, field) == 0)
            return true;
    }
    return false;
}

/* Whatever column of text the address stands in, it is told of, and erased, and the rows of others stay. */
static void test_columns(void)
{
    g_autoptr(GPtrArray) mentions = g_ptr_array_new_with_free_func((GDestroyNotify)privacy_mention_free);
    g_autoptr(GPtrArray) none = g_ptr_array_new_with_free_func((GDestroyNotify)privacy_mention_free);
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    fill_tables(&temporary);
    g_autoptr(GPtrArray) fields = fill_columns(&temporary);
    g_assert_cmpuint(fields->len, >, 30);
    g_assert_true(is_kept(&temporary, VICTIM));
    g_assert_true(store_mentions(temporary.store, VICTIM, mentions, NULL));
    for (guint i = 0; i < fields->len; i++) {
        if (!is_told(mentions, fields->pdata[i]))
            g_error("%s is not told", (const char *)fields->pdata[i]);
    }
    forget(&temporary, PRIVACY_ERASE);
    g_assert_false(is_kept(&temporary, "victim"));
    g_assert_true(store_mentions(temporary.store, VICTIM, none, NULL));
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_true(temporary_suppressed(&temporary, OTHER, NOON));
    check_store(&temporary);
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
