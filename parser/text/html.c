#include "parser/text/html.h"

#include <stdbool.h>
#include <string.h>

/* An entity or comment that has no end within this is text. */
enum { MAX_ENTITY = 10 };

/* Elements that stand on lines of their own; `apart`: with an empty line before them, or, of br, for a second one. */
static const struct {
    const char *name;
    bool apart;
} line_tags[] = {
    {"br", true}, {"p", true},  {"div", false}, {"tr", false}, {"td", true},  {"li", false}, {"table", true},
    {"h1", true}, {"h2", true}, {"h3", true},   {"hr", true},  {"pre", true}, {"ul", true},
};

/* The contents of these elements are no text. */
static const char *const hidden_tags[] = {"style", "script", "head", "title"};

static const struct {
    const char *name;
    const char *text;
} entities[] = {
    {"lt;", "<"}, {"gt;", ">"}, {"amp;", "&"}, {"quot;", "\""}, {"apos;", "'"}, {"nbsp;", " "},
};

static bool is_tag(struct span tag, const char *name)
{
    struct span tail = span_skip(tag, strlen(name));

    return span_starts(tag, name) && (tail.length == 0 || !g_ascii_isalnum(tail.at[0]));
}

/* Behind the closing tag of a hidden element; nothing if it is not closed. */
static struct span skip_hidden(struct span rest, const char *name)
{
    const char *open;

    while ((open = span_find_char(rest, '<')) != NULL) {
        rest = span_skip(span_from(rest, open), 1);
        if (rest.length > 0 && rest.at[0] == '/' && is_tag(span_skip(rest, 1), name)) {
            const char *end = span_find_char(rest, '>');
            return end == NULL ? span_skip(rest, rest.length) : span_skip(span_from(rest, end), 1);
        }
    }
    return span_skip(rest, rest.length);
}

/* `rest` starts behind "<"; moves behind ">". */
static void take_tag(GString *out, struct span *rest)
{
    const char *end = span_find_char(*rest, '>');
    struct span tag = end == NULL ? *rest : span_head(*rest, (size_t)(end - rest->at));
    bool closing = tag.length > 0 && tag.at[0] == '/';

    *rest = span_skip(*rest, tag.length + 1);
    if (closing)
        tag = span_skip(tag, 1);
    for (size_t i = 0; !closing && i < G_N_ELEMENTS(hidden_tags); i++) {
        if (is_tag(tag, hidden_tags[i]))
            *rest = skip_hidden(*rest, hidden_tags[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(line_tags); i++) {
        if (!is_tag(tag, line_tags[i].name))
            continue;
        if (out->len == 0 || out->str[out->len - 1] != '\n' || (line_tags[i].apart && !closing))
            g_string_append_c(out, '\n');
        if (span_starts(*rest, "\r")) /* a line that ends with the tag ends once */
            *rest = span_skip(*rest, 1);
        if (span_starts(*rest, "\n"))
            *rest = span_skip(*rest, 1);
        return;
    }
}

/* "&#39;" or "&#x27;": decimal or hexadecimal. */
static bool append_number(GString *out, struct span digits)
{
    gunichar c = 0;
    bool hex = digits.length > 0 && (digits.at[0] == 'x' || digits.at[0] == 'X');
    size_t i = hex ? 1 : 0;

    for (; i < digits.length && digits.at[i] != ';'; i++) {
        int value = hex ? g_ascii_xdigit_value(digits.at[i]) : g_ascii_digit_value(digits.at[i]);
        if (value < 0 || c > 0x10FFFF)
            return false;
        c = c * (hex ? 16 : 10) + (gunichar)value;
    }
    if (c == 0 || !g_unichar_validate(c))
        return false;
    g_string_append_unichar(out, c);
    return true;
}

/* `rest` starts with "&". */
static void take_entity(GString *out, struct span *rest)
{
    struct span name = span_head(span_skip(*rest, 1), MAX_ENTITY);
    const char *end = span_find_char(name, ';');

    for (size_t i = 0; end != NULL && i < G_N_ELEMENTS(entities); i++) {
        if (span_starts(name, entities[i].name)) {
            g_string_append(out, entities[i].text);
            *rest = span_skip(*rest, strlen(entities[i].name) + 1);
            return;
        }
    }
    if (end != NULL && name.at[0] == '#' && append_number(out, span_skip(name, 1))) {
        *rest = span_skip(*rest, (size_t)(end - rest->at) + 1);
        return;
    }
    g_string_append_c(out, '&');
    *rest = span_skip(*rest, 1);
}

void html_append_text(GString *out, struct span html)
{
    while (html.length > 0) {
        size_t plain = 0;

        while (plain < html.length && html.at[plain] != '<' && html.at[plain] != '&')
            plain++;
        g_string_append_len(out, html.at, (gssize)plain);
        html = span_skip(html, plain);
        if (html.length == 0)
            break;
        if (html.at[0] == '&') {
            take_entity(out, &html);
        } else if (html.length > 1 && (g_ascii_isalpha(html.at[1]) || html.at[1] == '/' || html.at[1] == '!')) {
            html = span_skip(html, 1);
            take_tag(out, &html);
        } else {
            g_string_append_c(out, '<');
            html = span_skip(html, 1);
        }
    }
}
