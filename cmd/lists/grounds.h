/* grounds.h: why a provider has an address on its list, in our words. A provider's bounce without the receiver's own
 * words is provider_suppressed: a list, no fresh evidence. */
#pragma once

#include <stdbool.h>

#include "classifier/classifier.h"
#include "parser/text/span.h"

struct grounds {
    enum reason reason; /* REASON_NONE: a person put it there, an entry of the operator's own */
    enum verdict_kind verdict;
    bool bounce; /* what the receiver said may tell a better reason */
};

/* By a word of a provider ("HardBounce", "Spam Complaint", "List-Unsubscribe"), or the name of a reason, ours or
 * Sisimai's, without regard to case, blanks, "_" and "-". `origin` is who asked for it, empty if the list does not say.
 * NULL: it is a word for a reason to suppress, and `grounds` has it; "": it is not known; else why it suppresses
 * nobody.
 */
const char *grounds_of_word(struct span word, struct span origin, struct grounds *grounds);

/* Do they say of themselves that the address is at fault, or its owner wants no mail? A provider's list, or an
 * operator's, may have other reasons. */
bool grounds_blame_address(const struct grounds *grounds);

/* By the reason that a person gives for all rows; false if it says nothing about an address. */
bool grounds_of_reason(enum reason reason, struct grounds *grounds);

/* By the name of a file or of a list: "sendgrid-bounces-2026.csv", "spam_reports.json"; false if it says nothing. */
bool grounds_of_name(const char *name, struct grounds *grounds);

/* By what the receiver said (`diagnostic`, of one line) and a status or reply code (either may be NULL), for grounds
 * that are a bounce. NULL, or why the address is not at fault: a text that lives as long as the program. */
const char *grounds_of_diagnostic(const struct classifier *classifier, const char *diagnostic, const char *status,
                                  struct grounds *grounds);
