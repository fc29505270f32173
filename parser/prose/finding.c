#include "parser/prose/finding.h"

#include <string.h>

#include "parser/text/verb.h"

void findings_init(struct findings *findings, size_t max)
{
    findings->items = g_array_new(FALSE, FALSE, sizeof(struct finding));
    findings->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    findings->strings = g_string_chunk_new(256);
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

/* What stands before and behind the name of the host that answered: "host mx.example.com[192.0.2.1] said: 550 ...",
 * "192.0.2.1 does not like recipient." */
static const char *const before_host[] = {"host", "host:", "connected to", "connecting to", "connect to", "server"};
static const char *const behind_host[] = {" does not like recipient", " failed after I sent", " did not like our"};

/* The name that the word is: "mx.example.com[192.0.2.1]", "<mx.example.com>", "dns;mx.example.com"; empty when it is
 * none. */
static struct span host_name(struct span word)
{
    const char *semicolon = span_find_char(word, ';');
    size_t i = 0;

    if (semicolon != NULL)
        word = span_skip(span_from(word, semicolon), 1);
    if (span_starts(word, "<"))
        word = span_skip(word, 1);
    while (i < word.length && (g_ascii_isalnum(word.at[i]) || word.at[i] == '.' || word.at[i] == '-'))
        i++;
    while (i > 0 && word.at[i - 1] == '.')
        i--;
    word = span_head(word, i);
    return span_find_char(word, '.') == NULL ? span_head(word, 0) : word;
}

struct span finding_host(struct span text)
{
    struct span word;

    return span_word(&text, &word) ? host_name(word) : span_head(text, 0);
}

/* The name behind `words`; Postfix folds its lines between them. */
static struct span host_behind(struct span text, const char *words)
{
    struct span host = {NULL, 0};
    const char *at;

    while (host.length == 0 && (at = span_find(text, words)) != NULL) {
        text = span_skip(span_from(text, at), strlen(words));
        if (text.length > 0 && g_ascii_isspace(text.at[0]))
            host = finding_host(text);
    }
    return host;
}

static struct span find_host(struct span diagnostic)
{
    struct span text = span_head(diagnostic, 400);
    struct span host = {NULL, 0};
    struct span word;

    for (size_t i = 0; i < G_N_ELEMENTS(behind_host) && host.length == 0; i++) {
        if (span_find(span_head(text, 200), behind_host[i]) != NULL && span_word(&text, &word))
            host = host_name(word);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(before_host) && host.length == 0; i++)
        host = host_behind(text, before_host[i]);
    /* Courier: "mx.example.com [192.0.2.1]:" */
    if (host.length == 0 && span_line(&text, &word) && span_ends(word, "]:"))
        host = finding_host(word);
    return host;
}

/* How Courier (">>> RCPT TO:<...>", "<<< 550 ..."), MDaemon ("09:15:02: --> ...", "<-- ...") and hMailServer
 * ("hMailServer sent: ...", "Remote server replied: ...") print a session. */
static const char *const sent_marks[] = {">>> ", "--> ", "server sent: ", NULL};
static const char *const received_marks[] = {"<<< ", "<-- ", "server replied: ", NULL};

static bool is_marked(struct span line, const char *const *marks, struct span *tail)
{
    const char *at = NULL;

    while (at == NULL && *marks != NULL && (at = span_find(line, *marks)) == NULL)
        marks++;
    if (at != NULL)
        *tail = span_trim(span_skip(span_from(line, at), strlen(*marks)));
    return at != NULL;
}

/* The last refusal of a session that the text prints, with all its lines, and what it answered; nothing when it prints
 * none. */
static void read_session(struct span text, GString *refusal, const char **command)
{
    const char *sent = NULL;
    bool more = false;
    struct span line, tail;

    while (span_line(&text, &line)) {
        if (is_marked(line, sent_marks, &tail))
            sent = verb_command(verb_named(tail));
        if (!is_marked(line, received_marks, &tail) || !(span_starts(tail, "4") || span_starts(tail, "5")))
            continue;
        if (more)
            g_string_append_c(refusal, '\n');
        else
            g_string_truncate(refusal, 0);
        g_string_append_len(refusal, tail.at, (gssize)tail.length);
        more = tail.length > 3 && tail.at[3] == '-';
        *command = sent;
    }
}

static void set_diagnostic(const struct finding *finding, struct draft *draft, struct report_recipient *recipient)
{
    g_autoptr(GString) refusal = g_string_new(NULL);

    read_session(finding->diagnostic, refusal, &recipient->command);
    if (finding->command != NULL)
        recipient->command = finding->command;
    if (recipient->command == NULL)
        recipient->command = verb_command(verb_answered(finding->diagnostic));
    draft_set_diagnostic(draft, recipient,
                         refusal->len > 0 ? (struct span){refusal->str, refusal->len} : finding->diagnostic);
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
            draft_mta(draft, finding->host.length > 0 ? finding->host : find_host(finding->diagnostic));
        set_diagnostic(finding, draft, recipient);
    }
}
