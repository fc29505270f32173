#include "parser/prose/summaries.h"

#include <string.h>

#include "parser/prose/transcript.h"
#include "parser/text/mentions.h"
#include "parser/text/reply.h"

enum { MAX_SUMMARY = 4096 };

static const char talking[] = "while talking to ";

struct summaries {
    struct findings *findings;
    enum summaries_names names;
    struct exchange exchange;
    struct span kept; /* its reply, once it is complete and somebody wants it */
    struct span rcpt; /* the recipient that it is about; empty when another command was answered */
    struct span host;
    struct span summary; /* Sendmail's last line that names nobody we know; one with a code, when there is one */
    const char *command; /* what the summary answers, where it is the remote side's reply; NULL when not known */
    bool inbound;        /* the session is of Postfix's smtpd: its own reply is the refusal, and no summary follows */
    struct span printed; /* by a local mailer, since the last line of Sendmail's own; empty when there is nothing */
};

/* The reply, kept once however many lines are about it. */
static struct span reply_of(struct summaries *summaries)
{
    const GString *reply = summaries->exchange.reply;

    if (summaries->kept.at == NULL) {
        summaries->kept.at = g_string_chunk_insert_len(summaries->findings->strings, reply->str, (gssize)reply->len);
        summaries->kept.length = reply->len;
    }
    return summaries->kept;
}

static void set(struct summaries *summaries, struct finding *finding, struct span diagnostic)
{
    finding->diagnostic = diagnostic;
    if (!summaries->exchange.refused)
        return;
    finding->host = summaries->host;
    finding->command = summaries->exchange.command;
}

/* "RCPT To:<user@example.com>" */
static void take_command(struct summaries *summaries, struct span text)
{
    size_t from = 0;

    exchange_send(&summaries->exchange, text);
    summaries->kept = (struct span){NULL, 0};
    summaries->printed.length = 0;
    if (!span_starts(text, "RCPT") || !mentions_next(text, &from, &summaries->rcpt))
        summaries->rcpt.length = 0;
}

/* "550 5.1.1 ..." */
static void take_reply(struct summaries *summaries, struct span text)
{
    summaries->printed.length = 0;
    if (summaries->kept.at == NULL)
        exchange_receive(&summaries->exchange, text);
}

/* The reply is complete: it is about the recipient of the command. */
static void settle(struct summaries *summaries)
{
    struct finding *finding = NULL;

    if (summaries->exchange.refused && summaries->rcpt.length > 0 && summaries->kept.at == NULL)
        finding = summaries->inbound ? findings_add(summaries->findings, summaries->rcpt, REPORT_KIND_BOUNCE)
                                     : findings_get(summaries->findings, summaries->rcpt);
    if (finding != NULL)
        set(summaries, finding, reply_of(summaries));
}

/* "554 <user@example.com>... 550 Host unknown": Sendmail 5 puts its own code before the one that tells. */
static struct span without_code(struct span line)
{
    const char *dots = span_find(line, "... ");
    struct span tail = dots == NULL ? line : span_skip(span_from(line, dots), 4);

    return tail.length > 0 && g_ascii_isdigit(tail.at[0]) ? tail : line;
}

/* Is there no word in the remote side's reply? "421" */
static bool is_bare(const struct summaries *summaries)
{
    return summaries->exchange.reply->len <= 4;
}

/* The line that the mailer printed before one that only sums up tells why. */
static struct span with_printed(const struct summaries *summaries, struct span line)
{
    const char *start = summaries->printed.at;

    line = span_head(line, MAX_SUMMARY);
    if (summaries->printed.length == 0 || !reply_sums_up(line))
        return line;
    return span_head((struct span){start, (size_t)(line.at + line.length - start)}, MAX_SUMMARY);
}

static bool is_coded(struct span line)
{
    return line.length > 0 && g_ascii_isdigit(line.at[0]);
}

/* The recipient that the line is about: the address that it starts with, or that follows its code. */
static struct finding *find_named(struct summaries *summaries, struct span line)
{
    struct span address;
    size_t from = 0;
    bool failed = !is_coded(line) || line.at[0] == '5' || line.at[0] == '4';

    if (!mentions_next(line, &from, &address) || (!is_coded(line) && span_find(span_skip(line, from), "...") == NULL))
        return NULL;
    return failed && summaries->names == SUMMARIES_NAMES_ADD
               ? findings_add(summaries->findings, address, REPORT_KIND_BOUNCE)
               : findings_get(summaries->findings, address);
}

