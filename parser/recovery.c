#include "parser/recovery.h"

#include <string.h>

#include "parser/address.h"
#include "parser/return_path.h"

/* Fields of the returned message that name the recipient, put there on the way. */
static const char *const x_headers[] = {
    "X-HmXmrOriginalRecipient", "X-Original-To",      "Delivered-To", "X-Envelope-To", "Envelope-To", "X-Rcpt-To",
    "X-Apparently-To",          "X-Original-Rcpt-To",
};

/* Keeps what `address` tells if it is one of our return paths. */
static bool try_return_path(struct draft *draft, struct span address, struct return_path_match *best)
{
    struct return_path_match match = {0};

    if (address.length == 0 || !address_read(address, ADDRESS_PLAIN, draft->scratch) ||
        !return_path_match(draft->settings->return_paths, draft->scratch->str, &match))
        return false;
    if (best->path != NULL && match.evidence <= best->evidence) {
        g_free(match.recipient);
        return false;
    }
    g_free(best->recipient);
    *best = match;
    return true;
}

static void try_fields(struct draft *draft, const struct fields *fields, const char *name,
                       struct return_path_match *best)
{
    /* the outermost few: a hostile header may hold thousands */
    const struct field *field = fields_find(fields, name);

    for (int i = 0; field != NULL && i < 10; i++, field = fields_next(fields, field))
        try_return_path(draft, field->value, best);
}

/* The address that the report came to. */
static void find_envelope(struct draft *draft, const struct message *message, struct return_path_match *best)
{
    static const char *const names[] = {"Return-Path", "Delivered-To", "X-Original-To", "Envelope-To", "To"};
    const char *const *recipients = message->envelope->recipients;

    if (recipients != NULL && recipients[0] != NULL) {
        for (; *recipients != NULL; recipients++)
            try_return_path(draft, span_of(*recipients), best);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        try_fields(draft, &message->header, names[i], best);
}

static void take_return_path(struct draft *draft, const struct return_path_match *match)
{
    struct report *report = draft->report;
    enum report_recipient_from from = match->evidence == REPORT_SIGNED ? REPORT_FROM_SIGNED : REPORT_FROM_VERP;

    report->evidence = match->evidence;
    report->unproven_suppresses = match->path->unproven_suppresses;
    if (match->path->stream != NULL)
        report->stream = g_string_chunk_insert_const(report->strings, match->path->stream);
    for (guint i = 0; match->recipient != NULL && i < report->recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(report->recipients, i);
        const char *named = recipient->recipient;
        if (!draft_set_recipient(draft, recipient, span_of(match->recipient), from))
            continue;
        /* what the report names is where it failed */
        if (named != NULL && recipient->final_recipient == NULL && strcmp(named, recipient->recipient) != 0)
            recipient->final_recipient = named;
    }
}

/* Received: ... for <addr>; the first that names somebody is the last hop. */
static void try_received(struct draft *draft, struct report_recipient *recipient, const struct fields *returned)
{
    const struct field *field = fields_find(returned, "Received");

    for (; field != NULL && recipient->recipient == NULL; field = fields_next(returned, field)) {
        const char *at = span_find(field->value, " for ");
        struct span rest, word;
        if (at == NULL)
            continue;
        rest = span_skip(span_from(field->value, at), 5);
        if (span_word(&rest, &word))
            draft_set_recipient(draft, recipient, word, REPORT_FROM_RETURNED_RECEIVED);
    }
}

/* A To with one address in it: with more, any of them may be meant. */
static void try_to(struct draft *draft, struct report_recipient *recipient, const struct fields *returned)
{
    struct span list = fields_get(returned, "To");
    struct span only;

    if (list.length == 0 || fields_get(returned, "Cc").length > 0 || !address_next(&list, draft->scratch))
        return;
    only = span_of(g_string_chunk_insert_const(draft->report->strings, draft->scratch->str));
    if (!address_next(&list, draft->scratch))
        draft_set_recipient(draft, recipient, only, REPORT_FROM_RETURNED_TO);
}

static void search_returned(struct draft *draft, struct message *message, struct report_recipient *recipient)
{
    const struct fields *returned = message_returned(message);

    for (size_t i = 0; i < G_N_ELEMENTS(x_headers) && recipient->recipient == NULL; i++)
        draft_set_recipient(draft, recipient, fields_get(returned, x_headers[i]), REPORT_FROM_X_HEADER);
    try_received(draft, recipient, returned);
    if (recipient->recipient == NULL)
        try_to(draft, recipient, returned);
}

/* Does the reported message tell about the mail itself, not about the person who wrote (an auto-reply's sender)? */
static bool has_returned_message(enum report_kind kind)
{
    return kind != REPORT_OTHER && kind != REPORT_AUTO_REPLY && kind != REPORT_UNSUBSCRIBE;
}

void recovery_run(struct draft *draft, struct message *message)
{
    struct report *report = draft->report;
    struct return_path_match match = {0};
    struct report_recipient *only;

    find_envelope(draft, message, &match);
    if (report->recipients->len > 0 && report->feedback_type != NULL) {
        try_fields(draft, message_returned(message), "Return-Path", &match);
        try_return_path(draft, span_of(report->original_mail_from), &match);
    }
    if (match.path != NULL)
        take_return_path(draft, &match);
    g_free(match.recipient);
    only = report->recipients->len == 1 ? g_ptr_array_index(report->recipients, 0) : NULL;
    if (only != NULL && only->recipient == NULL && has_returned_message(only->kind))
        search_returned(draft, message, only);
}
