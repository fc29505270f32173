#include "cmd/proof/authentication.h"

#include <string.h>

/* Takes a quoted-string or a comment off, `rest` standing behind its first character. The contents of a string go into
 * `plain` without what could be taken for a separator; `plain` NULL: a comment. False when it does not end. */
static bool skip_quoted(struct span *rest, char close, GString *plain)
{
    unsigned depth = 1;

    while (rest->length > 0) {
        char c = *rest->at;

        *rest = span_skip(*rest, 1);
        if (c == '\\' && rest->length > 0)
            *rest = span_skip(*rest, 1);
        else if (c == close && --depth == 0)
            return true;
        else if (c == '(' && plain == NULL)
            depth++;
        else if (plain != NULL)
            g_string_append_c(plain, g_ascii_isalnum(c) || strchr(".-@", c) != NULL ? c : '_');
    }
    return false;
}

/* The value without comments, quotes and blanks around "="; NULL when it is broken. */
static char *simplify(struct span value)
{
    g_autofree char *line = header_unfold(value);
    g_autoptr(GString) plain = g_string_new(NULL);
    struct span rest = span_of(line);

    while (rest.length > 0) {
        char c = *rest.at, last = plain->len > 0 ? plain->str[plain->len - 1] : ' ';

        rest = span_skip(rest, 1);
        if (c == '(' && !skip_quoted(&rest, ')', NULL))
            return NULL;
        if (c == '"' && !skip_quoted(&rest, '"', plain))
            return NULL;
        if (c == '(' || c == '"' || (c == ' ' && strchr("=; ", last) != NULL))
            continue;
        if ((c == '=' || c == ';') && last == ' ' && plain->len > 0)
            g_string_truncate(plain, plain->len - 1);
        g_string_append_c(plain, c);
    }
    return g_string_free(g_steal_pointer(&plain), FALSE);
}

/* authserv-id [ CFWS authres-version ]; the only version is 1. */
static bool is_ours(struct span segment, const GPtrArray *authserv_ids)
{
    struct span id, version;

    if (!span_word(&segment, &id) || (span_word(&segment, &version) && !span_is(version, "1")))
        return false;
    for (guint i = 0; i < authserv_ids->len; i++) {
        if (span_is(id, authserv_ids->pdata[i]))
            return true;
    }
    return false;
}

/* "dkim=pass header.d=example.org header.s=x": the domain; that of header.i where header.d is missing. NULL when it is
 * something else. */
static char *passed_domain(struct span result)
{
    struct span word, domain = {NULL, 0}, identity = {NULL, 0};

    if (!span_word(&result, &word) || !span_is(word, "dkim=pass"))
        return NULL;
    while (span_word(&result, &word)) {
        if (span_starts(word, "header.d="))
            domain = span_skip(word, strlen("header.d="));
        else if (span_starts(word, "header.i="))
            identity = span_skip(word, strlen("header.i="));
    }
    if (domain.at == NULL) {
        const char *at = span_find_char(identity, '@');

        domain = at != NULL ? span_skip(span_from(identity, at), 1) : identity;
    }
    return domain.length > 0 ? g_ascii_strdown(domain.at, (gssize)domain.length) : NULL;
}

static void read_field(struct span value, const GPtrArray *authserv_ids, GPtrArray *domains)
{
    g_autofree char *plain = simplify(value);
    struct span rest = span_of(plain), segment;

    if (!span_cut(&rest, ';', &segment) || !is_ours(segment, authserv_ids))
        return;
    while (span_cut(&rest, ';', &segment)) {
        char *domain = passed_domain(segment);

        if (domain != NULL)
            g_ptr_array_add(domains, domain);
    }
}

GPtrArray *authentication_domains(const struct header *header, const GPtrArray *authserv_ids)
{
    g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < header->fields->len; i++) {
        const struct header_field *field = &g_array_index(header->fields, struct header_field, i);

        if (span_is(field->name, "Received"))
            return g_steal_pointer(&domains);
        if (span_is(field->name, "Authentication-Results"))
            read_field(field->value, authserv_ids, domains);
    }
    g_ptr_array_set_size(domains, 0); /* without a Received nobody knows where the message was the operator's */
    return g_steal_pointer(&domains);
}
