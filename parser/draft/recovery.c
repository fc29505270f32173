#include "parser/draft/recovery.h"

#include <string.h>

#include "parser/address.h"
#include "parser/draft/returned.h"
#include "parser/mail/trace.h"
#include "parser/return_path.h"
#include "parser/text/mentions.h"

/* A hostile header holds thousands of fields. */
enum { MAX_FIELDS = 10, MAX_LIST = 2000 };

/* Fields of the returned message that an address of ours may stand in, in the order of trust. */
static const struct {
    const char *name;
    enum report_from from;
} our_fields[] = {
    {"Return-Path", REPORT_FROM_VERP},      {"Sender", REPORT_FROM_TOKEN},
    {"Errors-To", REPORT_FROM_TOKEN},       {"CFBL-Feedback-ID", REPORT_FROM_TOKEN}, /* RFC 9477 */
    {"Message-ID", REPORT_FROM_MESSAGE_ID},
};

/* An address of ours, and where it stood. */
struct found {
    struct return_path_match match;
    enum report_from from;
};

/* Proof counts most, then that it names the recipient; else the first stays. */
static bool is_better(const struct return_path_match *match, const struct return_path_match *best)
{
    if (match->evidence != best->evidence)
        return match->evidence > best->evidence;
    return match->recipient != NULL && best->recipient == NULL;
}

/* Keeps what `address` tells if it is one of our return paths. */
static void try_return_path(struct draft *draft, struct span address, enum report_from from, struct found *best)
{
    enum address_form form = from == REPORT_FROM_ENVELOPE_ID ? ADDRESS_XTEXT : ADDRESS_PLAIN;
    struct return_path_match match = {0};

    if (!address_read(address, form, draft->scratch) ||
        !return_path_match(draft->settings->return_paths, draft->scratch->str, draft->settings->now, &match))
        return;
    if (best->match.path != NULL && !is_better(&match, &best->match)) {
        return_path_match_clear(&match);
        return;
    }
    return_path_match_clear(&best->match);
    *best = (struct found){match, match.evidence == REPORT_EVIDENCE_SIGNED ? REPORT_FROM_SIGNED : from};
}

static void try_fields(struct draft *draft, const struct fields *fields, const char *name, enum report_from from,
                       struct found *best)
{
    const struct field *field = fields_find(fields, name);

    for (int i = 0; field != NULL && i < MAX_FIELDS; i++, field = fields_next(fields, field))
        try_return_path(draft, field->value, from, best);
}

/* List-Unsubscribe: <https://example.com/u>, <mailto:ADDRESS?subject=x> (RFC 2369), the address percent-encoded. */
static void try_unsubscribe(struct draft *draft, struct span list, struct found *best)
{
    struct span item, address;

    list = span_head(list, MAX_LIST);
    while (span_cut(&list, ',', &item)) {
        g_autofree char *plain = NULL;
        item = span_trim(item);
        if (!span_starts(item, "<mailto:"))
            continue;
        item = span_skip(item, strlen("<mailto:"));
        if (!span_cut(&item, '?', &address))
            continue;
        if (span_ends(address, ">"))
            address.length--;
        plain = g_uri_unescape_segment(address.at, address.at + address.length, NULL);
        try_return_path(draft, span_of(plain), REPORT_FROM_LIST_UNSUBSCRIBE, best);
    }
}

/* Inside the report. */
static void find_returned(struct draft *draft, struct message *message, struct found *best)
{
    const struct fields *returned = message_returned(message);

    for (size_t i = 0; i < G_N_ELEMENTS(our_fields); i++)
        try_fields(draft, returned, our_fields[i].name, our_fields[i].from, best);
    try_unsubscribe(draft, fields_get(returned, "List-Unsubscribe"), best);
    try_return_path(draft, span_of(draft->envelope_id), REPORT_FROM_ENVELOPE_ID, best);
}

