#include "parser/prose/generic.h"

#include <string.h>

#include "parser/prose/bystanders.h"
#include "parser/prose/dialect.h"
#include "parser/prose/failed_fields.h"
#include "parser/prose/footer.h"
#include "parser/prose/locals.h"
#include "parser/prose/notice.h"
#include "parser/text/mentions.h"
#include "parser/text/paragraph.h"
#include "parser/text/phrase.h"
#include "parser/text/reply.h"

enum {
    MAX_TEXT = 1 << 16, /* reports say what they have to say before that */
    MAX_PARAGRAPH = 4096,
    MAX_TEXTS = 3,
    SHORT_LINES = 6,
    MAX_FOOTER = 200,
};

/* Between an address and what is said of it. */
static const char after_address[] = ">:,;.\"')] ";

struct paragraph {
    struct span text;
    unsigned phrases; /* of enum phrase_class */
    bool replied;     /* holds an SMTP reply or an enhanced status code of failure */
    size_t lines;
};

struct generic {
    struct message *message;
    struct draft *draft;
    struct findings findings;
    struct bystanders bystanders;
    struct paragraph before; /* the paragraph before this one */
    guint pending;           /* findings from here on have no evidence yet */
    struct span text;        /* all of it, up to the returned message */
    struct span reply;       /* the last paragraph with a reply */
    struct span reason;      /* the first that tells why */
    struct span told;        /* the first that tells anything */
    unsigned seen;           /* phrases in all of the text */
    guint listed;            /* findings from here on were named last */
    struct span said;        /* what was said since then of them, or, `reason_first`, of those that are named next */
    bool replied;            /* it holds a reply */
    bool reason_first;       /* a reply stands before the first that is named */
};

static bool is_failure(struct span text)
{
    struct reply found;

    reply_find(text, &found);
    if (found.status.length > 0)
        return found.status.at[0] != '2';
    return found.certain && found.code >= 400;
}

static bool has_reply(struct span text)
{
    struct reply found;

    reply_find(text, &found);
    return found.certain && found.code >= 400;
}

static struct span behind_address(struct span tail)
{
    while (tail.length > 0 && strchr(after_address, tail.at[0]) != NULL)
        tail = span_skip(tail, 1);
    return span_head(tail, FINDINGS_SHARED);
}

/* The text behind the address if it tells something, or else the line; a reply before all. */
static struct span diagnostic_of(struct span line, struct span tail)
{
    tail = behind_address(tail);
    line = span_head(line, FINDINGS_SHARED);
    if (has_reply(line) && !has_reply(tail))
        return line;
    if (is_failure(tail) || (phrase_find(tail) & PHRASE_REASON) != 0)
        return tail;
    return (phrase_find(line) & PHRASE_REASON) != 0 ? line : span_head(tail, 0);
}

/* The last reply about the recipient counts, else what was said first. */
static struct finding *add(struct generic *generic, struct span address, struct span diagnostic)
{
    struct finding *finding = findings_add(&generic->findings, address, REPORT_KIND_BOUNCE);

    if (finding == NULL)
        return NULL;
    finding->mentioned = false;
    if (finding->diagnostic.length == 0 || (has_reply(diagnostic) && !span_within(diagnostic, finding->diagnostic)))
        finding->diagnostic = diagnostic;
    return finding;
}

/* The same of an address within a sentence. */
static void add_mentioned(struct generic *generic, struct span address, struct span diagnostic)
{
    const struct finding *before = findings_get(&generic->findings, address);
    bool mentioned = before == NULL || before->mentioned;
    struct finding *finding = add(generic, address, diagnostic);

    if (finding != NULL)
        finding->mentioned = mentioned;
}

/* Words that phrase.h does not know may still be the classifier's. */
static void set_beside(struct generic *generic, struct span address, struct span tail)
{
    struct finding *finding = findings_get(&generic->findings, address);

    if (finding != NULL && finding->beside.length == 0)
        finding->beside = behind_address(tail);
}

static bool starts_with_address(struct span line)
{
    struct span address, tail;

    return mentions_leading(line, &address, &tail);
}

static bool has_address(struct span line)
{
    struct span address;
    size_t from = 0;

    return mentions_next(line, &from, &address);
}

/* The rest of the paragraph before the next line that names somebody. */
static struct span up_to_next(struct span tail, struct span rest, bool (*names)(struct span line))
{
    struct span line;

    while (span_line(&rest, &line) && !names(line))
        tail.length = (size_t)(line.at + line.length - tail.at);
    return span_trim(tail);
}

