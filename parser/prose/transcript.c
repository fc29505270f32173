#include "parser/prose/transcript.h"

#include <string.h>

#include "parser/text/verb.h"

enum { MAX_REPLY = 4096 };

/* How Sendmail and Courier, Postfix's smtpd, MDaemon ("09:15:02: --> ...") and hMailServer ("hMailServer sent: ...",
 * "Remote server replied: ...") mark their lines. */
static const struct {
    const char *text;
    enum transcript_line line;
    bool within; /* something may stand before it */
} marks[] = {
    {">>> ", TRANSCRIPT_LINE_SENT, false},         {"<<< ", TRANSCRIPT_LINE_RECEIVED, false},
    {"In: ", TRANSCRIPT_LINE_ASKED, false},        {"Out: ", TRANSCRIPT_LINE_REPLIED, false},
    {"--> ", TRANSCRIPT_LINE_SENT, true},          {"<-- ", TRANSCRIPT_LINE_RECEIVED, true},
    {"server sent: ", TRANSCRIPT_LINE_SENT, true}, {"server replied: ", TRANSCRIPT_LINE_RECEIVED, true},
};

enum transcript_line transcript_line(struct span line, struct span *text)
{
    struct span start = span_trim(line);

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *at = NULL;
        if (marks[i].within)
            at = span_find(line, marks[i].text);
        else if (span_starts(start, marks[i].text))
            at = start.at;
        if (at == NULL)
            continue;
        *text = span_trim(span_skip(span_from(line, at), strlen(marks[i].text)));
        return marks[i].line;
    }
    return TRANSCRIPT_LINE_OTHER;
}

void exchange_init(struct exchange *exchange)
{
    *exchange = (struct exchange){.reply = g_string_new(NULL)};
}

void exchange_clear(struct exchange *exchange)
{
    g_string_free(exchange->reply, TRUE);
}

void exchange_forget(struct exchange *exchange)
{
    g_string_truncate(exchange->reply, 0);
    exchange->refused = false;
}

void exchange_send(struct exchange *exchange, struct span text)
{
    exchange_forget(exchange);
    exchange->sent = text;
    exchange->command = verb_command(verb_named(text));
}

void exchange_receive(struct exchange *exchange, struct span text)
{
    GString *reply = exchange->reply;

    if (reply->len + text.length > MAX_REPLY)
        return;
    if (reply->len > 0)
        g_string_append_c(reply, ' ');
    g_string_append_len(reply, text.at, (gssize)text.length);
    exchange->refused = span_starts(text, "5") || span_starts(text, "4");
}

GString *transcript_refusal(struct span text, const char **command)
{
    GString *refusal = NULL;
    struct exchange exchange;
    struct span line, part;

    *command = NULL;
    exchange_init(&exchange);
    while (span_line(&text, &line)) {
        enum transcript_line what = transcript_line(line, &part);

        if (what == TRANSCRIPT_LINE_SENT)
            exchange_send(&exchange, part);
        if (what != TRANSCRIPT_LINE_RECEIVED)
            continue;
        exchange_receive(&exchange, part);
        if (!exchange.refused)
            continue;
        if (refusal == NULL)
            refusal = g_string_new(NULL);
        g_string_assign(refusal, exchange.reply->str);
        *command = exchange.command;
    }
    exchange_clear(&exchange);
    return refusal;
}
