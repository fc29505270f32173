#include "parser/text/fields.h"

#include <string.h>

/* A block of nothing but tiny fields must not cost a multiple of its size. */
enum { MAX_FIELDS = 5000 };

void fields_init(struct fields *fields)
{
    *fields = (struct fields){.items = g_array_new(FALSE, FALSE, sizeof(struct field))};
}

void fields_clear(struct fields *fields)
{
    g_array_unref(fields->items);
}

/* field = name [blanks] ":" value; name = printable ASCII but colon and blank (RFC 5322 section 3.6.8) */
static bool read_field(struct span line, struct field *field)
{
    const char *colon = span_find_char(line, ':');
    size_t i;

    if (colon == NULL || colon == line.at)
        return false;
    field->name = span_trim(span_head(line, (size_t)(colon - line.at)));
    for (i = 0; i < field->name.length; i++) {
        if (!g_ascii_isgraph(field->name.at[i]))
            return false;
    }
    field->value = span_skip(line, (size_t)(colon - line.at) + 1);
    return field->name.length > 0;
}

static bool is_fold(struct span line)
{
    return line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t');
}

static void extend_last(struct fields *fields, struct span line)
{
    struct field *last = &g_array_index(fields->items, struct field, fields->items->len - 1);

    last->value.length = (size_t)(line.at + line.length - last->value.at);
}

bool fields_read(struct fields *fields, struct span *rest, size_t max_bytes)
{
    const char *start = rest->at;
    struct span line;
    bool open = false; /* the last line belonged to a field that is kept */

    g_array_set_size(fields->items, 0);
    fields->cut = false;
    while (rest->length > 0 && !(rest->length > 1 && memcmp(rest->at, "--", 2) == 0)) {
        struct field field;

        span_line(rest, &line);
        if (line.length == 0)
            break;
        if ((size_t)(line.at + line.length - start) > max_bytes || fields->items->len >= MAX_FIELDS) {
            fields->cut = true;
            open = false;
            continue;
        }
        if (is_fold(line) || (fields->unfolded && open && !read_field(line, &field))) {
            if (open)
                extend_last(fields, line);
            continue;
        }
        open = read_field(line, &field);
        if (open)
            g_array_append_val(fields->items, field);
    }
    for (guint i = 0; i < fields->items->len; i++) {
        struct field *field = &g_array_index(fields->items, struct field, i);
        field->value = span_trim(field->value);
    }
    return fields->items->len > 0;
}

static const struct field *find_from(const struct fields *fields, guint from, struct span name)
{
    for (guint i = from; i < fields->items->len; i++) {
        const struct field *field = &g_array_index(fields->items, struct field, i);
        if (field->name.length == name.length && g_ascii_strncasecmp(field->name.at, name.at, name.length) == 0)
            return field;
    }
    return NULL;
}

const struct field *fields_find(const struct fields *fields, const char *name)
{
    return find_from(fields, 0, span_of(name));
}

const struct field *fields_next(const struct fields *fields, const struct field *field)
{
    guint index = (guint)(field - &g_array_index(fields->items, struct field, 0));

    return find_from(fields, index + 1, field->name);
}

struct span fields_get(const struct fields *fields, const char *name)
{
    const struct field *field = fields_find(fields, name);

    return field == NULL ? (struct span){NULL, 0} : field->value;
}
