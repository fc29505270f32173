/* Subcommands, and the output that programs get of them: every column of every table, and sums. */
#include "cmd/bouncectl/commands/commands.h"

#include <glib/gstdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/program.h"

static const struct {
    const char *name, *columns;
} tables[] = {
    {"audit", "AT|CHANGE|RECIPIENT|REASON|UNTIL|WHO|NOTE|MESSAGE|SEQUENCE|SCOPE|DOOR|BATCH"},
    {"config", "SECTION|KEY|VALUE|FROM"},
    {"policy", "REASON|POLICY|MEANING|PARTY|FROM|SCOPE"},
    {"list", "ADDRESS|REASON|SINCE|UNTIL|STREAM|WHO|WHY|SCOPE"},
    {"waves", "WAVE|RECEIVER|RULE|BEGAN|ENDED|FAILURES|BASELINE|HELD|CONFIRMED|DROPPED"},
    {"remove", "ADDRESS|REASON|SINCE|UNTIL|STREAM|WHO|WHY|SCOPE"},
    {"events", "RECEIVED|KIND|RECIPIENT|VERDICT|REASON|EFFECT|SOURCE|DIAGNOSTIC|MESSAGE"},
    {"outbox", "QUEUED|STATE|CAME TO|GOES TO|TRIES|TRIED|NEXT|SAID|MESSAGE"},
    {"feeds", "FEED|STATE|CHANGES|EVENTS|OLDEST|DELIVERED|TRIES|NEXT|ERROR"},
    {"classify", "RULE|REASON|FAILED BY|PATTERN"},
};

static void test_columns(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        const struct subcommand *command = subcommand_find(commands, tables[i].name, NULL);
        g_autoptr(GString) got = g_string_new(NULL);

        for (const struct table_column *column = command->columns; column->heading != NULL; column++)
            g_string_append_printf(got, "%s%s", got->len > 0 ? "|" : "", column->heading);
        g_test_message("%s", tables[i].name);
        g_assert_cmpstr(got->str, ==, tables[i].columns);
    }
}

/* The line's arguments stand between blanks; what is printed. */
static char *run(const char *directory, const char *line, int status)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_autofree char *path = g_build_filename(directory, "output", NULL);
    int saved = dup(STDOUT_FILENO);
    char *text = NULL;

    g_test_message("%s", line);
    fflush(stdout);
    g_assert_nonnull(freopen(path, "w", stdout));
    g_assert_cmpint(program_main(commands, argv), ==, status);
    fflush(stdout);
    g_assert_cmpint(dup2(saved, STDOUT_FILENO), ==, STDOUT_FILENO);
    close(saved);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

/* The output starts as expected. */
static void check(const char *directory, const char *line, int status, const char *expected)
{
    g_autofree char *got = run(directory, line, status);

    if (!g_str_has_prefix(got, expected))
        g_assert_cmpstr(got, ==, expected);
}

static void write_file(const char *name, const char *text)
{
    g_assert_true(g_file_set_contents(name, text, -1, NULL));
}

#define REPORT                                                                                                         \
    "From: MAILER-DAEMON@mx.example.net\nTo: news@example.com\nContent-Type: multipart/report; "                       \
    "report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\n"     \
    "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.3.9\n"                                       \
    "Diagnostic-Code: smtp; 553 5.3.9 zorbled\n--b--\n"
#define RULE "rule mine\n    reason user_unknown\n    match zorbled\n    example 553 5.3.9 zorbled\n"

/* The things that may be done about a wave, which is not there. */
static const struct {
    const char *verb;
    int status;
} verbs[] = {{"show", EX_NOINPUT}, {"confirm", EX_NOINPUT}, {"drop", EX_NOINPUT}, {"raise", EX_USAGE}};

