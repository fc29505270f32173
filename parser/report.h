/* report.h: what one message reports, as plain data: who it is about, what went wrong, and what it says of itself.
 * The parser (parser.h) makes it.
 *
 * Every string is valid UTF-8 on one line (no control characters), NULL when the message does not say, and lives as
 * long as the report. Names are those of RFC 3464 (DSN) and RFC 5965 (ARF). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "parser/text/reply.h" /* how to read the codes in a diagnostic */

struct return_path;

/* Names of the values of an enum, indexed by the value and NULL-terminated; "" means that the value is printed as
 * absent. */
extern const char *const report_kind_names[];
extern const char *const report_action_names[];
extern const char *const report_from_names[];
extern const char *const report_evidence_names[];

enum report_kind {
    REPORT_KIND_OTHER,       /* reports nothing: ordinary mail, questions */
    REPORT_KIND_BOUNCE,      /* a final failure */
    REPORT_KIND_DELAY,       /* a temporary failure: the MTA is still trying */
    REPORT_KIND_DELIVERED,   /* delivered, relayed or expanded */
    REPORT_KIND_FEEDBACK,    /* any ARF or feedback-loop form */
    REPORT_KIND_AUTO_REPLY,  /* RFC 3834: holiday replies and the like */
    REPORT_KIND_UNSUBSCRIBE, /* mail to a List-Unsubscribe address, opt-out reports */
};

/* The Action field, RFC 3464 section 2.3.3. */
enum report_action {
    REPORT_ACTION_ABSENT,
    REPORT_ACTION_FAILED,
    REPORT_ACTION_DELAYED,
    REPORT_ACTION_DELIVERED,
    REPORT_ACTION_RELAYED,
    REPORT_ACTION_EXPANDED,
};

/* How the recipient was found, most trustworthy first; the parser stops at the first that gives an address. From
 * SIGNED to ENVELOPE_ID it is one of our addresses (return_path.h) that tells. */
enum report_from {
    REPORT_FROM_ABSENT,
    REPORT_FROM_SIGNED,     /* a signed one, wherever it stands */
    REPORT_FROM_VERP,       /* one that encodes the recipient: the envelope, or Return-Path of the returned message */
    REPORT_FROM_TOKEN,      /* the same in Sender, Errors-To or CFBL-Feedback-ID of the returned message */
    REPORT_FROM_MESSAGE_ID, /* in its Message-ID */
    REPORT_FROM_LIST_UNSUBSCRIBE,   /* in a mailto: of its List-Unsubscribe */
    REPORT_FROM_ENVELOPE_ID,        /* in Original-Envelope-Id (RFC 3461 ENVID) */
    REPORT_FROM_ORIGINAL_RECIPIENT, /* Original-Recipient, Original-Rcpt-To, Removal-Recipient */
    REPORT_FROM_FINAL_RECIPIENT,    /* Final-Recipient */
    REPORT_FROM_X_HEADER,           /* X-Failed-Recipients, X-HmXmrOriginalRecipient and others */
    REPORT_FROM_BODY,               /* the text of the report */
    REPORT_FROM_RETURNED_RECEIVED,  /* Received: ... for <addr> of the returned message */
    REPORT_FROM_RETURNED_TO,        /* the only address in its To */
    REPORT_FROM_SENDER,             /* the From of an auto-reply or unsubscribe mail */
};

/* How strongly the report proves that it is about our mail. */
enum report_evidence {
    REPORT_EVIDENCE_UNPROVEN,
    REPORT_EVIDENCE_AUTHENTICATED, /* the reporter is known, the return path is not signed */
    REPORT_EVIDENCE_SIGNED,        /* it carries our signed return path */
};

/* The submitter of the message, by its Auto-Submitted field (RFC 3834). */
enum report_submitted {
    REPORT_SUBMITTED_ABSENT,    /* a person, or nothing is said */
    REPORT_SUBMITTED_GENERATED, /* a program, of its own accord */
    REPORT_SUBMITTED_REPLIED,   /* a program, in reply to other mail; read receipts (RFC 8098), too */
};

/* The things that were cut because a limit was reached; a set of bits. */
enum report_cut {
    REPORT_CUT_PARTS = 1 << 0,
    REPORT_CUT_DEPTH = 1 << 1,
    REPORT_CUT_RECIPIENTS = 1 << 2,
    REPORT_CUT_HEADERS = 1 << 3,
    REPORT_CUT_TEXT = 1 << 4,
};

