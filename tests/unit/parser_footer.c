/* Footers are known by how they begin, each row of the table by itself; what reports say is none. */
#include "parser/prose/footer.h"

#include <glib.h>

static const char *const others[] = {
    "",
    "Scanned",
    "The message was scanned, and a virus was found",
    "Delivery to the following recipients failed.",
    "550 5.1.1 This email and any other was refused",
};

static const char *const beginnings[] = {"This email has been scanned",
                                         "This e-mail has been scanned",
                                         "This message has been scanned",
                                         "This email was scanned",
                                         "This e-mail was scanned",
                                         "This mail was scanned",
                                         "Scanned by ",
                                         "Virus checked by",
                                         "No virus found in",
                                         "This footnote",
                                         "This email and any",
                                         "This e-mail and any",
                                         "This message and any",
                                         "This e-mail message and",
                                         "This email message and",
                                         "This email is confidential",
                                         "This e-mail is confidential",
                                         "This message is confidential",
                                         "This email is intended",
                                         "This e-mail is intended",
                                         "This message is intended only",
                                         "This communication is",
                                         "The information contained in",
                                         "The information in this e",
                                         "The contents of this e",
                                         "Confidentiality",
                                         "Confidential:",
                                         "Disclaimer",
                                         "Please consider the environment",
                                         "Diese E-Mail enthält vertrauliche",
                                         "Diese Nachricht ist vertraulich",
                                         "Ce message et",
                                         "Este mensaje y",
                                         "Esta mensagem e",
                                         "Questo messaggio e"};

static void test_rows(void)
{
    for (size_t n = 0; n < G_N_ELEMENTS(beginnings); n++) {
        g_autofree char *line = g_strdup_printf("  ** %s words", beginnings[n]);
        if (!footer_begins(span_of(line)))
            g_error("row %zu: %s", n, line);
    }
}

static void test_others(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (footer_begins(span_of(others[i])))
            g_error("row %zu: %s", i, others[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/footer/rows", test_rows);
    g_test_add_func("/footer/others", test_others);
    return g_test_run();
}
