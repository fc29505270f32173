/* Failure reports that no row of dialects.c knows. What makes one: a mail system sent it, and an address stands beside
 * an SMTP reply or a phrase of failure, or a header field names the recipient, or a message comes back under such a
 * phrase. Right rather than eager: what is quoted, and the addresses of those who write and get the report, do not
 * count. */
#include <string.h>

#include "parser/answer.h"
#include "parser/dialect.h"
#include "parser/notice.h"
#include "parser/phrase.h"
#include "parser/reader.h"

enum {
    MAX_SUBJECT = 1000,
    MAX_TEXT = 1 << 16, /* reports say what they have to say before that */
    MAX_PARAGRAPH = 4096,
    MAX_OWN = 8,
    MAX_TEXTS = 3,
    SHORT_LINES = 6,
    MAX_SHARED = 500,
};

static const unsigned any_phrase = PHRASE_FAILURE | PHRASE_REASON | PHRASE_DELAY;

/* Before an address that helps, or that the message came from. */
static const char *const helpers[] = {"contact",       "write to", "send mail to", "e-mail to", "email to",
                                      "administrator", "from:",    "sender",       "sent by",   "mail from",
                                      "reply to",      "please",   "help",         "support"};

/* Subjects of other mail that a mail system sends, with addresses beside words of failure in it. */
static const char *const other_subjects[] = {"quarantine", "digest", "summary", "spam report", "held message"};

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
    struct span own[MAX_OWN]; /* addresses of the report itself */
    size_t n_own;
    struct paragraph before; /* the paragraph before this one */
    guint pending;           /* findings from here on have no evidence yet */
    struct span reply;       /* the last paragraph with a reply */
    struct span reason;      /* the first that tells why */
    unsigned seen;           /* phrases in all of the text */
};

static void add_own(struct generic *generic, const char *name)
{
    struct span value = span_head(message_field(generic->message, name), 500);
    size_t from = 0;

    while (generic->n_own < MAX_OWN && finding_address(value, &from, &generic->own[generic->n_own]))
        generic->n_own++;
}

static bool is_own(const struct generic *generic, struct span address)
{
    for (size_t i = 0; i < generic->n_own; i++) {
        if (generic->own[i].length == address.length &&
            g_ascii_strncasecmp(generic->own[i].at, address.at, address.length) == 0)
            return true;
    }
    return span_starts(address, "postmaster@") || span_starts(address, "mailer-daemon@");
}

/* Does what stands before the address say that it is not the recipient's? */
static bool is_helper(struct span line, struct span address)
{
    size_t start = (size_t)(address.at - line.at);
    size_t from = start > 40 ? start - 40 : 0;
    struct span before = span_head(span_skip(line, from), start - from);

    for (size_t i = 0; i < G_N_ELEMENTS(helpers); i++) {
        if (span_find(before, helpers[i]) != NULL)
            return true;
    }
    return false;
}

static bool is_quoted(struct span line)
{
    return line.length > 0 && (line.at[0] == '>' || line.at[0] == '|');
}

/* The next paragraph, of lines that are neither empty nor quoted. False at the end, and where the returned message
 * begins, which goes to `returned`. */
static bool next_paragraph(struct span *rest, struct paragraph *paragraph, struct span *returned)
{
    struct span before = *rest;
    struct span line;
    bool here;

    *paragraph = (struct paragraph){0};
    while (span_line(rest, &line)) {
        bool empty = span_trim(line).length == 0 || is_quoted(line);
        if (!empty && dialect_starts_returned(NULL, line, &here)) {
            *returned = here ? before : *rest;
            *rest = span_head(before, 0);
            break;
        }
        before = *rest;
        if (empty && paragraph->lines > 0)
            break;
        if (empty)
            continue;
        if (paragraph->lines++ == 0)
            paragraph->text.at = line.at;
        paragraph->text.length = (size_t)(line.at + line.length - paragraph->text.at);
    }
    return paragraph->lines > 0;
}

static bool is_failure(struct span text)
{
    struct answer answer;

    answer_find(text, &answer);
    if (answer.status.length > 0)
        return answer.status.at[0] != '2';
    return answer.certain && answer.reply >= 400;
}

/* What stands behind the address and tells something, or else the line. */
static struct span diagnostic_of(struct span line, struct span tail)
{
    while (tail.length > 0 && strchr(">:,;\"')] ", tail.at[0]) != NULL)
        tail = span_skip(tail, 1);
    tail = span_head(tail, MAX_SHARED);
    line = span_head(line, MAX_SHARED);
    if (is_failure(tail) || (phrase_find(tail) & PHRASE_REASON) != 0)
        return tail;
    return is_failure(line) || (phrase_find(line) & PHRASE_REASON) != 0 ? line : span_head(tail, 0);
}

static void add(struct generic *generic, struct span address, struct span diagnostic)
{
    struct finding *finding = findings_add(&generic->findings, address, REPORT_BOUNCE);

    if (finding != NULL && finding->diagnostic.length == 0)
        finding->diagnostic = diagnostic;
}

