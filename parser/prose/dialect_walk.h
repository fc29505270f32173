/* dialect_walk.h: one pass over a text by one row of the dialects. */
#pragma once

#include "parser/prose/dialect.h"
#include "parser/prose/finding.h"

/* Reads `text` by the row into `findings`; `returned` is the message that the text returns, empty when it does not, and
 * `intro` what stands before the first recipient. One pass. */
void dialect_walk(const struct dialect *dialect, struct span text, struct findings *findings, struct span *intro,
                  struct span *returned);
