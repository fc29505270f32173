#include "cmd/bouncectl/files/numbered.h"

#include <string.h>

#include "cmd/files/input.h"

enum { BLOCK = 65536 };

struct numbered {
    const char *path;
    struct input *input;
    GString *line;
    guint64 number;
    size_t at, length; /* of the block */
    char block[BLOCK];
};

struct numbered *numbered_open(const char *path, GError **error)
{
    struct input *input = input_open(path, error);

    if (input == NULL)
        return NULL;
    struct numbered *lines = g_new0(struct numbered, 1);
    lines->path = path;
    lines->input = input;
    lines->line = g_string_new(NULL);
    return lines;
}

void numbered_free(struct numbered *lines)
{
    if (lines == NULL)
        return;
    input_free(lines->input);
    g_string_free(lines->line, TRUE);
    g_free(lines);
}

/* Takes what the block has of the line. `*whole` when its end is among that. */
static void take(struct numbered *lines, bool *whole)
{
    const char *start = lines->block + lines->at;
    const char *end = memchr(start, '\n', lines->length - lines->at);
    size_t length = end != NULL ? (size_t)(end - start) : lines->length - lines->at;

    *whole = end != NULL;
    g_string_append_len(lines->line, start, (gssize)length);
    lines->at += length + *whole;
}

static bool refuse_long(const struct numbered *lines, GError **error)
{
    g_autofree char *place = numbered_place(lines);

    g_set_error(error, INPUT_ERROR, INPUT_ERROR_DAMAGED, "%sa line of more than %d octets", place, NUMBERED_LENGTH_MAX);
    return false;
}

/* False at the end of the file, or with an error. */
static bool read_line(struct numbered *lines, GError **error)
{
    bool whole = false;

    while (!whole) {
        if (lines->at == lines->length) {
            lines->at = 0;
            if (!input_read(lines->input, lines->block, BLOCK, &lines->length, error))
                return false;
            if (lines->length == 0)
                return lines->line->len > 0;
        }
        take(lines, &whole);
        if (lines->line->len > NUMBERED_LENGTH_MAX)
            return refuse_long(lines, error);
    }
    return true;
}

const GString *numbered_next(struct numbered *lines, GError **error)
{
    g_string_truncate(lines->line, 0);
    lines->number++;
    if (!read_line(lines, error))
        return NULL;
    if (lines->line->len > 0 && lines->line->str[lines->line->len - 1] == '\r')
        g_string_truncate(lines->line, lines->line->len - 1);
    return lines->line;
}

char *numbered_place(const struct numbered *lines)
{
    const char *name = strcmp(lines->path, "-") == 0 ? "standard input" : lines->path;

    return g_strdup_printf("%s:%" G_GUINT64_FORMAT ": ", name, lines->number);
}

guint64 numbered_number(const struct numbered *lines)
{
    return lines->number;
}
