#include "parser/prose/finding.h"

#include <string.h>

#include "parser/prose/transcript.h"
#include "parser/text/host.h"
#include "parser/text/verb.h"

void findings_init(struct findings *findings, size_t max)
{
    findings->items = g_array_new(FALSE, FALSE, sizeof(struct finding));
    findings->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    findings->strings = g_string_chunk_new(256);
    findings->intro = (struct span){NULL, 0};
    findings->max = max;
    findings->full = false;
}

void findings_clear(struct findings *findings)
{
    g_array_unref(findings->items);
    g_hash_table_destroy(findings->by_address);
    g_string_chunk_free(findings->strings);
}

struct finding *findings_at(const struct findings *findings, guint index)
{
    return &g_array_index(findings->items, struct finding, index);
}

struct finding *findings_get(const struct findings *findings, struct span address)
{
    g_autofree char *key = g_ascii_strdown(address.at == NULL ? "" : address.at, (gssize)address.length);
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(findings->by_address, key));

    return index == 0 ? NULL : findings_at(findings, index - 1);
}

struct finding *findings_add(struct findings *findings, struct span address, enum report_kind kind)
{
    struct finding finding = {.address = address, .kind = kind, .from = REPORT_FROM_BODY};
    struct finding *known = address.length == 0 ? NULL : findings_get(findings, address);

    if (known != NULL)
        return known;
    if (findings->items->len >= findings->max) {
        findings->full = true;
        return NULL;
    }
    g_array_append_val(findings->items, finding);
    if (address.length > 0)
        g_hash_table_replace(findings->by_address, g_ascii_strdown(address.at, (gssize)address.length),
                             GUINT_TO_POINTER(findings->items->len));
    return findings_at(findings, findings->items->len - 1);
}

void findings_truncate(struct findings *findings, guint length)
{
    for (guint i = length; i < findings->items->len; i++) {
        struct span address = findings_at(findings, i)->address;
        g_autofree char *key = g_ascii_strdown(address.at == NULL ? "" : address.at, (gssize)address.length);
        g_hash_table_remove(findings->by_address, key);
    }
    g_array_set_size(findings->items, MIN(length, findings->items->len));
}

void findings_delay(struct findings *findings)
{
    for (guint i = 0; i < findings->items->len; i++) {
        if (findings_at(findings, i)->kind == REPORT_KIND_BOUNCE)
            findings_at(findings, i)->kind = REPORT_KIND_DELAY;
    }
}

static void set_diagnostic(const struct finding *finding, struct draft *draft, struct report_recipient *recipient)
{
    g_autoptr(GString) refusal = transcript_refusal(finding->diagnostic, &recipient->command);

    if (finding->command != NULL)
        recipient->command = finding->command;
    if (recipient->command == NULL && refusal != NULL) /* what stands around the session may tell */
        recipient->command = verb_command(verb_answered(finding->diagnostic));
    draft_set_diagnostic(draft, recipient,
                         refusal != NULL ? (struct span){refusal->str, refusal->len} : finding->diagnostic);
}

void findings_report(const struct findings *findings, struct draft *draft)
{
    if (findings->full)
        draft->report->cut |= REPORT_CUT_RECIPIENTS;
    for (guint i = 0; i < findings->items->len; i++) {
        const struct finding *finding = findings_at(findings, i);
        struct report_recipient *recipient = draft_recipient(draft, finding->kind);
        if (recipient == NULL)
            return;
        draft_set_recipient(draft, recipient, finding->origin, REPORT_FROM_BODY);
        if (finding->origin.length == 0 || recipient->recipient == NULL)
            draft_set_recipient(draft, recipient, finding->address, finding->from);
        if (finding->origin.length > 0) {
            recipient->final_recipient = draft_address(draft, finding->address);
            if (g_strcmp0(recipient->final_recipient, recipient->recipient) == 0)
                recipient->final_recipient = NULL;
        }
        if (finding->kind == REPORT_KIND_BOUNCE)
            recipient->action = REPORT_ACTION_FAILED;
        else if (finding->kind == REPORT_KIND_DELAY)
            recipient->action = REPORT_ACTION_DELAYED;
        else if (finding->kind == REPORT_KIND_DELIVERED)
            recipient->action = REPORT_ACTION_DELIVERED;
        recipient->remote_mta =
            draft_mta(draft, finding->host.length > 0 ? finding->host : host_that_replied(finding->diagnostic));
        set_diagnostic(finding, draft, recipient);
    }
}
