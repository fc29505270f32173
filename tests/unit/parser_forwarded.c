/* Bounces that mail programs forward to the bounce address: each mark and each name of a field by itself, and to whom
 * they are no report. */
#include "parser/return_path.h"
#include "tests/unit/parser_cases.h"

static const struct {
    const char *mark;
    const char *from;
    const char *to;
    const char *subject;
    const char *date;
} programs[] = {
    {"Begin forwarded message:", "From:", "To:", "Subject:", "Date:"},
    {"---------- Forwarded message ---------", "From:", "To:", "Subject:", "Sent:"},
    {"-----Original Message-----", "*From:*", "*To:*", "*Subject:*", "*Sent:*"},
    {"Anfang der weitergeleiteten Nachricht:", "Von:", "An:", "Betreff:", "Datum:"},
    {"-------- Weitergeleitete Nachricht --------", "Von:", "An:", "Betreff:", "Datum:"},
    {"-----Ursprüngliche Nachricht-----", "Von:", "An:", "Betreff:", "Gesendet:"},
    {"Début du message réexpédié :", "De:", "À:", "Objet:", "Date:"},
    {"-------- Message transféré --------", "De:", "À:", "Objet:", "Envoyé:"},
    {"-----Message d'origine-----", "De:", "À:", "Objet:", "Envoyé:"},
    {"Inicio del mensaje reenviado:", "De:", "Para:", "Asunto:", "Fecha:"},
    {"-------- Mensaje reenviado --------", "De:", "Para:", "Asunto:", "Fecha:"},
    {"Inizio messaggio inoltrato:", "Da:", "A:", "Oggetto:", "Data:"},
    {"-------- Messaggio inoltrato --------", "Da:", "A:", "Oggetto:", "Data:"},
};

#define BOUNCE                                                                                                         \
    "This is the mail system at host mx.example.org.\n\n<vera@example.com>: host mx.example.com said: 550 5.1.1 "      \
    "User unknown\n"

/* The fields that tell come last: each before them must be known for one. */
static char *forward(size_t i, const char *to, const char *quote)
{
    return g_strdup_printf("From: Ann <ann@example.org>\nTo: %s\nSubject: Fwd: Undelivered Mail\n"
                           "Content-Type: text/plain; charset=utf-8\n\n%s\n\n"
                           "%s%s Undelivered Mail\n%s%s today\n%s%s MAILER-DAEMON@mx.example.org\n"
                           "%s%s news@example.org\n%s\n%s",
                           to, programs[i].mark, quote, programs[i].subject, quote, programs[i].date, quote,
                           programs[i].from, quote, programs[i].to, quote, BOUNCE);
}

static struct report *read_report(const char *text)
{
    struct report_settings settings;

    report_settings_defaults(&settings);
    return parser_read(&settings, NULL, text, strlen(text));
}

static void test_programs(void)
{
    static const char *const quotes[] = {"", "> "};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(programs); i++) {
        g_autofree char *text = forward(i / 2, "news@example.org", quotes[i % 2]);
        struct report *report = read_report(text);
        const struct report_recipient *recipient = g_ptr_array_index(report->recipients, 0);

        if (recipient->kind != REPORT_KIND_BOUNCE || g_strcmp0(recipient->recipient, "vera@example.com") != 0)
            g_error("row %zu: %s", i / 2, text);
        report_free(report);
    }
}

/* A question to somebody else, and no report at all. */
static void test_others(void)
{
    g_autofree char *question = forward(0, "help@example.org", "> ");
    static const char nothing[] = "From: ann@example.org\nTo: news@example.org\nSubject: Fwd: Undelivered Mail\n\n"
                                  "Begin forwarded message:\n\n> From: eva@example.org\n> To: news@example.org\n>\n"
                                  "> vera@example.com: user unknown\n";
    const char *texts[] = {question, nothing};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct report *report = read_report(texts[i]);
        const struct report_recipient *recipient = g_ptr_array_index(report->recipients, 0);

        if (recipient->kind != REPORT_KIND_OTHER)
            g_error("row %zu", i);
        report_free(report);
    }
}

#define HEAD(to) "From: Ann <ann@example.org>\nTo: " to "\nSubject: Fwd: Undelivered Mail\n"
#define INLINE                                                                                                         \
    "\nBegin forwarded message:\n\n> From: MAILER-DAEMON@mx.example.org\n> To: ann@example.org\n>\n"                   \
    "> This is the mail system at host mx.example.org.\n>\n> <vera@example.com>: host mx.example.com said: 550 5.1.1 " \
    "User unknown\n"
#define ATTACHED                                                                                                       \
    "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nSee below.\n--a\nContent-Type: message/rfc822\n\n"            \
    "From: MAILER-DAEMON@mx.example.org\nContent-Type: multipart/report; boundary=b\n\n--b\n"                          \
    "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; vera@example.com\nAction: "                     \
    "failed\n--b--\n--a--\n"
#define INLINE_READ                                                                                                    \
    "bounce; recipient=vera@example.com; from=body; action=failed; status=5.1.1; reply=550; diagnostic=host "          \
    "mx.example.com said: 550 5.1.1 User unknown; remote=mx.example.com\npostfix; mta=mx.example.org"
#define ATTACHED_READ "bounce; recipient=vera@example.com; from=final_recipient; action=failed\nrfc3464"

/* A report that is passed on to a return path counts as one. The envelope tells where it went, else the header. */
static const struct parser_case paths_cases[] = {
    {"by the header", NULL, HEAD("News <news@bounces.example.org>") INLINE, INLINE_READ},
    {"by the header, a second address", NULL, HEAD("ben@example.org, news@bounces.example.org") INLINE, INLINE_READ},
    {"by the envelope", "news@bounces.example.org", HEAD("ben@example.org") INLINE, INLINE_READ},
    {"to somebody else, by the envelope", "ben@example.org", HEAD("news@bounces.example.org") INLINE, "other\n-"},
    {"to somebody else", NULL, HEAD("ben@example.org") INLINE, "other\n-"},
    {"to where complaints come", NULL, HEAD("fbl@example.org") INLINE, "other\n-"},
    {"attached", NULL, HEAD("news@bounces.example.org") ATTACHED, ATTACHED_READ},
    {"attached, by the envelope", "news@bounces.example.org", HEAD("ben@example.org") ATTACHED, ATTACHED_READ},
    {"attached, to somebody else", NULL, HEAD("ben@example.org") ATTACHED, "other\n-"},
};

static void test_paths(void)
{
    char domain[] = "bounces.example.org", address[] = "fbl@example.org";
    struct return_path bounces = {.domain = domain}, feedback = {.address = address};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct report_settings settings;

    g_ptr_array_add(paths, &bounces);
    g_ptr_array_add(paths, &feedback);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    cases_run(paths_cases, G_N_ELEMENTS(paths_cases), &settings);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forwarded/programs", test_programs);
    g_test_add_func("/forwarded/others", test_others);
    g_test_add_func("/forwarded/paths", test_paths);
    return g_test_run();
}