/* The address that the report came to. */
static void find_envelope(struct draft *draft, const struct message *message, struct found *best)
{
    static const char *const names[] = {"Return-Path", "Delivered-To", "X-Original-To", "Envelope-To"};
    const char *const *recipients = message->envelope->recipients;

    if (recipients != NULL && recipients[0] != NULL) {
        for (; *recipients != NULL; recipients++)
            try_return_path(draft, span_of(*recipients), REPORT_FROM_VERP, best);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const struct field *field = trace_top(&message->header, names[i]);
        if (field != NULL)
            try_return_path(draft, field->value, REPORT_FROM_VERP, best);
    }
    if (best->match.path == NULL)
        try_fields(draft, &message->header, "To", REPORT_FROM_VERP, best);
}

/* A return path was used for one recipient: what the report says of several, after aliases, is about that one. */
static void merge_recipients(GPtrArray *recipients)
{
    unsigned seen = 0;
    guint kept = 0;

    for (guint i = 0; i < recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if ((seen & (1U << recipient->kind)) != 0)
            continue;
        seen |= 1U << recipient->kind;
        recipients->pdata[i] = recipients->pdata[kept];
        recipients->pdata[kept++] = recipient;
    }
    g_ptr_array_set_size(recipients, (int)kept);
}

/* An MTA may fold the letters of a return path. */
static bool is_same(const char *address, const char *other)
{
    return address != NULL && g_ascii_strcasecmp(address, other) == 0;
}

/* Makes the recipient the one of our own address; where it failed is what the report names, if that is another. Our own
 * addresses are never redactions. */
static void set_ours(struct report_recipient *recipient, const char *address, enum report_from from)
{
    const char *failed = recipient->final_recipient != NULL ? recipient->final_recipient : recipient->recipient;

    recipient->final_recipient = is_same(failed, address) ? NULL : failed;
    recipient->recipient = address;
    recipient->recipient_from = from;
}

/* Does the address of ours tell who it was, though it proves nothing? Where the report itself names another, it does
 * only when the returned message was sent to it: then that other is where the mail was forwarded to. */
static bool is_told(const struct report_recipient *recipient, const char *address, bool returned)
{
    return recipient->recipient == NULL || recipient->recipient_from >= REPORT_FROM_RETURNED_RECEIVED || returned ||
           is_same(recipient->recipient, address) || is_same(recipient->final_recipient, address);
}

/* A valid MAC decides: the report is about the recipient that it covers, whomever it names, and is evidence about no
 * other. */
static void take_return_path(struct draft *draft, struct message *message, const struct found *found)
{
    struct report *report = draft->report;
    const struct return_path_match *match = &found->match;
    bool proven = match->evidence == REPORT_EVIDENCE_SIGNED, returned;
    const char *address;
    guint told = 0;

    if (match->stream != NULL)
        report->stream = g_string_chunk_insert_const(report->strings, match->stream);
    if (match->recipient == NULL || report->recipients->len == 0 ||
        return_path_find(draft->settings->return_paths, match->recipient) != NULL)
        return;
    address = g_string_chunk_insert_const(report->strings, match->recipient);
    returned = !proven && returned_names(draft, message_returned(message), address);
    for (guint i = 0; i < report->recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(report->recipients, i);

        if (!proven && !is_told(recipient, address, returned))
            continue;
        set_ours(recipient, address, found->from);
        told++;
    }
    if (told > 1 && told == report->recipients->len)
        merge_recipients(report->recipients);
    if (proven) {
        report->evidence = REPORT_EVIDENCE_SIGNED;
        report->signed_day = match->signed_day;
    }
}

/* Did the address send the message? Then it names the sender's own host's account, or stands in for one that is not
 * told. */
