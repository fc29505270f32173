#include "cmd/bounced/smtp/data.h"

#include <string.h>

void data_init(struct data *data, size_t limit)
{
    *data = (struct data){.bytes = g_string_new(NULL), .limit = limit, .place = DATA_PLACE_LINE_START};
}

void data_clear(struct data *data)
{
    if (data->bytes != NULL)
        g_string_free(g_steal_pointer(&data->bytes), TRUE);
}

void data_refuse(struct data *data, enum data_verdict verdict)
{
    if (data->verdict != DATA_VERDICT_GOOD)
        return;
    data->verdict = verdict;
    g_string_free(data->bytes, TRUE);
    data->bytes = g_string_new(NULL);
}

void data_append(struct data *data, const char *bytes, size_t length)
{
    if (data->verdict != DATA_VERDICT_GOOD)
        return;
    if (length > data->limit - data->bytes->len)
        data_refuse(data, DATA_VERDICT_TOO_BIG);
    else
        g_string_append_len(data->bytes, bytes, (gssize)length);
}

/* Inside a line: up to its end at once, since this is where nearly all octets are. */
static const char *take_text(struct data *data, const char *at, const char *end)
{
    const char *cr = memchr(at, '\r', (size_t)(end - at));

    if (cr == NULL) {
        data_append(data, at, (size_t)(end - at));
        return end;
    }
    data_append(data, at, (size_t)(cr - at));
    data->place = DATA_PLACE_CR;
    return cr + 1;
}

/* Each place but the text looks at one octet, and takes it or leaves it to the next place. */
static const char *take_one(struct data *data, const char *at)
{
    switch (data->place) {
    case DATA_PLACE_LINE_START:
        data->place = *at == '.' ? DATA_PLACE_DOT : DATA_PLACE_TEXT;
        return *at == '.' ? at + 1 : at;
    case DATA_PLACE_CR:
        data_append(data, "\r\n", *at == '\n' ? 2 : 1);
        data->place = *at == '\n' ? DATA_PLACE_LINE_START : DATA_PLACE_TEXT;
        return *at == '\n' ? at + 1 : at;
    case DATA_PLACE_DOT:
        /* The end of data is another, so that here the dot is the line. */
        if (*at == '\n')
            data_append(data, ".", 1);
        data->place = *at == '\r' ? DATA_PLACE_DOT_CR : DATA_PLACE_TEXT;
        return *at == '\r' ? at + 1 : at;
    case DATA_PLACE_DOT_CR:
        if (*at == '\n') {
            data->place = DATA_PLACE_END;
            return at + 1;
        }
        data_append(data, "\r", 1);
        data->place = DATA_PLACE_TEXT;
        return at;
    case DATA_PLACE_TEXT:
    case DATA_PLACE_END:
        break;
    }
    g_assert_not_reached();
}

size_t data_feed(struct data *data, const char *bytes, size_t length)
{
    const char *at = bytes;
    const char *end = bytes + length;

    while (at < end && data->place != DATA_PLACE_END) {
        if (data->place == DATA_PLACE_TEXT)
            at = take_text(data, at, end);
        else
            at = take_one(data, at);
    }
    return (size_t)(at - bytes);
}

/* Where the line that starts at `line` ends. */
struct line_end {
    const char *text; /* behind its last octet */
    const char *next; /* the line behind it, or the end of the data */
    bool lone;        /* only an LF is between these */
};

static struct line_end find_end(const char *line, const char *end)
{
    const char *lf = memchr(line, '\n', (size_t)(end - line));
    bool crlf = lf != NULL && lf > line && lf[-1] == '\r';

    if (lf == NULL)
        return (struct line_end){end, end, false};
    return (struct line_end){crlf ? lf - 1 : lf, lf + 1, !crlf};
}

static bool has_lone(const struct data *data)
{
    const char *end = data->bytes->str + data->bytes->len;
    struct line_end at = {.next = data->bytes->str};

    while (at.next < end && !at.lone)
        at = find_end(at.next, end);
    return at.lone;
}

/* Until here a lone LF was an octet like others. Now it ends a line: a dot goes that stands before the next one, unless
 * the dot is all of it. */
static void normalize(struct data *data)
{
    bool lone = data->lone;

    if (!lone && !has_lone(data))
        return;
    g_autoptr(GString) old = g_steal_pointer(&data->bytes);
    const char *end = old->str + old->len;
    data->bytes = g_string_sized_new(old->len);
    for (const char *line = old->str; line < end && data->verdict == DATA_VERDICT_GOOD;) {
        struct line_end at = find_end(line, end);

        if (data->dotted && lone && *line == '.' && at.text > line + 1)
            line++;
        data_append(data, line, (size_t)(at.text - line));
        data_append(data, "\r\n", at.next > at.text ? 2 : 0);
        lone = at.lone;
        line = at.next;
    }
}

void data_finish(struct data *data)
{
    if (data->normalize)
        normalize(data);

    const char *start = data->bytes->str;
    const char *end = start + data->bytes->len;
    const char *header_end = NULL; /* the empty line that ends it */

    for (const char *line = start; line < end && data->verdict == DATA_VERDICT_GOOD;) {
        const char *lf = memchr(line, '\n', (size_t)(end - line));
        const char *stop = lf != NULL ? lf : end;
        const char *cr = memchr(line, '\r', (size_t)(stop - line));

        if (header_end == NULL && stop == line + 1 && cr == line)
            header_end = line;
        if (cr == NULL ? lf != NULL : cr + 1 != lf)
            data_refuse(data, DATA_VERDICT_BARE);
        else if (stop - line > DATA_LINE_MAX)
            data_refuse(data, DATA_VERDICT_LONG_LINE);
        else if (header_end == NULL && stop - start > DATA_HEADER_MAX)
            data_refuse(data, DATA_VERDICT_LONG_HEADER);
        line = lf != NULL ? lf + 1 : end;
    }
}
