/* A text without a sign in its header: each word of the tables decides once. */
#include "parser/prose/notice.h"

#include <glib.h>

static const char *const mail[] = {"message",   "mail",     "courrier",   "courriel", "nachricht", "mensaje", "correo",
                                   "messaggio", "mensagem", "bericht",    "письмо",   "сообщение", "邮件",    "郵件",
                                   "メール",    "메일",     "meddelande", "besked",   "melding",   "viesti",  "wiadomo",
                                   "zpráv",     "üzenet",   "ileti",      "mesaj",    NULL};
static const char *const goods[] = {
    "parcel", "package", "shipment", "courier", "your order", "tracking number", "paket",   "sendungsnummer",
    "colis",  "paquete", "pacco",    "pakket",  "encomenda",  "посылк",          "invoice", NULL};

static void test_mail(void)
{
    g_assert_false(notice_is_of_mail(span_of("It could not be delivered: user unknown.")));
    for (size_t i = 0; mail[i] != NULL; i++) {
        g_autofree char *text = g_strdup_printf("It could not be delivered: user unknown. %s", mail[i]);
        if (!notice_is_of_mail(span_of(text)))
            g_error("row %zu: %s", i, text);
    }
}

static void test_goods(void)
{
    g_assert_true(notice_is_of_mail(span_of("The message could not be delivered.")));
    for (size_t i = 0; goods[i] != NULL; i++) {
        g_autofree char *text = g_strdup_printf("The message could not be delivered. %s", goods[i]);
        if (notice_is_of_mail(span_of(text)))
            g_error("row %zu: %s", i, text);
    }
}

static void test_length(void)
{
    g_autoptr(GString) text = g_string_new("The message could not be delivered.");

    while (text->len <= 8192)
        g_string_append(text, " More and more is said.");
    g_assert_false(notice_is_of_mail(span_of(text->str)));
    g_assert_false(notice_is_of_mail(span_of("A message about the garden")));
}

static void test_names(void)
{
    struct findings findings;
    struct finding *finding;

    findings_init(&findings, 100);
    g_assert_false(notice_names(&findings));
    finding = findings_add(&findings, span_of("anna@example.org"), REPORT_KIND_BOUNCE);
    g_assert_false(notice_names(&findings));
    finding->diagnostic = span_of("550 no");
    g_assert_true(notice_names(&findings));
    finding->diagnostic = span_of("user unknown");
    g_assert_true(notice_names(&findings));
    finding->mentioned = true;
    g_assert_false(notice_names(&findings));
    finding->mentioned = false;
    findings_add(&findings, span_of("ben@example.org"), REPORT_KIND_BOUNCE);
    g_assert_false(notice_names(&findings));
    findings_clear(&findings);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/mail", test_mail);
    g_test_add_func("/notice/goods", test_goods);
    g_test_add_func("/notice/length", test_length);
    g_test_add_func("/notice/names", test_names);
    return g_test_run();
}
