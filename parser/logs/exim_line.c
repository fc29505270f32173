#include "parser/logs/exim_line.h"

#include <string.h>

#include "parser/logs/log_items.h"

/* 6 "-" 6 "-" 2, or since 4.97 6 "-" 11 "-" 4, each a letter or a digit. */
static bool is_id(struct span word)
{
    static const struct {
        size_t middle, last;
    } forms[] = {{6, 2}, {11, 4}};

    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        size_t second = 7 + forms[i].middle;
        bool good = word.length == second + 1 + forms[i].last && word.at[6] == '-' && word.at[second] == '-';

        for (size_t n = 0; good && n < word.length; n++)
            good = n == 6 || n == second || g_ascii_isalnum(word.at[n]);
        if (good)
            return true;
    }
    return false;
}

static bool take_id(struct span *text, struct span *id)
{
    struct span rest = *text;

    if (!span_word(&rest, id))
        return false;
    if (id->at[0] == '[' && id->at[id->length - 1] == ']' && !span_word(&rest, id))
        return false;
    *text = rest;
    return is_id(*id);
}

bool exim_line_starts(struct span text)
{
    struct span id;

    return take_id(&text, &id);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static void skip_blanks(struct span *text)
{
    while (text->length > 0 && text->at[0] == ' ')
        *text = span_skip(*text, 1);
}

/* Octets of the text up to `stop`, or a blank, outside of quotes. */
static size_t outside_quotes(struct span text, char stop)
{
    bool quoted = false;
    size_t n = 0;

    for (; n < text.length && (quoted || text.at[n] != stop); n++) {
        if (text.at[n] == '"')
            quoted = !quoted;
        else if (text.at[n] == '\\' && quoted)
            n++;
    }
    return MIN(n, text.length);
}

/* A command or a file may have blanks in its name: it ends where the address stands that it was for. */
static size_t address_length(struct span text)
{
    size_t length = outside_quotes(text, ' ');
    const char *original = NULL;

    if (text.length > 0 && (strchr("|/", text.at[0]) != NULL || span_find_char(span_head(text, length), '@') == NULL))
        original = span_find(text, " <");
    return original != NULL ? (size_t)(original - text.at) : length;
}

/* "local@domain" or ":blackhole:"; a colon behind it belongs to the line. */
static struct span take_address(struct span *text)
{
    size_t length = address_length(*text);
    struct span address = span_head(*text, length);

    if (length > 1 && address.at[length - 1] == ':' && address.at[0] != ':') {
        address.length--;
        length--;
    }
    *text = span_skip(*text, length);
    return address;
}

/* SP "<" address ">" */
static bool take_original(struct span *text, struct span *original)
{
    struct span rest = *text;

    skip_blanks(&rest);
    if (rest.length == 0 || rest.at[0] != '<')
        return false;
    rest = span_skip(rest, 1);
    size_t length = outside_quotes(rest, '>');
    if (length == rest.length)
        return false;
    *original = span_head(rest, length);
    *text = span_skip(rest, length + 1);
    return true;
}

/* Exim takes the quotes off an address and puts the quoted one behind it: nobody can tell where the first ends. */
static bool was_quoted(struct span text)
{
    const char *at;

    while ((at = span_find(text, " <")) != NULL) {
        size_t n = 0;

        text = span_skip(span_from(text, at), 2);
        while (n < text.length && strchr("\"\\<> ", text.at[n]) == NULL)
            n++;
        if (n < text.length && strchr("\"\\", text.at[n]) != NULL)
            return true;
    }
    return false;
}

/* SP "(" the address that stood for it ")": only what it began with counts. */
static void skip_parent(struct span *text)
{
    struct span rest = *text;
    const char *end;

    skip_blanks(&rest);
    if (rest.length > 0 && rest.at[0] == '(' && (end = span_find(rest, ") <")) != NULL)
        *text = span_from(*text, end + 1);
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

static void set_field(const struct log_format *format, struct span word, struct log_record *record)
{
    const char *equals = span_find_char(word, '=');
    struct span value;

    if (equals == NULL)
        return;
    value = span_from(word, equals + 1);
    if (value.length >= 2 && (value.at[0] == '"' || value.at[0] == '<'))
        value = span_head(span_skip(value, 1), value.length - 2);
    for (const struct log_key *key = format->keys; key->key != NULL; key++) {
        if (strlen(key->key) == (size_t)(equals - word.at) && memcmp(key->key, word.at, strlen(key->key)) == 0 &&
            record->fields[key->field].at == NULL)
            record->fields[key->field] = value;
    }
}

/* Words up to one that ends with a colon: what follows is the text. */
static void read_fields(const struct log_format *format, struct span text, struct log_record *record)
{
    for (skip_blanks(&text); text.length > 0; skip_blanks(&text)) {
        struct span word = span_head(text, outside_quotes(text, ' '));

        text = span_skip(text, word.length);
        if (word.at[word.length - 1] == ':') {
            set_field(format, span_head(word, word.length - 1), record);
            record->fields[LOG_FIELD_TEXT] = span_trim(text);
            return;
        }
        set_field(format, word, record);
    }
}

bool exim_line_read(const struct log_format *format, struct span body, struct log_record *record)
{
    struct span flag, *fields = record->fields;
    const struct log_word *word;

    if (!take_id(&body, &fields[LOG_FIELD_QUEUE]))
        return false;
    for (const struct log_word *note = format->notes; note->word != NULL; note++) {
        struct span text = body;

        if (log_head_match(note->word, &text, record))
            record->end = note->end;
    }
    if (record->end != LOG_END_NONE)
        return true;
    if (!span_word(&body, &flag))
        return false;
    skip_blanks(&body);
    word = log_word_find(format->words, flag);
    fields[LOG_FIELD_OUTCOME] = flag;
    if (word == NULL) {
        if (!span_is(flag, "<="))
            return false;
        fields[LOG_FIELD_SENDER] = take_address(&body);
        if (span_is(fields[LOG_FIELD_SENDER], "<>"))
            fields[LOG_FIELD_SENDER].length = 0;
    } else {
        if (was_quoted(body))
            return false;
        fields[LOG_FIELD_RECIPIENT] = take_address(&body);
        skip_parent(&body);
        take_original(&body, &fields[LOG_FIELD_ORIGINAL]);
    }
    read_fields(format, body, record);
    return true;
}