/* One recipient that the message reports on. */
struct report_recipient {
    enum report_kind kind;
    enum report_action action;
    enum report_from recipient_from;
    const char *recipient;       /* the address we sent to; domain lower-case, A-labels; NULL if unknown or redacted */
    const char *final_recipient; /* where it failed, when that differs (forwarding) */
    const char *status;          /* enhanced status code, "5.1.1" (RFC 3463) */
    unsigned reply;              /* SMTP reply code, 0 when none is given */
    const char *command;         /* the SMTP command that was answered, of report_commands; NULL when not said */
    bool about_sender;      /* the reply is about our host or our sender's address: it was given before a recipient was
                               named, or its code or its words say so */
    const char *diagnostic; /* what the remote side said */
    const char *remote_mta;
    gint64 occurred; /* Last-Attempt-Date, seconds since 1970 UTC; 0 when not given */
};

struct report {
    GPtrArray *recipients; /* of struct report_recipient *, in the order of the message; never empty */
    const char *dialect; /* the format it was read as: "rfc3464", "rfc5965", "qmail", ...; NULL for REPORT_KIND_OTHER */
    const char *reporting_mta;
    gint64 occurred; /* Date of the report, or else Arrival-Date, seconds since 1970 UTC; 0 when not given */

    /* RFC 5965 and RFC 6591, types in lower case */
    const char *feedback_type;
    const char *user_agent;
    const char *source_ip;
    const char *original_mail_from;
    const char *reported_domain;
    const char *auth_failure;
    unsigned incidents; /* 0 when not given */

    /* of the returned message */
    const char *sender; /* the address in its From */
    const char *message_id;
    const char *subject;
    gint64 mailed; /* its Date, or else the report's Arrival-Date, seconds since 1970 UTC; 0 when not given */
    const char *list_id;
    const char *feedback_id;
    const char *cfbl_address; /* RFC 9477: whom it asks to send complaints to */
    bool returned_automatic;  /* a program wrote it, or it went to a list: nobody is to be sent an answer to it */

    const char *stream; /* of the return path that it came to */
    enum report_submitted submitted;
    /* of a message that reports nothing, for whoever passes it on */
    const char *author; /* the address in From */
    GPtrArray
        *delivered_to; /* of const char *, the addresses of its Delivered-To fields; NULL if it reports something */
    unsigned hops;     /* Received fields */
    enum report_evidence evidence;
    unsigned signed_day; /* when the address was signed that proves it: days since 1970-01-01 UTC; 0 when none does */
    bool unproven_suppresses; /* what the operator lets this report do, which proves nothing, where it came to */
    unsigned cut;             /* of enum report_cut */

    GStringChunk *strings; /* where the strings live */
};

/* The envelope as SMTP gives it. NULL fields are not known (a file); then the parser looks at Return-Path,
 * Delivered-To and X-Original-To. "" as mail_from is the null sender, and one without a domain, "MAILER-DAEMON", is
 * read as that: but an MTA's own DSN has the null sender itself. */
struct report_envelope {
    const char *mail_from;
    const char *const *recipients; /* NULL-terminated, may be NULL */
    const char *const *own_mta;    /* the operator's MTAs that may have made it, host names; likewise */
};

/* The limits of the parser's work on one message; report_settings_defaults() gives every field a value. */
struct report_settings {
    const GPtrArray *return_paths; /* of struct return_path *; may be NULL */
    gint64 now;               /* when the message came, seconds since 1970 UTC: what was signed is good for a time */
    bool unproven_suppresses; /* what a report may do that came without an envelope, and proves nothing */
    size_t max_parts;
    size_t max_depth;
    size_t max_recipients;
    size_t max_header_bytes; /* of one header block */
    size_t max_text_bytes;   /* decoded text that is searched */
};

/* The names of what was cut, "depth,text"; NULL when nothing was. The caller frees. */
char *report_cut_names(unsigned cut);

/* The SMTP commands that a reply may answer, "CONN" for one before any; ends with NULL. */
extern const char *const report_commands[];
/* Is it an enhanced status code, "5.1.1" (RFC 3463 section 2), and nothing else? */
bool report_is_status(const char *text);

/* Settles what the diagnostic tells and no field does: the command that was answered, and whom the reply is about. The
 * parser does so for each recipient; those who have a diagnostic alone, or keep it from before, call it. */
void report_settle(struct report_recipient *recipient);

void report_settings_defaults(struct report_settings *settings);

void report_free(struct report *report);
/* About how much memory it takes. */
size_t report_octets(const struct report *report);

/* The one-word names are for g_autoptr alone: `g_autoptr(Report) report = parser_read(...)`. */
typedef struct report Report;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)
