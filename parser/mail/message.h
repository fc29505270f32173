/* message.h: one message as the readers see it: its header, its MIME leaf parts in order, the decoded text of those
 * that somebody asks for, and the message it returns.
 *
 * GMime reads types, encodings, charsets and encoded words. The parts are found by parts.h:
 * GMime's parser copies every header, nests 1024 levels deep, knows no limits and takes no bare CR for a line end, and
 * a report needs the bytes of two or three parts. The bytes are walked once; parts are spans into them. Lines end with
 * LF or CRLF; a message whose lines end with bare CR is copied with LF. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/mail/parts.h"
#include "parser/report.h"
#include "parser/text/fields.h"
#include "parser/text/span.h"

struct message {
    const struct report_settings *settings;
    const struct report_envelope *envelope; /* never NULL */
    struct fields header;
    const char *type; /* of the whole message, as in struct part */
    struct span body; /* all that follows the header */
    GArray *parts;    /* of struct part; at least one */
    unsigned cut;     /* of enum report_cut */

    const char *subject;    /* see message_subject() */
    struct fields returned; /* the returned message's header; see message_returned() */
    bool returned_looked_for;
    GPtrArray *buffers;    /* what was decoded; owned */
    GStringChunk *strings; /* types and charsets; owned */
    size_t text_left;      /* of settings->max_text_bytes */
    struct message *outer; /* the message that this one was a part of; owned; NULL when it was not */
};

/* `settings`, `envelope` and `bytes` are borrowed and outlive the message. */
struct message *message_new(const struct report_settings *settings, const struct report_envelope *envelope,
                            struct span bytes);
void message_free(struct message *message);
/* Puts `nested`, which was made of a part of `message`, in its place, and takes it over. */
void message_replace(struct message *message, struct message *nested);

/* The raw value of the message's header field; an empty span (at == NULL) when there is none. */
struct span message_field(const struct message *message, const char *name);

/* The subject as one line of UTF-8 with its encoded words (RFC 2047) decoded; it lives as long as the message. NULL if
 * absent. */
const char *message_subject(struct message *message);

/* Is it of a list (RFC 2919) or a newsletter (RFC 2369)? */
bool message_is_listed(const struct message *message);

size_t message_n_parts(const struct message *message);
struct part *message_part(const struct message *message, size_t index);
/* The first part whose type is in `types` (NULL-terminated), NULL when there is none. */
struct part *message_part_of(const struct message *message, const char *const *types);

/* The part without its transfer encoding: all of a part that has none, else settings->max_text_bytes of it. */
struct span message_part_bytes(struct message *message, struct part *part);
/* The part as UTF-8, whatever it came in, until settings->max_text_bytes are spent on the message. Line ends are LF or
 * CRLF. Deciding whether a text is worth reading, by `type` or by the header, saves most of the time a message takes.
 */
struct span message_part_text(struct message *message, struct part *part);
/* The part as people see it, in lines of UTF-8: the text of an HTML part without its markup. Empty when the part is
 * the returned message, or no text. */
struct span message_part_shown(struct message *message, struct part *part);

/* The header of the returned message: of the first message/rfc822, message/global, text/rfc822-headers or
 * message/global-headers part; without fields when there is none. */
const struct fields *message_returned(struct message *message);
/* A reader that finds the returned message in the text says where it starts. */
void message_set_returned(struct message *message, struct span returned);
/* The same, unless a part of the types above is the returned message. Where `inside`, what the text has of it, is empty
 * or has no header, another part that starts with a header is the returned message. */
void message_find_returned(struct message *message, struct span inside);
/* Is the part the returned message (or its header)? */
bool message_part_is_returned(const struct part *part);