/* A line that names nobody we know. */
static void keep_summary(struct summaries *summaries, struct span line)
{
    bool refused = summaries->exchange.refused;

    if (refused || is_coded(line) || !is_coded(summaries->summary))
        summaries->summary = refused ? reply_of(summaries) : with_printed(summaries, line);
    if (refused)
        summaries->command = summaries->exchange.command;
    summaries->printed = !is_coded(line) && !refused ? line : span_head(line, 0);
}

/* "550 5.1.1 <user@example.com>... User unknown", "user@example.com... Deferred: Connection timed out" */
static void take_summary(struct summaries *summaries, struct span line)
{
    struct finding *finding = find_named(summaries, line);
    bool about_other;

    if (finding == NULL) {
        keep_summary(summaries, line);
        return;
    }
    about_other = summaries->rcpt.length > 0 && findings_get(summaries->findings, summaries->rcpt) != finding;
    if (!about_other && summaries->exchange.refused && !is_bare(summaries))
        set(summaries, finding, reply_of(summaries));
    else if (!about_other || finding->diagnostic.length == 0)
        set(summaries, finding, with_printed(summaries, without_code(line)));
    summaries->printed.length = 0;
    exchange_forget(&summaries->exchange);
    summaries->kept = (struct span){NULL, 0};
    summaries->rcpt.length = 0;
}

/* "... while talking to mx.example.com.:" */
static void take_host(struct summaries *summaries, struct span rest)
{
    if (span_word(&rest, &summaries->host)) {
        while (summaries->host.length > 0 && strchr(".:", summaries->host.at[summaries->host.length - 1]) != NULL)
            summaries->host.length--;
    }
    take_command(summaries, rest);
}

static void take_line(struct summaries *summaries, struct span line)
{
    struct span text = line;
    enum transcript_line what = transcript_line(line, &text);
    const char *host = span_find(span_head(line, 24), talking);

    if (what == TRANSCRIPT_LINE_RECEIVED || what == TRANSCRIPT_LINE_REPLIED) {
        summaries->inbound = summaries->inbound || what == TRANSCRIPT_LINE_REPLIED;
        take_reply(summaries, text);
        return;
    }
    settle(summaries);
    if (host != NULL)
        take_host(summaries, span_skip(span_from(line, host), strlen(talking)));
    else if (what == TRANSCRIPT_LINE_SENT || what == TRANSCRIPT_LINE_ASKED)
        take_command(summaries, text);
    else if (!summaries->inbound)
        take_summary(summaries, line);
}

/* Sendmail before 8.10 says it beside each recipient. */
static bool tells_nothing(struct span diagnostic)
{
    return span_is(diagnostic, "(unrecoverable error)");
}

/* Is the reason that stands beside a recipient the reply that the session shows? */
static bool is_shown(const struct summaries *summaries, struct span diagnostic)
{
    struct reply shown, told;

    reply_find(summaries->summary, &shown);
    reply_find(diagnostic, &told);
    return told.code != 0 && told.code == shown.code;
}

/* A text that names nobody is about all of whom nothing is said. */
static void give_summary(struct summaries *summaries)
{
    struct findings *findings = summaries->findings;

    if (summaries->summary.length == 0 && summaries->exchange.refused)
        summaries->summary = reply_of(summaries);
    if (findings->items->len > FINDINGS_MANY)
        summaries->summary = span_head(summaries->summary, FINDINGS_SHARED);
    if (summaries->names == SUMMARIES_NAMES_ADD && findings->items->len == 0 && summaries->summary.length > 0)
        findings_add(findings, span_head(summaries->summary, 0), REPORT_KIND_BOUNCE);
    for (guint i = 0; i < findings->items->len; i++) {
        struct finding *finding = findings_at(findings, i);
        if (finding->diagnostic.length == 0 || (is_coded(summaries->summary) && tells_nothing(finding->diagnostic)))
            set(summaries, finding, summaries->summary);
        else if (finding->command == NULL && summaries->command != NULL && is_shown(summaries, finding->diagnostic))
            finding->command = summaries->command;
    }
}

void summaries_read(struct span text, struct findings *findings, enum summaries_names names)
{
    struct summaries summaries = {.findings = findings, .names = names};
    struct span line;

    exchange_init(&summaries.exchange);
    while (span_line(&text, &line)) {
        line = span_trim(line);
        if (line.length > 0)
            take_line(&summaries, line);
    }
    settle(&summaries);
    give_summary(&summaries);
    exchange_clear(&summaries.exchange);
}
