/* The parts of a message, their text, and the returned message; each as LF, CRLF and CR. */
#include "parser/mail/message.h"

#include <string.h>

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define NESTED "Content-Type: multipart/alternative; boundary=\"b c\"\n\n"

/* `parts`: the type of each and its text, whose line ends are LF, in brackets. */
static const struct {
    const char *name;
    const char *message;
    const char *parts;
} cases[] = {
    {"no MIME", "Subject: x\n\nHello\n", "text/plain[Hello\n]"},
    {"no body", "Subject: x\n", "text/plain[]"},
    {"nothing", "", "text/plain[]"},
    {"two parts", MIXED "preamble\n--b\n\none\n--b\nContent-Type: TEXT/Html\n\ntwo\n--b--\nepilogue\n",
     "text/plain[one\n]text/html[two\n]"},
    {"no closing boundary", MIXED "--b\n\none\n--b\n\ntwo\n", "text/plain[one\n]text/plain[two\n]"},
    {"blanks behind the boundary", MIXED "--b  \n\none\n--b--  \n", "text/plain[one\n]"},
    {"a longer boundary is none", MIXED "--b\n\none\n--bb\ntwo\n--b--\n", "text/plain[one\n--bb\ntwo\n]"},
    {"nested", MIXED "--b\n" NESTED "--b c\n\none\n--b c\n\ntwo\n--b c--\n\n--b\n\nthree\n--b--\n",
     "text/plain[one\n]text/plain[two\n]text/plain[three\n]"},
    {"the outer boundary ends the inner one", MIXED "--b\n" NESTED "--b c\n\none\n--b\n\ntwo\n--b c\nthree\n--b--\n",
     "text/plain[one\n]text/plain[two\n--b c\nthree\n]"},
    {"a message is one part",
     MIXED "--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--b--\n",
     "message/rfc822[Content-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n]"},
    {"a part without an empty line", MIXED "--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n",
     "text/html[]text/plain[two\n]"},
    {"no boundary in the type", "Content-Type: multipart/mixed\n\n--b\n\none\n", "multipart/mixed[--b\n\none\n]"},
    {"the boundary never comes", MIXED "one\n", "text/plain[one\n]"},
    {"quoted-printable, Latin-1",
     "Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: Quoted-Printable\n\nGr=FC=DFe =\nan "
     "alle\n",
     "text/plain[Grüße an alle\n]"},
    {"base64", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOfZQo=\n",
     "text/plain[Grüße\n]"},
    {"broken base64", "Content-Transfer-Encoding: base64\n\nR3Jy@@\n#", "text/plain[Grr]"},
    {"ISO-2022-JP", "Content-Type: text/plain; charset=iso-2022-jp\n\n\033$B$\"\033(B\n", "text/plain[あ\n]"},
    {"ISO-2022-JP that does not say so", "Subject: x\n\n\033$B$\"\033(B\n", "text/plain[あ\n]"},
    {"8 bits that nobody announced",
     "Subject: x\n\nGr\xfc\xdf"
     "e, Gr\xc3\xbc\xc3\x9f"
     "e\n",
     "text/plain[Grüße, Grüße\n]"},
    {"a charset that does not exist",
     "Content-Type: text/plain; charset=x-none\n\nGr\xc3\xbc\xc3\x9f"
     "e\n",
     "text/plain[Grüße\n]"},
    {"not valid in its charset", "Content-Type: text/plain; charset=shift_jis\n\na\xff\xff\n",
     "text/plain[a\xef\xbf\xbd\xef\xbf\xbd\n]"},
    {"mbox", "From anna Sat Nov 21 10:00:00 2026\nSubject: x\n\nHello\n", "text/plain[Hello\n]"},
};

static GString *with_line_ends(const char *text, const char *line_end)
{
    GString *copy = g_string_new(text);

    g_string_replace(copy, "\n", line_end, 0);
    return copy;
}

static char *parts_of(struct message *message)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < message_n_parts(message); i++) {
        struct part *part = message_part(message, i);
        struct span text = message_part_text(message, part);

        g_assert_true(g_utf8_validate(text.at == NULL ? "" : text.at, (gssize)text.length, NULL));
        g_string_append_printf(out, "%s[%.*s]", part->type, (int)text.length, text.at == NULL ? "" : text.at);
    }
    g_string_replace(out, "\r\n", "\n", 0);
    return g_string_free(out, FALSE);
}

static void test_parts(void)
{
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(line_ends); i++) {
        size_t row = i / G_N_ELEMENTS(line_ends);
        g_autoptr(GString) bytes = with_line_ends(cases[row].message, line_ends[i % G_N_ELEMENTS(line_ends)]);
        struct message *message = message_new(&settings, NULL, (struct span){bytes->str, bytes->len});
        g_autofree char *got = parts_of(message);

        if (strcmp(got, cases[row].parts) != 0) {
            g_test_message("%s (line ends %zu): got %s, expected %s", cases[row].name, i % G_N_ELEMENTS(line_ends), got,
                           cases[row].parts);
            g_test_fail();
        }
        g_assert_cmpuint(message->cut, ==, 0);
        message_free(message);
    }
}

