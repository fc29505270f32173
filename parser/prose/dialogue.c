#include "parser/prose/dialogue.h"

#include <string.h>

#include "parser/text/mentions.h"
#include "parser/text/reply.h"
#include "parser/text/verb.h"

enum { MAX_REPLY = 4096 };

struct dialogue {
    struct findings *findings;
    bool add;
    bool refused;        /* the reply is a 4xx or 5xx */
    GString *reply;      /* the remote side's last, without its marks */
    struct span kept;    /* the reply, once it is complete and somebody wants it */
    struct span rcpt;    /* the recipient that it answered about; empty when it answered another command */
    const char *command; /* that it answered */
    struct span host;
    struct span summary; /* Sendmail's last line that names nobody we know; one with a code, when there is one */
    bool inbound;        /* it is of Postfix's smtpd: "Out: 550 ..." is the refusal, and no summary follows */
    struct span printed; /* by a local mailer, since the last line of Sendmail's own; empty when there is nothing */
};

/* The reply, kept once however many lines are about it. */
static struct span reply_of(struct dialogue *dialogue)
{
    const GString *reply = dialogue->reply;

    if (dialogue->kept.at == NULL) {
        dialogue->kept.at = g_string_chunk_insert_len(dialogue->findings->strings, reply->str, (gssize)reply->len);
        dialogue->kept.length = reply->len;
    }
    return dialogue->kept;
}

static void forget_reply(struct dialogue *dialogue)
{
    g_string_truncate(dialogue->reply, 0);
    dialogue->kept = (struct span){NULL, 0};
    dialogue->refused = false;
}

static void set(struct dialogue *dialogue, struct finding *finding, struct span diagnostic)
{
    finding->diagnostic = diagnostic;
    if (!dialogue->refused)
        return;
    finding->host = dialogue->host;
    finding->command = dialogue->command;
}

/* ">>> RCPT To:<user@example.com>" */
static void take_command(struct dialogue *dialogue, struct span text)
{
    size_t from = 0;

    forget_reply(dialogue);
    dialogue->printed.length = 0;
    dialogue->command = verb_command(verb_named(text));
    if (!span_starts(text, "RCPT") || !mentions_next(text, &from, &dialogue->rcpt))
        dialogue->rcpt.length = 0;
}

/* "<<< 550 5.1.1 ..." */
static void take_reply(struct dialogue *dialogue, struct span text)
{
    dialogue->printed.length = 0;
    if (dialogue->reply->len + text.length > MAX_REPLY || dialogue->kept.at != NULL)
        return;
    if (dialogue->reply->len > 0)
        g_string_append_c(dialogue->reply, ' ');
    g_string_append_len(dialogue->reply, text.at, (gssize)text.length);
    dialogue->refused = span_starts(text, "5") || span_starts(text, "4");
}

/* The reply is complete: it is about the recipient of the command. */
static void settle(struct dialogue *dialogue)
{
    struct finding *finding = NULL;

    if (dialogue->refused && dialogue->rcpt.length > 0 && dialogue->kept.at == NULL)
        finding = dialogue->inbound ? findings_add(dialogue->findings, dialogue->rcpt, REPORT_KIND_BOUNCE)
                                    : findings_get(dialogue->findings, dialogue->rcpt);
    if (finding != NULL)
        set(dialogue, finding, reply_of(dialogue));
}

/* "554 <user@example.com>... 550 Host unknown": Sendmail 5 puts its own code before the one that tells. */
static struct span without_summary(struct span line)
{
    const char *dots = span_find(line, "... ");
    struct span tail = dots == NULL ? line : span_skip(span_from(line, dots), 4);

    return tail.length > 0 && g_ascii_isdigit(tail.at[0]) ? tail : line;
}

/* Is there no word in the remote side's reply? "421" */
static bool is_bare(const struct dialogue *dialogue)
{
    return dialogue->reply->len <= 4;
}

/* What the mailer printed before a line that only sums up tells why. */
static struct span with_printed(const struct dialogue *dialogue, struct span line)
{
    line = span_head(line, MAX_REPLY);
    if (dialogue->printed.length == 0 || !reply_sums_up(line))
        return line;
    return span_head((struct span){dialogue->printed.at, (size_t)(line.at + line.length - dialogue->printed.at)},
                     MAX_REPLY);
}

