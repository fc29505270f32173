#include "parser/mail/parts.h"

#include <string.h>

/* Boundaries have 70 characters at most (RFC 2046 section 5.1.1); some mailers use more. */
enum { MAX_BOUNDARY = 200, MAX_VALUE = 4096, MAX_LOOK_AHEAD = 1 << 14, MIN_BOUNDARY = 8 };

/* One multipart that is open: its boundary with the two hyphens before it. */
struct level {
    size_t length;
    char boundary[MAX_BOUNDARY + 2];
};

struct walk {
    struct parts *parts;
    const struct report_settings *settings;
    struct span rest;
    GArray *levels; /* of struct level */
    struct fields header;
};

static const char *keep_lower(const struct parts *parts, const char *text)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);

    return g_string_chunk_insert_const(parts->strings, lower);
}

/* Content-Type, RFC 2045 section 5.1. The boundary of a multipart goes to `level`. */
static void read_type(const struct parts *parts, struct span value, struct part *part, struct level *level)
{
    g_autofree char *text = g_strndup(value.at, MIN(value.length, MAX_VALUE));
    GMimeContentType *type = g_mime_content_type_parse(NULL, g_strdelimit(text, "\r\n", ' '));
    g_autofree char *name = g_mime_content_type_get_mime_type(type);
    const char *charset = g_mime_content_type_get_parameter(type, "charset");
    const char *boundary = g_mime_content_type_get_parameter(type, "boundary");

    part->type = keep_lower(parts, name);
    if (charset != NULL)
        part->charset = g_string_chunk_insert_const(parts->strings, charset);
    if (boundary != NULL && g_str_has_prefix(part->type, "multipart/")) {
        level->length = strlen(boundary) + 2;
        if (level->length > 2 && level->length <= sizeof level->boundary)
            memcpy(mempcpy(level->boundary, "--", 2), boundary, level->length - 2);
        else
            level->length = 0;
    }
    g_object_unref(type);
}

static void read_header(struct walk *walk, const struct fields *header, struct part *part, struct level *level)
{
    struct span type = fields_get(header, "content-type");
    struct span encoding = fields_get(header, "content-transfer-encoding");

    *part = (struct part){.type = "text/plain", .encoding = GMIME_CONTENT_ENCODING_DEFAULT};
    level->length = 0;
    if (type.length > 0)
        read_type(walk->parts, type, part, level);
    if (encoding.length > 0) {
        g_autofree char *name = g_strndup(encoding.at, MIN(encoding.length, 32));
        part->encoding = g_mime_content_encoding_from_string(name);
    }
    if (header->cut)
        walk->parts->cut |= REPORT_CUT_HEADERS;
}

/* Is the line a boundary of an open level? The innermost is tried first. */
static bool is_boundary(const struct walk *walk, struct span line, guint *index, bool *closing)
{
    for (guint i = walk->levels->len; i-- > 0;) {
        const struct level *level = &g_array_index(walk->levels, struct level, i);
        struct span tail;

        if (line.length < level->length || memcmp(line.at, level->boundary, level->length) != 0)
            continue;
        tail = span_skip(line, level->length);
        *closing = span_starts(tail, "--");
        if (span_trim(*closing ? span_skip(tail, 2) : tail).length > 0)
            continue;
        *index = i;
        return true;
    }
    return false;
}

/* Moves to behind the next boundary line that opens a part, and gives what stands before the first boundary; closes the
 * levels that end. False when the message ends first. */
static bool next_boundary(struct walk *walk, struct span *before)
{
    struct span rest = walk->rest;
    bool ended = false;

    *before = rest;
    while (walk->levels->len > 0 && rest.length > 1) {
        struct span line;
        const char *start = rest.at;
        guint index;
        bool closing;

        if (memcmp(start, "--", 2) != 0) {
            const char *next = memmem(start, rest.length, "\n--", 3);
            if (next == NULL)
                break;
            rest = span_from(rest, next + 1);
            continue;
        }
        span_line(&rest, &line);
        if (!is_boundary(walk, line, &index, &closing))
            continue;
        if (!ended)
            before->length = (size_t)(start - before->at);
        ended = true;
        g_array_set_size(walk->levels, closing ? index : index + 1);
        if (!closing) {
            walk->rest = rest;
            return true;
        }
    }
    walk->rest = span_skip(walk->rest, walk->rest.length);
    return false;
}

static void add_part(struct walk *walk, struct part *part, struct span body)
{
    part->body = body;
    g_array_append_val(walk->parts->items, *part);
}

/* Reads the entity whose header is read: one part, or what stands before the first part of a multipart. */
static bool read_entity(struct walk *walk, struct part *part, struct level *level)
{
    struct span body;
    bool more;

    if (level->length > 0 && walk->levels->len >= walk->settings->max_depth) {
        walk->parts->cut |= REPORT_CUT_DEPTH;
        level->length = 0;
    }
    if (level->length == 0) {
        more = next_boundary(walk, &body);
        add_part(walk, part, body);
        return more;
    }
    g_array_append_val(walk->levels, *level);
    more = next_boundary(walk, &body);
    if (!more && body.length > 0) /* no part is in it: it is text */
        add_part(walk, &(struct part){.type = "text/plain"}, body);
    return more;
}

/* A multipart that lost its boundary parameter: the first line of two hyphens and a word tells it, if it comes again.
 */
static void guess_boundary(struct span body, struct level *level)
{
    struct span rest = span_head(body, MAX_LOOK_AHEAD);
    struct span line;

    while (span_line(&rest, &line)) {
        line = span_trim(line);
        if (!span_starts(line, "--") || line.length < MIN_BOUNDARY || line.length > sizeof level->boundary ||
            span_find_char(line, ' ') != NULL)
            continue;
        rest = span_from(body, line.at + line.length);
        if (memmem(rest.at, rest.length, line.at, line.length) == NULL)
            return;
        memcpy(level->boundary, line.at, line.length);
        level->length = line.length;
        return;
    }
}

void parts_find(struct parts *parts, const struct report_settings *settings, struct span bytes)
{
    struct walk walk = {
        .parts = parts, .settings = settings, .rest = bytes, .levels = g_array_new(FALSE, FALSE, sizeof(struct level))};
    struct part part;
    struct level level;

    fields_init(&walk.header);
    fields_read(parts->header, &walk.rest, settings->max_header_bytes);
    parts->body = walk.rest;
    read_header(&walk, parts->header, &part, &level);
    parts->type = part.type;
    if (level.length == 0 && g_str_has_prefix(part.type, "multipart/"))
        guess_boundary(walk.rest, &level);
    while (read_entity(&walk, &part, &level)) {
        if (parts->items->len >= settings->max_parts) {
            parts->cut |= REPORT_CUT_PARTS;
            break;
        }
        fields_read(&walk.header, &walk.rest, settings->max_header_bytes);
        read_header(&walk, &walk.header, &part, &level);
    }
    if (parts->items->len == 0)
        add_part(&walk, &(struct part){.type = "text/plain"}, parts->body);
    fields_clear(&walk.header);
    g_array_unref(walk.levels);
}
