#include "reports/template.h"

#include <string.h>

/* The length of the name in the braces that begin at `text`; 0 if they hold none. */
static gsize name_length(const char *text)
{
    gsize length = *text == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;

    return length > 0 && text[1 + length] == '}' ? length : 0;
}

bool template_next(const char **rest, struct template_piece *piece)
{
    const char *start = *rest, *end = start;
    gsize length = name_length(start);

    if (*start == '\0')
        return false;
    if (length > 0) {
        *piece = (struct template_piece){start + 1, length, true};
        *rest = start + 1 + length + 1;
        return true;
    }
    do
        end++;
    while (*end != '\0' && name_length(end) == 0);
    *piece = (struct template_piece){start, (gsize)(end - start), false};
    *rest = end;
    return true;
}
