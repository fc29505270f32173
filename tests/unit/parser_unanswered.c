/* Headers of mail that nobody is to be sent an answer to (RFC 3834 section 2), and of mail that is a person's. */
#include "parser/mail/auto_submitted.h"

#include <string.h>

static const struct {
    const char *header;
    bool automatic;
} rows[] = {
    {"From: anna@example.com\nSubject: Lunch\n\n", false},
    {"Auto-Submitted: no\n\n", false},
    {"Auto-Submitted: no (a person)\n\n", false},
    {"Auto-Submitted: no; x=y\n\n", false},
    {"Auto-Submitted: nobody\n\n", true},
    {"auto-submitted: auto-generated\n\n", true},
    {"Auto-Submitted: auto-replied; x=y\n\n", true},
    {"Precedence: bulk\n\n", true},
    {"Precedence: LIST\n\n", true},
    {"Precedence: junk\n\n", true},
    {"Precedence: auto_reply\n\n", true},
    {"Precedence: first-class\n\n", false},
    {"List-Id: News <news.example.com>\n\n", true},
    {"List-Unsubscribe: <mailto:off@example.com>\n\n", true},
    {"List-Post: NO\n\n", true},
    {"List-Help: <mailto:help@example.com>\n\n", true},
    {"Feedback-ID: 7:news:example\n\n", true},
    {"X-Auto-Response-Suppress: DR, OOF, AutoReply\n\n", true},
    {"X-Auto-Response-Suppress: None\n\n", false},
    {"X-Autoreply: yes\n\n", true},
    {"X-Autorespond: yes\n\n", true},
};

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct span rest = span_of(rows[i].header);
        struct fields header;

        fields_init(&header);
        fields_read(&header, &rest, 1000);
        g_test_message("%s", rows[i].header);
        g_assert_true(auto_submitted_in(&header) == rows[i].automatic);
        fields_clear(&header);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/unanswered", test_rows);
    return g_test_run();
}