static void test_output(void)
{
    g_autofree char *directory = g_dir_make_tmp("commands-XXXXXX", NULL), *back = g_get_current_dir();

    g_assert_cmpint(g_chdir(directory), ==, 0);
    write_file("bounced.conf", "[store]\npath = bounced.db\n[classifier]\nrules = rules.d\n");
    g_assert_cmpint(g_mkdir("rules.d", 0700), ==, 0);
    write_file("report.eml", REPORT);
    check(directory, "bouncectl --version", EX_OK, "bouncectl " BOUNCED_VERSION "\n");
    check(directory, "bouncectl ingest --config bounced.conf --unproven suppress report.eml report.eml", EX_OK,
          "messages: stored 1, duplicate 1, failed 0, unreadable 0\nevents: bounce 1\n");
    check(directory, "bouncectl ingest --config bounced.conf --unproven count report.eml", EX_OK,
          "messages: stored 0, duplicate 1, failed 0, unreadable 0\nevents: none\n");
    check(directory, "bouncectl events --config bounced.conf --columns recipient,kind", EX_OK,
          "anna@example.org\tbounce\n");
    check(directory, "bouncectl events --config bounced.conf --wide --columns diagnostic", EX_OK,
          "553 5.3.9 zorbled\n");
    write_file("rules.d/mine.rules", RULE);
    check(directory, "bouncectl reclassify --config bounced.conf", EX_OK,
          "system_error soft\tuser_unknown hard\t1\tmine\t553 5.3.9 zorbled\n"
          "anna@example.org\tappears\t\tuser_unknown\tmine\n");
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_autofree char *line = g_strdup_printf("bouncectl waves --config bounced.conf %s 7", verbs[i].verb);
        check(directory, line, verbs[i].status, "");
    }
    g_assert_cmpint(g_chdir(back), ==, 0);
    static const char *const names[] = {"rules.d/mine.rules", "rules.d",        "bounced.conf",  "report.eml",
                                        "bounced.db",         "bounced.db-wal", "bounced.db-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(directory, names[i], NULL);
        g_remove(path);
    }
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

/* The words about a config, and those for what is made for it. */
static void test_settings(void)
{
    g_autofree char *directory = g_dir_make_tmp("settings-XXXXXX", NULL);
    g_autofree char *config = g_build_filename(directory, "bounced.conf", NULL);
    g_autofree char *key = g_build_filename(directory, "key", NULL);
    g_autofree char *text = g_strdup_printf("[policy]\nuser_unknown = never\n"
                                            "[return-path news]\ndomain = k.example.com\nscheme = signed\n"
                                            "key-file = %s\n",
                                            key);
    g_autofree char *show = g_strdup_printf("bouncectl policy --config %s --json show", config);
    g_autofree char *row = g_strdup_printf("{\"reason\":\"user_unknown\",\"policy\":\"never\",\"meaning\":\"\","
                                           "\"party\":\"recipient\",\"from\":\"%s:2\",\"scope\":\"\"}\n",
                                           config);
    g_autofree char *init = g_strdup_printf("bouncectl return-path --config %s keys init", config);
    g_autofree char *made = g_strdup_printf("%s: holds a new key; ", key);
    g_autofree char *rotate = g_strdup_printf("bouncectl return-path --config %s keys rotate", config);
    g_autofree char *changed = g_strdup_printf("%s: signs by a new key, and verifies by those before", key);

    write_file(config, text);
    check(directory, show, EX_OK, row);
    check(directory, init, EX_OK, made);
    check(directory, rotate, EX_OK, changed);
    g_assert_cmpint(g_remove(key), ==, 0);
    g_assert_cmpint(g_remove(config), ==, 0);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

/* The values that are offered for an option of a moment, for one of a span, and for one that has words. */
static void test_offers(void)
{
    g_autofree char *directory = g_dir_make_tmp("offers-XXXXXX", NULL);

    check(directory, "bouncectl complete -- events --since ", EX_OK, "today\nyesterday\nnow\n7d\n30d\n");
    check(directory, "bouncectl complete -- add --for ", EX_OK, "7d\n30d\n90d\n1y\n");
    check(directory, "bouncectl complete -- watch --only ", EX_OK, "events\nchanges\n");
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/commands/columns", test_columns);
    g_test_add_func("/bouncectl/commands/output", test_output);
    g_test_add_func("/bouncectl/commands/settings", test_settings);
    g_test_add_func("/bouncectl/commands/offers", test_offers);
    return g_test_run();
}
