#include "parser/readers/receipt.h"

static const char *const types[] = {"message/disposition-notification", "message/global-disposition-notification",
                                    NULL};

/* Fields of the receipt that name whose it is, as "type; address". */
static const struct {
    const char *name;
    enum report_from from;
} names[] = {
    {"Original-Recipient", REPORT_FROM_ORIGINAL_RECIPIENT},
    {"Final-Recipient", REPORT_FROM_FINAL_RECIPIENT},
};

static struct span without_type(struct span value)
{
    const char *semicolon = span_find_char(value, ';');

    return semicolon == NULL ? value : span_from(value, semicolon + 1);
}

/* A message of a mail system is no receipt: Dovecot rejects mail with one (RFC 5429), also over quota. */
bool receipt_read(struct message *message, struct draft *draft)
{
    struct part *part = message_part_of(message, types);
    struct report_recipient *recipient;
    struct fields fields;
    struct span rest;

    if (part == NULL || (origin_signs(draft->origin) & ORIGIN_DAEMON) != 0)
        return false;
    rest = span_trim(message_part_bytes(message, part));
    fields_init(&fields);
    fields_read(&fields, &rest, message->settings->max_header_bytes);
    draft->report->dialect = "rfc8098";
    recipient = draft_recipient(draft, REPORT_KIND_AUTO_REPLY);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        draft_set_recipient(draft, recipient, without_type(fields_get(&fields, names[i].name)), names[i].from);
    draft_set_recipient(draft, recipient, message_field(message, "From"), REPORT_FROM_SENDER);
    fields_clear(&fields);
    return true;
}
