/* The output of subcommands that print several tables, or sums: on a terminal, by their headings, and as JSON. */
#include <stdlib.h>
#include <zstd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "store/outbox.h"
#include "tests/unit/store_temporary.h"

#define CONFIG                                                                                                         \
    "[policy]\nuser_unknown = never\nmailbox_full = 1\n"                                                               \
    "[policy try]\nmailbox_full = 1 in 30d, for 7d\nsuccess-lifts = yes\n"                                             \
    "[return-path try]\ndomain = b.example.com\nstream = try\n"

static char *path_of(const struct temporary *temporary, const char *name)
{
    return g_build_filename(temporary->directory, name, NULL);
}

static void write_file(const struct temporary *temporary, const char *name, const char *text)
{
    g_autofree char *path = path_of(temporary, name);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* A store with the config beside it by whose policy its events were not judged. */
static void begin(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    g_autofree char *config = g_strdup_printf("[store]\npath = %s\n" CONFIG, temporary->path);
    write_file(temporary, "bounced.conf", config);
}

/* The line's words stand between blanks; it runs at noon. */
static char *run(const struct temporary *temporary, bool json, const char *line)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    const struct subcommand *command = subcommand_find(commands, argv[0], NULL);
    g_autofree void *object = g_malloc0(command->options_size);
    const struct options options = {command->options, object, NOON};
    g_autofree char *config = path_of(temporary, "bounced.conf");
    char *text = NULL;
    size_t size;
    struct context context = {
        .config_file = config,
        .now = NOON,
        .output = {.stream = open_memstream(&text, &size), .json = json, .terminal = !json, .width = 200},
    };
    g_autoptr(GError) error = NULL;

    g_test_message("%s", line);
    g_assert_true(options_parse(&options, 1, OPTIONS_ANYWHERE, &argv, &error));
    g_assert_cmpint(command->run(&context, object, argv + 1, &error), ==, 0);
    g_assert_no_error(error);
    context_clear(&context);
    options_clear(&options);
    fclose(context.output.stream);
    return text;
}

static void check(const struct temporary *temporary, const char *line, const char *terminal, const char *json)
{
    const char *const expected[] = {terminal, json};

    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        char *got = run(temporary, i == 1, line);
        g_assert_cmpstr(got, ==, expected[i]);
        free(got);
    }
}

/* --- what was reported -------------------------------------------------------------------------------------------- */

static const struct {
    const char *line, *terminal, *json;
} reported[] = {
    {"review --failures 2",
     "ADDRESS           FAILURES FIRST      LAST       REASONS\n"
     "never@example.org        2 2026-11-16 2026-11-17 expired 2\n",
     "{\"recipient\":\"never@example.org\",\"failures\":2,\"first\":\"2026-11-16T12:00:00Z\",\"last\":\"2026-11-17T12:"
     "00:00Z\",\"reasons\":\"expired 2\"}\n"},
    {"policy backtest --since 30d --all",
     "ADDRESS          DIFFERENCE REASON       SCOPE UNTIL    POLICY\n"
     "full@example.org missing    mailbox_full all   for good 1\n"
     "gone@example.org surplus    user_unknown all   for good\n",
     "{\"recipient\":\"full@example.org\",\"difference\":\"missing\",\"reason\":\"mailbox_full\",\"scope\":\"all\","
     "\"until\":\"for good\",\"policy\":\"1\"}\n"
     "{\"recipient\":\"gone@example.org\",\"difference\":\"surplus\",\"reason\":\"user_unknown\",\"scope\":\"all\","
     "\"until\":\"for good\"}\n"},
    {"policy backtest --since 30d",
     "DIFFERENCE REASON       ADDRESSES EXAMPLES\n"
     "missing    mailbox_full         1 full@example.org\n"
     "surplus    user_unknown         1 gone@example.org\n",
     "{\"difference\":\"missing\",\"reason\":\"mailbox_full\",\"addresses\":1,\"examples\":[\"full@example.org\"]}\n"
     "{\"difference\":\"surplus\",\"reason\":\"user_unknown\",\"addresses\":1,\"examples\":[\"gone@example.org\"]}\n"},
    {"rollback --reason user_unknown",
     "REASON       RULE      EVENTS\n"
     "user_unknown test-rule      2\n"
     "EFFECT  RECIPIENT        FROM         TO\n"
     "changes both@example.org user_unknown has_moved\n"
     "goes    gone@example.org user_unknown\n"
     "events: 2 of 2 addresses\n"
     "entries: 1 go, 1 change, 0 appear; 0 addresses stay\n",
     "{\"reason\":\"user_unknown\",\"rule\":\"test-rule\",\"events\":2}\n"
     "{\"recipient\":\"both@example.org\",\"effect\":\"changes\",\"from\":\"user_unknown\",\"to\":\"has_moved\"}\n"
     "{\"recipient\":\"gone@example.org\",\"effect\":\"goes\",\"from\":\"user_unknown\",\"to\":\"\"}\n"
     "{\"events\":2,\"addresses\":2,\"goes\":1,\"changes\":1,\"appears\":0,\"stays\":0,\"spared\":0,\"applied\":false}"
     "\n"},
};

