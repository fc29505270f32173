/* parser_cases.h: tables of messages and the reports that are right for them. Each message is read as it stands, with
 * CRLF and with CR; a report is compared as text: a line for each recipient, one for the report, absent fields left
 * out. */
#pragma once

#include <string.h>

#include "parser/parser.h"

struct parser_case {
    const char *name;
    const char *to; /* envelope recipient; NULL: not known */
    const char *message;
    const char *expected;
};

static inline void cases_add_text(GString *out, const char *name, const char *value)
{
    if (value != NULL && *value != '\0')
        g_string_append_printf(out, "; %s=%s", name, value);
}

static inline void cases_add_number(GString *out, const char *name, gint64 value)
{
    if (value != 0)
        g_string_append_printf(out, "; %s=%" G_GINT64_FORMAT, name, value);
}

static inline void cases_add_recipient(GString *out, const struct report_recipient *recipient)
{
    g_string_append(out, report_kind_names[recipient->kind]);
    cases_add_text(out, "recipient", recipient->recipient);
    cases_add_text(out, "from", report_from_names[recipient->recipient_from]);
    cases_add_text(out, "final", recipient->final_recipient);
    cases_add_text(out, "action", report_action_names[recipient->action]);
    cases_add_text(out, "status", recipient->status);
    cases_add_number(out, "reply", recipient->reply);
    cases_add_text(out, "command", recipient->command);
    cases_add_text(out, "diagnostic", recipient->diagnostic);
    cases_add_text(out, "remote", recipient->remote_mta);
    cases_add_number(out, "occurred", recipient->occurred);
    g_string_append_c(out, '\n');
}

static inline char *cases_report(const struct report *report)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < report->recipients->len; i++)
        cases_add_recipient(out, g_ptr_array_index(report->recipients, i));
    g_string_append(out, report->dialect == NULL ? "-" : report->dialect);
    cases_add_text(out, "mta", report->reporting_mta);
    cases_add_number(out, "occurred", report->occurred);
    cases_add_text(out, "type", report->feedback_type);
    cases_add_text(out, "agent", report->user_agent);
    cases_add_text(out, "ip", report->source_ip);
    cases_add_text(out, "mail_from", report->original_mail_from);
    cases_add_text(out, "domain", report->reported_domain);
    cases_add_text(out, "auth_failure", report->auth_failure);
    cases_add_number(out, "incidents", report->incidents);
    cases_add_text(out, "sender", report->sender);
    cases_add_text(out, "message_id", report->message_id);
    cases_add_text(out, "subject", report->subject);
    cases_add_text(out, "list_id", report->list_id);
    cases_add_text(out, "feedback_id", report->feedback_id);
    cases_add_text(out, "stream", report->stream);
    if (report->evidence != REPORT_EVIDENCE_UNPROVEN)
        cases_add_text(out, "evidence", report_evidence_names[report->evidence]);
    cases_add_number(out, "day", report->signed_day);
    cases_add_number(out, "cut", report->cut);
    return g_string_free(out, FALSE);
}

static inline GString *cases_with_line_ends(const char *message, const char *line_end)
{
    GString *copy = g_string_new(message);

    g_string_replace(copy, "\n", line_end, 0);
    return copy;
}

static inline void cases_run(const struct parser_case *cases, size_t n, const struct report_settings *settings)
{
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};

    for (size_t i = 0; i < n * G_N_ELEMENTS(line_ends); i++) {
        const struct parser_case *row = &cases[i / G_N_ELEMENTS(line_ends)];
        const char *recipients[] = {row->to, NULL};
        struct report_envelope envelope = {.mail_from = NULL, .recipients = recipients};
        g_autoptr(GString) bytes = cases_with_line_ends(row->message, line_ends[i % G_N_ELEMENTS(line_ends)]);
        g_autoptr(Report) report = parser_read(settings, &envelope, bytes->str, bytes->len);
        g_autofree char *got = cases_report(report);

        if (strcmp(got, row->expected) != 0) {
            g_test_message("%s (line ends %zu):\ngot:\n%s\nexpected:\n%s", row->name, i % G_N_ELEMENTS(line_ends), got,
                           row->expected);
            g_test_fail();
        }
    }
}
