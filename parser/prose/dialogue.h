/* dialogue.h: the SMTP dialogue that Sendmail and its kin print under "Transcript of session follows":
 *
 *   ... while talking to mx.example.com.:
 *   >>> RCPT To:<user@example.com>
 *   <<< 550 5.1.1 <user@example.com>... User unknown
 *   550 5.1.1 <user@example.com>... User unknown
 */
#pragma once

#include "parser/prose/finding.h"
#include "parser/text/span.h"

/* Gives each finding what the dialogue says of it: what the remote side answered, or else Sendmail's own line. Lines of
 * Sendmail that name other recipients add them when `add`: Sendmail 5 prints no list. */
void dialogue_read(struct span text, struct findings *findings, bool add);
