/* log_format.h: what a format of logs is: which fields its lines have and by which words they tell how it went; and
 * what was read of one line by it. Plain data. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/log_attempt.h"
#include "parser/text/span.h"

enum log_field {
    LOG_FIELD_NONE,
    LOG_FIELD_QUEUE,
    LOG_FIELD_SENDER,
    LOG_FIELD_RECIPIENT, /* may be several, with commas between them */
    LOG_FIELD_ORIGINAL,  /* the recipient before an alias or a list took its place */
    LOG_FIELD_HOST,
    LOG_FIELD_STATUS,
    LOG_FIELD_OUTCOME, /* a word of the format, and perhaps more */
    LOG_FIELD_TEXT,    /* the answer; if there is none, what is behind the word is */
    LOG_FIELD_MESSAGE_ID,
    LOG_FIELD_TIME,   /* as a stamp, of formats whose lines do not begin with it */
    LOG_FIELD_REPORT, /* the queue id of a report that the server made of the message */
    LOG_FIELDS
};

/* The end that the mail took. */
enum log_end {
    LOG_END_NONE, /* the line does not tell, or it was no attempt */
    LOG_END_DELIVERED,
    LOG_END_DELAYED,
    LOG_END_FAILED,
    LOG_END_EXPIRED,   /* it failed for all that still waited */
    LOG_END_BY_STATUS, /* as the class of the enhanced status code says; it failed if there is none */
    LOG_END_DONE,      /* the message has left the queue */
};

/* The fields of a line; what it does not have has no text (`at` is NULL), and what is empty has. */
struct log_record {
    struct span fields[LOG_FIELDS];
    enum log_end end; /* LOG_END_NONE: as the outcome says */
};

/* "key=value"; all others are left out. */
struct log_key {
    const char *key;
    enum log_field field;
    bool rest; /* the value is all that follows */
};

struct log_word {
    const char *word;
    enum log_end end;
};

/* How lines begin, word by word: "*" is any word, "QUEUE:" the message's id, "REPORT" and
 * "REPORT:" that of a report about it, and "OUTCOME" the outcome. */
struct log_head {
    const char *words;
    char separator; /* of the fields behind it */
};

struct log_format {
    enum log_software software;
    /* NULL: its logs are tables (log_table.h) */
    bool (*read)(const struct log_format *format, struct span body, struct log_record *record);
    const char *const *programs; /* as syslog names them, without their instance; NULL: its logs are tables */
    const struct log_head *heads;
    const struct log_key *keys;
    const struct log_word *words;     /* how an outcome begins */
    const struct log_word *not_tried; /* how the text begins of an outcome that was no attempt; NULL: there is none */
    const struct log_word *notes;     /* lines without fields, as heads are written */
    enum log_end otherwise;           /* of an outcome by another word */
    bool instances;                   /* the program's name stands behind that of its instance and a slash */
    bool recipient_first;             /* no line has a recipient behind other fields: strangers may write into those */
    bool
        stamped; /* lines begin with a stamp of their own, and need no other; line ends in texts are written as "\\n" */
    bool hops;   /* what goes to this host itself goes through a filter, and is not delivered */
};
