#include "parser/prose/dialect_reader.h"

#include <string.h>

#include "parser/prose/bystanders.h"
#include "parser/prose/dialect_walk.h"
#include "parser/prose/dialects.h"
#include "parser/prose/failed_fields.h"
#include "parser/prose/notice.h"
#include "parser/text/paragraph.h"
#include "parser/text/phrase.h"
#include "parser/text/reply.h"
#include "parser/text/verb.h"

enum { MAX_OPENING_LINES = 80, MAX_DOUBTFUL = 12, MAX_INTRO = 2000, MAX_UNTOLD = 1 << 14, MAX_TEXTS = 4 };

/* Does the header have what the row asks for? */
static bool has_field(const struct dialect *dialect, const struct message *message)
{
    const struct field *field;

    if (dialect->field == NULL)
        return true;
    field = fields_find(&message->header, dialect->field);
    for (int i = 0; field != NULL && i < 10; i++, field = fields_next(&message->header, field)) {
        if (dialect->holds[0] == '\0' || span_find(field->value, dialect->holds) != NULL)
            return true;
    }
    return false;
}

/* Some come from senders that look like no mail system. */
static bool has_own_field(const struct message *message)
{
    for (size_t i = 0; i < n_dialects; i++) {
        if ((dialects[i].flags & DIALECT_ANY_SENDER) != 0 && has_field(&dialects[i], message))
            return true;
    }
    return false;
}

static const struct dialect *opened_by(const struct message *message, struct span line)
{
    struct span tail;

    for (size_t i = 0; i < n_dialects; i++) {
        if (dialects[i].openings != NULL && dialect_starts_any(dialects[i].openings, line, &tail) &&
            has_field(&dialects[i], message))
            return &dialects[i];
    }
    return NULL;
}

/* The row that reads this text, NULL when there is none; `lines`: how many of them are looked at. */
static const struct dialect *find_row(const struct message *message, struct span text, int lines)
{
    const struct dialect *found = NULL;
    struct span line;
    int n = 0;

    for (size_t i = 0; i < n_dialects; i++) {
        if (dialects[i].openings == NULL && has_field(&dialects[i], message))
            return &dialects[i];
    }
    while (found == NULL && n < lines && span_line(&text, &line)) {
        line = dialect_bare(line);
        if (line.length == 0)
            continue;
        found = opened_by(message, line);
        n++;
    }
    return found;
}

/* The words for a delay stand before the first recipient, or in the subject. */
static bool tells_delay(struct message *message, struct span intro)
{
    const char *subject = message_subject(message);

    return (phrase_find(span_of(subject)) & PHRASE_DELAY) != 0 ||
           (phrase_find(span_head(intro, MAX_INTRO)) & PHRASE_DELAY) != 0;
}

/* "This is the qmail-send program at mx.example.com." */
static void set_reporter(const struct dialect *dialect, struct draft *draft, struct span intro)
{
    const char *at = dialect->host == NULL ? NULL : span_find(span_head(intro, MAX_INTRO), dialect->host);
    struct span rest, name;

    if (at == NULL)
        return;
    rest = span_skip(span_from(intro, at), strlen(dialect->host));
    if (!span_word(&rest, &name))
        return;
    while (name.length > 0 && strchr(".,:;", name.at[name.length - 1]) != NULL)
        name.length--;
    draft->report->reporting_mta = draft_mta(draft, name);
}

/* Header fields that name recipients confirm what the text says, or say it when the text does not. */
static void add_failed(const struct message *message, struct findings *findings)
{
    struct findings failed;

    findings_init(&failed, findings->max);
    failed_fields_read(message, &failed);
    for (guint i = 0; i < failed.items->len; i++) {
        struct span address = findings_at(&failed, i)->address;
        struct finding *finding = findings_get(findings, address);
        if (finding == NULL && findings->items->len == 1 && findings_at(findings, 0)->address.length == 0) {
            finding = findings_at(findings, 0);
            finding->address = address;
        } else if (finding == NULL &&
                   (findings->items->len == 0 || findings_at(findings, 0)->from == REPORT_FROM_X_HEADER)) {
            finding = findings_add(findings, address, REPORT_KIND_BOUNCE);
        }
        if (finding != NULL)
            finding->from = REPORT_FROM_X_HEADER;
    }
    findings_clear(&failed);
}

