#include "parser/text/json_scan.h"

#include <string.h>

void json_scan_init(struct json_scan *scan, struct span text)
{
    *scan = (struct json_scan){.rest = text, .value = g_string_new(NULL)};
}

void json_scan_clear(struct json_scan *scan)
{
    g_string_free(scan->value, TRUE);
}

struct span json_scan_key(const struct json_scan *scan, size_t up)
{
    if (up >= scan->depth)
        return (struct span){NULL, 0};
    return scan->levels[scan->depth - 1 - up].key;
}

/* "\u00e9": four hex digits, and a second such for what is beyond the basic plane. "\n" is a line's end, other controls
 * are blanks. The number of octets read. */
static size_t append_escape(GString *out, struct span text)
{
    static const char from[] = "nbfrt", to[] = "\n    ";
    gunichar c = 0;
    const char *at;

    if (text.length == 0)
        return 0;
    at = text.at[0] == '\0' ? NULL : strchr(from, text.at[0]);
    if (text.at[0] != 'u' || text.length < 5) {
        g_string_append_c(out, at != NULL ? to[at - from] : text.at[0]);
        return 1;
    }
    for (size_t i = 1; i < 5; i++)
        c = c * 16 + (gunichar)MAX(g_ascii_xdigit_value(text.at[i]), 0);
    g_string_append_unichar(out, c != 0 && g_unichar_validate(c) ? c : 0xFFFD);
    return 5;
}

/* `rest` starts behind the opening quote; moves behind the closing one. */
static void take_string(struct json_scan *scan, GString *out)
{
    size_t i = 0;

    g_string_truncate(out, 0);
    for (; i < scan->rest.length && scan->rest.at[i] != '"'; i++) {
        char c = scan->rest.at[i];
        if (c == '\\')
            i += append_escape(out, span_skip(scan->rest, i + 1));
        else if (c != '\r' && c != '\n')
            g_string_append_c(out, c);
    }
    scan->rest = span_skip(scan->rest, i + 1);
}

/* A key stays as it came: those that matter hold no escapes. */
static bool take_key(struct json_scan *scan)
{
    const char *quote = span_find_char(span_skip(scan->rest, 1), '"');

    if (quote == NULL)
        return false;
    scan->levels[scan->depth - 1].key = (struct span){scan->rest.at + 1, (size_t)(quote - scan->rest.at - 1)};
    scan->rest = span_trim(span_skip(span_from(scan->rest, quote), 1));
    if (!span_starts(scan->rest, ":"))
        return false;
    scan->rest = span_trim(span_skip(scan->rest, 1));
    return true;
}

static bool open_level(struct json_scan *scan, bool array)
{
    if (scan->depth == JSON_SCAN_DEPTH)
        return false;
    scan->levels[scan->depth++] = (struct json_scan_level){.array = array};
    scan->rest = span_skip(scan->rest, 1);
    return true;
}

static bool is_word(char c)
{
    return g_ascii_isalnum(c) || c == '+' || c == '-' || c == '.';
}

/* A number, or true, false, null. */
static bool take_word(struct json_scan *scan)
{
    size_t i = 0;

    while (i < scan->rest.length && is_word(scan->rest.at[i]))
        i++;
    g_string_truncate(scan->value, 0);
    g_string_append_len(scan->value, scan->rest.at, (gssize)i);
    scan->rest = span_skip(scan->rest, i);
    return i > 0;
}

/* Reads what stands at `rest`: true when it is a scalar; `*more` is false when it is no JSON. */
static bool take_value(struct json_scan *scan, bool *more)
{
    switch (scan->rest.at[0]) {
    case '{':
    case '[':
        *more = open_level(scan, scan->rest.at[0] == '[');
        return false;
    case '"':
        scan->rest = span_skip(scan->rest, 1);
        take_string(scan, scan->value);
        return true;
    default:
        return *more = take_word(scan);
    }
}

/* Moves to what may be a value, over what stands between values; false when there is none. */
static bool find_value(struct json_scan *scan)
{
    while (scan->rest.length > 0) {
        struct json_scan_level *level = scan->depth == 0 ? NULL : &scan->levels[scan->depth - 1];
        char c = scan->rest.at[0];

        if (g_ascii_isspace(c)) {
            scan->rest = span_skip(scan->rest, 1);
        } else if (level != NULL && c == (level->array ? ']' : '}')) {
            scan->rest = span_skip(scan->rest, 1);
            if (--scan->depth == 0)
                return false;
        } else if (level != NULL && c == ',') {
            scan->rest = span_skip(scan->rest, 1);
            level->item++;
        } else {
            return level == NULL || level->array || (c == '"' && take_key(scan));
        }
    }
    return false;
}

bool json_scan_next(struct json_scan *scan)
{
    bool more = true;

    while (more && find_value(scan) && scan->rest.length > 0) {
        if (take_value(scan, &more))
            return true;
    }
    return false;
}
