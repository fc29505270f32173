#include "parser/logs/log_items.h"

#include <string.h>

static const struct log_key *find_key(const struct log_key *keys, struct span name)
{
    for (; keys->key != NULL; keys++) {
        if (strlen(keys->key) == name.length && memcmp(keys->key, name.at, name.length) == 0)
            return keys;
    }
    return NULL;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static bool is_id(struct span word)
{
    enum { LEAST = 5, MOST = 32 };

    if (word.length < LEAST || word.length > MOST || span_is(word, "NOQUEUE"))
        return false;
    for (size_t i = 0; i < word.length; i++) {
        if (!g_ascii_isalnum(word.at[i]) && word.at[i] != '-')
            return false;
    }
    return true;
}

/* The words of a head that are fields. */
static const struct log_key head_fields[] = {
    {"QUEUE", LOG_FIELD_QUEUE, false}, {"REPORT", LOG_FIELD_REPORT, false}, {"OUTCOME", LOG_FIELD_OUTCOME, false}, {0}};

static bool is_same(struct span one, struct span other)
{
    return one.length == other.length && memcmp(one.at, other.at, one.length) == 0;
}

static bool match_word(struct span pattern, struct span word, struct log_record *record)
{
    bool colon = pattern.at[pattern.length - 1] == ':';
    const struct log_key *field = find_key(head_fields, span_head(pattern, pattern.length - colon));

    if (span_is(pattern, "*"))
        return true;
    if (field == NULL)
        return is_same(word, pattern);
    if (colon && word.at[--word.length] != ':')
        return false;
    record->fields[field->field] = word;
    return field->field == LOG_FIELD_OUTCOME || is_id(word);
}

bool log_head_match(const char *words, struct span *text, struct log_record *record)
{
    struct span patterns = span_of(words), rest = *text, pattern, word;

    while (span_word(&patterns, &pattern)) {
        if (!span_word(&rest, &word) || !match_word(pattern, word, record))
            return false;
    }
    while (rest.length > 0 && rest.at[0] == ' ')
        rest = span_skip(rest, 1);
    *text = rest;
    return true;
}

const struct log_word *log_word_find(const struct log_word *words, struct span text)
{
    for (; words->word != NULL; words++) {
        size_t length = strlen(words->word);

        if (span_starts(text, words->word) && (text.length == length || !g_ascii_isalnum(text.at[length])))
            return words;
    }
    return NULL;
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

/* A lower-case word and "="; its length with that, 0 if there is none. */
static size_t key_length(struct span text)
{
    size_t n = 0;

    while (n < text.length && (g_ascii_islower(text.at[n]) || text.at[n] == '_' || (n > 0 && text.at[n] == '-')))
        n++;
    return n > 0 && n < text.length && text.at[n] == '=' ? n + 1 : 0;
}

/* Behind the quoted text that `text` begins with, of which a backslash takes the next octet; all of it if it does not
 * end. */
static size_t quoted_length(struct span text)
{
    size_t n = 1;

    while (n < text.length && text.at[n] != '"')
        n += text.at[n] == '\\' ? 2 : 1;
    return MIN(n + 1, text.length);
}

size_t log_items_bracketed(struct span text, bool *quotes)
{
    size_t n = 1;

    while (n < text.length && text.at[n] != '>')
        n += *quotes && text.at[n] == '"' ? quoted_length(span_skip(text, n)) : 1;
    if (n < text.length)
        return n + 1;
    /* Servers that do not quote may log half of a pair. */
    *quotes = false;
    const char *end = span_find_char(text, '>');
    return end != NULL ? (size_t)(end - text.at) + 1 : 0;
}

static bool ends_value(struct span text, char separator)
{
    if (text.at[0] != separator)
        return false;
    return separator == ' ' || text.length == 1 || text.at[1] == ' ' || key_length(span_skip(text, 1)) > 0;
}

static size_t value_length(struct span text, char separator)
{
    bool open = false, quotes = true; /* `open`: a bracket is, and so would be all that follow */
    size_t n = 0;

    while (n < text.length && !ends_value(span_skip(text, n), separator)) {
        size_t part = 0;

        if (text.at[n] == '<' && !open) {
            part = log_items_bracketed(span_skip(text, n), &quotes);
            open = part == 0;
        } else if (text.at[n] == '"') {
            part = quoted_length(span_skip(text, n));
        }
        n += MAX(part, 1);
    }
    return MIN(n, text.length);
}

/* Without the quotes or the brackets around all of it; of a line that was cut off, without the first quote. */
static struct span bare(struct span value)
{
    bool quotes = true;

    if (value.length >= 2 && value.at[0] == '"' && quoted_length(value) == value.length)
        return span_head(span_skip(value, 1), value.length - (value.at[value.length - 1] == '"' ? 2 : 1));
    if (value.length >= 2 && value.at[0] == '<' && log_items_bracketed(value, &quotes) == value.length)
        return span_head(span_skip(value, 1), value.length - 2);
    return value;
}

/* The first value of a field counts. */
static void read_items(const struct log_format *format, struct span text, char separator, struct log_record *record)
{
    size_t length;
    bool first = true;

    while ((length = key_length(text)) > 0) {
        const struct log_key *key = find_key(format->keys, span_head(text, length - 1));

        text = span_skip(text, length);
        length = key != NULL && key->rest ? text.length : value_length(text, separator);
        if (key != NULL && key->field == LOG_FIELD_RECIPIENT && format->recipient_first && !first)
            return;
        first = false;
        if (key != NULL && record->fields[key->field].at == NULL)
            record->fields[key->field] = bare(span_trim(span_head(text, length)));
        text = span_skip(text, length);
        while (text.length > 0 && (text.at[0] == separator || text.at[0] == ' '))
            text = span_skip(text, 1);
    }
}

static bool read_note(const struct log_format *format, struct span body, struct log_record *record)
{
    for (const struct log_word *note = format->notes; note->word != NULL; note++) {
        struct span text = body;

        if (log_head_match(note->word, &text, record)) {
            record->end = note->end;
            return true;
        }
    }
    return false;
}

bool log_items_read(const struct log_format *format, struct span body, struct log_record *record)
{
    for (const struct log_head *head = format->heads; head->words != NULL; head++) {
        struct span text = body;

        if (!log_head_match(head->words, &text, record))
            continue;
        if (key_length(text) > 0) {
            read_items(format, text, head->separator, record);
            return true;
        }
    }
    return read_note(format, body, record);
}
