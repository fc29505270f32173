#include "parser/text/csv_record.h"

#include <string.h>

static const char too_long[] = "a record of more than 65536 octets; is a quote not closed?";
static const char too_many[] = "a record of more than 256 fields";
static const char not_closed[] = "a quote that is not closed before the end of the file";
static const char after_quote[] = "text behind the closing quote of a field";

void csv_record_init(struct csv_record *record)
{
    /* Never more: the fields that are in it do not move. */
    *record = (struct csv_record){.plain = g_string_sized_new(CSV_RECORD_MAX)};
}

void csv_record_clear(struct csv_record *record)
{
    g_string_free(record->plain, TRUE);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static size_t line_end_length(struct span text, size_t at)
{
    return text.at[at] == '\r' && at + 1 < text.length && text.at[at + 1] == '\n' ? 2 : 1;
}

/* A line end within quotes is counted at its last octet. */
static bool counts_as_line(struct span text, size_t at)
{
    return is_line_end(text.at[at]) && line_end_length(text, at) == 1;
}

/* escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE; `*at` is behind the first quote, and then behind
 * the last. False if it is open. */
static bool take_quoted(struct csv_record *record, struct span text, size_t *at, struct span *field)
{
    GString *plain = record->plain;
    size_t begin = plain->len, from = *at;

    for (size_t i = *at; i < text.length; i++) {
        record->lines += counts_as_line(text, i);
        if (text.at[i] != '"')
            continue;
        if (i + 1 < text.length && text.at[i + 1] == '"') {
            g_string_append_len(plain, text.at + from, (gssize)(i + 1 - from));
            from = ++i + 1;
            continue;
        }
        g_string_append_len(plain, text.at + from, (gssize)(i - from));
        *field = (struct span){plain->str + begin, plain->len - begin};
        *at = i + 1;
        return true;
    }
    return false;
}

static void take_bare(struct span text, char separator, size_t *at, struct span *field)
{
    size_t end = *at;

    while (end < text.length && text.at[end] != separator && !is_line_end(text.at[end]))
        end++;
    *field = (struct span){text.at + *at, end - *at};
    *at = end;
}

const char *csv_record_take(struct csv_record *record, struct span text, char separator)
{
    struct span part = span_head(text, CSV_RECORD_MAX);
    bool cut = part.length < text.length;
    size_t at = 0;

    g_string_truncate(record->plain, 0);
    record->n = 0;
    record->lines = 0;
    for (;;) {
        if (record->n == CSV_RECORD_FIELDS_MAX)
            return too_many;
        struct span *field = &record->fields[record->n++];
        if (at < part.length && part.at[at] == '"') {
            at++;
            if (!take_quoted(record, part, &at, field))
                return cut ? too_long : not_closed;
        } else {
            take_bare(part, separator, &at, field);
        }
        record->used = at;
        if (at == part.length)
            return cut ? too_long : NULL;
        if (is_line_end(part.at[at]))
            break;
        if (part.at[at] != separator)
            return after_quote;
        at++;
    }
    record->used += line_end_length(text, record->used);
    record->lines++;
    return NULL;
}

char csv_record_separator(struct span text)
{
    static const char separators[] = {',', ';', '\t'};
    unsigned counts[G_N_ELEMENTS(separators)] = {0};
    bool quoted = false;
    size_t best = 0;

    for (size_t i = 0; i < text.length && (quoted || !is_line_end(text.at[i])); i++) {
        quoted ^= text.at[i] == '"';
        for (size_t j = 0; !quoted && j < G_N_ELEMENTS(separators); j++)
            counts[j] += text.at[i] == separators[j];
    }
    for (size_t j = 1; j < G_N_ELEMENTS(separators); j++)
        best = counts[j] > counts[best] ? j : best;
    return counts[best] > 0 ? separators[best] : '\0';
}
