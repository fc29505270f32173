#include "parser/text/verb.h"

#include <glib.h>
#include <string.h>

enum { MAX_NAME = 40 };

const struct verb_row verb_names[] = {
    {"RCPT TO", "RCPT"},
    {"MAIL FROM", "MAIL"},
    {"end of DATA", "DATA"},
    {"end of message", "DATA"},
    {"message body", "DATA"},
    {"DATA", "DATA"},
    {"EHLO", "EHLO"},
    {"HELO", "HELO"},
    {"LHLO", "LHLO"},
    {"BDAT", "BDAT"},
    {"STARTTLS", "STARTTLS"},
    {"AUTH", "AUTH"},
    {"QUIT", "QUIT"},
    {"initial connection", "CONN"},
    {"pipelined DATA", "DATA"},
    {"pipelined end of data", "DATA"},
    {"pipelined RCPT TO", "RCPT"},
    {"pipelined MAIL FROM", "MAIL"},
};
const size_t n_verb_names = G_N_ELEMENTS(verb_names);

/* What comes before the name in the texts of Postfix ("in reply to RCPT TO command"), Exim ("after RCPT TO:<...>"),
 * printed transcripts and others. */
static const char *const introductions[] = {"in reply to ", "in response to ", "after ", ">>> ", "while sending "};

const struct verb_row verb_phrases[] = {
    {"does not like recipient", "RCPT"}, /* qmail */
    {"RCPT TO response", "RCPT"},
    {"but sender was rejected", "MAIL"},         /* qmail */
    {"failed after I sent the message", "DATA"}, /* qmail */
    {"failed on DATA command", "DATA"},
    {"did not like our RCPT TO", "RCPT"}, /* DragonFly's dma */
    {"did not like our MAIL FROM", "MAIL"},
    {"did not like our DATA", "DATA"},
    {"did not like our final DATA", "DATA"},
    {"did not like our HELO", "HELO"},
    {"[RCPT_TO]", "RCPT"}, /* Yahoo */
    {"[MAIL_FROM]", "MAIL"},
    {"[DATA]", "DATA"},
    {"SMTP:RCPT", "RCPT"}, /* Axigen */
    {"SMTP:MAIL", "MAIL"},
    {"SMTP:DATA", "DATA"},
    {"(RCPT)", "RCPT"},
    {"(DATA)", "DATA"}, /* "accept your message (DATA)" */
    {"RCPT TO command", "RCPT"},
    {"RCPT command", "RCPT"},
    {"TEXT command", "DATA"},
    {"step: DATA", "DATA"},
    {"command DATA", "DATA"}, /* m-FILTER */
    {"(state 18)", "DATA"},   /* Gmail, until 2013 */
    {"(state 14)", "RCPT"},
    {"refused to talk to me", "CONN"}, /* Postfix */
};
const size_t n_verb_phrases = G_N_ELEMENTS(verb_phrases);

const char *verb_command(const struct verb_row *row)
{
    return row == NULL ? NULL : row->command;
}

const struct verb_row *verb_named(struct span line)
{
    line = span_trim(span_head(line, MAX_NAME));
    if (span_starts(line, "SMTP command "))
        line = span_skip(line, strlen("SMTP command "));
    for (size_t i = 0; i < n_verb_names; i++) {
        struct span tail = span_skip(line, strlen(verb_names[i].text));
        if (span_starts(line, verb_names[i].text) && (tail.length == 0 || !g_ascii_isalnum(tail.at[0])))
            return &verb_names[i];
    }
    return NULL;
}

/* The phrases that begin with one letter, be it a capital or not: 1 + the first row, and 1 + the next of each row. */
enum { INITIALS = 32 };
struct buckets {
    guint8 first[INITIALS];
    guint8 next[G_N_ELEMENTS(verb_phrases)];
};
G_STATIC_ASSERT(G_N_ELEMENTS(verb_phrases) < G_MAXUINT8);

static unsigned initial(char c)
{
    return (unsigned char)c % INITIALS;
}

static void sort_phrases(struct buckets *buckets)
{
    for (size_t i = n_verb_phrases; i-- > 0;) {
        guint8 *first = &buckets->first[initial(verb_phrases[i].text[0])];
        buckets->next[i] = *first;
        *first = (guint8)(i + 1);
    }
}

/* What the words found so far tell; the lower the rank, the more they count. */
struct search {
    struct buckets phrases;
    const struct verb_row *named;
    size_t introduction; /* the rank of what introduces it */
    size_t phrase;       /* a row of verb_phrases; n_verb_phrases while there is none */
};

/* `text` starts with a word. */
static void look_at(struct search *search, struct span text)
{
    for (size_t i = 0; i < search->introduction; i++) {
        const struct verb_row *row;
        if (initial(text.at[0]) != initial(introductions[i][0]) || !span_starts(text, introductions[i]))
            continue;
        row = verb_named(span_skip(text, strlen(introductions[i])));
        if (row == NULL)
            continue;
        search->named = row;
        search->introduction = i;
    }
    for (size_t i = search->phrases.first[initial(text.at[0])]; i > 0 && i <= search->phrase;
         i = search->phrases.next[i - 1]) {
        if (span_starts(text, verb_phrases[i - 1].text))
            search->phrase = i - 1;
    }
}

const struct verb_row *verb_answered(struct span text)
{
    struct search search = {.introduction = G_N_ELEMENTS(introductions), .phrase = n_verb_phrases};

    sort_phrases(&search.phrases);
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] != ' ' && (i == 0 || !g_ascii_isalnum(text.at[i - 1])))
            look_at(&search, span_skip(text, i));
    }
    if (search.named != NULL)
        return search.named;
    return search.phrase < n_verb_phrases ? &verb_phrases[search.phrase] : NULL;
}
