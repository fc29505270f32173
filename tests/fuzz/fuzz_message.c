/* A whole message: the report holds what its header promises, whatever came in. The first byte chooses the return paths
 * and limits. */
#include <stdint.h>
#include <string.h>

#include "parser/parser.h"
#include "parser/return_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    g_assert(text == NULL || (*text != '\0' && g_utf8_validate(text, -1, NULL)));
    for (; text != NULL && *text != '\0'; text++)
        g_assert(!g_ascii_iscntrl(*text));
}

static void check(const struct report *report, const struct report_settings *settings)
{
    g_assert(report->recipients->len > 0 && report->recipients->len <= settings->max_recipients);
    for (guint i = 0; i < report->recipients->len; i++) {
        const struct report_recipient *recipient = g_ptr_array_index(report->recipients, i);
        g_assert((recipient->recipient == NULL) == (recipient->recipient_from == REPORT_FROM_ABSENT));
        g_assert(recipient->recipient == NULL || strchr(recipient->recipient, '@') != NULL);
        g_assert((recipient->kind == REPORT_KIND_OTHER) == (report->dialect == NULL));
        g_assert(recipient->reply == 0 || (recipient->reply >= 200 && recipient->reply < 600));
        check_text(recipient->recipient);
        check_text(recipient->final_recipient);
        check_text(recipient->status);
        check_text(recipient->diagnostic);
        check_text(recipient->remote_mta);
    }
    check_text(report->reporting_mta);
    check_text(report->feedback_type);
    check_text(report->user_agent);
    check_text(report->source_ip);
    check_text(report->original_mail_from);
    check_text(report->reported_domain);
    check_text(report->sender);
    check_text(report->message_id);
    check_text(report->subject);
    check_text(report->list_id);
    check_text(report->feedback_id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const to[] = {"news+user=example.org@bounces.example.com", NULL};
    static const char *const own_mta[] = {"mta.example.net", NULL};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct return_path path = {
        .name = (char *)"news", .domain = (char *)"bounces.example.com", .scheme = RETURN_PATH_VERP};
    struct report_envelope envelope = {.mail_from = "", .recipients = to, .own_mta = own_mta};
    struct report_settings settings;
    g_autoptr(Report) report = NULL;
    bool choose = size > 0 && data[0] < 4; /* a message starts with printable text */

    report_settings_defaults(&settings);
    g_ptr_array_add(paths, &path);
    settings.return_paths = paths;
    if (choose && (data[0] & 1)) {
        settings.max_parts = 4;
        settings.max_depth = 2;
        settings.max_recipients = 3;
        settings.max_header_bytes = 200;
        settings.max_text_bytes = 300;
    }
    report =
        parser_read(&settings, choose && (data[0] & 2) ? &envelope : NULL, (const char *)data + choose, size - choose);
    check(report, &settings);
    return 0;
}
