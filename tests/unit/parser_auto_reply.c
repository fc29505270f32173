/* Automatic replies, unsubscribe mail, read receipts, and what must not be taken for them. */
#include "tests/unit/parser_cases.h"

#define HEAD "From: Anna <anna@example.org>\nTo: news@example.com\n"
#define TEXT "\nI am away.\n"
#define AUTO_REPLY "auto_reply; recipient=anna@example.org; from=sender\nrfc3834"
#define UNSUBSCRIBE "unsubscribe; recipient=anna@example.org; from=sender\n"
#define OTHER "other\n-"

static const struct parser_case cases[] = {
    {"Auto-Submitted", NULL, HEAD "Subject: Re: News\nAuto-Submitted: auto-replied; owner-email=\"x\"\n" TEXT,
     AUTO_REPLY},
    {"with the null sender, and a report quoted", NULL,
     "Return-Path: <>\n" HEAD "Subject: Re: News\nAuto-Submitted: auto-replied\n\nI am away.\n\n"
     "<ben@example.org>: 550 5.1.1 User unknown\n",
     AUTO_REPLY},
    {"Auto-Submitted: no", NULL, HEAD "Subject: Automatic reply: News\nAuto-Submitted: no\n" TEXT, OTHER},
    {"Auto-Submitted: auto-generated", NULL, HEAD "Subject: Your order\nAuto-Submitted: auto-generated\n" TEXT, OTHER},
    {"Auto-Submitted: auto-generated, as Exchange's holiday replies have it", NULL,
     HEAD "Subject: Automatic reply: x\nAuto-Submitted: auto-generated\n" TEXT, AUTO_REPLY},
    {"X-Autoreply", NULL, HEAD "Subject: Re: News\nX-Autoreply: yes\n" TEXT, AUTO_REPLY},
    {"Precedence", NULL, HEAD "Subject: Re: News\nPrecedence: auto_reply\n" TEXT, AUTO_REPLY},
    {"Precedence: bulk", NULL, HEAD "Subject: News\nPrecedence: bulk\n" TEXT, OTHER},
    {"Exchange's rules", NULL, HEAD "Subject: Re: News\nX-MS-Exchange-Inbox-Rules-Loop: anna@example.org\n" TEXT,
     AUTO_REPLY},
    {"X-Auto-Response-Suppress is on ordinary mail too", NULL,
     HEAD "Subject: News\nX-Auto-Response-Suppress: All\n" TEXT, OTHER},
    {"by a service", NULL,
     "From: \"ben@example.net\" via Desk <desk@example.org>\nTo: news@example.com\nX-Autoreply: yes\n" TEXT,
     "auto_reply; recipient=ben@example.net; from=sender\nrfc3834"},
    {"by a service, in our name", NULL,
     "From: news@example.com via Desk <anna@example.org>\nTo: news@example.com\nX-Autoreply: yes\n" TEXT, AUTO_REPLY},
    {"another address in the name", NULL,
     "From: Anna (was ben@example.net), Sales via Desk <anna@example.org>\nTo: x@example.com\nX-Autoreply: yes\n" TEXT,
     AUTO_REPLY},
    {"a service that names nobody", NULL,
     "From: Anna via Desk <anna@example.org>\nTo: news@example.com\nX-Autoreply: yes\n" TEXT, AUTO_REPLY},
    {"English", NULL, HEAD "Subject: Automatic reply: News\n" TEXT, AUTO_REPLY},
    {"English, before a colon alone", NULL, HEAD "Subject: Out of Office : News\n" TEXT, AUTO_REPLY},
    {"English, in a sentence", NULL, HEAD "Subject: Out of office furniture, half price\n" TEXT, OTHER},
    {"English, in an answer", NULL, HEAD "Subject: Re: Automatic reply: News\n" TEXT, OTHER},
    {"German, encoded", NULL, HEAD "Subject: =?utf-8?Q?Automatische_Antwort:_Gr=C3=BC=C3=9Fe?=\n" TEXT, AUTO_REPLY},
    {"French", NULL, HEAD "Subject: =?iso-8859-1?Q?R=E9ponse_automatique?= : News\n" TEXT, AUTO_REPLY},
    {"Russian, capitals", NULL, HEAD "Subject: АВТОМАТИЧЕСКИЙ ОТВЕТ: News\n" TEXT, AUTO_REPLY},
    {"Japanese, accents apart", NULL, HEAD "Subject: 自動応答\n" TEXT, AUTO_REPLY},
    {"Spanish, accents apart", NULL, HEAD "Subject: Respuesta automa\xcc\x81tica: News\n" TEXT, AUTO_REPLY},
    {"Chinese, fullwidth colon", NULL, HEAD "Subject: 自动回复：News\n" TEXT, AUTO_REPLY},
    {"in brackets", NULL, HEAD "Subject: [Auto-Reply] Re: News\n" TEXT, AUTO_REPLY},
    {"Japanese, in brackets", NULL, HEAD "Subject: 【自動返信】News\n" TEXT, AUTO_REPLY},
    {"brackets alone", NULL, HEAD "Subject: [[[\n" TEXT, OTHER},
    {"French, absence", NULL, HEAD "Subject: Message d'absence\n" TEXT, AUTO_REPLY},
    {"a holiday in a sentence", NULL, HEAD "Subject: Vacation homes by the sea\n" TEXT, OTHER},
    {"the name first", NULL, HEAD "Subject: Anna Example is out of the office.\nAuto-Submitted: auto-generated\n" TEXT,
     AUTO_REPLY},
    {"the name first, by a person", NULL, HEAD "Subject: Anna Example is out of the office.\n" TEXT, OTHER},
    {"arpus biroja", NULL, HEAD "Subject: Arpus biroja: News\n" TEXT, AUTO_REPLY},
    {"automatiska atbilde", NULL, HEAD "Subject: Automatiska atbilde: News\n" TEXT, AUTO_REPLY},
    {"automatinis atsakymas", NULL, HEAD "Subject: Automatinis atsakymas: News\n" TEXT, AUTO_REPLY},
    {"ne darbe", NULL, HEAD "Subject: Ne darbe: News\n" TEXT, AUTO_REPLY},
    {"automaatvastus", NULL, HEAD "Subject: Automaatvastus: News\n" TEXT, AUTO_REPLY},
    {"kontorist valjas", NULL, HEAD "Subject: Kontorist valjas: News\n" TEXT, AUTO_REPLY},
    {"автоматичен отговор", NULL, HEAD "Subject: Автоматичен отговор: News\n" TEXT, AUTO_REPLY},
    {"извън офиса", NULL, HEAD "Subject: Извън офиса: News\n" TEXT, AUTO_REPLY},
    {"automatski odgovor", NULL, HEAD "Subject: Automatski odgovor: News\n" TEXT, AUTO_REPLY},
    {"аутоматски одговор", NULL, HEAD "Subject: Аутоматски одговор: News\n" TEXT, AUTO_REPLY},
    {"samodejni odgovor", NULL, HEAD "Subject: Samodejni odgovor: News\n" TEXT, AUTO_REPLY},
    {"odsoten", NULL, HEAD "Subject: Odsoten: News\n" TEXT, AUTO_REPLY},
    {"odsotna", NULL, HEAD "Subject: Odsotna: News\n" TEXT, AUTO_REPLY},
    {"fora de l'oficina", NULL, HEAD "Subject: Fora de l'oficina: News\n" TEXT, AUTO_REPLY},
    {"erantzun automatikoa", NULL, HEAD "Subject: Erantzun automatikoa: News\n" TEXT, AUTO_REPLY},
    {"sjalfvirkt svar", NULL, HEAD "Subject: Sjalfvirkt svar: News\n" TEXT, AUTO_REPLY},
    {"balasan automatik", NULL, HEAD "Subject: Balasan automatik: News\n" TEXT, AUTO_REPLY},
    {"аўтаматычны адказ", NULL, HEAD "Subject: Аўтаматычны адказ: News\n" TEXT, AUTO_REPLY},
    {"автоматски одговор", NULL, HEAD "Subject: Автоматски одговор: News\n" TEXT, AUTO_REPLY},
    {"pergjigje automatike", NULL, HEAD "Subject: Pergjigje automatike: News\n" TEXT, AUTO_REPLY},
    {"ავტომატური პასუხი", NULL, HEAD "Subject: ავტომატური პასუხი: News\n" TEXT, AUTO_REPLY},
    {"fravaersmelding", NULL, HEAD "Subject: Fravaersmelding: News\n" TEXT, AUTO_REPLY},
    {"fraværsmelding", NULL, HEAD "Subject: Fraværsmelding: News\n" TEXT, AUTO_REPLY},
    {"franvaromeddelande", NULL, HEAD "Subject: Franvaromeddelande: News\n" TEXT, AUTO_REPLY},
    {"poissaoloviesti", NULL, HEAD "Subject: Poissaoloviesti: News\n" TEXT, AUTO_REPLY},
    {"poza biurem", NULL, HEAD "Subject: Poza biurem: News\n" TEXT, AUTO_REPLY},
    {"fuera de oficina", NULL, HEAD "Subject: Fuera de oficina: News\n" TEXT, AUTO_REPLY},
    {"niet aanwezig", NULL, HEAD "Subject: Niet aanwezig: News\n" TEXT, AUTO_REPLY},
    {"afwezigheidsbericht", NULL, HEAD "Subject: Afwezigheidsbericht: News\n" TEXT, AUTO_REPLY},
    {"Latvian, with accents", NULL, HEAD "Subject: Ārpus biroja automātiskā atbilde: News\n" TEXT, AUTO_REPLY},
    {"Latvian, of an office", NULL, HEAD "Subject: Biroja mebeles: jaunumi\n" TEXT, OTHER},
    {"French, without accents", NULL, HEAD "Subject: Reponse automatique : News\n" TEXT, AUTO_REPLY},
    {"a list's", NULL, HEAD "Subject: Automatic reply: News\nList-Id: <l.example.org>\n" TEXT, OTHER},
    {"a mail system's", NULL, "From: MAILER-DAEMON@example.org\nSubject: Re: x\nAuto-Submitted: auto-replied\n" TEXT,
     OTHER},
    {"a read receipt", NULL,
     HEAD
     "Subject: Read: News\nAuto-Submitted: auto-replied\n"
     "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
     "--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;anna@example.org\n"
     "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
     "auto_reply; recipient=anna@example.org; from=final_recipient\nrfc8098"},
    {"a read receipt of an address that forwards", NULL,
     HEAD
     "Subject: Read: News\n"
     "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
     "--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;box@example.net\n"
     "Original-Recipient: rfc822;ben@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
     "auto_reply; recipient=ben@example.org; from=original_recipient\nrfc8098"},
    {"a read receipt that does not say whose it is", NULL,
     HEAD "Subject: Read: News\n"
          "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
          "--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\n"
          "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
     "auto_reply; recipient=anna@example.org; from=sender\nrfc8098"},
    {"unsubscribe", NULL, HEAD "Subject: Unsubscribe\n\n", UNSUBSCRIBE "rfc2369"},
    {"unsubscribe with a token", NULL, HEAD "Subject: unsubscribe 4711-abc\n\n", UNSUBSCRIBE "rfc2369"},
    {"unsubscribe with a token behind a colon", NULL, HEAD "Subject: unsubscribe:4711-abc\n\n", UNSUBSCRIBE "rfc2369"},
    {"a word that begins so", NULL, HEAD "Subject: unsubscribed\n\n", OTHER},
    {"Apple's", NULL, HEAD "Subject: Unsubscribe from this list\nX-Apple-Unsubscribe: true\n\n", UNSUBSCRIBE "apple"},
    {"a newsletter about it", NULL, HEAD "Subject: Unsubscribe now\nList-Unsubscribe: <mailto:u@example.org>\n\n",
     OTHER},
    {"a question about it", NULL, HEAD "Subject: Unsubscribe me from everything\n\n", OTHER},
    {"a holiday reply to an unsubscribe mail", NULL, HEAD "Subject: unsubscribe\nAuto-Submitted: auto-replied\n\n",
     AUTO_REPLY},
    {"ordinary", NULL, HEAD "Subject: Hello\n\n550 5.1.1 <ben@example.org> user unknown\n", OTHER},
    {"empty", NULL, "", OTHER},
    {"no header", NULL, "\nHello\n", OTHER},
};