static bool is_author(struct draft *draft, const struct fields *returned, const char *address)
{
    static const char *const names[] = {"From", "Return-Path", "Sender"};

    for (size_t i = 0; address != NULL && i < G_N_ELEMENTS(names); i++) {
        if (is_same(draft_address(draft, fields_get(returned, names[i])), address))
            return true;
    }
    return false;
}

static void search_returned(struct draft *draft, struct message *message, struct report_recipient *recipient)
{
    /* Exim's and Gmail's, where the DSN itself names a file or a program. */
    if (!draft_set_recipient(draft, recipient, message_field(message, "X-Failed-Recipients"), REPORT_FROM_X_HEADER))
        recipient->recipient = returned_recipient(draft, message_returned(message), &recipient->recipient_from);
    if (recipient->recipient_from >= REPORT_FROM_RETURNED_RECEIVED &&
        is_author(draft, message_returned(message), recipient->recipient)) {
        recipient->recipient = NULL;
        recipient->recipient_from = REPORT_FROM_ABSENT;
    }
}

/* Does the reported message tell about the mail itself, not about the person who wrote (an auto-reply's sender)? */
static bool has_returned_message(enum report_kind kind)
{
    return kind != REPORT_KIND_OTHER && kind != REPORT_KIND_AUTO_REPLY && kind != REPORT_KIND_UNSUBSCRIBE;
}

/* Have they neither the domain in common nor the local part, nor what one of these starts with? */
static bool is_unlike(const char *address, const char *other)
{
    const char *at = strrchr(address, '@'), *other_at = strrchr(other, '@');

    return at != NULL && other_at != NULL && !is_same(at, other_at) &&
           g_ascii_strncasecmp(address, other, (size_t)MIN(at - address, other_at - other)) != 0;
}

static bool is_forwarded(const struct report_recipient *recipient, const struct returned_original *original)
{
    return recipient->recipient != NULL && recipient->final_recipient == NULL &&
           recipient->recipient_from >= REPORT_FROM_FINAL_RECIPIENT && recipient->recipient_from <= REPORT_FROM_BODY &&
           (!original->unlike || is_unlike(recipient->recipient, original->address)) &&
           (original->targets.length == 0 || mentions_has(original->targets, span_of(recipient->recipient)));
}

/* A DSN without Original-Recipient names where it failed alone, which is not whom we sent to when the returned message
 * tells that it was forwarded. */
static void find_original(struct draft *draft, struct message *message)
{
    GPtrArray *recipients = draft->report->recipients;
    struct returned_original original;

    returned_find_original(draft, message_returned(message), &original);
    for (guint i = 0; i < recipients->len && original.address != NULL; i++) {
        const struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (is_same(recipient->recipient, original.address) || recipient->kind == REPORT_KIND_FEEDBACK ||
            !has_returned_message(recipient->kind))
            return;
    }
    for (guint i = 0; i < recipients->len && original.address != NULL; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (is_forwarded(recipient, &original))
            set_ours(recipient, original.address, original.from);
    }
}

/* Of a group, some failed and others did not: mail went through to the address that we sent to, which outweighs the
 * failures. The successes of it go behind them, as if they had come later. */
static void order_successes(GPtrArray *recipients)
{
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) successes = g_ptr_array_new();
    guint kept = 0;

    for (guint i = 0; i < recipients->len; i++) {
        const struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (recipient->kind == REPORT_KIND_BOUNCE && recipient->recipient != NULL && recipient->final_recipient != NULL)
            g_hash_table_add(groups, (char *)recipient->recipient);
    }
    for (guint i = 0; i < recipients->len && g_hash_table_size(groups) > 0; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (recipient->kind == REPORT_KIND_DELIVERED && recipient->recipient != NULL &&
            g_hash_table_contains(groups, recipient->recipient))
            g_ptr_array_add(successes, recipient);
        else
            recipients->pdata[kept++] = recipient;
    }
    for (guint i = 0; i < successes->len; i++)
        recipients->pdata[kept++] = successes->pdata[i];
}

