/* store_temporary.h: a store in a directory of its own, for the tests of store/, reports/ and bouncectl, and events to
 * put into it. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "store/store.h"

#define DAY G_GINT64_CONSTANT(86400)
#define NOON G_GINT64_CONSTANT(1795262400) /* 2026-11-21T12:00:00Z */

struct temporary {
    char *directory;
    char *path;
    struct store *store;
    unsigned messages; /* that were added: makes each digest another one */
};

static inline struct store *temporary_open(const struct temporary *temporary, enum store_mode mode,
                                           const GPtrArray *policies)
{
    struct store_settings settings = {.path = temporary->path, .mode = mode, .policies = policies};
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(&settings, &error);

    g_assert_no_error(error);
    return store;
}

static inline void temporary_make(struct temporary *temporary)
{
    *temporary = (struct temporary){.directory = g_dir_make_tmp("bounced-XXXXXX", NULL)};
    g_assert_nonnull(temporary->directory);
    temporary->path = g_build_filename(temporary->directory, "bounced.db", NULL);
}

static inline void temporary_new(struct temporary *temporary, const GPtrArray *policies)
{
    temporary_make(temporary);
    temporary->store = temporary_open(temporary, STORE_MODE_WRITE, policies);
}

static inline void temporary_free(struct temporary *temporary)
{
    GDir *directory = g_dir_open(temporary->directory, 0, NULL);
    const char *name;

    store_free(temporary->store);
    while ((name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *path = g_build_filename(temporary->directory, name, NULL);
        g_remove(path);
    }
    g_dir_close(directory);
    g_assert_cmpint(g_rmdir(temporary->directory), ==, 0);
    g_free(temporary->directory);
    g_free(temporary->path);
}

/* A proven event as the parser and the classifier make it by default. */
static inline struct event temporary_event(enum report_kind kind, enum reason reason, const char *recipient)
{
    return (struct event){
        .source = "smtp",
        .kind = kind,
        .recipient = recipient,
        .verdict = kind == REPORT_KIND_DELAY ? VERDICT_NONE : reason_row(reason)->verdict,
        .reason = reason,
        .party = reason_row(reason)->party,
        .rule = "test-rule",
        .evidence = REPORT_EVIDENCE_SIGNED,
        .may_suppress = true,
    };
}

/* Adds a message with these events in the transaction that is open. */
static inline void temporary_put(struct temporary *temporary, const struct event *events, size_t n, gint64 received)
{
    guint8 digest[32] = {0};
    struct store_message message = {
        .digest = digest, .received = received, .source = "smtp", .mail_from = "", .size = 5, .rule_version = "v1"};
    g_autoptr(GError) error = NULL;

    temporary->messages++;
    memcpy(digest, &temporary->messages, sizeof temporary->messages);
    g_assert_cmpint(store_add(temporary->store, &message, events, n, &error), ==, STORE_RESULT_ADDED);
    g_assert_no_error(error);
}

/* The same in a transaction of its own. */
static inline void temporary_add(struct temporary *temporary, const struct event *events, size_t n, gint64 received)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(store_begin(temporary->store, &error));
    temporary_put(temporary, events, n, received);
    g_assert_true(store_commit(temporary->store, &error));
}

/* Puts an address on the list by hand, at noon. */
static inline bool temporary_suppress(struct store *store, const char *recipient, gint64 until)
{
    const struct store_order order = {.subject = recipient, .who = "ann", .now = NOON, .until = until};

    return store_suppress(store, &order, NULL);
}

/* The effect of the last event of this address. */
static inline enum policy_effect temporary_last_effect(struct store *store, const char *recipient)
{
    const struct store_filter filter = {.recipient = recipient};
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreCursor) cursor = store_events(store, &filter, &error);
    enum policy_effect effect = POLICY_IGNORED;
    struct stored_event row;

    g_assert_no_error(error);
    while (store_next_event(cursor, &row, &error))
        effect = row.effect;
    g_assert_no_error(error);
    return effect;
}

static inline bool temporary_suppressed(struct temporary *temporary, const char *recipient, gint64 now)
{
    bool suppressed;

    g_assert_true(store_check(temporary->store, recipient, now, NULL, &suppressed, NULL));
    return suppressed;
}
