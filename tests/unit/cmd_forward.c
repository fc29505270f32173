/* Mail that goes on to a person: which, to whom, and why not. */
#include "cmd/config/config_load.h"
#include "cmd/ingest/forward.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "parser/parser.h"

static const char settings[] = "[server]\nhostname = mx.example.com\n"
                               "[return-path news]\ndomain = bounces.example.com\nforward = bounces@example.org\n"
                               "[return-path quiet]\ndomain = quiet.example.com\n"
                               "[feedback]\naddress = fbl@example.com\nforward = Person@example.org\n"
                               "[postmaster]\nforward = person@example.org\n"
                               "[smart-host]\naddress = 127.0.0.1:25\nhops = 2\n";

static struct config *make_config(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = NULL;
    int fd = g_file_open_tmp("config-XXXXXX", &file, &error);
    struct config *config;

    g_assert_no_error(error);
    close(fd);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    config = config_load(file, &error);
    g_assert_no_error(error);
    g_unlink(file);
    return config;
}

/* "came_to>recipient:reason ..." */
static char *plan(const struct config *config, const char *mail_from, const char *rcpt_to, const char *text)
{
    g_auto(GStrv) recipients = g_strsplit(rcpt_to, " ", -1);
    g_autoptr(GPtrArray) array = g_ptr_array_new(), found = NULL;
    g_autoptr(GString) bytes = g_string_new(text);
    g_autoptr(Report) report = NULL;
    struct report_settings parser_settings;
    GString *out = g_string_new(NULL);

    report_settings_defaults(&parser_settings);
    for (char **recipient = recipients; *recipient != NULL; recipient++)
        g_ptr_array_add(array, *recipient);
    report = parser_read(&parser_settings, NULL, bytes->str, bytes->len);
    found = forward_plan(config, report, mail_from, array);
    for (guint i = 0; i < found->len; i++) {
        const struct forward *forward = found->pdata[i];

        g_string_append_printf(out, "%s%s>%s:%s", i > 0 ? " " : "", forward->came_to, forward->recipient,
                               forward->outcome == FORWARD_GOES_ON ? "" : forward_outcome_names[forward->outcome]);
    }
    return g_string_free(out, FALSE);
}

#define FBL "fbl@example.com"
#define ANN "From: Ann <ann@example.net>\n"
#define GOES "fbl@example.com>Person@example.org:"

