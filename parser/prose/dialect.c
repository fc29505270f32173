#include "parser/prose/dialect.h"

#include <string.h>

/* Lines that MTAs print before the message that they return. */
static const char *const returned_marks[] = {
    "Below this line is a copy of the message",
    "Below the next line is a copy of the message",
    "Below is a copy of the original message",
    "Enclosed is a copy of the message",
    "This is a copy of the message",
    "This is a copy of your message",
    "This is the start of a copy",
    "A copy of the original message",
    "Original message",
    "Begin original message",
    "Begin of original message",
    "Beginning of original message",
    "Start of original message",
    "Begin forwarded message",
    "Original mail",
    "The header of the original message",
    "Included is a copy of the message header",
    "Message header follows",
    "Message headers follow",
    "Message text follows",
    "Returned message",
    "Returned mail follows",
    "Unsent message follows",
    "Start of returned message",
    "Text of your message follows",
    "Your original message",
    "Undelivered message follows",
    "Old message:",
    NULL,
};

/* A text that starts so and returns a few fields only, before it says why: Office 365. */
static const char *const summary_marks[] = {"Original message details", NULL};

/* Fields that a returned message starts with. */
static const char *const returned_fields[] = {"Return-Path:", "Received:", NULL};

bool dialect_starts_any(const char *const *words, struct span line, struct span *tail)
{
    if (line.length == 0)
        return false;
    for (; words != NULL && *words != NULL; words++) {
        /* the first byte decides most often; letters differ from capitals in one bit */
        if (((line.at[0] ^ (*words)[0]) & ~0x20) != 0 || !span_starts(line, *words))
            continue;
        *tail = span_skip(line, strlen(*words));
        return true;
    }
    return false;
}

struct span dialect_bare(struct span line)
{
    line = span_trim(line);
    while (line.length > 0 && strchr(" \t-*=#|_", line.at[0]) != NULL && line.at[0] != '\0')
        line = span_skip(line, 1);
    return line;
}

/* Does the returned message begin behind this line, or, `*here`, with it? */
static bool starts_returned(const struct dialect *dialect, struct span line, bool *here)
{
    struct span bare = dialect_bare(line);
    struct span tail;

    *here = dialect_starts_any(returned_fields, line, &tail);
    return *here || dialect_starts_any(returned_marks, bare, &tail) ||
           (dialect != NULL && dialect_starts_any(dialect->returned, bare, &tail));
}

/* Behind the rules and remarks ("------ The body of the message is ...") that some print under the line that says so.
 */
static struct span without_rule(struct span text)
{
    struct span rest = text;
    struct span line;

    while (span_line(&rest, &line) && (dialect_bare(line).length == 0 || span_starts(line, "--")))
        text = rest;
    return text;
}

struct span dialect_cut_returned(const struct dialect *dialect, struct span text, struct span *told)
{
    struct span summary = {NULL, 0};
    struct span rest = text;
    struct span line, tail;
    bool here;

    *told = text;
    while (span_line(&rest, &line)) {
        if (!starts_returned(dialect, line, &here))
            continue;
        if (dialect_starts_any(summary_marks, dialect_bare(line), &tail)) {
            summary = rest;
            continue;
        }
        *told = span_head(text, (size_t)(line.at - text.at));
        return here ? span_from(text, line.at) : without_rule(rest);
    }
    return summary;
}
