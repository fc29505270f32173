/* Databases that older versions made: what they keep is there after the steps to the present schema. */
#include <sqlite3.h>

#include "store/verification.h"
#include "store_temporary.h"

extern const char schema_sql[];
extern const size_t schema_sql_ends[];

/* A database of version 3 with a report on two addresses, of which one is on the list for it, and a message without
 * events. An operator put another on the list, prolonged that, and took a third one off. */
static const char version_3[] =
    "INSERT INTO messages VALUES (1, zeroblob(32), 1795262400, 'smtp', '', 'news@bounces.example', 500),"
    " (2, randomblob(32), 1795262401, 'lmtp', NULL, NULL, 5);"
    "INSERT INTO events (id, message, received, effect, counts, may_suppress, source, kind, recipient, verdict, reason,"
    " diagnostic, reporting_mta, incidents, sender, subject, stream, evidence) VALUES"
    " (7, 1, 1795262400, 'suppressed', 1, 1, 'smtp', 'bounce', 'a@example.com', 'hard', 'user_unknown', '550 no',"
    " 'mx.example.com', 3, 'us@shop.example', printf('%.*c', 8000, 's'), 'news', 'signed'),"
    " (8, 1, 1795262400, 'never', 1, 1, 'smtp', 'bounce', 'b@example.com', 'soft', 'expired', '421 later',"
    " 'mx.example.com', 3, 'us@shop.example', printf('%.*c', 8000, 's'), 'news', 'signed');"
    "INSERT INTO proofs VALUES (7, 1, NULL, 'dkim d=example.com s=key1');"
    "INSERT INTO forgiven VALUES ('b@example.com', 8, 0), ('gone@example.com', 9, 7);"
    "INSERT INTO suppressions VALUES ('a@example.com', 'user_unknown', 'hard', '1', 'policy', NULL, 1795262400, 0, 7),"
    " ('Some.One@example.com', NULL, 'none', NULL, 'ann', 'asked', 1795262300, 1895262400, NULL);"
    "INSERT INTO changes (sequence, at, change, recipient, reason, verdict, until, who, note, message) VALUES"
    " (1, 1795262300, 'add', 'Some.One@example.com', NULL, 'none', 1795262500, 'ann', 'asked', NULL),"
    " (2, 1795262301, 'add', 'gone@example.com', NULL, 'none', 0, 'ann', NULL, NULL),"
    " (3, 1795262400, 'add', 'a@example.com', 'user_unknown', 'hard', 0, 'policy', NULL, 1),"
    " (4, 1795262401, 'update', 'Some.One@example.com', NULL, 'none', 1895262400, 'bob', 'again', NULL),"
    " (6, 1795262402, 'remove', 'gone@example.com', NULL, 'none', 0, 'bob', 'typo', NULL),"
    " (9, 1795262403, 'add', 'last@example.com', NULL, 'none', 0, 'bob', NULL, NULL),"
    " (10, 1795262404, 'remove', 'last@example.com', NULL, 'none', 0, 'bob', 'typo', NULL)";

