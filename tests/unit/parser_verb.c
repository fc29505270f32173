/* Which command was answered: an example for each row of the tables, and what overrules what. */
#include "parser/text/verb.h"

#include <string.h>

#include "parser/report.h"

#include <glib.h>

struct example {
    const char *text;
    const char *row;
    const char *command;
};

/* A row without its example fails, and so does an example whose row is gone. */
static const struct example names[] = {
    {"RCPT To:<anna@example.org>", "RCPT TO", "RCPT"},
    {"MAIL From:<>", "MAIL FROM", "MAIL"},
    {"end of DATA command", "end of DATA", "DATA"},
    {"end of message)", "end of message", "DATA"},
    {"message body", "message body", "DATA"},
    {" data", "DATA", "DATA"},
    {"EHLO mx.example.org", "EHLO", "EHLO"},
    {"HELO command", "HELO", "HELO"},
    {"LHLO mx", "LHLO", "LHLO"},
    {"BDAT 100 LAST", "BDAT", "BDAT"},
    {"SMTP command STARTTLS", "STARTTLS", "STARTTLS"},
    {"AUTH PLAIN", "AUTH", "AUTH"},
    {"QUIT", "QUIT", "QUIT"},
    {"initial connection: 554", "initial connection", "CONN"},
    {"pipelined DATA: 421", "pipelined DATA", "DATA"},
    {"pipelined end of data: 554", "pipelined end of data", "DATA"},
    {"pipelined RCPT TO:<anna@example.org>: 550", "pipelined RCPT TO", "RCPT"},
    {"pipelined MAIL FROM:<>: 421", "pipelined MAIL FROM", "MAIL"},
    {"DATABASE", NULL, NULL},
    {"authentication", NULL, NULL},
    {"250 DATA", NULL, NULL},
    {"", NULL, NULL},
};

static const struct example phrases[] = {
    {"192.0.2.1 does not like recipient. Remote host said: 550 no", "does not like recipient", "RCPT"},
    {"it was RCPT TO response: 550", "RCPT TO response", "RCPT"},
    {"Connected to 192.0.2.1 but sender was rejected.", "but sender was rejected", "MAIL"},
    {"192.0.2.1 failed after I sent the message.", "failed after I sent the message", "DATA"},
    {"192.0.2.1 failed on DATA command", "failed on DATA command", "DATA"},
    {"mx.example.org did not like our RCPT TO: 550", "did not like our RCPT TO", "RCPT"},
    {"mx.example.org did not like our MAIL FROM: 550", "did not like our MAIL FROM", "MAIL"},
    {"mx.example.org did not like our DATA: 554", "did not like our DATA", "DATA"},
    {"mx.example.org did not like our final DATA: 554", "did not like our final DATA", "DATA"},
    {"mx.example.org did not like our HELO: 554", "did not like our HELO", "HELO"},
    {"5.1.1 User is unknown [RCPT_TO]", "[RCPT_TO]", "RCPT"},
    {"554 no [MAIL_FROM]", "[MAIL_FROM]", "MAIL"},
    {"554 no [DATA]", "[DATA]", "DATA"},
    {"SMTP:RCPT host mx: 550", "SMTP:RCPT", "RCPT"},
    {"SMTP:MAIL host mx: 550", "SMTP:MAIL", "MAIL"},
    {"SMTP:DATA host mx: 550", "SMTP:DATA", "DATA"},
    {"refused (RCPT) 550", "(RCPT)", "RCPT"},
    {"did not accept your message (DATA)", "(DATA)", "DATA"},
    {"the answer to the RCPT TO command was 550", "RCPT TO command", "RCPT"},
    {"the RCPT command failed", "RCPT command", "RCPT"},
    {"the TEXT command failed", "TEXT command", "DATA"},
    {"Step: DATA, 550 no", "step: DATA", "DATA"},
    {"Error in Command DATA", "command DATA", "DATA"},
    {"550 550 no (state 18)", "(state 18)", "DATA"},
    {"550 550 no (state 14)", "(state 14)", "RCPT"},
    {"host mx[192.0.2.1] refused to talk to me: 554 no", "refused to talk to me", "CONN"},
    {"Connected to 192.0.2.1 but my name was rejected.", "my name was rejected", "HELO"},
    {"Connected to 192.0.2.1 but greeting failed.", "but greeting failed", "CONN"},
    {"the answer to the MAIL FROM command was 550", "MAIL FROM command", "MAIL"},
    {"the MAIL command failed", "MAIL command", "MAIL"},
    {"Helo command rejected: Host not found", "HELO command", "HELO"},
    {"the EHLO command failed", "EHLO command", "EHLO"},
    /* introduced names, which come before phrases */
    {"host mx said: 550 no (in reply to RCPT TO command)", "RCPT TO", "RCPT"},
    {"host mx said: 554 no (in reply to end of DATA command)", "end of DATA", "DATA"},
    {"554 no (in response to MAIL FROM command)", "MAIL FROM", "MAIL"},
    {"SMTP error from remote mail server after RCPT TO:<anna@example.org>: 550 no", "RCPT TO", "RCPT"},
    {"SMTP error from remote mail server after pipelined MAIL FROM:<>: 421 later", "pipelined MAIL FROM", "MAIL"},
    {"after some time, >>> DATA", "DATA", "DATA"},
    {"lost connection with mx while sending message body", "message body", "DATA"},
    {"the RCPT command failed after DATA", "DATA", "DATA"},
    {"554 no after DATA (in reply to RCPT TO command)", "RCPT TO", "RCPT"},
    {"the response to RCPT TO was 550", "RCPT TO", "RCPT"},
    {"554 no during AUTH", "AUTH", "AUTH"},
    /* an answer that quotes another one */
    {"after DATA: 554 not here (in reply to RCPT TO command)", "DATA", "DATA"},
    {"after MAIL FROM:<a@example.org>: 550-host mx said: 550 no (in reply to RCPT TO command)", "MAIL FROM", "MAIL"},
    {"550 no: 550 no (in reply to RCPT TO command) (in reply to MAIL FROM command)", "MAIL FROM", "MAIL"},
    {"550 no: 550 no (in reply to MAIL FROM command) (in reply to RCPT TO command)", "RCPT TO", "RCPT"},
    {"550 callout failed after RCPT TO:<a@example.org>: 550 no (in reply to MAIL FROM command)", "MAIL FROM", "MAIL"},
    {"thereafter DATA", NULL, NULL},
    {"550 user unknown", NULL, NULL},
    {"550 no (als Antwort auf das Kommando MAIL FROM)", "MAIL FROM", "MAIL"},
    {"550 no (en réponse à la commande RCPT TO)", "RCPT TO", "RCPT"},
    {"550 no (i svar på DATA)", "DATA", "DATA"},
    {"550 no (see RFC 5321: MAIL FROM)", NULL, NULL},
    {"550 no (als Antwort auf das Kommando MAIL FROM) (in reply to RCPT TO command)", "RCPT TO", "RCPT"},
    {"", NULL, NULL},
};