static void test_cases(void)
{
    struct report_settings settings;

    report_settings_defaults(&settings);
    cases_run(cases, G_N_ELEMENTS(cases), &settings);
}

/* Each subject and each field of an automatic reply that the parser knows, one at a time. */
static const char *const signs[] = {
    "Subject: Anna Example is out of the office\nAuto-Submitted: auto-generated",
    "Subject: Anna Example is out of office\nAuto-Submitted: auto-generated",
    "Subject: Anna Example ist ausser haus\nAuto-Submitted: auto-generated",
    "Subject: automatic reply: News",
    "Subject: auto reply: News",
    "Subject: auto-reply: News",
    "Subject: autoreply: News",
    "Subject: auto response: News",
    "Subject: auto-response: News",
    "Subject: autoresponse: News",
    "Subject: auto: News",
    "Subject: out of office: News",
    "Subject: out of office autoreply: News",
    "Subject: out of the office: News",
    "Subject: out-of-office: News",
    "Subject: ooo: News",
    "Subject: on vacation: News",
    "Subject: vacation: News",
    "Subject: vacation reply: News",
    "Subject: vacation response: News",
    "Subject: i am out of the office: News",
    "Subject: i'm out of the office: News",
    "Subject: away from the office: News",
    "Subject: away from office: News",
    "Subject: away: News",
    "Subject: on leave: News",
    "Subject: annual leave: News",
    "Subject: on holiday: News",
    "Subject: away from my mail: News",
    "Subject: automatische antwort: News",
    "Subject: abwesenheitsnotiz: News",
    "Subject: abwesenheitsnachricht: News",
    "Subject: abwesenheitsassistent: News",
    "Subject: abwesend: News",
    "Subject: abwesenheit: News",
    "Subject: nicht im büro: News",
    "Subject: ich bin nicht im büro: News",
    "Subject: urlaubsbenachrichtigung: News",
    "Subject: auto-antwort: News",
    "Subject: autoantwort: News",
    "Subject: réponse automatique: News",
    "Subject: absence du bureau: News",
    "Subject: absent du bureau: News",
    "Subject: absent: News",
    "Subject: absence: News",
    "Subject: message d'absence: News",
    "Subject: message d’absence: News",
    "Subject: respuesta automática: News",
    "Subject: fuera de la oficina: News",
    "Subject: autorespuesta: News",
    "Subject: risposta automatica: News",
    "Subject: fuori sede: News",
    "Subject: fuori ufficio: News",
    "Subject: resposta automática: News",
    "Subject: fora do escritório: News",
    "Subject: automatisch antwoord: News",
    "Subject: automatische beantwoording: News",
    "Subject: afwezig: News",
    "Subject: autosvar: News",
    "Subject: automatiskt svar: News",
    "Subject: automatisk svar: News",
    "Subject: frånvarande: News",
    "Subject: frånvaro: News",
    "Subject: fraværende: News",
    "Subject: fravær: News",
    "Subject: automaattinen vastaus: News",
    "Subject: poissa: News",
    "Subject: automatyczna odpowiedź: News",
    "Subject: nieobecność: News",
    "Subject: automatická odpověď: News",
    "Subject: mimo kancelář: News",
    "Subject: automatikus válasz: News",
    "Subject: házon kívül: News",
    "Subject: răspuns automat: News",
    "Subject: автоматический ответ: News",
    "Subject: автоответ: News",
    "Subject: автоматична відповідь: News",
    "Subject: αυτόματη απάντηση: News",
    "Subject: otomatik yanıt: News",
    "Subject: ofis dışında: News",
    "Subject: رد تلقائي: News",
    "Subject: پاسخ خودکار: News",
    "Subject: תשובה אוטומטית: News",
    "Subject: מענה אוטומטי: News",
    "Subject: स्वचालित उत्तर: News",
    "Subject: ตอบกลับอัตโนมัติ: News",
    "Subject: trả lời tự động: News",
    "Subject: balasan otomatis: News",
    "Subject: 自动答复: News",
    "Subject: 自动回复: News",
    "Subject: 自動回覆: News",
    "Subject: 自動応答: News",
    "Subject: 自動返信: News",
    "Subject: 自動送信: News",
    "Subject: 不在: News",
    "Subject: 不在通知: News",
    "Subject: 不在のお知らせ: News",
    "Subject: 자동 회신: News",
    "Subject: 자동 응답: News",
    "Subject: 부재중: News",
    "Subject: Re: News\nAuto-Submitted: auto-replied",
    "Subject: Re: News\nAuto-Submitted: auto-notified",
    "Subject: Re: News\nAuto-Submitted: auto-generated (vacation)",
    "Subject: Re: News\nX-Autoreply: yes",
    "Subject: Re: News\nX-Auto-Reply: yes",
    "Subject: Re: News\nX-Autorespond: yes",
    "Subject: Re: News\nX-Autoresponder: yes",
    "Subject: Re: News\nX-Auto-Responder: yes",
    "Subject: Re: News\nX-Autoreply-From: yes",
    "Subject: Re: News\nX-Mail-Autoreply: yes",
    "Subject: Re: News\nX-Autogenerated: reply",
    "Subject: Re: News\nX-Vacation: yes",
    "Subject: Re: News\nX-Apple-Action: vacation",
    "Subject: Re: News\nX-Mailer: vacation",
    "Subject: Re: News\nX-MS-Exchange-Inbox-Rules-Loop: yes",
    "Subject: Re: News\nX-MS-Exchange-Generated-Message-Source: mailbox rules agent",
    "Subject: Re: News\nX-FC-MachineGenerated: true",
    "Subject: Re: News\nDelivered-To: autoresponder",
    "Subject: Re: News\nPrecedence: auto_reply",
    "Subject: Re: News\nPrecedence: auto-reply",
    "Subject: Re: News\nPrecedence: autoreply",
    "Subject: Re: News\nX-Precedence: auto_reply",
    "Subject: Re: News\nX-POST-MessageClass: 9; autoresponder",
};

static void test_signs(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        g_autofree char *message = g_strconcat(HEAD, signs[i], "\n" TEXT, NULL);
        const struct parser_case one = {signs[i], NULL, message, AUTO_REPLY};
        struct report_settings settings;

        report_settings_defaults(&settings);
        cases_run(&one, 1, &settings);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/auto_reply/cases", test_cases);
    g_test_add_func("/parser/auto_reply/signs", test_signs);
    return g_test_run();
}
