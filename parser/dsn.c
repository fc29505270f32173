/* Delivery status notifications: RFC 3464 in a multipart/report (RFC 6522), RFC 6533 for international mail. */
#include <string.h>

#include "parser/reader.h"

static const char *const status_types[] = {"message/delivery-status", "message/global-delivery-status", NULL};

static const struct {
    const char *name;
    enum report_action action;
    enum report_kind kind;
} actions[] = {
    {"failed", REPORT_ACTION_FAILED, REPORT_BOUNCE},      {"failure", REPORT_ACTION_FAILED, REPORT_BOUNCE},
    {"delayed", REPORT_ACTION_DELAYED, REPORT_DELAY},     {"delivered", REPORT_ACTION_DELIVERED, REPORT_DELIVERED},
    {"relayed", REPORT_ACTION_RELAYED, REPORT_DELIVERED}, {"expanded", REPORT_ACTION_EXPANDED, REPORT_DELIVERED},
};

bool dsn_read(struct message *message, struct draft *draft)
{
    struct part *part = message_part_of(message, status_types);
    struct fields fields;
    struct span rest;

    if (part == NULL)
        return false;
    rest = message_part_bytes(message, part);
    draft->report->dialect = "rfc3464";
    fields_init(&fields);
    while (rest.length > 0) {
        struct report_recipient *recipient;
        struct span action;
        if (!fields_read(&fields, &rest, message->settings->max_header_bytes)) {
            struct span line;
            if (span_starts(rest, "--"))
                span_line(&rest, &line);
            continue;
        }
        if (fields_get(&fields, "Reporting-MTA").at != NULL)
            draft->report->reporting_mta = draft_mta(draft, fields_get(&fields, "Reporting-MTA"));
        action = fields_get(&fields, "Action");
        if (action.at == NULL || (recipient = draft_recipient(draft, REPORT_BOUNCE)) == NULL)
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
            if (span_starts(action, actions[i].name)) {
                recipient->action = actions[i].action;
                recipient->kind = actions[i].kind;
            }
        }
        draft_set_recipient(draft, recipient, fields_get(&fields, "Original-Recipient"),
                            REPORT_FROM_ORIGINAL_RECIPIENT);
        draft_set_recipient(draft, recipient, fields_get(&fields, "Final-Recipient"), REPORT_FROM_FINAL_RECIPIENT);
        draft_set_diagnostic(draft, recipient, fields_get(&fields, "Diagnostic-Code"));
    }
    fields_clear(&fields);
    return draft->report->recipients->len > 0;
}
