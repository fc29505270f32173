/* stage.h: the words by which MTAs say which SMTP command the remote side answered. */
#pragma once

#include <stddef.h>

struct stage_row {
    const char *literal; /* in the normal form of diagnostic.h */
    const char *command;
};

/* `stage_rows[0]` to `[stage_count - 1]`; the first row that is found names the command. */
extern const struct stage_row stage_rows[];
extern const size_t stage_count;
