/* fields.h: a block of fields, "Name: value" with folding (RFC 5322 section 2.2): the header of a message or part, a
 * group of a delivery-status part (RFC 3464), a feedback report (RFC 5965).
 *
 * The fields are spans into the block: nothing is copied. A value is raw, its folds in it; draft.h makes strings of it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

struct field {
    struct span name;
    struct span value; /* without the blanks around it */
};

struct fields {
    GArray *items; /* of struct field */
    bool unfolded; /* set by the caller: a line that is no field goes on with the one before, though no blank says so */
    bool cut;      /* the block was longer than what was read of it */
};

void fields_init(struct fields *fields);
void fields_clear(struct fields *fields);

/* Reads the block that `rest` starts with in place of what `fields` held, and moves `rest` behind the empty line that
 * ends it, or to the boundary ("--...") that stands there in place of one. Of a block longer than `max_bytes` the rest
 * is skipped. Lines that are no field are skipped, unless `unfolded`. False when there was no field. */
bool fields_read(struct fields *fields, struct span *rest, size_t max_bytes);

/* The first field of that name, and the next one after it; NULL when there is none. */
const struct field *fields_find(const struct fields *fields, const char *name);
const struct field *fields_next(const struct fields *fields, const struct field *field);
/* The value of the first field of that name; an empty span (at == NULL) when there is none. */
struct span fields_get(const struct fields *fields, const char *name);
