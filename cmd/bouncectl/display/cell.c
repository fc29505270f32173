#include "cmd/bouncectl/display/cell.h"

#include <string.h>

static unsigned width_of(gunichar c)
{
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

unsigned cell_width(const char *text)
{
    unsigned width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text))
        width += width_of(g_utf8_get_char(text));
    return width;
}

/* One column wide. */
static const char *mark(void)
{
    return g_get_charset(NULL) ? "\xe2\x80\xa6" : "~";
}

/* So much of the beginning as takes `width` columns. */
static void append_start(GString *out, const char *text, size_t length, unsigned width)
{
    const char *end = text + length;

    while (text < end && width_of(g_utf8_get_char(text)) <= width) {
        const char *next = g_utf8_next_char(text);
        width -= width_of(g_utf8_get_char(text));
        g_string_append_len(out, text, next - text);
        text = next;
    }
}

/* So much of the end. */
static void append_end(GString *out, const char *text, unsigned width)
{
    const char *at = text + strlen(text);

    while (at > text) {
        const char *before = g_utf8_find_prev_char(text, at);
        if (before == NULL || width_of(g_utf8_get_char(before)) > width)
            break;
        width -= width_of(g_utf8_get_char(before));
        at = before;
    }
    g_string_append(out, at);
}

/* user@domain: "averylo…@example.org"; where that leaves less than a third for the local part, "avery…@…xample.org". */
static void append_address(GString *out, const char *address, const char *at, unsigned width)
{
    unsigned domain = cell_width(at + 1), local = cell_width(address) - domain - 1;
    unsigned kept = MIN(local, MAX(width / 3, 1));

    if (kept + 1 + domain <= width)
        kept = MIN(local, width - 1 - domain);
    append_start(out, address, (size_t)(at - address), kept < local ? kept - 1 : kept);
    g_string_append(out, kept < local ? mark() : "");
    g_string_append_c(out, '@');
    width -= MIN(width, kept + 1);
    if (domain <= width) {
        g_string_append(out, at + 1);
        return;
    }
    g_string_append(out, mark());
    append_end(out, at + 1, width > 0 ? width - 1 : 0);
}

char *cell_cut(const char *text, unsigned width, enum cell_cut cut)
{
    GString *out = g_string_new(NULL);
    const char *at = cut == CELL_ADDRESS ? strrchr(text, '@') : NULL;

    if (cut == CELL_WHOLE || cell_width(text) <= width) {
        g_string_append(out, text);
    } else if (at != NULL) {
        append_address(out, text, at, width);
    } else if (cut == CELL_START) {
        g_string_append(out, mark());
        append_end(out, text, width > 0 ? width - 1 : 0);
    } else {
        append_start(out, text, strlen(text), width > 0 ? width - 1 : 0);
        g_string_append(out, mark());
    }
    return g_string_free(out, FALSE);
}
