#include "parser/draft/returned.h"

#include <string.h>

#include "parser/address.h"
#include "parser/text/mentions.h"

/* Mail passes a dozen hosts; a hostile header holds thousands. */
enum { MAX_HOPS = 50, MAX_FIELDS = 10, MAX_LIST = 2000 };

/* Fields of the returned message that name whom it was sent to, put there on the way. Delivered-To and X-Original-To do
 * not count: they name whom it was forwarded to. */
static const char *const x_headers[] = {
    "X-HmXmrOriginalRecipient", "X-Original-Rcpt-To", "X-Rcpt-To", "X-Envelope-To", "Envelope-To", "X-Apparently-To",
};

const char *returned_for(struct draft *draft, struct span value)
{
    struct span word;

    while (span_word(&value, &word)) {
        if (span_is(word, "for") && span_word(&value, &word) && span_find_char(word, '@') != NULL)
            return draft_recipient_address(draft, word, REPORT_FROM_RETURNED_RECEIVED);
    }
    return NULL;
}

/* The address that the first hop, the lowest field, names. `*agreed` when no other hop names another: where they
 * differ, the mail was forwarded or expanded on its way. */
static const char *first_hop(struct draft *draft, const struct fields *returned, bool *agreed)
{
    const struct field *field = fields_find(returned, "Received");
    const char *address = NULL;

    *agreed = true;
    for (int i = 0; field != NULL && i < MAX_HOPS; i++, field = fields_next(returned, field)) {
        const char *next = returned_for(draft, field->value);
        if (next == NULL)
            continue;
        if (address != NULL && g_ascii_strcasecmp(address, next) != 0)
            *agreed = false;
        address = next;
    }
    return address;
}

const char *returned_only_to(struct draft *draft, const struct fields *returned)
{
    struct span list = fields_get(returned, "To");
    g_autoptr(GString) only = g_string_new(NULL);

    if (fields_get(returned, "Cc").length > 0 || !address_next(&list, only) || address_next(&list, draft->scratch))
        return NULL;
    return draft_recipient_address(draft, span_of(only->str), REPORT_FROM_RETURNED_TO);
}

/* An MTA may fold the letters of a return path. */
static bool is_same(const char *address, const char *other)
{
    return address != NULL && g_ascii_strcasecmp(address, other) == 0;
}

bool returned_names(struct draft *draft, const struct fields *returned, const char *address)
{
    const struct field *field = fields_find(returned, "Received");

    if (is_same(returned_only_to(draft, returned), address))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(x_headers); i++) {
        if (is_same(draft_address(draft, fields_get(returned, x_headers[i])), address))
            return true;
    }
    for (int i = 0; field != NULL && i < MAX_HOPS; i++, field = fields_next(returned, field)) {
        if (is_same(returned_for(draft, field->value), address))
            return true;
    }
    return false;
}

const char *returned_recipient(struct draft *draft, const struct fields *returned, enum report_from *from)
{
    const char *hop, *to;
    bool agreed;

    *from = REPORT_FROM_X_HEADER;
    for (size_t i = 0; i < G_N_ELEMENTS(x_headers); i++) {
        const char *address = draft_recipient_address(draft, fields_get(returned, x_headers[i]), *from);
        if (address != NULL)
            return address;
    }
    hop = first_hop(draft, returned, &agreed);
    to = hop != NULL && agreed ? NULL : returned_only_to(draft, returned);
    *from = to != NULL ? REPORT_FROM_RETURNED_TO : hop != NULL ? REPORT_FROM_RETURNED_RECEIVED : REPORT_FROM_ABSENT;
    return to != NULL ? to : hop;
}

static bool is_delivered_to(struct draft *draft, const struct fields *returned, const char *address)
{
    const struct field *field = fields_find(returned, "Delivered-To");

    for (int i = 0; field != NULL && i < MAX_FIELDS; i++, field = fields_next(returned, field)) {
        if (is_same(draft_address(draft, field->value), address))
            return true;
    }
    return false;
}

static bool is_of_sender(struct draft *draft, const struct fields *returned, const char *address)
{
    static const char *const names[] = {"From", "Return-Path"};
    const char *domain = strrchr(address, '@');

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *sender = draft_address(draft, fields_get(returned, names[i]));
        if (sender != NULL && is_same(strrchr(sender, '@'), domain))
            return true;
    }
    return false;
}

/* Gmail's "X-Forwarded-For: anna@example.org anna@example.net": whose mail it was, and where it went. */
static const char *first_original(struct draft *draft, const struct fields *returned, struct span *targets)
{
    struct span list = span_head(fields_get(returned, "X-Forwarded-For"), MAX_LIST), first;
    size_t from = 0;

    if (!mentions_next(list, &from, &first))
        return NULL;
    *targets = span_skip(list, from);
    return targets->length > 0 ? draft_recipient_address(draft, first, REPORT_FROM_X_HEADER) : NULL;
}

void returned_find_original(struct draft *draft, const struct fields *returned, struct returned_original *original)
{
    bool agreed;
    const char *hop = first_hop(draft, returned, &agreed);
    const char *to = returned_only_to(draft, returned);

    *original = (struct returned_original){.from = REPORT_FROM_X_HEADER};
    original->address = first_original(draft, returned, &original->targets);
    if (original->address == NULL) {
        original->targets = span_head(original->targets, 0);
        original->unlike = hop != NULL && !is_delivered_to(draft, returned, hop);
        original->address = original->unlike && !is_same(to, hop) ? NULL : hop;
        original->from = REPORT_FROM_RETURNED_RECEIVED;
    }
    if (original->address != NULL && is_of_sender(draft, returned, original->address))
        original->address = NULL;
}