/* The days before noon on which each address failed. */
static void report(struct temporary *temporary)
{
    static const struct {
        const char *address;
        enum reason reason;
        int days;
    } failures[] = {
        {"never@example.org", REASON_EXPIRED, 5},     {"never@example.org", REASON_EXPIRED, 4},
        {"full@example.org", REASON_MAILBOX_FULL, 4}, {"both@example.org", REASON_USER_UNKNOWN, 3},
        {"both@example.org", REASON_HAS_MOVED, 2},    {"gone@example.org", REASON_USER_UNKNOWN, 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
        const struct event event = temporary_event(REPORT_KIND_BOUNCE, failures[i].reason, failures[i].address);
        temporary_add(temporary, &event, 1, NOON - failures[i].days * DAY);
    }
    g_clear_pointer(&temporary->store, store_free);
}

static void test_reported(void)
{
    struct temporary temporary;

    begin(&temporary);
    report(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(reported); i++)
        check(&temporary, reported[i].line, reported[i].terminal, reported[i].json);
    temporary_free(&temporary);
}

/* A rollback is taken back by the name that it gave. */
static void test_undo(void)
{
    struct temporary temporary;

    begin(&temporary);
    report(&temporary);
    char *done = run(&temporary, true, "rollback --reason user_unknown --apply --note x");
    g_auto(GStrv) parts = g_strsplit(strstr(done, "\"batch\":"), "\"", -1);
    g_autofree char *line = g_strdup_printf("rollback --undo %s", parts[3]);
    check(&temporary, line,
          "EFFECT  RECIPIENT        SCOPE REASON\n"
          "changes both@example.org all   user_unknown\n"
          "returns gone@example.org all   user_unknown\n"
          "entries: 1 return, 0 go, 1 change; 0 stay, since something changed them meanwhile\n"
          "events: 2 believed again\n",
          "{\"recipient\":\"both@example.org\",\"scope\":\"all\",\"effect\":\"changes\",\"reason\":\"user_unknown\"}\n"
          "{\"recipient\":\"gone@example.org\",\"scope\":\"all\",\"effect\":\"returns\",\"reason\":\"user_unknown\"}\n"
          "{\"returns\":1,\"goes\":0,\"changes\":1,\"stays\":0,\"events\":2,\"applied\":false}\n");
    free(done);
    temporary_free(&temporary);
}

/* --- what may come ------------------------------------------------------------------------------------------------ */

#define EVENT(day, kind, reason)                                                                                       \
    "{\"occurred\":\"2026-03-" day "T12:00:00Z\",\"recipient\":\"ann@example.org\",\"kind\":\"" kind                   \
    "\",\"reason\":\"" reason "\"}\n"

static void test_try(void)
{
    struct temporary temporary;

    begin(&temporary);
    g_autofree char *file = path_of(&temporary, "events.jsonl");
    g_autofree char *line = g_strdup_printf("policy try --stream try %s", file);
    write_file(&temporary, "events.jsonl",
               EVENT("01", "bounce", "mailbox_full") EVENT("02", "bounce", "mailbox_full")
                   EVENT("20", "bounce", "mailbox_full") EVENT("21", "delivered", "delivered"));
    check(
        &temporary, line,
        "WHEN             LINE RECIPIENT       REASON       OUTCOME    SCOPE UNTIL            WORDS\n"
        "2026-03-01 12:00    1 ann@example.org mailbox_full suppressed                        suppressed\n"
        "2026-03-01 12:00      ann@example.org mailbox_full add        all   2026-03-08 12:00 comes on the list\n"
        "2026-03-02 12:00    2 ann@example.org mailbox_full suppressed                        suppressed\n"
        "2026-03-02 12:00      ann@example.org mailbox_full update     all   2026-03-09 12:00 stays on the list\n"
        "2026-03-09 12:00      ann@example.org mailbox_full expire     all                    comes off the list: its "
        "time is over\n"
        "2026-03-20 12:00    3 ann@example.org mailbox_full suppressed                        suppressed\n"
        "2026-03-20 12:00      ann@example.org mailbox_full add        all   2026-03-27 12:00 comes on the list\n"
        "2026-03-21 12:00    4 ann@example.org delivered    cleared                           mail went through: what "
        "failed before counts no more\n"
        "2026-03-21 12:00      ann@example.org mailbox_full remove     all                    mail went through\n",
        "{\"when\":\"2026-03-01T12:00:00Z\",\"line\":1,\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\","
        "\"outcome\":\"suppressed\",\"words\":\"suppressed\"}\n"
        "{\"when\":\"2026-03-01T12:00:00Z\",\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\",\"outcome\":"
        "\"add\",\"scope\":\"all\",\"until\":\"2026-03-08T12:00:00Z\",\"words\":\"comes on the list\"}\n"
        "{\"when\":\"2026-03-02T12:00:00Z\",\"line\":2,\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\","
        "\"outcome\":\"suppressed\",\"words\":\"suppressed\"}\n"
        "{\"when\":\"2026-03-02T12:00:00Z\",\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\",\"outcome\":"
        "\"update\",\"scope\":\"all\",\"until\":\"2026-03-09T12:00:00Z\",\"words\":\"stays on the list\"}\n"
        "{\"when\":\"2026-03-09T12:00:00Z\",\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\",\"outcome\":"
        "\"expire\",\"scope\":\"all\",\"words\":\"comes off the list: its time is over\"}\n"
        "{\"when\":\"2026-03-20T12:00:00Z\",\"line\":3,\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\","
        "\"outcome\":\"suppressed\",\"words\":\"suppressed\"}\n"
        "{\"when\":\"2026-03-20T12:00:00Z\",\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\",\"outcome\":"
        "\"add\",\"scope\":\"all\",\"until\":\"2026-03-27T12:00:00Z\",\"words\":\"comes on the list\"}\n"
        "{\"when\":\"2026-03-21T12:00:00Z\",\"line\":4,\"recipient\":\"ann@example.org\",\"reason\":\"delivered\","
        "\"outcome\":\"cleared\",\"words\":\"mail went through: what failed before counts no more\"}\n"
        "{\"when\":\"2026-03-21T12:00:00Z\",\"recipient\":\"ann@example.org\",\"reason\":\"mailbox_full\",\"outcome\":"
        "\"remove\",\"scope\":\"all\",\"words\":\"mail went through\"}\n");
    temporary_free(&temporary);
}

/* --- what is kept of an address ----------------------------------------------------------------------------------- */

#define RAW "To: gone@example.org\n\nhello\n"

/* A message of which all is kept, and that goes on to a person. */
static void keep(struct temporary *temporary, const struct event *event)
{
    static const guint8 digest[STORE_DIGEST_SIZE] = {0xee};
    char packed[256];
    size_t size = ZSTD_compress(packed, sizeof packed, RAW, strlen(RAW), 1);
    g_autoptr(GBytes) raw = g_bytes_new(packed, size);
    const struct store_message message = {.digest = digest,
                                          .received = NOON,
                                          .source = "smtp",
                                          .mail_from = "",
                                          .size = strlen(RAW),
                                          .raw = raw,
                                          .rule_version = "v1"};
    const struct outgoing_order order = {.recipient = "postmaster@example.com",
                                         .came_to = "bounce@example.com",
                                         .now = NOON,
                                         .hourly = 10,
                                         .sender_hourly = 10,
                                         .too_many = "too many"};
    enum outgoing_state state;

    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, event, 1, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_outbox_add(temporary->store, digest, &order, &state, NULL));
    g_assert_true(store_commit(temporary->store, NULL));
}

