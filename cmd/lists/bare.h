/* bare.h: the fields of a list without a header line, which are known by what they look like. Pure. */
#pragma once

#include "cmd/lists/columns.h"
#include "parser/text/span.h"

/* The column of a field, whose blanks around it are gone: the first with an "@" is the address, and others are a date,
 * a reason, a status, or what the receiver said, which begins with the code of its reply. COLUMN_COUNT: it tells
 * nothing, or `values` have that column. */
enum column bare_column(struct span field, const char *const values[COLUMN_COUNT]);
