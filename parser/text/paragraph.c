#include "parser/text/paragraph.h"

bool paragraph_excludes(struct span line)
{
    return span_trim(line).length == 0 || line.at[0] == '>' || line.at[0] == '|';
}

bool paragraph_next(struct span *rest, struct span *paragraph, size_t *lines)
{
    struct span line;

    *paragraph = span_head(*rest, 0);
    *lines = 0;
    while (span_line(rest, &line)) {
        bool excluded = paragraph_excludes(line);
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
