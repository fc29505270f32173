/* The SQL and the schema: every text compiles, uses its indexes, and has the columns of event_fields. */
#include <sqlite3.h>

#include "store/sqlite/search.h"
#include "store/sqlite/sql.h"
#include "store_temporary.h"

static sqlite3 *open_beside(const struct temporary *temporary)
{
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open_v2(temporary->path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
    g_assert_true(search_define(database, NULL, NULL));
    return database;
}

static void test_texts(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    sqlite3 *database = open_beside(&temporary);
    for (enum sql sql = 0; sql < SQL_TEXTS; sql++) {
        sqlite3_stmt *statement = NULL;
        const char *rest = NULL;

        /* One or the other, so that nobody changes the one that is not used. */
        g_assert_true((sql_texts[sql].text == NULL) != (sql_texts[sql].sqlite == NULL));
        g_assert_nonnull(sql_texts[sql].doing);
        g_test_message("%s", sql_of_sqlite(sql));
        g_assert_cmpint(sqlite3_prepare_v2(database, sql_of_sqlite(sql), -1, &statement, &rest), ==, SQLITE_OK);
        g_assert_cmpstr(rest, ==, "");
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    temporary_free(&temporary);
}

/* Those that read everything by their nature, or the start of an index; all others must find their rows by a key. */
static bool may_scan(enum sql sql)
{
    static const enum sql scanning[] = {SQL_TABLE_COUNT,
                                        SQL_SCHEMA,
                                        SQL_SUPPRESSIONS,
                                        SQL_OUTBOX_NEXT,
                                        SQL_ADD_CLAIM,
                                        SQL_CLAIM_NEXT,
                                        SQL_SET_LOG_END,
                                        SQL_STREAM,
                                        SQL_DROP_OLD_FORGIVEN_IMAGES,
                                        SQL_DROP_OLD_BATCHES,
                                        SQL_BATCH_NAMED,
                                        SQL_REFERENCES,
                                        SQL_LIST_OFF_LOG,
                                        SQL_LOG_OFF_LIST,
                                        SQL_TALLY_ROOM,
                                        SQL_TALLY_WATCHED,
                                        SQL_TALLY_FOLD,
                                        SQL_TALLY_DROP_FOLDED,
                                        SQL_TALLY_DROP_DAYS,
                                        SQL_TALLY_DROP,
                                        SQL_WAVES_NEWS,
                                        SQL_ANY_TOMBSTONE,
                                        SQL_HOLDING_OUTBOX,
                                        SQL_BATCH_CHANGES,
                                        SQL_FEEDS,
                                        SQL_ERASE_FEED_ERRORS,
                                        SQL_ERASE_CLAIMS,
                                        SQL_ERASE_BATCH_TEXTS,
                                        SQL_MENTIONS_ELSEWHERE,
                                        SQL_FIRST_CHANGE_SINCE,
                                        SQL_TOKENS};

    for (size_t i = 0; i < G_N_ELEMENTS(scanning); i++) {
        if (scanning[i] == sql)
            return true;
    }
    return false;
}

/* "SCAN table" reads all of it; "SCAN CONSTANT ROW", "SCAN 16 CONSTANT ROWS" and those of a subquery are no tables, and
 * that of marks is one row. */
static bool scans(const char *detail)
{
    return g_str_has_prefix(detail, "SCAN ") && strstr(detail, "CONSTANT ROW") == NULL &&
           !g_str_has_prefix(detail, "SCAN (") && strcmp(detail, "SCAN marks") != 0;
}

static void check_plan(sqlite3 *database, const char *text)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", text, NULL);
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database, explain, -1, &statement, NULL), ==, SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        g_test_message("%s: %s", text, detail);
        g_assert_false(scans(detail));
    }
    sqlite3_finalize(statement);
}

static void test_plans(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    sqlite3 *database = open_beside(&temporary);
    for (enum sql sql = 0; sql < SQL_TEXTS; sql++) {
        if (!g_str_has_prefix(sql_of_sqlite(sql), "PRAGMA") && sql != SQL_VACUUM && !may_scan(sql))
            check_plan(database, sql_of_sqlite(sql));
    }
    sqlite3_close(database);
    temporary_free(&temporary);
}

