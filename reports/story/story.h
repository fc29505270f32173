/* story.h: what is known of one address, told as one tells it who is asked on the phone: is it on the list and for
 * which mail, why, whose fault it is, what comes next and how it is undone; then what was reported, and what was done.
 */
#pragma once

#include "reports/story/question.h"

/* Appends lines for people. */
bool story_tell(const struct question *question, GString *out, GError **error);
