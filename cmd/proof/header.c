#include "cmd/proof/header.h"

#include <string.h>

enum {
    HEADER_MAX = 262144, /* octets */
    FIELDS_MAX = 500,
};

/* The message with CRLF: each LF becomes one when there is no CR at all. */
static GString *with_crlf(const char *bytes, size_t length)
{
    GString *copy = g_string_sized_new(length + length / 32 + 1);
    const char *end = bytes + length;

    if (memchr(bytes, '\r', length) != NULL)
        return g_string_append_len(copy, bytes, (gssize)length);
    while (bytes < end) {
        const char *lf = memchr(bytes, '\n', (size_t)(end - bytes));

        g_string_append_len(copy, bytes, (lf != NULL ? lf : end) - bytes);
        if (lf == NULL)
            break;
        g_string_append(copy, "\r\n");
        bytes = lf + 1;
    }
    return copy;
}

/* Takes a line that ends with CRLF and holds no other CR, LF or NUL. */
static bool take_line(struct span *rest, struct span *line)
{
    const char *lf = span_find_char(*rest, '\n');
    size_t length;

    if (lf == NULL || lf == rest->at || lf[-1] != '\r')
        return false;
    length = (size_t)(lf - rest->at) - 1;
    *line = span_head(*rest, length);
    *rest = span_skip(*rest, length + 2);
    return memchr(line->at, '\r', length) == NULL && memchr(line->at, '\0', length) == NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* field-name = 1*ftext; ftext = %d33-57 / %d59-126 (RFC 5322 section 3.6.8); blanks may stand before the colon
 * (section 4.5). */
static bool read_name(struct span line, struct header_field *field)
{
    size_t length = 0, colon;

    while (length < line.length && line.at[length] > ' ' && line.at[length] < 127 && line.at[length] != ':')
        length++;
    for (colon = length; colon < line.length && is_blank(line.at[colon]); colon++)
        ;
    if (length == 0 || colon == line.length || line.at[colon] != ':')
        return false;
    field->name = span_head(line, length);
    field->value = span_skip(line, colon + 1);
    field->whole = line;
    return true;
}

static void extend(struct header_field *field, struct span line)
{
    const char *end = line.at + line.length;

    field->value.length = (size_t)(end - field->value.at);
    field->whole.length = (size_t)(end - field->whole.at);
}

/* fields CRLF body, or fields alone */
static bool read_fields(struct header *header)
{
    struct span rest = {header->bytes->str, header->bytes->len}, line;

    while (rest.length > 0) {
        struct header_field field;

        if (!take_line(&rest, &line) || (size_t)(rest.at - header->bytes->str) > HEADER_MAX)
            return false;
        if (line.length == 0)
            break;
        if (is_blank(*line.at)) {
            if (header->fields->len == 0)
                return false;
            extend(&g_array_index(header->fields, struct header_field, header->fields->len - 1), line);
            continue;
        }
        if (header->fields->len == FIELDS_MAX || !read_name(line, &field))
            return false;
        g_array_append_val(header->fields, field);
    }
    header->body = rest;
    return header->fields->len > 0;
}

struct header *header_read(const char *bytes, size_t length)
{
    struct header *header = g_new0(struct header, 1);

    header->bytes = with_crlf(bytes, length);
    header->fields = g_array_new(FALSE, FALSE, sizeof(struct header_field));
    if (read_fields(header))
        return header;
    header_free(header);
    return NULL;
}

void header_free(struct header *header)
{
    if (header == NULL)
        return;
    g_array_unref(header->fields);
    g_string_free(header->bytes, TRUE);
    g_free(header);
}

const struct header_field *header_only(const struct header *header, const char *name)
{
    const struct header_field *found = NULL;

    for (guint i = 0; i < header->fields->len; i++) {
        const struct header_field *field = &g_array_index(header->fields, struct header_field, i);

        if (!span_is(field->name, name))
            continue;
        if (found != NULL)
            return NULL;
        found = field;
    }
    return found;
}

char *header_unfold(struct span value)
{
    struct span text = span_trim(value);
    char *line = g_strndup(text.at, text.length);

    return g_strdelimit(line, "\r\n\t", ' ');
}

char *header_author(const struct header *header)
{
    const struct header_field *from = header_only(header, "From");
    g_autoptr(GString) author = g_string_new(NULL), other = g_string_new(NULL);
    g_autofree char *line = NULL;
    struct span list;

    if (from == NULL)
        return NULL;
    line = header_unfold(from->value);
    list = span_of(line);
    if (!address_next(&list, author) || address_next(&list, other) ||
        !address_read(span_of(line), ADDRESS_PLAIN, other))
        return NULL;
    return g_ascii_strcasecmp(author->str, other->str) == 0 ? g_strdup(author->str) : NULL;
}