/* Rows that are asked for by their place are found by it, and not put in order first, however many there are. */
static void test_tails(void)
{
    static const enum sql tails[] = {SQL_EVENTS_AFTER, SQL_LAST_EVENTS, SQL_CHANGES, SQL_LAST_CHANGES, SQL_EVENT_PAGE};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    sqlite3 *database = open_beside(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql_of_sqlite(tails[i]), NULL);
        sqlite3_stmt *statement = NULL;

        g_assert_cmpint(sqlite3_prepare_v2(database, explain, -1, &statement, NULL), ==, SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(statement, 3);
            g_test_message("%s", detail);
            g_assert_false(g_str_has_prefix(detail, "USE TEMP B-TREE"));
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    temporary_free(&temporary);
}

/* The columns of a table from `first` on are the fields of `owner`, in their order. */
static void check_columns(sqlite3 *database, const char *table, const char *first, enum event_owner owner)
{
    g_autofree char *text = g_strdup_printf("SELECT name, type FROM pragma_table_info('%s') WHERE cid >="
                                            " (SELECT cid FROM pragma_table_info('%s') WHERE name = '%s')",
                                            table, table, first);
    sqlite3_stmt *columns = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database, text, -1, &columns, NULL), ==, SQLITE_OK);
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        bool number = field->type == EVENT_TYPE_NUMBER || field->type == EVENT_TYPE_TIME;

        if (field->owner != owner || strcmp(field->name, "source") == 0)
            continue;
        g_test_message("%s", field->name);
        g_assert_cmpint(sqlite3_step(columns), ==, SQLITE_ROW);
        g_assert_cmpstr((const char *)sqlite3_column_text(columns, 0), ==, field->name);
        g_assert_cmpstr((const char *)sqlite3_column_text(columns, 1), ==, number ? "INTEGER" : "TEXT");
    }
    sqlite3_finalize(columns);
}

/* The fields are columns of the table of their owner, and the first ones of what reads an event. */
static void test_event_columns(void)
{
    struct temporary temporary;
    sqlite3_stmt *events = NULL;
    int column = 0;

    temporary_new(&temporary, NULL);
    sqlite3 *database = open_beside(&temporary);
    check_columns(database, "events", "kind", EVENT_OWNER_RECIPIENT);
    check_columns(database, "messages", "reporting_mta", EVENT_OWNER_MESSAGE);
    g_assert_cmpint(sqlite3_prepare_v2(database, sql_of_sqlite(SQL_EVENTS), -1, &events, NULL), ==, SQLITE_OK);
    for (const struct event_field *field = event_fields; field->name != NULL; field++, column++)
        g_assert_cmpstr(sqlite3_column_name(events, column), ==, field->name);
    sqlite3_finalize(events);
    sqlite3_close(database);
    temporary_free(&temporary);
}

/* However long a text is that a report gives, and wherever its characters end: no more of it is kept. */
static void test_long_texts(void)
{
    struct temporary temporary;
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");
    g_autoptr(GString) text = g_string_new("x");
    g_autoptr(GError) error = NULL;
    struct stored_event row;

    while (text->len < 8192)
        g_string_append(text, "\u00e4");
    event.diagnostic = event.subject = event.reporting_mta = text->str;
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_autoptr(StoreCursor) cursor = store_events(temporary.store, &(struct store_filter){0}, &error);
    g_assert_true(store_next_event(cursor, &row, &error));
    const char *const kept[] = {row.event.diagnostic, row.event.subject, row.event.reporting_mta};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_assert_cmpuint(strlen(kept[i]), ==, STORE_TEXT_MAX - 1);
        g_assert_true(g_utf8_validate(kept[i], -1, NULL));
    }
    g_clear_pointer(&cursor, store_cursor_free);
    temporary_free(&temporary);
}

/* Every field comes back as it was put in. */
static void test_round_trip(void)
{
    struct temporary temporary;
    struct event event = {.may_suppress = true};
    struct stored_event row;
    unsigned value = 0;
    g_autoptr(GError) error = NULL;

    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        if (field->type == EVENT_TYPE_NAME)
            event_field_set_text(&event, field, field->names[1]);
        else
            event_field_set_text(&event, field, field->name);
        event_field_set_number(&event, field, ++value);
    }
    event.source = "smtp"; /* as its message's */
    event.recipient = "someone@example.com";
    event.command = "RCPT";
    event.mailed = NOON - DAY;
    event.proof = "dkim d=example.com s=key1";
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    for (unsigned i = 0; i < 2; i++) {
        const struct store_filter filter = {.recipient = i == 0 ? NULL : "SomeOne@example.com"};
        g_autoptr(StoreCursor) cursor = store_events(temporary.store, &filter, &error);

        g_assert_true(store_next_event(cursor, &row, &error));
        for (const struct event_field *field = event_fields; field->name != NULL; field++) {
            g_test_message("%s", field->name);
            g_assert_cmpstr(event_field_text(&row.event, field), ==, event_field_text(&event, field));
            g_assert_cmpint(event_field_number(&row.event, field), ==, event_field_number(&event, field));
        }
        g_assert_cmpstr(row.event.command, ==, "RCPT");
        g_assert_cmpstr(row.event.proof, ==, "dkim d=example.com s=key1");
        g_assert_true(row.event.may_suppress);
        g_assert_cmpint(row.event.mailed, ==, NOON - DAY);
        g_assert_cmpint(row.received, ==, NOON);
        g_assert_cmpstr(row.digest, ==,
                        "01"
                        "00000000000000000000000000000000000000000000000000000000000000");
        g_assert_cmpstr(row.rule_version, ==, "v1");
        g_assert_cmpint(row.effect, ==, POLICY_SUPPRESSED);
        g_assert_cmpstr(row.policy, ==, "1");
        g_assert_false(store_next_event(cursor, &row, &error));
        g_assert_false(store_next_event(cursor, &row, &error));
        g_assert_no_error(error);
    }
    temporary_free(&temporary);
}

