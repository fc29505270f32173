/* A reader of logs: its settings, what it tells beside the texts of attempts, and hostile lines. */
#include "parser/log_reader.h"

#include <glib.h>
#include <string.h>

#define NEWEST G_GINT64_CONSTANT(1796083200) /* 2026-12-01T00:00:00Z */
#define P "Nov 28 15:20:09 mx postfix/"
#define E "2026-11-28 09:00:10 1vPabc-0000000012x-AbCd "
#define S "Nov 28 09:00:14 mx sm-mta[99]: 5ASE0A1b000099: "
#define O "Nov 28 09:00:15 mx smtpd[55]: "

static struct log_reader *new_reader(enum log_software software, size_t octets)
{
    const struct log_settings settings = {.software = software, .newest = NEWEST, .queue_octets = octets};

    return log_reader_new(&settings);
}

/* A format that is asked for is the only one. */
static void test_software(void)
{
    static const struct {
        enum log_software software;
        const char *line;
    } lines[] = {
        {LOG_SOFTWARE_POSTFIX, P "smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.1.1, status=bounced (no)"},
        {LOG_SOFTWARE_EXIM, E "** a@example.org: no"},
        {LOG_SOFTWARE_SENDMAIL, S "to=<a@example.org>, dsn=5.1.1, stat=User unknown"},
        {LOG_SOFTWARE_OPENSMTPD, O "mda: PermFail for 66251a4092099e2d: to=<a@example.org>, stat=no"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_assert_nonnull(log_software_names[lines[i].software]);
        for (enum log_software software = LOG_SOFTWARE_AUTO; log_software_names[software] != NULL; software++) {
            g_autoptr(LogReader) reader = new_reader(software, 1 << 20);
            bool wanted = software == LOG_SOFTWARE_AUTO || software == lines[i].software;
            const struct log_attempt *attempt;

            g_assert_true(log_reader_line(reader, span_of(lines[i].line)) == wanted);
            attempt = log_reader_next(reader);
            g_assert_true((attempt != NULL) == wanted);
            if (attempt != NULL)
                g_assert_cmpint(attempt->software, ==, lines[i].software);
        }
    }
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_AUTO], ==, "auto");
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_POSTFIX], ==, "postfix");
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_EXIM], ==, "exim");
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_SENDMAIL], ==, "sendmail");
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_OPENSMTPD], ==, "opensmtpd");
    g_assert_cmpstr(log_software_names[LOG_SOFTWARE_POWERMTA], ==, "powermta");
}

/* Whose log it is, and when. */
static void test_place(void)
{
    g_autoptr(LogReader) reader = new_reader(LOG_SOFTWARE_AUTO, 1 << 20);
    const char *line =
        "Nov 28 15:20:09 mx out/relay/smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.1.1, status=bounced (no)";
    const struct log_attempt *attempt;

    g_assert_true(log_reader_line(reader, span_of(line)));
    attempt = log_reader_next(reader);
    g_assert_nonnull(attempt);
    g_assert_true(span_is(attempt->server, "mx out/relay"));
    g_assert_cmpint(attempt->time, ==, 1795879209);
    g_assert_null(log_reader_next(reader));
    log_reader_begin(reader, NEWEST, 2020);
    g_assert_true(log_reader_line(reader, span_of(line)));
    g_assert_cmpint(log_reader_next(reader)->time, ==, 1606576809);
}

/* The columns of a table are its file's, and its times are of any form. */
static void test_table(void)
{
    g_autoptr(LogReader) reader = new_reader(LOG_SOFTWARE_POWERMTA, 1 << 20);

    g_assert_true(log_reader_line(reader, span_of("type,timeLogged,timeQueued,rcpt")));
    g_assert_true(log_reader_line(reader, span_of("b,,2026-11-28 10:00:00+0100,a@example.org")));
    g_assert_cmpint(log_reader_next(reader)->time, ==, 1795856400);
    g_assert_true(log_reader_line(reader, span_of("b,1795859999,2026-11-28 10:00:00+0100,a@example.org")));
    g_assert_cmpint(log_reader_next(reader)->time, ==, 1795859999);
    log_reader_begin(reader, NEWEST, 0);
    g_assert_false(log_reader_line(reader, span_of("b,1795859999,,a@example.org")));
}

/* A line of a list of recipients, of brackets, of quotes, of backslashes: it is read once. */
static void test_long(void)
{
    static const struct {
        const char *start, *again;
    } lines[] = {
        {S "to=", "<a@example.org>,"},
        {S "to=<", "<"},
        {S "to=", "<\\\">"},
        {S "to=<a@b>, dsn=", "\""},
        {P "smtp[1]: A1B2C3: to=", ","},
        {E "** a@b: \\n", "\\"},
        {E "** ", " <"},
        {E "** a@b ", "\" "},
        {S "to=", ",a"},
        {O "x mta delivery evpid=", " "},
        {E "** a@b X=", "\\\""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(LogReader) reader = new_reader(LOG_SOFTWARE_AUTO, 1 << 20);
        g_autoptr(GString) line = g_string_new(lines[i].start);
        unsigned n = 0;

        while (line->len < (1 << 20))
            g_string_append(line, lines[i].again);
        g_string_append(line, ", dsn=4.0.0, stat=Deferred");
        g_assert_true(log_reader_line(reader, (struct span){line->str, line->len}));
        while (log_reader_next(reader) != NULL)
            n++;
        g_assert_cmpuint(n, <=, 100);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/log-reader/software", test_software);
    g_test_add_func("/parser/log-reader/place", test_place);
    g_test_add_func("/parser/log-reader/table", test_table);
    g_test_add_func("/parser/log-reader/long", test_long);
    return g_test_run();
}