/* The recipients in a paragraph: on lines that start with an address, up to the next such line; and within lines. */
static void take_addresses(struct generic *generic, const struct paragraph *paragraph, bool failing)
{
    struct span rest = span_head(paragraph->text, MAX_PARAGRAPH);
    struct span line, address, tail;

    while (span_line(&rest, &line)) {
        bool told = paragraph->lines <= SHORT_LINES ? failing : is_failure(line);
        size_t from = 0;

        if (mentions_leading(line, &address, &tail) && !bystanders_has(&generic->bystanders, line, address)) {
            struct span item = up_to_next(span_from(line, address.at), rest, starts_with_address);
            tail = span_trim(span_skip(item, address.length));
            add(generic, address, diagnostic_of(item, tail));
            set_beside(generic, address, tail);
            continue;
        }
        while (told && mentions_next(line, &from, &address)) {
            struct span said;
            if (bystanders_has(&generic->bystanders, line, address))
                continue;
            said = diagnostic_of(line, span_trim(span_skip(line, from)));
            if (said.length == 0) {
                tail = up_to_next(span_skip(line, from), rest, has_address);
                said = diagnostic_of(tail, tail);
            }
            add_mentioned(generic, address, said);
        }
    }
}

/* Gives what was said to those whom it was said of, when they were not alone. */
static void share(struct generic *generic, guint from, guint to)
{
    for (guint i = from; generic->said.length > 0 && i < to; i++) {
        struct finding *finding = findings_at(&generic->findings, i);
        if (finding->diagnostic.length == 0)
            finding->diagnostic = span_head(generic->said, FINDINGS_SHARED);
    }
    generic->said.length = 0;
    generic->replied = false;
}

/* Several lists, each with its reason behind it, or before it. `named` is where those of this paragraph start. */
static void attribute(struct generic *generic, const struct paragraph *paragraph, guint named)
{
    guint n = generic->findings.items->len;

    if (n > named) {
        if (named == 0)
            generic->reason_first = generic->replied;
        if (generic->reason_first)
            share(generic, named, n);
        else
            share(generic, generic->listed, named);
        generic->listed = named;
    }
    if (n == named &&
        (paragraph->replied || (generic->said.length == 0 && (paragraph->phrases & PHRASE_REASON) != 0))) {
        generic->said = span_head(paragraph->text, MAX_PARAGRAPH);
        generic->replied = paragraph->replied;
    }
}

/* Addresses without evidence, before or beside them, are forgotten: the text was about something else. */
static void take_paragraph(struct generic *generic, struct paragraph *paragraph)
{
    struct span text = span_head(paragraph->text, MAX_PARAGRAPH);
    guint n = generic->findings.items->len;
    bool told;

    paragraph->phrases = phrase_find(text);
    paragraph->replied = is_failure(text);
    told = paragraph->phrases != 0 || paragraph->replied;
    generic->seen |= paragraph->phrases;
    if (paragraph->replied)
        generic->reply = text;
    else if ((paragraph->phrases & PHRASE_REASON) != 0 && generic->reason.length == 0)
        generic->reason = text;
    if (told && generic->told.length == 0)
        generic->told = text;
    if (!told && generic->pending < n)
        findings_truncate(&generic->findings, generic->pending);
    n = generic->pending = generic->findings.items->len;
    take_addresses(generic, paragraph, told);
    attribute(generic, paragraph, n);
    if (told || generic->before.phrases != 0)
        generic->pending = generic->findings.items->len;
    generic->before = *paragraph;
}

static void read_text(struct generic *generic, struct span text)
{
    struct span returned = dialect_cut_returned(NULL, span_head(text, MAX_TEXT), &generic->text);
    struct span rest = generic->text;
    struct paragraph paragraph = {0};

    while (!generic->findings.full && paragraph_next(&rest, &paragraph.text, &paragraph.lines)) {
        if (!footer_begins(span_head(paragraph.text, MAX_FOOTER)))
            take_paragraph(generic, &paragraph);
    }
    if (generic->pending < generic->findings.items->len)
        findings_truncate(&generic->findings, generic->pending);
    if (returned.at != NULL)
        returned = span_from(text, returned.at);
    message_find_returned(generic->message, returned);
    if (generic->listed > 0)
        share(generic, generic->listed, generic->findings.items->len);
}

/* A text that names nobody is about the only one, or about all when nothing is said of any. */
static void fill_diagnostic(struct generic *generic)
{
    guint n = generic->findings.items->len;
    struct span why = generic->reason.length > 0 ? generic->reason : generic->told;
    struct span said = generic->reply.length > 0 ? generic->reply : span_head(why, FINDINGS_SHARED);
    struct finding *first = findings_at(&generic->findings, 0);

    if (n == 1 && generic->reply.length > 0 && !is_failure(first->diagnostic))
        first->diagnostic = said;
    for (guint i = 0; i < n; i++) {
        if (findings_at(&generic->findings, i)->diagnostic.length > 0)
            return;
    }
    for (guint i = 0; i < n; i++) {
        struct finding *finding = findings_at(&generic->findings, i);
        bool known = generic->reply.length > 0 || generic->reason.length > 0 || finding->beside.length == 0 ||
                     span_within(finding->address, said);
        finding->diagnostic = !known ? finding->beside : n == 1 ? said : span_head(said, FINDINGS_SHARED);
    }
}

static unsigned subject_phrases(struct generic *generic, struct span *words)
{
    *words = span_of(message_subject(generic->message));
    return phrase_find(*words);
}