static void test_append_only(void)
{
    static const char *const changes[] = {
        "UPDATE changes SET at = 0",
        "DELETE FROM changes",
        "DELETE FROM changes WHERE sequence = 1",
        "INSERT OR REPLACE INTO changes (sequence, at, change, subject, scope, until, cause)"
        " VALUES (1, 0, 'add', 'x', '', 0, 1)",
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    sqlite3 *database = open_beside(&temporary);
    g_assert_cmpint(sqlite3_exec(database, sql_of_sqlite(SQL_RECURSIVE_TRIGGERS), NULL, NULL, NULL), ==, SQLITE_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_test_message("%s", changes[i]);
        g_assert_cmpint(sqlite3_exec(database, changes[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
        g_assert_cmpstr(sqlite3_errmsg(database), ==, "the change log is append-only");
    }
    sqlite3_close(database);
    temporary_free(&temporary);
}

static guint count_events(struct store *store, const struct store_filter *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreCursor) cursor = store_events(store, filter, &error);
    struct stored_event row;
    guint count = 0;

    g_assert_no_error(error);
    while (store_next_event(cursor, &row, &error))
        count++;
    g_assert_no_error(error);
    return count;
}

static void test_filters(void)
{
    static const struct {
        struct store_filter filter;
        guint events;
    } cases[] = {
        {{0}, 4},
        {{.recipient = "A@example.com"}, 2},
        {{.domain = "Example.ORG"}, 1},
        {{.domain = "ample.org"}, 0},
        {{.stream = "news"}, 1},
        {{.kind = "delay"}, 1},
        {{.reason = "mailbox_full"}, 2},
        {{.since = NOON + 1}, 3},
        {{.until = NOON + 1}, 1},
        {{.since = NOON + 1, .until = NOON + 3}, 2},
        {{.limit = 3}, 3},
        {{.recipient = "a@example.com", .kind = "bounce", .since = NOON, .limit = 5}, 1},
    };
    struct temporary temporary;
    struct event events[] = {
        temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "a@example.com"),
        temporary_event(REPORT_KIND_DELAY, REASON_MAILBOX_FULL, "a@example.com"),
        temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "b@example.org"),
        temporary_event(REPORT_KIND_OTHER, REASON_NONE, NULL),
    };

    events[2].stream = "news";
    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(events); i++)
        temporary_add(&temporary, &events[i], 1, NOON + i);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("row %zu", i);
        g_assert_cmpuint(count_events(temporary.store, &cases[i].filter), ==, cases[i].events);
    }
    temporary_free(&temporary);
}

/* A limit keeps the newest, and they come oldest first. */
static void test_newest(void)
{
    static const struct {
        struct store_filter filter;
        const char *received; /* seconds after NOON */
    } cases[] = {
        {{.limit = 1}, " 3"},
        {{.limit = 2}, " 2 3"},
        {{.limit = 9}, " 0 1 2 3"},
        {{.limit = 1, .until = NOON + 2}, " 1"},
        {{.limit = 1, .recipient = "a@example.com"}, " 2"},
        {{.limit = 2, .recipient = "a@example.com", .kind = "bounce"}, " 0 2"},
    };
    struct temporary temporary;
    const char *const recipients[] = {"a@example.com", "b@example.com", "a@example.com", "b@example.com"};

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(recipients); i++) {
        const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, recipients[i]);
        temporary_add(&temporary, &event, 1, NOON + i);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) received = g_string_new(NULL);
        g_autoptr(StoreCursor) cursor = store_events(temporary.store, &cases[i].filter, &error);
        struct stored_event row;

        g_test_message("row %zu", i);
        while (store_next_event(cursor, &row, &error))
            g_string_append_printf(received, " %d", (int)(row.received - NOON));
        g_assert_no_error(error);
        g_assert_cmpstr(received->str, ==, cases[i].received);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/sql/tails", test_tails);
    g_test_add_func("/store/sql/texts", test_texts);
    g_test_add_func("/store/sql/plans", test_plans);
    g_test_add_func("/store/sql/event-columns", test_event_columns);
    g_test_add_func("/store/sql/long-texts", test_long_texts);
    g_test_add_func("/store/sql/round-trip", test_round_trip);
    g_test_add_func("/store/sql/append-only", test_append_only);
    g_test_add_func("/store/sql/filters", test_filters);
    g_test_add_func("/store/sql/newest", test_newest);
    return g_test_run();
}
