#include "parser/mail/message.h"

#include <gmime/gmime.h>
#include <string.h>

#include "parser/text/html.h"
#include "parser/text/text.h"

enum { MAX_SUBJECT = 1000, MAX_WORDS = 8192, MAX_LOOK_AHEAD = 4096 };

static const struct report_envelope no_envelope;

static const char *const returned_types[] = {
    "message/rfc822",         "text/rfc822-headers",    "text/rfc822-header", "message/global",
    "message/global-headers", "message/rfc822-headers", "text/rfc822",        NULL,
};

static struct span keep_buffer(struct message *message, GString *buffer)
{
    size_t length = buffer->len;
    char *bytes = g_string_free(buffer, FALSE);

    g_ptr_array_add(message->buffers, bytes);
    return (struct span){bytes, length};
}

/* Bare CR ends the lines when the first line end is one: classic Mac OS, and mail stored by programs of its time. */
static bool ends_with_cr(struct span bytes)
{
    const char *cr = span_find_char(bytes, '\r');
    struct span rest;

    if (cr == NULL || span_find_char(span_head(bytes, (size_t)(cr - bytes.at)), '\n') != NULL)
        return false;
    rest = span_from(bytes, cr);
    while (rest.length > 0 && rest.at[0] == '\r' && rest.at + 1 < bytes.at + bytes.length && rest.at[1] == '\r')
        rest = span_skip(rest, 1);
    return rest.length < 2 || rest.at[1] != '\n';
}

static struct span with_lf(struct message *message, struct span bytes)
{
    GString *copy = g_string_sized_new(bytes.length);

    for (size_t i = 0; i < bytes.length; i++) {
        bool cr = bytes.at[i] == '\r';
        if (cr && i + 1 < bytes.length && bytes.at[i + 1] == '\n')
            continue;
        g_string_append_c(copy, cr ? '\n' : bytes.at[i]);
    }
    return keep_buffer(message, copy);
}

struct message *message_new(const struct report_settings *settings, const struct report_envelope *envelope,
                            struct span bytes)
{
    struct message *message = g_new0(struct message, 1);
    struct parts parts;

    text_start_gmime();
    message->settings = settings;
    message->envelope = envelope != NULL ? envelope : &no_envelope;
    message->parts = g_array_new(FALSE, FALSE, sizeof(struct part));
    message->buffers = g_ptr_array_new_with_free_func(g_free);
    message->strings = g_string_chunk_new(512);
    message->text_left = settings->max_text_bytes;
    fields_init(&message->header);
    fields_init(&message->returned);
    parts = (struct parts){.header = &message->header, .items = message->parts, .strings = message->strings};
    parts_find(&parts, settings, ends_with_cr(bytes) ? with_lf(message, bytes) : bytes);
    message->type = parts.type;
    message->body = parts.body;
    message->cut |= parts.cut;
    return message;
}

void message_free(struct message *message)
{
    if (message == NULL)
        return;
    fields_clear(&message->header);
    fields_clear(&message->returned);
    g_array_unref(message->parts);
    g_ptr_array_unref(message->buffers);
    g_string_chunk_free(message->strings);
    message_free(message->outer);
    g_free(message);
}

void message_replace(struct message *message, struct message *nested)
{
    struct message outer = *message;

    *message = *nested;
    *nested = outer;
    nested->outer = message->outer;
    message->outer = nested;
    message->cut |= nested->cut;
}

struct span message_field(const struct message *message, const char *name)
{
    return fields_get(&message->header, name);
}

const char *message_subject(struct message *message)
{
    g_autoptr(GString) words = NULL;

    if (message->subject == NULL) {
        words = g_string_new(NULL);
        text_append_words(words, span_head(message_field(message, "Subject"), MAX_SUBJECT), MAX_WORDS);
        message->subject = g_string_chunk_insert_len(message->strings, words->str, (gssize)words->len);
    }
    return message->subject[0] == '\0' ? NULL : message->subject;
}

bool message_is_listed(const struct message *message)
{
    return message_field(message, "List-Id").at != NULL || message_field(message, "List-Unsubscribe").at != NULL;
}

size_t message_n_parts(const struct message *message)
{
    return message->parts->len;
}

struct part *message_part(const struct message *message, size_t index)
{
    g_assert(index < message->parts->len);
    return &g_array_index(message->parts, struct part, index);
}

static bool has_type(const struct part *part, const char *const *types)
{
    return g_strv_contains(types, part->type);
}