static bool is_coded(struct span line)
{
    return line.length > 0 && g_ascii_isdigit(line.at[0]);
}

/* "550 5.1.1 <user@example.com>... User unknown", "user@example.com... Deferred: Connection timed out" */
static void take_summary(struct dialogue *dialogue, struct span line)
{
    struct span address, text;
    struct finding *finding = NULL;
    size_t from = 0;
    bool coded = is_coded(line);
    bool about_other;

    if (mentions_next(line, &from, &address) && (coded || span_find(span_skip(line, from), "...") != NULL)) {
        bool failed = !coded || line.at[0] == '5' || line.at[0] == '4';
        finding = dialogue->add && failed ? findings_add(dialogue->findings, address, REPORT_KIND_BOUNCE)
                                          : findings_get(dialogue->findings, address);
    }
    about_other =
        finding == NULL || (dialogue->rcpt.length > 0 && findings_get(dialogue->findings, dialogue->rcpt) != finding);
    text = dialogue->refused && !about_other && !is_bare(dialogue) ? reply_of(dialogue)
                                                                   : with_printed(dialogue, without_summary(line));
    if (finding != NULL && (finding->diagnostic.length == 0 || !about_other))
        set(dialogue, finding, text);
    else if (finding == NULL && (dialogue->refused || coded || !is_coded(dialogue->summary)))
        dialogue->summary = dialogue->refused ? reply_of(dialogue) : with_printed(dialogue, line);
    dialogue->printed = finding == NULL && !coded && !dialogue->refused ? line : span_head(line, 0);
    if (finding != NULL) {
        forget_reply(dialogue);
        dialogue->rcpt.length = 0;
    }
}

static void take_host(struct dialogue *dialogue, struct span rest)
{
    if (span_word(&rest, &dialogue->host)) {
        while (dialogue->host.length > 0 && strchr(".:", dialogue->host.at[dialogue->host.length - 1]) != NULL)
            dialogue->host.length--;
    }
    take_command(dialogue, rest);
}

/* Sendmail before 8.10 says it beside each recipient. */
static bool tells_nothing(struct span diagnostic)
{
    return span_is(diagnostic, "(unrecoverable error)");
}

void dialogue_read(struct span text, struct findings *findings, bool add)
{
    struct dialogue dialogue = {.findings = findings, .add = add, .reply = g_string_new(NULL)};
    struct span line;

    while (span_line(&text, &line)) {
        const char *talking;
        line = span_trim(line);
        talking = span_find(span_head(line, 24), "while talking to ");
        if (line.length == 0)
            continue;
        if (span_starts(line, "<<< ") || span_starts(line, "Out: ")) {
            dialogue.inbound = dialogue.inbound || line.at[0] == 'O';
            take_reply(&dialogue, span_trim(span_skip(line, 4)));
            continue;
        }
        settle(&dialogue);
        if (talking != NULL)
            take_host(&dialogue, span_skip(span_from(line, talking), strlen("while talking to ")));
        else if (span_starts(line, ">>> ") || span_starts(line, "In: "))
            take_command(&dialogue, span_trim(span_skip(line, 4)));
        else if (!dialogue.inbound)
            take_summary(&dialogue, line);
    }
    settle(&dialogue);
    if (dialogue.summary.length == 0 && dialogue.refused)
        dialogue.summary = reply_of(&dialogue);
    if (findings->items->len > FINDINGS_MANY)
        dialogue.summary = span_head(dialogue.summary, FINDINGS_SHARED);
    if (add && findings->items->len == 0 && dialogue.summary.length > 0)
        findings_add(findings, span_head(dialogue.summary, 0), REPORT_KIND_BOUNCE);
    for (guint i = 0; i < findings->items->len; i++) {
        struct finding *finding = findings_at(findings, i);
        if (finding->diagnostic.length == 0 || (is_coded(dialogue.summary) && tells_nothing(finding->diagnostic)))
            set(&dialogue, finding, dialogue.summary);
    }
    g_string_free(dialogue.reply, TRUE);
}