static void test_limits(void)
{
    static const struct {
        const char *message;
        struct report_settings settings;
        const char *parts;
        unsigned cut;
    } limited[] = {
        {MIXED "--b\n\none\n--b\n\ntwo\n--b\n\nthree\n",
         {.max_parts = 2, .max_depth = 9, .max_recipients = 9, .max_header_bytes = 999, .max_text_bytes = 999},
         "text/plain[one\n]text/plain[two\n]",
         REPORT_CUT_PARTS},
        {MIXED "--b\n" NESTED "--b c\n\none\n--b c--\n",
         {.max_parts = 9, .max_depth = 1, .max_recipients = 9, .max_header_bytes = 999, .max_text_bytes = 999},
         "multipart/alternative[--b c\n\none\n--b c--\n]",
         REPORT_CUT_DEPTH},
        {"Content-Type: text/html\nX-Long: 12345678901234567890\n\none\n",
         {.max_parts = 9, .max_depth = 9, .max_recipients = 9, .max_header_bytes = 30, .max_text_bytes = 999},
         "text/html[one\n]",
         REPORT_CUT_HEADERS},
        {MIXED "--b\n\none\n--b\n\ntwo\n",
         {.max_parts = 9, .max_depth = 9, .max_recipients = 9, .max_header_bytes = 999, .max_text_bytes = 6},
         "text/plain[one\n]text/plain[tw]",
         REPORT_CUT_TEXT},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(limited); i++) {
        struct message *message = message_new(&limited[i].settings, NULL, span_of(limited[i].message));
        g_autofree char *got = parts_of(message);

        g_assert_cmpstr(got, ==, limited[i].parts);
        g_assert_cmpuint(message->cut, ==, limited[i].cut);
        message_free(message);
    }
}

static void test_returned(void)
{
    static const char *const types[] = {"message/rfc822", "text/rfc822-headers", "text/rfc822-header", "message/global",
                                        "message/global-headers"};
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree char *text = g_strdup_printf(
            MIXED
            "--b\n\none\n--b\nContent-Type: %s\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQo=\n--b--\n",
            types[i]);
        struct message *message = message_new(&settings, NULL, span_of(text));

        g_assert_true(message_part_is_returned(message_part(message, 1)));
        g_assert_true(span_is(fields_get(message_returned(message), "subject"), "x"));
        message_set_returned(message, span_of("\n\nSubject: y\n"));
        g_assert_true(span_is(fields_get(message_returned(message), "subject"), "y"));
        message_free(message);
    }
}

static void test_subject(void)
{
    static const struct {
        const char *message;
        const char *subject;
    } subjects[] = {
        {"Subject: Hello,\n\t world\n\n", "Hello, world"},
        {"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n\n", "Gr\xc3\xbc\xc3\x9f"
                                                     "e"},
        {"Subject: =?eucgb2312_cn?B?zcvQxQ==?=\n\n", "\xe9\x80\x80\xe4\xbf\xa1"},
        {"Subject: Gr\xfc\xdf"
         "e\n\n",
         "Gr\xc3\xbc\xc3\x9f"
         "e"},
        {"Subject:\n\n", NULL},
        {"From: anna@example.net\n\n", NULL},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        struct message *message = message_new(&settings, NULL, span_of(subjects[i].message));

        g_assert_cmpstr(message_subject(message), ==, subjects[i].subject);
        g_assert_true(message_subject(message) == message_subject(message));
        message_free(message);
    }
}

/* Without a part of the right type, the text, or another part, holds what was returned. */
static void test_find_returned(void)
{
    static const struct {
        const char *message;
        const char *inside;
        const char *subject; /* NULL: nothing is returned */
    } found[] = {
        {MIXED "--b\n\none\n--b\n\nFrom: a\nMessage-Id: <m>\nSubject: part\n--b--\n", "", "part"},
        {MIXED "--b\n\none\n--b\n\nFrom: a\nMessage-Id: <m>\nSubject: part\n--b--\n", "Subject: text\n", "text"},
        {MIXED "--b\n\none\n--b\n\nFrom: a\nSubject: a letter\n--b--\n", "", NULL},
        {MIXED "--b\n\none\n--b\nContent-Type: message/rfc822\n\nSubject: typed\n--b--\n", "Subject: text\n", "typed"},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
        struct message *message = message_new(&settings, NULL, span_of(found[i].message));
        struct span subject;

        message_find_returned(message, span_of(found[i].inside));
        subject = fields_get(message_returned(message), "subject");
        if (found[i].subject == NULL ? subject.at != NULL : !span_is(subject, found[i].subject)) {
            g_test_message("row %zu: got %.*s", i, (int)subject.length, subject.at);
            g_test_fail();
        }
        message_free(message);
    }
}

static void test_shown(void)
{
    struct report_settings settings;
    struct message *message;

    report_settings_defaults(&settings);
    message = message_new(&settings, NULL,
                          span_of(MIXED "--b\nContent-Type: text/html\n\n<p>one <b>two</b></p>\n--b\nContent-Type: "
                                        "image/png\n\nxy\n--b\nContent-Type: text/rfc822-headers\n\nTo: a\n--b--\n"));
    g_assert_true(span_is(span_trim(message_part_shown(message, message_part(message, 0))), "one two"));
    g_assert_cmpuint(message_part_shown(message, message_part(message, 1)).length, ==, 0);
    g_assert_cmpuint(message_part_shown(message, message_part(message, 2)).length, ==, 0);
    message_free(message);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/message/parts", test_parts);
    g_test_add_func("/parser/message/limits", test_limits);
    g_test_add_func("/parser/message/returned", test_returned);
    g_test_add_func("/parser/message/subject", test_subject);
    g_test_add_func("/parser/message/find_returned", test_find_returned);
    g_test_add_func("/parser/message/shown", test_shown);
    return g_test_run();
}