/* The recipients in a paragraph: on lines that start with an address, up to the next such line; and within lines. */
static void take_addresses(struct generic *generic, const struct paragraph *paragraph, bool failing)
{
    struct span rest = span_head(paragraph->text, MAX_PARAGRAPH);
    struct span line, address, tail;

    while (span_line(&rest, &line)) {
        bool told = paragraph->lines <= SHORT_LINES ? failing : is_failure(line);
        size_t from = 0;

        if (finding_leading(line, &address, &tail) && !is_own(generic, address)) {
            struct span after = rest, next, other, ignored;
            size_t length = (size_t)(line.at + line.length - address.at);
            while (span_line(&after, &next) && !finding_leading(next, &other, &ignored))
                length = (size_t)(next.at + next.length - address.at);
            tail = span_trim(span_skip((struct span){address.at, length}, address.length));
            add(generic, address, diagnostic_of((struct span){address.at, length}, tail));
            continue;
        }
        while (told && finding_address(line, &from, &address)) {
            if (!is_own(generic, address) && !is_helper(line, address))
                add(generic, address, diagnostic_of(line, span_trim(span_skip(line, from))));
        }
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
    if (!told && generic->pending < n)
        findings_truncate(&generic->findings, generic->pending);
    generic->pending = generic->findings.items->len;
    take_addresses(generic, paragraph, told);
    if (told || generic->before.phrases != 0)
        generic->pending = generic->findings.items->len;
    generic->before = *paragraph;
}

static void read_text(struct generic *generic, struct span text)
{
    struct span rest = span_head(text, MAX_TEXT);
    struct span returned = {NULL, 0};
    struct paragraph paragraph;

    while (!generic->findings.full && next_paragraph(&rest, &paragraph, &returned))
        take_paragraph(generic, &paragraph);
    if (generic->pending < generic->findings.items->len)
        findings_truncate(&generic->findings, generic->pending);
    if (returned.at != NULL)
        returned = span_from(text, returned.at);
    notice_set_returned(generic->message, returned);
}

/* What is said of nobody is said of the only one, or of all when nothing is said of any. */
static void fill_diagnostic(struct generic *generic)
{
    guint n = generic->findings.items->len;
    struct span said = generic->reply.length > 0 ? generic->reply : span_head(generic->reason, MAX_SHARED);
    struct finding *first = findings_at(&generic->findings, 0);

    if (n == 1 && generic->reply.length > 0 && !is_failure(first->diagnostic))
        first->diagnostic = said;
    for (guint i = 0; i < n; i++) {
        if (findings_at(&generic->findings, i)->diagnostic.length > 0)
            return;
    }
    for (guint i = 0; i < n; i++)
        findings_at(&generic->findings, i)->diagnostic = n == 1 ? said : span_head(said, MAX_SHARED);
}

static unsigned subject_phrases(struct generic *generic, struct span *words)
{
    *words = span_of(draft_words(generic->draft, span_head(message_field(generic->message, "Subject"), MAX_SUBJECT)));
    return phrase_find(*words);
}

/* Is it plain enough that a message failed, though the text names nobody? */
static void add_unnamed(struct generic *generic, unsigned subject, struct span words)
{
    struct span address;
    size_t from = 0;

    if (((subject | generic->seen) & (PHRASE_FAILURE | PHRASE_DELAY)) == 0)
        return;
    if ((subject & (PHRASE_FAILURE | PHRASE_DELAY)) != 0 && finding_address(words, &from, &address) &&
        !is_own(generic, address))
        add(generic, address, (struct span){NULL, 0});
    else if (message_returned(generic->message)->items->len > 0 && (generic->seen != 0 || generic->reply.length > 0))
        add(generic, (struct span){NULL, 0}, (struct span){NULL, 0});
}

/* `sure`: the header leaves no doubt that a mail system reports something; otherwise only an SMTP reply in the text
 * does. */
static void read_message(struct generic *generic, unsigned subject, struct span words, bool sure)
{
    struct message *message = generic->message;

    add_own(generic, "From");
    add_own(generic, "To");
    add_own(generic, "Reply-To");
    notice_read_failed(message, &generic->findings);
    generic->pending = generic->findings.items->len;
    for (size_t i = 0; i < MIN(message_n_parts(message), MAX_TEXTS) && generic->seen == 0; i++)
        read_text(generic, notice_text(message, message_part(message, i)));
    if (generic->findings.items->len == 0 && sure)
        add_unnamed(generic, subject, words);
    if (generic->findings.items->len == 0 || (!sure && generic->reply.length == 0))
        return;
    fill_diagnostic(generic);
    if (((subject | generic->seen) & PHRASE_DELAY) != 0 && (subject & PHRASE_FAILURE) == 0)
        findings_delay(&generic->findings);
    generic->draft->report->dialect = "generic";
    findings_report(&generic->findings, generic->draft);
}

static bool is_other(struct span subject)
{
    for (size_t i = 0; i < G_N_ELEMENTS(other_subjects); i++) {
        if (span_find(subject, other_subjects[i]) != NULL)
            return true;
    }
    return false;
}

bool generic_read(struct message *message, struct draft *draft)
{
    struct generic generic = {.message = message, .draft = draft};
    unsigned signs = notice_signs(message, draft);
    struct span words;
    unsigned subject;
    bool sure;

    if (signs == 0 || signs == NOTICE_FAILED)
        return false;
    findings_init(&generic.findings, message->settings->max_recipients);
    subject = subject_phrases(&generic, &words);
    sure = signs != NOTICE_POSTMASTER || (subject & any_phrase) != 0 || span_find(words, "delivery status") != NULL;
    if (!is_other(words))
        read_message(&generic, subject, words, sure);
    findings_clear(&generic.findings);
    return draft->report->recipients->len > 0;
}
