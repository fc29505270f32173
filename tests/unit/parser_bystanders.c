/* Addresses in a text that it is not about, by what stands before them. */
#include "parser/prose/bystanders.h"

#include <glib.h>

#include "parser/text/mentions.h"

static const struct {
    const char *line;
    bool bystander;
} lines[] = {
    {"contact anna@example.org", true},
    {"you may write to anna@example.org", true},
    {"send mail to anna@example.org", true},
    {"e-mail to anna@example.org", true},
    {"email to anna@example.org", true},
    {"our administrator, anna@example.org", true},
    {"From: Anna <anna@example.org>", true},
    {"the sender <anna@example.org>", true},
    {"sent by anna@example.org", true},
    {"MAIL FROM <anna@example.org>", true},
    {"reply to anna@example.org", true},
    {"please ask anna@example.org", true},
    {"for help anna@example.org", true},
    {"support (anna@example.org)", true},
    {"questions: anna@example.org", true},
    {"Bei Fragen: anna@example.org", true},
    {"Kontakt: anna@example.org", true},
    {"Hilfe bei anna@example.org", true},
    {"contattare anna@example.org", true},
    {"messaggio proveniente da anna@example.org", true},
    {"inviato da anna@example.org", true},
    {"Mittente: anna@example.org", true},
    {"envoyé par anna@example.org", true},
    {"Expéditeur : anna@example.org", true},
    {"gesendet von anna@example.org", true},
    {"Absender: anna@example.org", true},
    {"enviado por anna@example.org", true},
    {"Remitente: anna@example.org", true},
    {"Remetente: anna@example.org", true},
    {"Afzender: anna@example.org", true},
    {"Отправитель: anna@example.org", true},
    {"or mail anna@example.org to be taken off", true},
    {"ask postmaster@example.org", true},
    {"ask mailer-daemon@example.org", true},
    {"it came from news@example.com", true},
    {"anna@example.org: please try again", false},
    {"could not be delivered to anna@example.org", false},
};

static void test_has(void)
{
    struct bystanders bystanders = {.own = {span_of("news@example.com")}, .n = 1};

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct span line = span_of(lines[i].line), address;
        size_t from = 0;

        g_assert_true(mentions_next(line, &from, &address));
        if (bystanders_has(&bystanders, line, address) != lines[i].bystander) {
            g_test_message("%s", lines[i].line);
            g_test_fail();
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/bystanders/has", test_has);
    return g_test_run();
}