static const struct {
    const char *mail_from; /* NULL: not known */
    const char *rcpt_to;   /* separated by blanks */
    const char *text;
    const char *plan;
} cases[] = {
    /* to whom */
    {"ann@example.net", FBL, ANN "\nhello\n", GOES},
    {"ann@example.net", "FBL@Example.Com", ANN "\n", "FBL@example.com>Person@example.org:"},
    {"", "news+a=b@bounces.example.com", ANN "\n", "news+a=b@bounces.example.com>bounces@example.org:"},
    {"ann@example.net", "news@quiet.example.com", ANN "\n", ""},
    {"ann@example.net", "postmaster", ANN "\n", "postmaster@mx.example.com>person@example.org:"},
    {"ann@example.net", "Postmaster@bounces.example.com", ANN "\n",
     "Postmaster@bounces.example.com>person@example.org:"},
    {"ann@example.net", "postmasters@bounces.example.com", ANN "\n",
     "postmasters@bounces.example.com>bounces@example.org:"},
    {"ann@example.net", "elsewhere@example.net", ANN "\n", ""},
    /* one for each person */
    {"ann@example.net", "fbl@example.com postmaster x@bounces.example.com y@bounces.example.com", ANN "\n",
     GOES " x@bounces.example.com>bounces@example.org:"},
    /* no sender, or none that is known, is no reason */
    {"", FBL, "From: MAILER-DAEMON@example.net\n\n", GOES},
    {NULL, FBL, "\nno header\n", GOES},
    {"", FBL, "", GOES},
    /* it has been here */
    {"ann@example.net", FBL, "Delivered-To: fbl@example.com\n" ANN "\n", GOES "loop"},
    {"ann@example.net", FBL, "Delivered-To: other@example.com\ndelivered-to:\n <FBL@EXAMPLE.com>\n" ANN "\n",
     GOES "loop"},
    {"ann@example.net", FBL, "Delivered-To: other@example.com\n" ANN "\n", GOES},
    {"ann@example.net", FBL, ANN "\nDelivered-To: fbl@example.com\n", GOES},
    {"ann@example.net", "postmaster", "Delivered-To: postmaster@MX.example.com\n" ANN "\n",
     "postmaster@mx.example.com>person@example.org:loop"},
    {"ann@example.net", "postmaster", "Delivered-To: postmaster@example.com\n" ANN "\n",
     "postmaster@mx.example.com>person@example.org:"},
    /* hops */
    {"ann@example.net", FBL, "Received: a\nReceived: b\n" ANN "\n", GOES},
    {"ann@example.net", FBL, "Received: a\n" ANN "RECEIVED: b\nReceived:\n c\n\n", GOES "hops"},
    /* RFC 3834 */
    {"", FBL, "Auto-Submitted: no\n" ANN "\n", GOES},
    {"", FBL, "Auto-Submitted: No; x=y\n" ANN "\n", GOES},
    {"", FBL, "Auto-Submitted: auto-generated\n" ANN "\n", GOES},
    {"", FBL, "Auto-Submitted: Auto-Generated (feedback loop)\n" ANN "\n", GOES},
    {"", FBL, "Auto-Submitted: auto-replied\n" ANN "\n", GOES "auto_reply"},
    {"", FBL, "Auto-Submitted: auto-replied; owner-email=a@example.net\n" ANN "\n", GOES "auto_reply"},
    {"", FBL, "Auto-Submitted: auto-notified\n" ANN "\n", GOES "auto_reply"},
    {"", FBL, "Auto-Submitted: nobody-knows\n" ANN "\n", GOES "auto_reply"},
    {"", FBL, "Auto-Submitted:\n" ANN "\n", GOES},
    {"ann@example.net", FBL, "Content-Type: multipart/report;\n\treport-type=disposition-notification\n" ANN "\n",
     GOES "auto_reply"},
    /* the person's own */
    {"person@EXAMPLE.org", FBL, ANN "\n", GOES "own"},
    {"", FBL, "From: \"P\" <person@example.org>\n\n", GOES "own"},
    {"bounces@example.org", FBL, ANN "\n", GOES},
};

static void test_plan(void)
{
    g_autoptr(Config) config = make_config(settings);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) lines = g_strsplit(cases[i].text, "\n", -1);
        g_autofree char *crlf = g_strjoinv("\r\n", lines);
        g_autofree char *found = plan(config, cases[i].mail_from, cases[i].rcpt_to, cases[i].text);
        g_autofree char *same = plan(config, cases[i].mail_from, cases[i].rcpt_to, crlf);

        g_test_message("row %zu", i);
        g_assert_cmpstr(found, ==, cases[i].plan);
        g_assert_cmpstr(same, ==, cases[i].plan);
    }
}

static void test_nobody(void)
{
    g_autoptr(Config) config = make_config("[smart-host]\naddress = 127.0.0.1:25\n");
    g_autoptr(Config) none = make_config("");
    g_autofree char *found = plan(config, "", "a@localhost postmaster", "\n");
    g_autofree char *same = plan(none, "", "a@localhost postmaster", "\n");

    g_assert_cmpstr(found, ==, "");
    g_assert_cmpstr(same, ==, "");
}

/* bouncectl(1) names every reason. */
static void test_manual(void)
{
    g_autofree char *file = g_build_filename(g_getenv("SOURCE"), "cmd/bouncectl/bouncectl.1", NULL);
    g_autofree char *page = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(file, &page, NULL, &error);
    g_assert_no_error(error);
    for (enum forward_outcome why = FORWARD_LOOP; why < FORWARD_OUTCOMES; why++) {
        g_autofree char *line = g_strdup_printf("\n.It Ql %s\n", forward_outcome_names[why]);

        g_test_message("%s", forward_outcome_names[why]);
        g_assert_nonnull(strstr(page, line));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/forward/plan", test_plan);
    g_test_add_func("/cmd/forward/nobody", test_nobody);
    g_test_add_func("/cmd/forward/manual", test_manual);
    return g_test_run();
}
