/* settlement.h: from what lines have to what became of mail: records become attempts, with what earlier lines told of
 * the same message. */
#pragma once

#include "parser/log_attempt.h"
#include "parser/logs/log_format.h"

struct settlement;

struct settlement *settlement_new(size_t queue_octets);
void settlement_free(struct settlement *settlement);

/* The record of one line of `server`, which logged it at `time`. */
struct settlement_line {
    const struct log_format *format;
    const struct log_record *record;
    struct span server, instance;
    gint64 time;
};

/* Forgets the attempts that are not taken. */
void settlement_clear(struct settlement *settlement);
/* Takes a line. The attempts that it tells of are then next; they borrow from the line. */
void settlement_take(struct settlement *settlement, const struct settlement_line *line);
const struct log_attempt *settlement_next(struct settlement *settlement);
