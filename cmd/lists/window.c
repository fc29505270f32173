#include "cmd/lists/window.h"

#include <string.h>

#include "cmd/files/input.h"
#include "parser/text/csv_record.h"

#define ROOM ((size_t)256 * 1024)

struct window {
    struct input *input;
    bool ended;
    size_t from, to; /* what is read and not done: from..to of `bytes` */
    char bytes[ROOM];
};

static bool fill(struct window *window, GError **error)
{
    memmove(window->bytes, window->bytes + window->from, window->to - window->from);
    window->to -= window->from;
    window->from = 0;
    while (!window->ended && window->to < ROOM) {
        size_t length = 0;

        if (!input_read(window->input, window->bytes + window->to, ROOM - window->to, &length, error))
            return false;
        window->ended = length == 0;
        window->to += length;
    }
    return true;
}

/* Byte order marks (the Unicode Standard, section 23.8). */
static bool take_mark(struct window *window, const char *name, GError **error)
{
    struct span text = {window->bytes, window->to};

    if (span_starts(text, "\xef\xbb\xbf"))
        window->from = 3;
    if (!span_starts(text, "\xff\xfe") && !span_starts(text, "\xfe\xff"))
        return true;
    g_set_error(error, INPUT_ERROR, INPUT_ERROR_DAMAGED,
                "%s is UTF-16; expected UTF-8, which `iconv -f UTF-16 -t UTF-8` makes of it", name);
    return false;
}

struct window *window_open(const char *path, const char *name, GError **error)
{
    struct input *input = input_open(path, error);

    if (input == NULL)
        return NULL;
    struct window *window = g_malloc(sizeof *window);
    window->input = input;
    window->ended = false;
    window->from = window->to = 0;
    if (fill(window, error) && take_mark(window, name, error))
        return window;
    window_free(window);
    return NULL;
}

void window_free(struct window *window)
{
    if (window == NULL)
        return;
    input_free(window->input);
    g_free(window);
}

bool window_text(struct window *window, struct span *text, GError **error)
{
    if (window->to - window->from < CSV_RECORD_MAX && !window->ended && !fill(window, error))
        return false;
    *text = (struct span){window->bytes + window->from, window->to - window->from};
    return true;
}

void window_skip(struct window *window, size_t used)
{
    window->from += used;
}