static void test_forget(void)
{
    struct temporary temporary;
    const struct event bounce = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "gone@example.org");
    struct event other = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "other@example.org");
    const struct store_order named = {
        .subject = "colleague@example.org", .who = "ann", .note = "as gone@example.org is", .now = NOON};
    const struct store_order lifted = {.subject = "gone@example.org", .who = "ann", .scope = "stream=try", .now = NOON};
    bool removed;

    begin(&temporary);
    other.diagnostic = "550 was gone@example.org once";
    temporary_add(&temporary, &other, 1, NOON - DAY);
    keep(&temporary, &bounce);
    g_assert_true(store_suppress(temporary.store, &named, NULL));
    g_assert_true(store_suppress(temporary.store, &lifted, NULL));
    g_assert_true(store_unsuppress(temporary.store, &lifted, &removed, NULL));
    g_clear_pointer(&temporary.store, store_free);
    check(&temporary, "forget gone@example.org",
          "gone@example.org: 1 entry, 3 changes, 1 event, 1 raw message, 1 message in the outbox, 1 row about others "
          "that names it, 1 note or name in the log, 1 mark of a removal or success\n",
          "{\"recipient\":\"gone@example.org\",\"entries\":1,\"changes\":3,\"events\":1,\"messages\":1,\"outbox\":1,"
          "\"texts\":1,\"notes\":1,\"forgiven\":1,\"applied\":false}\n");
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/views/reported", test_reported);
    g_test_add_func("/bouncectl/views/undo", test_undo);
    g_test_add_func("/bouncectl/views/try", test_try);
    g_test_add_func("/bouncectl/views/forget", test_forget);
    return g_test_run();
}
