/* data.h: the mail data that follows DATA, taken up to CRLF.CRLF and freed of the dots that the peer put before lines
 * that start with one (RFC 5321 section 4.5.2). Any octet may stand in it, NUL too. Lines and headers may be far longer
 * than RFC 5321 section 4.5.3.1 asks for, since reports quote anything, but not without end. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { DATA_LINE_MAX = 1 << 20, DATA_HEADER_MAX = 1 << 20 };

enum data_verdict {
    DATA_VERDICT_GOOD,
    DATA_VERDICT_TOO_BIG,     /* more octets than the limit */
    DATA_VERDICT_LONG_LINE,   /* a line of more than DATA_LINE_MAX octets */
    DATA_VERDICT_LONG_HEADER, /* a header of more than DATA_HEADER_MAX octets */
    DATA_VERDICT_NO_ROOM,     /* there is no memory for it now */
    DATA_VERDICT_BARE, /* a CR without LF or an LF without CR: where the data ends is in doubt (SMTP smuggling) */
};

/* Where in a line the next octet stands. */
enum data_place {
    DATA_PLACE_LINE_START,
    DATA_PLACE_TEXT,
    DATA_PLACE_CR,
    DATA_PLACE_DOT, /* behind a dot at the start of a line */
    DATA_PLACE_DOT_CR,
    DATA_PLACE_END,
};

struct data {
    bool normalize; /* a lone LF ends a line */
    bool dotted;    /* they come by data_feed(), with dots before lines that start with one */
    bool lone;      /* the line before them, of the command, ended by a lone LF */
    GString *bytes; /* taken so far; line ends as they came until data_finish(). Empty if the verdict is not
                       DATA_VERDICT_GOOD */
    size_t limit;
    enum data_verdict verdict;
    enum data_place place;
};

/* Its bool members are the caller's to set. */
void data_init(struct data *data, size_t limit);
/* Frees its members; fine on a zeroed struct. */
void data_clear(struct data *data);

/* Refuses the message in the end for this reason, unless there was another before; its memory is freed. */
void data_refuse(struct data *data, enum data_verdict verdict);

/* Takes octets that are counted (BDAT, RFC 3030): nothing in them ends the data. BINARYMIME is not offered, so lines
 * end by CRLF here too. */
void data_append(struct data *data, const char *bytes, size_t length);

/* Takes bytes up to the end of the data; returns how many. `data->place` is DATA_PLACE_END when it came. */
size_t data_feed(struct data *data, const char *bytes, size_t length);

/* Looks at the whole message, once all of it came, by DATA or by BDAT: makes CRLF of each lone LF, or refuses it for
 * that; refuses it for a lone CR, and when a line or its header is too long. */
void data_finish(struct data *data);