static void test_stage(void)
{
    static const char *const before[] = {"CONN", "EHLO", "helo", "LHLO", "STARTTLS", "AUTH", "MAIL"};
    static const char *const behind[] = {"RCPT", "DATA", "BDAT", "QUIT", NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        g_assert_true(verb_precedes_recipient(before[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(behind); i++)
        g_assert_false(verb_precedes_recipient(behind[i]));
}

static void check(const struct example *examples, size_t n, const struct verb_row *(*find)(struct span text))
{
    for (size_t i = 0; i < n; i++) {
        const struct verb_row *row = find(span_of(examples[i].text));

        if (g_strcmp0(row == NULL ? NULL : row->text, examples[i].row) != 0 ||
            g_strcmp0(verb_command(row), examples[i].command) != 0) {
            g_test_message("%s: got %s", examples[i].text, row == NULL ? "nothing" : row->text);
            g_test_fail();
        }
    }
}

static void check_rows(const struct verb_row *rows, size_t n, const struct example *examples, size_t n_examples)
{
    for (size_t i = 0; i < n; i++) {
        bool shown = false;
        for (size_t k = 0; k < n_examples; k++)
            shown = shown || g_strcmp0(examples[k].row, rows[i].text) == 0;
        if (!shown) {
            g_test_message("\"%s\" has no example", rows[i].text);
            g_test_fail();
        }
    }
}

/* A row's command must be one that the report knows. */
static void check_command(const char *command)
{
    bool known = false;

    for (size_t i = 0; report_commands[i] != NULL; i++)
        known = known || strcmp(report_commands[i], command) == 0;
    if (!known)
        g_error("report_commands has no %s", command);
}

static void test_commands(void)
{
    for (size_t i = 0; i < n_verb_names; i++)
        check_command(verb_names[i].command);
    for (size_t i = 0; i < n_verb_phrases; i++)
        check_command(verb_phrases[i].command);
}

static void test_names(void)
{
    check(names, G_N_ELEMENTS(names), verb_named);
    check_rows(verb_names, n_verb_names, names, G_N_ELEMENTS(names));
}

static void test_phrases(void)
{
    check(phrases, G_N_ELEMENTS(phrases), verb_answered);
    check_rows(verb_phrases, n_verb_phrases, phrases, G_N_ELEMENTS(phrases));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/verb/names", test_names);
    g_test_add_func("/parser/verb/phrases", test_phrases);
    g_test_add_func("/parser/verb/commands", test_commands);
    g_test_add_func("/parser/verb/stage", test_stage);
    return g_test_run();
}
