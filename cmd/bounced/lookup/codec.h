/* codec.h: the protocols by which mail servers ask whether an address is suppressed: bytes to questions, answers to
 * bytes. A protocol is a row.
 *
 * socketmap (socketmap_table(5) of Postfix, and Sendmail's): netstrings, "suppress ADDRESS", "suppress/STREAM
 * ADDRESS" or "domain DOMAIN". policy (SMTPD_POLICY_README of Postfix): lines of name=value and an empty one; asks when
 * a recipient is named. tcp-table (tcp_table(5) of Postfix): "get ADDRESS", with %XX. readsocket (of Exim): one line,
 * "check ADDRESS" or the address alone; the server closes. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/listen.h"

enum { LOOKUP_REQUEST_MAX = 32768 }; /* octets of one request, its frame included */

enum codec_state {
    CODEC_STATE_MORE,     /* the request is not complete */
    CODEC_STATE_QUESTION, /* it is, and asks something */
    CODEC_STATE_NOTHING,  /* it is, and asks nothing of us: the answer is CODEC_ANSWER_NOT_SUPPRESSED */
    CODEC_STATE_UNKNOWN,  /* it is, and asks what we do not know: the answer is CODEC_ANSWER_REFUSED */
    CODEC_STATE_BROKEN,   /* not of the protocol: the connection is closed */
};

enum codec_answer {
    CODEC_ANSWER_NOT_SUPPRESSED,
    CODEC_ANSWER_SUPPRESSED, /* `text` says why, for an SMTP client */
    CODEC_ANSWER_FAILED,     /* nobody knows now: ask again */
    CODEC_ANSWER_REFUSED,
};

/* Asks of an address, for a stream or for anybody, or of a whole domain. */
struct codec_question {
    GString *address; /* or the domain, as the server wrote it */
    GString *stream;  /* that the server named; empty: none */
    GString *label;   /* of a policy request, what `stream_from` reads of it, in lower case; empty: nothing */
    bool domain;
    const char *stream_from; /* of the listener; NULL: nothing */
};

struct codec {
    /* Takes the first request of `bytes`, `*used` octets. Sets what the request has of the question. */
    enum codec_state (*take)(const char *bytes, size_t length, size_t *used, struct codec_question *question);
    /* Appends a reply. False: there is none, and the connection is closed. */
    bool (*reply)(GString *out, enum codec_answer answer, const char *text);
    bool closes; /* after each reply */
};

/* NULL for a protocol that asks nothing. */
const struct codec *codec_of(enum listen_protocol protocol);
