/* html.h: the text of an HTML part, for reports that come without a plain one. Not a browser: tags are dropped, those
 * that end a line or a cell end a line, the few entities that reports use are decoded. */
#pragma once

#include <glib.h>

#include "parser/text/span.h"

/* Appends the text of `html` (UTF-8). Linear; never longer than `html`. */
void html_append_text(GString *out, struct span html);
