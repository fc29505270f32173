#include "parser/prose/dialect_said.h"

#include <string.h>

#include "parser/prose/transcript.h"
#include "parser/text/mentions.h"
#include "parser/text/reply.h"

static struct span without_parenthesis(struct span text)
{
    if (span_ends(text, ")") && span_find_char(text, '(') == NULL)
        text.length--;
    return text;
}

static bool has_reply(struct span text)
{
    struct reply found;

    reply_find(text, &found);
    return found.code != 0;
}

void said_close(struct walk *walk)
{
    struct span text = {walk->start, 0};
    guint n = walk->last - walk->first;

    if (walk->start != NULL)
        text = without_parenthesis(span_trim((struct span){walk->start, (size_t)(walk->end - walk->start)}));
    walk->start = NULL;
    walk->introduced = false;
    if (text.length == 0)
        return;
    for (guint i = walk->first; i < walk->last; i++) {
        struct finding *finding = findings_at(walk->findings, i);
        struct span own = n > 1 && n <= FINDINGS_MANY ? mentions_line(text, finding->address) : text;
        if (own.length == 0)
            own = n > FINDINGS_MANY ? span_head(text, FINDINGS_SHARED) : text;
        if (finding->diagnostic.length == 0 || !has_reply(finding->diagnostic) || has_reply(own))
            finding->diagnostic = own;
    }
}

void said_extend(struct walk *walk, struct span text)
{
    if (text.length == 0)
        return;
    if (walk->start == NULL)
        walk->start = text.at;
    walk->end = text.at + text.length;
}

void said_open(struct walk *walk, struct span bare, struct span text)
{
    struct span reply;

    walk->start = NULL;
    walk->closed = false;
    walk->introduced = true;
    if (transcript_line(bare, &reply) == TRANSCRIPT_LINE_RECEIVED) {
        for (guint i = walk->first; i < walk->last; i++)
            findings_at(walk->findings, i)->command = walk->sent;
    }
    text = dialect_bare(text);
    if (span_starts(text, ":"))
        text = span_trim(span_skip(text, 1));
    said_extend(walk, span_starts(text, "smtp;") ? span_trim(span_skip(text, strlen("smtp;"))) : text);
}

/* "The following text was generated during the delivery attempt:" tells why where nothing else does, and more of the
 * only one that it may be about. */
bool said_take_outputs(struct walk *walk, struct span bare)
{
    struct span tail;

    if (!dialect_starts_any(walk->dialect->outputs, bare, &tail))
        return false;
    said_close(walk);
    walk->printed = true;
    walk->closed = false;
    walk->introduced = true;
    if (walk->findings->items->len > 1 && findings_at(walk->findings, walk->last - 1)->diagnostic.length > 0)
        walk->first = walk->last;
    return true;
}
