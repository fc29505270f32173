/* log_reader.h: the logs of mail servers: lines go in, and what became of mail to one recipient, attempt by attempt,
 * comes out. As pure as parser.h: its time is linear in the lines, and its memory has a limit.
 *
 * A line is believed as far as its server wrote it: what strangers may write into one, a reply, a subject or a
 * Message-ID, makes no attempt. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/log_attempt.h"
#include "parser/text/span.h"

struct log_settings {
    enum log_software software;
    GTimeZone *zone;     /* of stamps that name none; NULL: UTC */
    gint64 newest;       /* a stamp without a year is of the last year in which it is no later than this, by a day */
    int year;            /* ... or the first one is of this year, and a new year begins where they go back; 0: not */
    size_t queue_octets; /* what may be remembered of messages that are not done; what was named longest ago goes */
};

struct log_reader;

/* `settings` is copied; what it points to is borrowed. */
struct log_reader *log_reader_new(const struct log_settings *settings);
void log_reader_free(struct log_reader *reader);

/* The next file, or the same one anew: the stamps of it, as in the settings. */
void log_reader_begin(struct log_reader *reader, gint64 newest, int year);
/* Reads one line, without its line end. False if it is no line of a format that is known, with a stamp. */
bool log_reader_line(struct log_reader *reader, struct span line);
/* The next of the attempts that the line tells of, in order; NULL: there are no more. */
const struct log_attempt *log_reader_next(struct log_reader *reader);

typedef struct log_reader LogReader;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogReader, log_reader_free)
