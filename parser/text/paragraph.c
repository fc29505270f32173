#include "parser/text/paragraph.h"

/* Does the line belong to no paragraph? */
static bool is_between(struct span line)
{
    return span_trim(line).length == 0 || line.at[0] == '>' || line.at[0] == '|';
}

bool paragraph_next(struct span *rest, struct span *paragraph, size_t *lines)
{
    struct span line;

    *paragraph = span_head(*rest, 0);
    *lines = 0;
    while (span_line(rest, &line)) {
        bool excluded = is_between(line);
        if (excluded && *lines > 0)
            break;
        if (excluded)
            continue;
        if ((*lines)++ == 0)
            paragraph->at = line.at;
        paragraph->length = (size_t)(line.at + line.length - paragraph->at);
    }
    return *lines > 0;
}
