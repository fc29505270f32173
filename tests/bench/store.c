/* How many messages a second the store takes, for groups of messages a transaction: bench_store DIRECTORY [MESSAGES].
 * Each message has one event and 1.5 KB of compressed raw bytes, as a 4 KB report has; one in ten recipients was seen
 * before. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define NOW G_GINT64_CONSTANT(1795262400)
#define RAW_SIZE 1500

static void stop(const GError *error)
{
    fprintf(stderr, "bench_store: %s\n", error->message);
    exit(1);
}

static void make_event(struct event *event, guint number, char *recipient, size_t size)
{
    static const enum reason reasons[] = {REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_BLOCKED,
                                          REASON_SPAM_DETECTED};
    enum reason reason = reasons[number % G_N_ELEMENTS(reasons)];
    guint person = number % 10 == 9 ? number / 2 : number;

    g_snprintf(recipient, size, "someone.%08x@d%u.example", person * 2654435761U, person % 500);
    *event = (struct event){
        .source = "smtp",
        .kind = REPORT_KIND_BOUNCE,
        .recipient = recipient,
        .recipient_from = REPORT_FROM_SIGNED,
        .verdict = reason_row(reason)->verdict,
        .reason = reason,
        .party = reason_row(reason)->party,
        .rule = "bench-rule",
        .action = REPORT_ACTION_FAILED,
        .status = "5.1.1",
        .reply = 550,
        .diagnostic = "550 5.1.1 The address that you tried to reach does not exist here; see https://mx.example/5.1.1",
        .reporting_mta = "mta.example.com",
        .remote_mta = "mx.example",
        .dialect = "rfc3464",
        .sender = "news@example.com",
        .message_id = "20261121.120000.42@example.com",
        .subject = "The news of this week",
        .list_id = "news.example.com",
        .occurred = NOW,
        .stream = "news",
        .evidence = REPORT_EVIDENCE_SIGNED,
        .may_suppress = true,
    };
}

static void add(struct store *store, guint number, GBytes *raw)
{
    guint8 digest[32];
    char recipient[64];
    struct event event;
    struct store_message message = {
        .digest = digest,
        .received = NOW + number / 1000,
        .source = "smtp",
        .mail_from = "",
        .rcpt_to = "news+someone=example.com@bounces.example.com",
        .size = 4096,
        .raw = raw,
        .rule_version = "0123456789ab",
    };
    g_autoptr(GError) error = NULL;

    /* As random as a digest is. */
    for (size_t i = 0; i < 4; i++) {
        guint64 word = (number * G_GUINT64_CONSTANT(4) + i + 1) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
        word = (word ^ word >> 29) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
        memcpy(digest + 8 * i, &word, sizeof word);
    }
    make_event(&event, number, recipient, sizeof recipient);
    if (store_add(store, &message, &event, 1, &error) != STORE_RESULT_ADDED)
        stop(error);
}

static double run(const char *directory, guint group, guint messages, GBytes *raw)
{
    g_autofree char *path = g_strdup_printf("%s/bench.db", directory);
    const struct store_settings settings = {path, STORE_MODE_DAEMON, NULL, 5000};
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(&settings, &error);

    if (store == NULL)
        stop(error);
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < messages; i++) {
        if (i % group == 0 && !store_begin(store, &error))
            stop(error);
        add(store, i, raw);
        if ((i % group == group - 1 || i == messages - 1) && !store_commit(store, &error))
            stop(error);
    }
    double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    store_free(store);
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *file = g_strconcat(path, suffixes[i], NULL);
        g_remove(file);
    }
    return messages / seconds;
}

int main(int argc, char **argv)
{
    static const guint groups[] = {1, 10, 50, 100};
    guint64 messages = 50000;
    guint8 bytes[RAW_SIZE];

    if (argc < 2 || argc > 3 || (argc == 3 && !g_ascii_string_to_unsigned(argv[2], 10, 1, 10000000, &messages, NULL))) {
        fprintf(stderr, "usage: bench_store DIRECTORY [MESSAGES]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)g_random_int();
    g_autoptr(GBytes) raw = g_bytes_new(bytes, sizeof bytes);
    printf("%-8s %12s\n", "group", "messages/s");
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        printf("%-8u %12.0f\n", groups[i], run(argv[1], groups[i], (guint)messages, raw));
    return 0;
}
