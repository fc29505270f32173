#include "parser/logs/log_values.h"

#include <string.h>

bool log_value_is_address(struct span text)
{
    const char *at = text.length > 0 ? memrchr(text.at, '@', text.length) : NULL;

    return at != NULL && at > text.at && at + 1 < text.at + text.length && strchr("|/:", text.at[0]) == NULL &&
           memchr(text.at, '\0', text.length) == NULL;
}

bool log_value_is_null_sender(struct span sender)
{
    return sender.at != NULL && (sender.length == 0 || span_is(sender, "@"));
}

struct span log_value_message_id(struct span value)
{
    const char *end;

    if (value.length == 0 || value.at[0] != '<')
        return value;
    end = span_find_char(value, '>');
    return end == NULL ? value : span_head(span_skip(value, 1), (size_t)(end - value.at) - 1);
}

static bool is_ip(struct span text)
{
    text = span_trim(text);
    for (size_t i = 0; i < text.length; i++) {
        if (!g_ascii_isxdigit(text.at[i]) && text.at[i] != '.' && text.at[i] != ':')
            return false;
    }
    return true;
}

struct span log_value_host(const struct log_format *format, struct span value)
{
    const char *bracket = span_find_char(value, '['), *parenthesis = span_find_char(value, '(');
    struct span name = value;

    if (bracket != NULL) {
        name = span_trim(span_head(value, (size_t)(bracket - value.at)));
    } else if (parenthesis != NULL && is_ip(span_head(value, (size_t)(parenthesis - value.at)))) {
        name = span_from(value, parenthesis + 1);
        const char *end = span_find_char(name, ')');
        name = end != NULL ? span_head(name, (size_t)(end - name.at)) : name;
    } else if (parenthesis != NULL) {
        name = span_trim(span_head(value, (size_t)(parenthesis - value.at)));
    } else if (format->hops) {
        return (struct span){NULL, 0};
    }
    if (name.length > 1 && name.at[name.length - 1] == '.')
        name.length--;
    return name;
}

bool log_value_is_hop(const struct log_format *format, struct span host)
{
    static const char *const own[] = {"127.", "localhost[", "localhost. ", "localhost ", "[127.", "[::1]", "::1"};

    for (size_t i = 0; format->hops && i < G_N_ELEMENTS(own); i++) {
        if (span_starts(host, own[i]))
            return true;
    }
    return false;
}

struct span log_value_first_word(struct span text)
{
    struct span word = text;

    span_word(&text, &word);
    return word;
}

struct span log_value_unescape(GString *out, struct span text)
{
    if (span_find(text, "\\n") == NULL)
        return text;
    g_string_truncate(out, 0);
    for (size_t i = 0, n; i < text.length; i += n) {
        for (n = 0; i + n < text.length && text.at[i + n] == '\\'; n++)
            ;
        if (n > 0 && i + n < text.length && text.at[i + n] == 'n') {
            g_string_append_c(out, '\n');
            n++;
        } else {
            n = MAX(n, 1);
            g_string_append_len(out, text.at + i, (gssize)n);
        }
    }
    return (struct span){out->str, out->len};
}