static void make_version_3(const char *path)
{
    g_autofree char *steps = g_strndup(schema_sql, schema_sql_ends[2]);
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open(path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, steps, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, version_3, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
}

static void check_event(const struct stored_event *row, const char *recipient, const char *diagnostic)
{
    g_assert_cmpstr(row->event.recipient, ==, recipient);
    g_assert_cmpstr(row->event.diagnostic, ==, diagnostic);
    g_assert_cmpstr(row->event.source, ==, "smtp");
    g_assert_cmpstr(row->event.reporting_mta, ==, "mx.example.com");
    g_assert_cmpstr(row->event.sender, ==, "us@shop.example");
    g_assert_cmpstr(row->event.stream, ==, "news");
    g_assert_cmpuint(strlen(row->event.subject), ==, STORE_TEXT_MAX);
    g_assert_cmpint(row->event.incidents, ==, 3);
    g_assert_cmpint(row->event.evidence, ==, REPORT_EVIDENCE_SIGNED);
    g_assert_cmpint(row->event.mailed, ==, 0);
}

static void test_version_3(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    struct suppression found;
    struct stored_event row;
    bool suppressed;

    temporary_make(&temporary);
    make_version_3(temporary.path);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_autoptr(StoreCursor) cursor = store_events(temporary.store, &(struct store_filter){0}, &error);
    g_assert_true(store_next_event(cursor, &row, &error));
    check_event(&row, "a@example.com", "550 no");
    g_assert_cmpstr(row.event.proof, ==, "dkim d=example.com s=key1");
    g_assert_true(store_next_event(cursor, &row, &error));
    check_event(&row, "b@example.com", "421 later");
    g_assert_false(store_next_event(cursor, &row, &error));
    g_assert_no_error(error);
    g_clear_pointer(&cursor, store_cursor_free);

    g_assert_true(store_check(temporary.store, "a@example.com", NOON, &found, &suppressed, &error));
    g_assert_true(suppressed);
    g_assert_cmpstr(found.stream, ==, "news");
    g_assert_cmpstr(found.diagnostic, ==, "550 no");
    g_assert_cmpstr(found.policy, ==, "1");
    g_assert_cmpint(found.door, ==, STORE_DOOR_POLICY);
    temporary_free(&temporary);
}

/* The list and its log are what they were, and agree; the log goes on after its last number. */
static void test_list(void)
{
    static const char *const rows[] = {
        "1 add Some.One@example.com all ann cli asked", "2 add gone@example.com all ann cli -",
        "3 add a@example.com all policy policy -",      "4 update Some.One@example.com all bob cli again",
        "6 remove gone@example.com all bob cli typo",   "9 add last@example.com all bob cli -",
        "10 remove last@example.com all bob cli typo",  "11 add new@example.com all ann cli -",
    };
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    struct temporary temporary;
    struct suppression found;
    struct change row;
    bool suppressed;

    temporary_make(&temporary);
    make_version_3(temporary.path);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(temporary_suppress(temporary.store, "new@example.com", 0));
    g_assert_true(store_check(temporary.store, "some.one@example.com", NOON, &found, &suppressed, NULL));
    g_assert_true(suppressed);
    g_assert_cmpstr(found.subject, ==, "Some.One@example.com");
    g_assert_cmpstr(found.scope, ==, "all");
    g_assert_cmpstr(found.who, ==, "ann");
    g_assert_cmpstr(found.note, ==, "asked");
    g_assert_cmpint(found.since, ==, 1795262300);
    g_autoptr(StoreCursor) cursor = store_changes(temporary.store, &(struct store_filter){0}, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(store_next_change(cursor, &row, NULL));
        g_autofree char *text =
            g_strdup_printf("%" G_GINT64_FORMAT " %s %s %s %s %s %s", row.sequence, row.change, row.subject, row.scope,
                            row.who, store_door_names[row.door], row.note != NULL ? row.note : "-");
        g_assert_cmpstr(text, ==, rows[i]);
    }
    g_assert_false(store_next_change(cursor, &row, NULL));
    g_clear_pointer(&cursor, store_cursor_free);
    g_assert_true(store_verify(temporary.store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
    temporary_free(&temporary);
}

/* A row that refers to one of a table that was made anew still does, and the connection checks that. */
static void test_references(void)
{
    struct temporary temporary;
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "c@example.com");
    sqlite3 *database = NULL;
    sqlite3_stmt *wrong = NULL;

    temporary_make(&temporary);
    make_version_3(temporary.path);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_assert_cmpint(sqlite3_open(temporary.path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(database, "PRAGMA foreign_key_check", -1, &wrong, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(wrong), ==, SQLITE_DONE);
    sqlite3_finalize(wrong);
    g_assert_cmpint(
        sqlite3_exec(database, "PRAGMA foreign_keys = ON; DELETE FROM events WHERE id = 7", NULL, NULL, NULL), ==,
        SQLITE_CONSTRAINT);
    sqlite3_close(database);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/migrate/version-3", test_version_3);
    g_test_add_func("/store/migrate/list", test_list);
    g_test_add_func("/store/migrate/references", test_references);
    return g_test_run();
}