/* Where the row finds nobody, the text may still name one. */
static void name_only(const struct message *message, struct span text, struct findings *findings)
{
    struct bystanders bystanders;
    struct span address;

    if (findings->items->len > 1 || (findings->items->len == 1 && findings_at(findings, 0)->address.length > 0))
        return;
    bystanders_find(&bystanders, message);
    if (!bystanders_only_other(&bystanders, text, &address))
        return;
    if (findings->items->len == 0)
        findings_add(findings, address, REPORT_KIND_BOUNCE);
    else
        findings_at(findings, 0)->address = address;
}

/* The line that tells most where nothing marks a diagnostic. */
static struct span longest_line(struct span text)
{
    struct span longest = {NULL, 0};
    struct span line;

    text = span_head(text, MAX_INTRO);
    while (span_line(&text, &line)) {
        if (line.length > longest.length)
            longest = line;
    }
    return longest;
}

/* The text for all those of whom the row finds nothing said: the last paragraph with a reply, else the
 * first with a reason. */
static void fill_diagnostics(struct findings *findings, struct span text)
{
    struct span reply = {NULL, 0}, reason = {NULL, 0};
    struct span paragraph, said;
    size_t lines;

    for (guint i = 0; i < findings->items->len; i++) {
        if (findings_at(findings, i)->diagnostic.length > 0)
            return;
    }
    text = span_head(text, MAX_UNTOLD);
    while (paragraph_next(&text, &paragraph, &lines)) {
        struct reply found;
        reply_find(paragraph, &found);
        if (found.certain && found.code >= 400)
            reply = paragraph;
        else if (reason.length == 0 && (phrase_find(paragraph) & PHRASE_REASON) != 0)
            reason = paragraph;
    }
    said = span_head(reply.length > 0 ? reply : reason, FINDINGS_SHARED);
    for (guint i = 0; i < findings->items->len; i++)
        findings_at(findings, i)->diagnostic = said;
}

/* The lines that a row is looked for in: a text that only has a null sender must begin as an MTA does, for a newsletter
 * may quote one. */
static int opening_lines(const struct message *message, unsigned signs, bool doubtful)
{
    if (signs == ORIGIN_NULL_SENDER && !has_own_field(message))
        return 1;
    return doubtful ? MAX_DOUBTFUL : MAX_OPENING_LINES;
}

/* Those that the row and the header's fields name. `told` is the text without the returned message. */
static void find_recipients(struct message *message, const struct dialect *dialect, struct span text,
                            struct findings *findings, struct span *told)
{
    struct span intro, returned;

    dialect_walk(dialect, text, findings, &intro, &returned);
    add_failed(message, findings);
    message_find_returned(message, returned);
    *told = returned.length > 0 ? span_head(text, (size_t)(returned.at - text.at)) : text;
    name_only(message, *told, findings);
    if ((dialect->flags & DIALECT_PROSE) != 0 && findings->items->len == 1)
        findings_at(findings, 0)->diagnostic = longest_line(intro);
    fill_diagnostics(findings, *told);
    findings->intro = intro;
}

static void report(struct message *message, struct draft *draft, const struct dialect *dialect,
                   struct findings *findings)
{
    draft->report->dialect = dialect->name;
    set_reporter(dialect, draft, findings->intro);
    if (tells_delay(message, findings->intro))
        findings_delay(findings);
    findings_report(findings, draft);
}

