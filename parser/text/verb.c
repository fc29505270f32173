#include "parser/text/verb.h"

#include <glib.h>
#include <string.h>

enum { MAX_NAME = 40, MAX_ASIDE = 90 };

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

/* Words before the name in the texts of Postfix ("in reply to RCPT TO command"), Exim ("after RCPT TO:<...>"),
 * printed transcripts and others. */
static const char *const introductions[] = {
    "in reply to ", "in response to ", "after ", ">>> ", "while sending ", "response to ", "during ",
};
enum { N_BEHIND = 2 }; /* the first of them stand behind the reply, the others before it */

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
    {"my name was rejected", "HELO"},  /* qmail */
    {"but greeting failed", "CONN"},
    {"MAIL FROM command", "MAIL"},
    {"MAIL command", "MAIL"},
    {"HELO command", "HELO"},
    {"EHLO command", "EHLO"},
};
const size_t n_verb_phrases = G_N_ELEMENTS(verb_phrases);

const char verb_pipe[] = "PIPE";

bool verb_precedes_recipient(const char *command)
{
    static const char *const commands[] = {"CONN", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL"};

    for (size_t i = 0; command != NULL && i < G_N_ELEMENTS(commands); i++) {
        if (g_ascii_strcasecmp(command, commands[i]) == 0)
            return true;
    }
    return false;
}

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

/* The verb of the words found so far; the lower the rank, the more they count. */
struct search {
    struct buckets phrases;
    const struct verb_row *named;
    size_t introduction;          /* the rank of what introduces it */
    size_t phrase;                /* a row of verb_phrases; n_verb_phrases while there is none */
    const struct verb_row *aside; /* the last that stands in parentheses among words of any language */
    bool answered;                /* a reply code was there already */
    bool outermost;               /* the name stands before all replies */
};

/* Does what is introduced in the way `i` count more than what was found before? What stands before the first reply is
 * said of the outermost, and of what stands behind replies the last is. */
static bool outdoes(const struct search *search, size_t i)
{
    if (search->outermost)
        return false;
    return i < search->introduction || (i == search->introduction && i < N_BEHIND);
}

static bool is_reply(struct span text)
{
    return text.length > 3 && (text.at[0] == '4' || text.at[0] == '5') && g_ascii_isdigit(text.at[1]) &&
           g_ascii_isdigit(text.at[2]) && (text.at[3] == ' ' || text.at[3] == '-');
}

static bool is_words(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!g_ascii_isalpha(text.at[i]) && (text.at[i] & 0x80) == 0 && strchr(" '-", text.at[i]) == NULL)
            return false;
    }
    return true;
}

/* "(als Antwort auf das Kommando MAIL FROM)": words and a command's name, as RFC 5321 spells it, in parentheses. */
static const struct verb_row *find_aside(struct span text)
{
    const char *close = span_find_char(span_head(text, MAX_ASIDE), ')');
    struct span inside = close == NULL ? span_head(text, 0) : span_skip(span_head(text, (size_t)(close - text.at)), 1);

    if (inside.length == 0 || !is_words(inside))
        return NULL;
    for (size_t i = 0; i < n_verb_names; i++) {
        const char *name = verb_names[i].text;
        const char *at = memmem(inside.at, inside.length, name, strlen(name));
        if (at != NULL && g_ascii_isupper(name[0]) && at > inside.at && at[-1] == ' ' &&
            !g_ascii_isalnum(at[strlen(name)]))
            return &verb_names[i];
    }
    return NULL;
}

static void look_aside(struct search *search, struct span text)
{
    const struct verb_row *row = find_aside(text);

    if (row != NULL)
        search->aside = row;
}

/* `text` starts with a word. */
static void look_at(struct search *search, struct span text)
{
    search->answered = search->answered || is_reply(text);
    for (size_t i = 0; i < G_N_ELEMENTS(introductions); i++) {
        const struct verb_row *row;
        if (!outdoes(search, i) || initial(text.at[0]) != initial(introductions[i][0]) ||
            !span_starts(text, introductions[i]))
            continue;
        row = verb_named(span_skip(text, strlen(introductions[i])));
        if (row == NULL)
            continue;
        search->named = row;
        search->introduction = i;
        search->outermost = i >= N_BEHIND && !search->answered && strcmp(introductions[i], ">>> ") != 0;
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
        if (text.at[i] == '(')
            look_aside(&search, span_skip(text, i));
    }
    if (search.named != NULL)
        return search.named;
    if (search.aside != NULL)
        return search.aside;
    return search.phrase < n_verb_phrases ? &verb_phrases[search.phrase] : NULL;
}
