/* Refusals of the sender in other languages: each word of each row, and where something only goes to the sender. */
#include "parser/text/foreign_sender.h"

#include <glib.h>

#include "parser/text/text.h"

static void expect(bool blamed, const char *text)
{
    if (foreign_sender_is_blamed(span_of(text)) != blamed)
        g_error("%s: %s", blamed ? "not blamed" : "blamed", text);
}

/* Each word of `words`, put between `before` and `behind`. */
static void try_each(const char *words, const char *before, const char *behind, bool blamed)
{
    g_auto(GStrv) each = g_strsplit(words, "|", -1);

    for (guint i = 0; each[i] != NULL; i++) {
        g_autofree char *text = g_strconcat("550 ", before, each[i], behind, NULL);
        g_autofree char *folded = text_fold(each[i]);
        g_assert_cmpstr(folded, ==, each[i]);
        if (each[i][0] != '\0')
            expect(blamed, text);
    }
}

/* One of each row, in its order. */
static const char *const examples[] = {
    "550 absender existiert nicht",
    "550 expediteur n'existe pas",
    "550 remitente no existe",
    "550 mittente non esiste",
    "550 remetente nao existe",
    "550 afzender bestaat niet",
    "550 avsandar finns inte",
    "550 afsender findes ikke",
    "550 lahettaja ei ole olemassa",
    "550 nadawc nie istnieje",
    "550 odesilatel neexistuje",
    "550 felado nem letezik",
    "550 expeditor nu exista",
    "550 отправител не существует",
    "550 відправник не існує",
    "550 αποστολέα δεν υπάρχει",
    "550 gonderen bulunamadı",
    "550 المرسل غير موجود",
    "550 فرستنده وجود ندارد",
    "550 השולח לא קיים",
    "550 प्रेषक मौजूद नहीं",
    "550 ผู้ส่ง ไม่พบ",
    "550 nguoi gui khong ton tai",
    "550 pengirim tidak ada",
    "550 发件人 不存在",
    "550 送信者 存在しません",
    "550 보낸 사람 존재하지 않",
};

static void test_examples(void)
{
    g_assert_cmpuint(n_foreign_senders, ==, G_N_ELEMENTS(examples));
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++)
        expect(true, examples[i]);
}

static void test_rows(void)
{
    for (size_t i = 0; i < n_foreign_senders; i++) {
        const struct foreign_sender *row = &foreign_senders[i];
        g_auto(GStrv) senders = g_strsplit(row->senders, "|", -1);
        g_auto(GStrv) faults = g_strsplit(row->faults, "|", -1);
        g_autofree char *fault = g_strconcat(" ", faults[0], ": 1", NULL);
        g_autofree char *sender = g_strconcat(senders[0], " ", NULL);
        g_autofree char *to = g_strconcat(senders[0], fault, NULL);

        expect(false, senders[0]);
        try_each(row->senders, "", fault, true);
        try_each(row->faults, sender, "", true);
        try_each(row->before, "", to, false);
        try_each(row->behind, senders[0], fault, false);
    }
}

static void test_clauses(void)
{
    expect(false, "");
    expect(true, "550 UNBEKANNTER ABSENDER");
    expect(true, "550 Absender <news@example.com>: unbekannt");
    expect(true, "550 l'adresse de l'expéditeur n'existe pas");
    expect(false, "550 Benutzer unbekannt. Der Absender wird benachrichtigt");
    expect(false, "550 Der Absender wird benachrichtigt: Benutzer unbekannt");
    expect(false, "550 utilisateur inconnu (retour à l'expéditeur)");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/foreign-sender/examples", test_examples);
    g_test_add_func("/foreign-sender/rows", test_rows);
    g_test_add_func("/foreign-sender/clauses", test_clauses);
    return g_test_run();
}