struct part *message_part_of(const struct message *message, const char *const *types)
{
    for (size_t i = 0; i < message->parts->len; i++) {
        struct part *part = message_part(message, i);
        if (has_type(part, types))
            return part;
    }
    return NULL;
}

static bool is_encoded(const struct part *part)
{
    return part->encoding == GMIME_CONTENT_ENCODING_BASE64 ||
           part->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
           part->encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

static struct span decode(struct message *message, const struct part *part, size_t limit)
{
    struct span body = span_head(part->body, limit);
    GMimeEncoding state;
    GString *out;

    g_mime_encoding_init_decode(&state, part->encoding);
    out = g_string_sized_new(g_mime_encoding_outlen(&state, body.length) + 1);
    out->len = g_mime_encoding_flush(&state, body.at, body.length, out->str);
    out->str[out->len] = '\0';
    return keep_buffer(message, out);
}

struct span message_part_bytes(struct message *message, struct part *part)
{
    if (!is_encoded(part))
        return part->body;
    if (part->decoded.at == NULL) {
        if (part->body.length > message->settings->max_text_bytes)
            message->cut |= REPORT_CUT_TEXT;
        part->decoded = decode(message, part, message->settings->max_text_bytes);
    }
    return part->decoded;
}

struct span message_part_text(struct message *message, struct part *part)
{
    struct span bytes;

    if (part->text.at != NULL)
        return part->text;
    bytes = message_part_bytes(message, part);
    if (bytes.length > message->text_left) {
        message->cut |= REPORT_CUT_TEXT;
        bytes = span_head(bytes, message->text_left);
    }
    message->text_left -= bytes.length;
    if (text_is_utf8(bytes, part->charset)) {
        part->text = bytes;
    } else {
        GString *text = g_string_sized_new(bytes.length + 1);
        text_append_utf8(text, bytes, part->charset);
        part->text = keep_buffer(message, text);
    }
    return part->text;
}

struct span message_part_shown(struct message *message, struct part *part)
{
    struct span text = {NULL, 0};

    if (message_part_is_returned(part) || !g_str_has_prefix(part->type, "text/"))
        return text;
    text = message_part_text(message, part);
    if (strcmp(part->type, "text/html") == 0) {
        GString *plain = g_string_sized_new(text.length);
        html_append_text(plain, text);
        text = keep_buffer(message, plain);
    }
    return text;
}

bool message_part_is_returned(const struct part *part)
{
    return has_type(part, returned_types);
}

const struct fields *message_returned(struct message *message)
{
    struct part *part;

    if (message->returned_looked_for)
        return &message->returned;
    message->returned_looked_for = true;
    part = message_part_of(message, returned_types);
    if (part != NULL) {
        struct span bytes = is_encoded(part) ? decode(message, part, message->settings->max_text_bytes) : part->body;
        message_set_returned(message, bytes);
    }
    return &message->returned;
}

void message_set_returned(struct message *message, struct span returned)
{
    message->returned_looked_for = true;
    while (returned.length > 0 && (returned.at[0] == '\n' || returned.at[0] == '\r'))
        returned = span_skip(returned, 1);
    fields_read(&message->returned, &returned, message->settings->max_header_bytes);
}

/* Is this the header of a message? */
static bool looks_like_header(struct message *message, struct span text)
{
    struct fields fields;
    struct span rest = span_head(span_trim(text), MAX_LOOK_AHEAD);
    bool found;

    fields_init(&fields);
    fields_read(&fields, &rest, message->settings->max_header_bytes);
    found = fields_get(&fields, "From").length > 0 &&
            (fields_get(&fields, "Message-Id").length > 0 || fields_get(&fields, "Received").length > 0 ||
             (fields_get(&fields, "To").length > 0 && fields_get(&fields, "Subject").length > 0));
    fields_clear(&fields);
    return found;
}

void message_find_returned(struct message *message, struct span inside)
{
    if (message_returned(message)->items->len > 0)
        return;
    if (inside.length > 0)
        message_set_returned(message, inside);
    for (size_t i = 1; i < message_n_parts(message) && message_returned(message)->items->len == 0; i++) {
        struct part *part = message_part(message, i);
        struct span bytes;
        if (g_str_has_prefix(part->type, "image/") || strcmp(part->type, "text/html") == 0)
            continue;
        bytes = message_part_bytes(message, part);
        if (looks_like_header(message, bytes))
            message_set_returned(message, span_trim(bytes));
    }
}
