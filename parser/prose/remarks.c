#include "parser/prose/remarks.h"

#include <string.h>

#include "parser/address.h"
#include "parser/prose/transcript.h"
#include "parser/text/reply.h"
#include "parser/text/verb.h"

/* A paragraph is one line with its folds, or what follows a line that is an address alone. */
struct remarks {
    struct draft *draft;
    GHashTable *recipients;        /* lower-case address to struct report_recipient *; those without a reply */
    struct report_recipient *only; /* when the report is about one */
    struct exchange exchange;      /* the last that is printed */
};

static void add_name(struct remarks *remarks, const char *address, struct report_recipient *recipient)
{
    if (address != NULL)
        g_hash_table_replace(remarks->recipients, g_ascii_strdown(address, -1), recipient);
}

/* The recipient that a line names; the first that we know counts. */
static struct report_recipient *named_in(struct remarks *remarks, struct span line)
{
    struct span word;

    if (span_find_char(line, '@') == NULL)
        return NULL;
    while (span_word(&line, &word)) {
        struct report_recipient *found;
        if (span_find_char(word, '@') == NULL || !address_read(word, ADDRESS_PLAIN, remarks->draft->scratch))
            continue;
        g_string_ascii_down(remarks->draft->scratch);
        found = g_hash_table_lookup(remarks->recipients, remarks->draft->scratch->str);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* `text` is the recipient's if it has a reply: the last such text wins. */
static void take(struct remarks *remarks, struct report_recipient *recipient, struct span text)
{
    struct reply found;
    const char *told;

    reply_find(text, &found);
    if (!found.certain)
        return;
    recipient->reply = found.code;
    recipient->diagnostic = draft_text(remarks->draft, text);
    if (found.status.length > 0 && (recipient->status == NULL || !reply_is_vague(found.status)))
        recipient->status = draft_text(remarks->draft, found.status);
    told = verb_command(verb_answered(text));
    if (told != NULL)
        recipient->command = told;
    else if (recipient->command == NULL || recipient->command == verb_pipe)
        recipient->command = remarks->exchange.command;
}

static bool is_fold(struct span rest)
{
    return rest.length > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t');
}

/* A line, and the lines that it is folded over. */
static bool take_line(struct span *rest, struct span *line)
{
    struct span next;

    if (!span_line(rest, line))
        return false;
    while (line->length > 0 && is_fold(*rest)) {
        struct span after = *rest;
        span_line(&after, &next);
        if (span_trim(next).length == 0)
            break;
        line->length = (size_t)(next.at + next.length - line->at);
        *rest = after;
    }
    return true;
}

/* `*current` is the recipient that the lines are about; an empty line ends that. */
static void read_line(struct remarks *remarks, struct span line, struct report_recipient **current)
{
    struct report_recipient *named;
    enum transcript_line what;
    struct span text;

    line = span_trim(line);
    if (line.length == 0)
        *current = NULL;
    what = transcript_line(line, &text);
    if (what == TRANSCRIPT_LINE_SENT)
        exchange_send(&remarks->exchange, text);
    /* whom a reply, "<<< 550 ...", is about stands in the line after it */
    if (line.length == 0 || what != TRANSCRIPT_LINE_OTHER)
        return;
    named = named_in(remarks, line);
    if (named != NULL)
        *current = named;
    else if (*current == NULL && g_ascii_isdigit(line.at[0]))
        *current = remarks->only;
    if (*current != NULL)
        take(remarks, *current, line);
}

void remarks_read(struct draft *draft, struct span text)
{
    const GPtrArray *all = draft->report->recipients;
    struct remarks remarks = {.draft = draft};
    struct report_recipient *current = NULL;
    struct span line;

    exchange_init(&remarks.exchange);
    remarks.recipients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < all->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(all, i);
        if (recipient->reply != 0)
            continue;
        add_name(&remarks, recipient->recipient, recipient);
        add_name(&remarks, recipient->final_recipient, recipient);
        remarks.only = all->len == 1 ? recipient : NULL;
    }
    while ((g_hash_table_size(remarks.recipients) > 0 || remarks.only != NULL) && take_line(&text, &line))
        read_line(&remarks, line, &current);
    g_hash_table_destroy(remarks.recipients);
    exchange_clear(&remarks.exchange);
}
