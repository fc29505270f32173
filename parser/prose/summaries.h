/* summaries.h: what Sendmail and its kin say of each recipient under "Transcript of session follows": the session
 * (transcript.h), and behind each exchange a line that sums it up.
 *
 *   ... while talking to mx.example.com.:
 *   >>> RCPT To:<user@example.com>
 *   <<< 550 5.1.1 <user@example.com>... User unknown
 *   550 5.1.1 <user@example.com>... User unknown
 */
#pragma once

#include "parser/prose/finding.h"
#include "parser/text/span.h"

/* The effect of lines that name recipients who are no findings yet. */
enum summaries_names {
    SUMMARIES_NAMES_KNOWN, /* nothing: the list before is complete */
    SUMMARIES_NAMES_ADD,   /* they add them: Sendmail 5 prints no list */
};

/* Gives each finding what the transcript says of it: what the remote side replied, or else Sendmail's own line. */
void summaries_read(struct span text, struct findings *findings, enum summaries_names names);
