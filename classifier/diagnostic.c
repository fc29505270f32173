#include "classifier/diagnostic.h"

#include <string.h>

#include "parser/report.h"

static bool ends_local_part(char c)
{
    switch (c) {
    case ' ':
    case '<':
    case '>':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
    case ';':
    case ':':
    case '"':
    case '\'':
    case '@':
        return true;
    default:
        return false;
    }
}

/* Does a character of a script that is written without blanks end before `out`? What it says may touch an address. */
static bool is_unspaced(const char *start, const char *out)
{
    const char *lead = out - 1;

    while (lead > start && ((unsigned char)*lead & 0xc0) == 0x80)
        lead--;
    return (unsigned char)*lead >= 0xe2; /* U+2000 and above */
}

/* An address begins at the last character that cannot be in a local part, or behind the code of a reply's line
 * ("550-joe@example.com"); every byte is taken back once at most. */
static char *drop_local_part(const char *start, char *out)
{
    char *end = out;

    while (out > start && !ends_local_part(out[-1]) &&
           !(((unsigned char)out[-1] & 0x80) != 0 && is_unspaced(start, out)))
        out--;
    if (end - out >= 4 && strchr("45", out[0]) != NULL && g_ascii_isdigit(out[1]) && g_ascii_isdigit(out[2]) &&
        out[3] == '-')
        out += 4;
    return out;
}

/* Zero width space and byte order mark are no white space to Unicode, but part words as it does. */
static bool is_blank(gunichar c)
{
    return g_unichar_isspace(c) || g_unichar_iscntrl(c) || c == 0x200b || c == 0xfeff;
}

static char *put_wide(gunichar c, char *start, char *out)
{
    if (is_blank(c)) {
        if (out > start && out[-1] != ' ')
            *out++ = ' ';
        return out;
    }
    if (c == 0x2019 || c == 0x2018 || c == 0x02bc)
        c = '\'';
    return out + g_unichar_to_utf8(g_unichar_tolower(c), out);
}

/* ASCII in lower case, with control characters as blanks. */
static const char folded[128] = "                                "
                                " !\"#$%&'()*+,-./0123456789:;<=>?"
                                "@abcdefghijklmnopqrstuvwxyz[\\]^_"
                                "`abcdefghijklmnopqrstuvwxyz{|}~ ";

/* "mx.example.com[192.0.2.25]" and "mx.example.com [192.0.2.25]": a name with a dot, which is some server's, and no
 * code or end of a sentence. */
static char *drop_host(const char *start, char *out)
{
    char *name = out > start && out[-1] == ' ' ? out - 1 : out;
    bool dotted = false;

    if (name == start || !g_ascii_isalpha(name[-1]))
        return out;
    for (; name > start && (g_ascii_isalnum(name[-1]) || strchr(".-_", name[-1]) != NULL); name--)
        dotted = dotted || name[-1] == '.';
    return dotted ? name : out;
}

static inline char *put_ascii(const char *at, char *start, char *out)
{
    char put = folded[(unsigned char)*at];

    if (put == ' ' && (out == start || out[-1] == ' '))
        return out;
    if (put == '@')
        out = drop_local_part(start, out);
    else if (put == '[' && g_ascii_isdigit(at[1]))
        out = drop_host(start, out);
    *out++ = put;
    return out;
}

char *diagnostic_normalise(const char *raw, size_t *length)
{
    const char *at = raw != NULL ? raw : "";
    size_t left = strnlen(at, DIAGNOSTIC_MAX_BYTES);
    /* lower case takes three bytes for two at the worst */
    char *text = g_malloc(left + left / 2 + 8);
    char *out = text;

    for (const char *end = at + left; at < end;) {
        if (!((unsigned char)*at & 0x80)) {
            out = put_ascii(at++, text, out);
            continue;
        }
        gunichar c = g_utf8_get_char_validated(at, end - at);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            *out++ = '?';
            at++;
        } else {
            out = put_wide(c, text, out);
            at = g_utf8_next_char(at);
        }
    }
    while (out > text && out[-1] == ' ')
        out--;
    *out = '\0';
    *length = reply_join(text, (size_t)(out - text));
    return text;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* How "n't" is misspelt, with the word before it. */
static const struct {
    const char *seen;
    const char *meant;
} contractions[] = {
    {"doesnt", "doesn't"},   {"dosnt", "doesn't"},      {"dosn't", "doesn't"},   {"does'nt", "doesn't"},
    {"dont", "don't"},       {"do'nt", "don't"},        {"didnt", "didn't"},     {"isnt", "isn't"},
    {"arent", "aren't"},     {"wasnt", "wasn't"},       {"werent", "weren't"},   {"hasnt", "hasn't"},
    {"havent", "haven't"},   {"cant", "can't"},         {"couldnt", "couldn't"}, {"could'nt", "couldn't"},
    {"wouldnt", "wouldn't"}, {"shouldnt", "shouldn't"},
};

/* Words that the hyphen behind them belongs to: "e-mail", "non-existent". */
static const char *const prefixes[] = {"e", "non", "anti"};

static bool is_word(const char *at, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(at, word, length) == 0;
}

static bool keeps_hyphen(const char *at, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (is_word(at, length, prefixes[i]))
            return true;
    }
    return false;
}

/* One word, in lower case. */
static void append_word(GString *words, const char *at, size_t length)
{
    if (words->len > 0)
        g_string_append_c(words, ' ');
    for (size_t i = 0; i < G_N_ELEMENTS(contractions); i++) {
        if (is_word(at, length, contractions[i].seen)) {
            g_string_append(words, contractions[i].meant);
            return;
        }
    }
    g_string_append_len(words, at, (gssize)length);
}

/* "user_unknown", "no-such-user": the marks between letters are blanks, but in a host's name. */
static void append_parted(GString *words, const char *at, size_t length)
{
    size_t start = 0;

    for (size_t i = 1; i + 1 < length && memchr(at, '.', length - 1) == NULL; i++) {
        if ((at[i] != '_' && at[i] != '-') || !g_ascii_isalpha(at[i - 1]) || !g_ascii_isalpha(at[i + 1]) ||
            (at[i] == '-' && keeps_hyphen(at + start, i - start)))
            continue;
        append_word(words, at + start, i - start);
        start = i + 1;
    }
    append_word(words, at + start, length - start);
}

static bool starts_letter(const char *at, size_t length)
{
    return length > 0 && (g_ascii_isalpha(at[0]) || (at[0] & 0x80) != 0);
}

char *diagnostic_words(const char *text, size_t length, size_t *out)
{
    GString *words = g_string_sized_new(length + 1);
    bool worded = false;

    for (const char *at = text, *end = text + length; at < end;) {
        const char *blank = memchr(at, ' ', (size_t)(end - at));
        size_t word = (size_t)((blank != NULL ? blank : end) - at);
        if (memchr(at, '@', word) == NULL && !is_word(at, word, "<>"))
            append_parted(words, at, word);
        else if (!worded && at[word - 1] != ':')
            append_word(words, "address", strlen("address"));
        worded = worded || starts_letter(at, word);
        at += word + 1;
    }
    *out = words->len;
    return g_string_free(words, FALSE);
}