static bool read_text(struct message *message, struct draft *draft, struct span text, unsigned signs)
{
    bool doubtful = signs == 0 && origin_is_doubtful(draft->origin);
    const struct dialect *dialect = find_row(message, text, opening_lines(message, signs, doubtful));
    struct findings findings;
    struct span told;

    if (dialect == NULL || (signs == 0 && !doubtful && (dialect->flags & DIALECT_ANY_SENDER) == 0))
        return false;
    if ((dialect->flags & DIALECT_REPORTS_NOTHING) != 0)
        return true;
    findings_init(&findings, message->settings->max_recipients);
    find_recipients(message, dialect, text, &findings, &told);
    if (findings.items->len == 0 && message_returned(message)->items->len > 0) {
        findings_add(&findings, (struct span){NULL, 0}, REPORT_KIND_BOUNCE);
        fill_diagnostics(&findings, told);
    }
    if (findings.items->len > 0 && (!doubtful || (notice_is_of_mail(told) && notice_names(&findings))))
        report(message, draft, dialect, &findings);
    findings_clear(&findings);
    return draft->report->recipients->len > 0;
}

/* Of a recipient whose fields name nobody, "rfc822; |/usr/bin/program", it is the only one of the text, if both are
 * alone. */
static const struct finding *finding_of(const struct findings *findings, const GPtrArray *recipients, guint index)
{
    const struct report_recipient *recipient = g_ptr_array_index(recipients, index);
    const struct finding *finding = NULL;

    if (recipient->final_recipient != NULL)
        finding = findings_get(findings, span_of(recipient->final_recipient));
    if (finding == NULL && recipient->recipient != NULL)
        finding = findings_get(findings, span_of(recipient->recipient));
    if (recipients->len == 1 && recipient->recipient == NULL && findings->items->len == 1)
        finding = findings_at(findings, 0);
    return finding;
}

/* The command that was answered, when the text tells it of the reply that the fields have. */
static void set_command(struct draft *draft, struct report_recipient *recipient, const struct finding *finding)
{
    const char *text = draft_line(draft, finding->diagnostic);
    struct reply found;

    if (text == NULL || recipient->reply == 0)
        return;
    reply_find(span_of(text), &found);
    if (found.code == recipient->reply)
        recipient->command = finding->command != NULL ? finding->command : verb_command(verb_answered(span_of(text)));
}

/* A list of recipients in words that no row has: an operator's own, as of Postfix's bounce_template_file. It tells
 * which command was answered, and no more: who wrote it is not known. */
static const struct dialect listing = {.name = "listing"};

static void explain(struct draft *draft, struct report_recipient *recipient, const struct finding *finding)
{
    if (recipient->recipient == NULL)
        draft_set_recipient(draft, recipient, finding->origin.length > 0 ? finding->origin : finding->address,
                            REPORT_FROM_BODY);
    if (recipient->diagnostic == NULL)
        draft_set_diagnostic(draft, recipient, finding->diagnostic);
}

bool dialect_explain(const struct message *message, struct draft *draft, struct span text)
{
    const struct dialect *row = find_row(message, text, MAX_OPENING_LINES);
    const struct dialect *dialect = row != NULL ? row : &listing;
    const GPtrArray *recipients = draft->report->recipients;
    struct findings findings;
    struct span intro, returned;
    bool given = false;

    findings_init(&findings, message->settings->max_recipients);
    dialect_walk(dialect, text, &findings, &intro, &returned);
    for (guint i = 0; i < recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        const struct finding *finding = finding_of(&findings, recipients, i);
        if (finding == NULL)
            continue;
        if (row != NULL)
            explain(draft, recipient, finding);
        if (recipient->command == NULL)
            set_command(draft, recipient, finding);
        given = given || recipient->diagnostic != NULL;
    }
    findings_clear(&findings);
    return row != NULL && given && (dialect->flags & DIALECT_TRANSCRIPT) == 0;
}

bool dialect_read(struct message *message, struct draft *draft)
{
    unsigned signs = origin_signs(draft->origin);

    if (signs == 0 && !has_own_field(message) && !origin_is_doubtful(draft->origin))
        return false;
    for (size_t i = 0; i < MIN(message_n_parts(message), MAX_TEXTS); i++) {
        struct span text = message_part_shown(message, message_part(message, i));
        if (text.length > 0 && read_text(message, draft, text, signs))
            return true;
    }
    return false;
}