/* Rights of a report that proves nothing. Where it came to decides, by the envelope, never what it says itself:
 * anyone may write the return path of another section into a report, and all of a file is what somebody wrote: there
 * the operator who reads it in decides. A feedback address takes complaints, not bounces;
 * and who asks to be unsubscribed must write from the address that is to go, as far as SMTP tells. */
static bool may_suppress_unproven(const struct draft *draft, const struct message *message,
                                  const struct return_path *came_to)
{
    const struct report_envelope *envelope = message->envelope;
    const struct report_recipient *first;

    if (draft->report->recipients->len == 0)
        return false;
    first = g_ptr_array_index(draft->report->recipients, 0);
    if (first->recipient_from == REPORT_FROM_SENDER && first->recipient != NULL && envelope->mail_from != NULL &&
        g_ascii_strcasecmp(first->recipient, envelope->mail_from) != 0)
        return false;
    if (came_to != NULL && return_path_is_feedback(came_to) && first->kind != REPORT_KIND_FEEDBACK &&
        first->kind != REPORT_KIND_UNSUBSCRIBE)
        return false;
    if (envelope->recipients == NULL)
        return draft->settings->unproven_suppresses;
    return came_to != NULL && came_to->unproven_suppresses;
}

/* The sender of the message is not its recipient, unless he wrote to himself. */
static void drop_sender(struct draft *draft, struct message *message)
{
    const struct fields *returned = message_returned(message);
    const char *sender = draft_address(draft, fields_get(returned, "Return-Path"));
    GPtrArray *recipients = draft->report->recipients;
    guint kept = 0;

    if (sender == NULL || is_same(returned_only_to(draft, returned), sender))
        return;
    for (guint i = 0; i < recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        bool is_sender = has_returned_message(recipient->kind) && is_same(recipient->recipient, sender);
        if (is_sender) {
            recipient->recipient = NULL;
            recipient->recipient_from = REPORT_FROM_ABSENT;
        }
        recipients->pdata[i] = recipients->pdata[kept];
        recipients->pdata[kept] = recipient;
        kept += !is_sender;
    }
    g_ptr_array_set_size(recipients, (int)MAX(kept, 1));
}

/* A complaint that does not name its reporter is the provider's whose complaints come here, as the operator says. */
static const char *name_provider(struct draft *draft, const struct return_path *came_to)
{
    const GPtrArray *recipients = draft->report->recipients;
    const struct report_recipient *first = recipients->len > 0 ? g_ptr_array_index(recipients, 0) : NULL;

    if (came_to->provider == NULL || first == NULL || first->kind != REPORT_KIND_FEEDBACK)
        return NULL;
    return draft_text(draft, span_of(came_to->provider));
}

void recovery_run(struct draft *draft, struct message *message)
{
    struct report *report = draft->report;
    struct found found = {0};
    const struct return_path *came_to;
    struct report_recipient *only;

    if (draft->settings->return_paths != NULL)
        find_envelope(draft, message, &found);
    came_to = found.match.path;
    if (report->recipients->len > 0)
        drop_sender(draft, message);
    if (report->recipients->len > 0 && draft->settings->return_paths != NULL) {
        try_return_path(draft, span_of(report->original_mail_from), REPORT_FROM_VERP, &found);
        find_returned(draft, message, &found);
    }
    if (found.match.path != NULL)
        take_return_path(draft, message, &found);
    return_path_match_clear(&found.match);
    only = report->recipients->len == 1 ? g_ptr_array_index(report->recipients, 0) : NULL;
    if (only != NULL && only->recipient == NULL && has_returned_message(only->kind))
        search_returned(draft, message, only);
    find_original(draft, message);
    order_successes(report->recipients);
    if (came_to != NULL && report->reporting_mta == NULL)
        report->reporting_mta = name_provider(draft, came_to);
    report->unproven_suppresses = may_suppress_unproven(draft, message, came_to);
}
