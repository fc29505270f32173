/* paragraph.h: the paragraphs of a text: lines between such as are empty or quoted ("> ..."). */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

/* Takes the next paragraph off `rest`, with the number of its lines. False when nothing is left. */
bool paragraph_next(struct span *rest, struct span *paragraph, size_t *lines);