/* Is it plain enough that a message failed, though nothing stands beside an address? */
static void add_untold(struct generic *generic, unsigned subject, struct span words)
{
    static const unsigned plain = PHRASE_FAILURE | PHRASE_DELAY;
    bool failed = ((subject | generic->seen) & plain) != 0;
    bool replied = generic->reply.length > 0;
    struct span address = {NULL, 0};
    size_t from = 0;
    bool named = (failed || replied) && bystanders_only_other(&generic->bystanders, generic->text, &address);

    if (!named && (subject & plain) != 0)
        named = mentions_next(words, &from, &address) && !bystanders_has(&generic->bystanders, words, address);
    if (named)
        add(generic, address, span_head(address, 0));
    else if (failed && (generic->seen != 0 || replied) && message_returned(generic->message)->items->len > 0)
        add(generic, span_head(address, 0), span_head(address, 0));
}

/* Does a line start with somebody, or a header field name one? */
static bool is_listed(const struct generic *generic)
{
    for (guint i = 0; i < generic->findings.items->len; i++) {
        if (!findings_at(&generic->findings, i)->mentioned)
            return true;
    }
    return false;
}

/* Without any sign in the header. */
static bool is_notice(const struct generic *generic)
{
    return (generic->seen & (PHRASE_FAILURE | PHRASE_DELAY)) != 0 && notice_is_of_mail(generic->text) &&
           notice_names(&generic->findings);
}

/* A postmaster may write about anything, and shops fail to deliver, too: without another sign in the header it takes an
 * SMTP reply and the message itself, or else words of failure and a recipient that is more than mentioned. */
static bool is_plain(const struct generic *generic, unsigned signs, bool sure)
{
    bool replied = generic->reply.length > 0;
    bool failed = (generic->seen & PHRASE_FAILURE) != 0;
    bool returned = message_returned(generic->message)->items->len > 0;

    if (!sure)
        return (replied && returned) ||
               (failed && (returned || is_listed(generic)) && (replied || (signs & ORIGIN_NULL_SENDER) != 0));
    if (signs != (ORIGIN_NULL_SENDER | ORIGIN_SUBJECT) || returned || has_reply(generic->reply))
        return true;
    return !origin_is_of_goods(generic->draft->origin) && notice_is_of_mail(generic->text) &&
           (replied || (generic->seen & PHRASE_REASON) != 0);
}

/* Does the header leave no doubt that a mail system reports something? */
static bool is_sure(unsigned signs, unsigned subject, struct span words)
{
    unsigned who = signs & ~(unsigned)(ORIGIN_NULL_SENDER | ORIGIN_CAME_BACK);

    if (signs == 0)
        return false;
    return (who != ORIGIN_POSTMASTER && who != 0) || subject != 0 || span_find(words, "delivery status") != NULL;
}

static void find_recipients(struct generic *generic, unsigned signs)
{
    struct message *message = generic->message;

    bystanders_find(&generic->bystanders, message);
    failed_fields_read(message, &generic->findings);
    generic->pending = generic->findings.items->len;
    for (size_t i = 0; i < MIN(message_n_parts(message), MAX_TEXTS) && generic->seen == 0; i++)
        read_text(generic, message_part_shown(message, message_part(message, i)));
    if (generic->findings.items->len == 0 && (signs & ORIGIN_DAEMON) != 0)
        locals_read(message, generic->text, &generic->findings);
}

static void read_message(struct generic *generic, unsigned signs, unsigned subject, struct span words)
{
    bool sure = is_sure(signs, subject, words);

    find_recipients(generic, signs);
    if (generic->findings.items->len == 0 && sure)
        add_untold(generic, subject, words);
    if (generic->findings.items->len == 0 || (signs != 0 && !is_plain(generic, signs, sure)))
        return;
    bystanders_drop(&generic->findings, message_returned(generic->message));
    fill_diagnostic(generic);
    if (signs == 0 && !is_notice(generic))
        return;
    if (((subject | generic->seen) & PHRASE_DELAY) != 0 && (subject & PHRASE_FAILURE) == 0)
        findings_delay(&generic->findings);
    generic->draft->report->dialect = "generic";
    findings_report(&generic->findings, generic->draft);
}

bool generic_read(struct message *message, struct draft *draft)
{
    struct generic generic = {.message = message, .draft = draft};
    unsigned signs = origin_signs(draft->origin);
    struct span words;
    unsigned subject;

    if (signs == ORIGIN_FAILED || signs == ORIGIN_NULL_SENDER)
        return false;
    if (signs == 0 && (message_is_listed(message) || !origin_is_doubtful(draft->origin)))
        return false;
    findings_init(&generic.findings, message->settings->max_recipients);
    subject = subject_phrases(&generic, &words);
    if (!origin_is_listing(draft->origin))
        read_message(&generic, signs, subject, words);
    findings_clear(&generic.findings);
    return draft->report->recipients->len > 0;
}
