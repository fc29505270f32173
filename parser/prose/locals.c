#include "parser/prose/locals.h"

#include <string.h>

#include "parser/text/mentions.h"
#include "parser/text/paragraph.h"
#include "parser/text/phrase.h"

enum { MAX_FIELD = 500, MAX_LOCAL = 64 };

/* With the "@" before it; empty when the message does not tell. */
static struct span domain_of(struct span from)
{
    struct span address;
    size_t at = 0;

    if (!mentions_next(span_head(from, MAX_FIELD), &at, &address))
        return span_head(from, 0);
    return span_from(address, span_find_char(address, '@'));
}

/* dot-string of RFC 5321 section 4.1.2, in ASCII. */
static bool is_local(struct span word)
{
    for (size_t i = 0; i < word.length; i++) {
        if (!g_ascii_isalnum(word.at[i]) && (word.at[i] == '\0' || strchr("!#$%&*+-/=?^_{|}~.", word.at[i]) == NULL))
            return false;
    }
    return word.length > 0 && word.length <= MAX_LOCAL && g_ascii_isalnum(word.at[word.length - 1]);
}

static void add(struct findings *findings, struct span word, struct span domain, struct span said)
{
    g_autofree char *name = g_strdup_printf("%.*s%.*s", (int)word.length, word.at, (int)domain.length, domain.at);
    char *kept = g_string_chunk_insert(findings->strings, name);
    struct finding *finding = findings_add(findings, span_of(kept), REPORT_KIND_BOUNCE);

    if (finding != NULL && finding->diagnostic.length == 0)
        finding->diagnostic = span_head(said, FINDINGS_SHARED);
}

/* Every line is a word, or none counts. */
static bool is_list(struct span paragraph)
{
    struct span line;

    while (span_line(&paragraph, &line)) {
        if (!is_local(span_trim(line)))
            return false;
    }
    return true;
}

/* Cuts the lines that say so off a paragraph that lists behind them: "... could not be delivered:", then a name. */
static struct span cut_said(struct span *paragraph)
{
    struct span whole = *paragraph;
    struct span line;

    while (span_line(paragraph, &line)) {
        if (paragraph->length > 0 && span_ends(span_trim(line), ":"))
            return span_head(whole, (size_t)(paragraph->at - whole.at));
    }
    *paragraph = whole;
    return span_head(whole, 0);
}

static bool tells_failure(struct span said)
{
    return span_ends(said, ":") && (phrase_find(said) & PHRASE_FAILURE) != 0;
}

void locals_read(const struct message *message, struct span text, struct findings *findings)
{
    struct span domain = domain_of(message_field(message, "From"));
    struct span paragraph, line, said = {NULL, 0};
    size_t lines;

    while (domain.length > 0 && paragraph_next(&text, &paragraph, &lines)) {
        struct span rest = paragraph, head = span_trim(cut_said(&rest));
        if (tells_failure(head) && is_list(rest)) {
            said = head;
            paragraph = rest;
        }
        if (said.length > 0 && is_list(paragraph)) {
            while (span_line(&paragraph, &line))
                add(findings, span_trim(line), domain, said);
            continue;
        }
        paragraph = span_trim(paragraph);
        said = tells_failure(paragraph) ? paragraph : span_head(paragraph, 0);
    }
}
