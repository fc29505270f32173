/* event.h: one recipient of one report with its verdict: the object that `bouncectl inspect --json` prints, the store
 * keeps and every outlet carries. Its fields are one table, which the JSON, the SQL and the documentation are made
 * from.
 *
 * An event borrows its strings: from the report and the classifier it was made from, or from the cursor it was read
 * with. */
#pragma once

#include <glib.h>
#include <stddef.h>

#include "classifier/classifier.h"
#include "parser/report.h"

struct event {
    const char *source; /* where it came from: the path as given, "smtp" or "lmtp" */
    const char *recipient;
    const char *final_recipient;
    const char *rule;
    const char *status;
    const char *diagnostic;
    const char *reporting_mta;
    const char *remote_mta;
    const char *dialect;
    const char *blocklist;
    const char *feedback_type;
    const char *user_agent;
    const char *source_ip;
    const char *original_mail_from;
    const char *reported_domain;
    const char *auth_failure;
    const char *sender;
    const char *message_id;
    const char *subject;
    const char *list_id;
    const char *feedback_id;
    const char *stream;
    gint64 reply;
    gint64 incidents;
    gint64 occurred; /* seconds since 1970 UTC; 0 when unknown */
    enum report_kind kind;
    enum report_from recipient_from;
    enum verdict_kind verdict;
    enum reason reason;
    enum party party;
    enum report_action action;
    enum report_evidence evidence;

    /* Not fields of the contract, but kept, so that an event can be judged again as it was: whether the evidence is
     * enough for the operator's setting; and the SMTP command that was answered, NULL if that is not known. And the
     * receiver of the recipient's mail (classifier/mail_receiver.h), NULL if the recipient is not known. */
    bool may_suppress;
    bool signers_known; /* of `signers`: they are feedback loops that are known, and no strangers */
    const char *command;
    const char *receiver;
    bool confined; /* it is the word of a tenant, and says nothing of others' mail */

    /* Of what it reports, EVENT_FINGERPRINT_SIZE bytes: events that report the same have the same; NULL: there is none.
     * And when the mail that it reports on was sent, seconds since 1970 UTC; 0: not known. */
    const guint8 *fingerprint;
    gint64 mailed;

    /* The proof, "dkim d=example.org s=key1", or EVENT_PROOF_SAID and a name, when its evidence is
     * REPORT_EVIDENCE_AUTHENTICATED; or else the domains of whom one must have signed its message for that, blanks
     * between (claims.h). Both may be NULL. */
    const char *proof;
    const char *signers;
};

/* Its proof is the word of whom the name is. */
#define EVENT_PROOF_SAID "said by "

enum { EVENT_FINGERPRINT_SIZE = 16 };

enum event_type {
    EVENT_TYPE_TEXT,   /* const char *, absent when NULL */
    EVENT_TYPE_NAME,   /* an enum, printed by its name; absent when the name is "" */
    EVENT_TYPE_NUMBER, /* gint64, absent when 0 */
    EVENT_TYPE_TIME,   /* gint64, seconds since 1970 UTC, printed as RFC 3339; absent when 0 */
};

/* Whose a field is: all events of one message have the same of the message's. */
enum event_owner {
    EVENT_OWNER_RECIPIENT,
    EVENT_OWNER_MESSAGE,
};

/* One row a field of the contract, in its order. */
struct event_field {
    const char *name;
    enum event_type type;
    enum event_owner owner;
    size_t offset;
    const char *const *names; /* of an EVENT_TYPE_NAME */
};

/* The table ends with a row whose name is NULL. */
extern const struct event_field event_fields[];

/* The value of a field: `event_field_text` is NULL and `event_field_number` 0 when it is absent. A name is text; a time
 * is a number. */
const char *event_field_text(const struct event *event, const struct event_field *field);
gint64 event_field_number(const struct event *event, const struct event_field *field);

/* The value of a name among the NULL-terminated names of an enum; 0 when there is none of that name, or it is NULL. */
unsigned event_value(const char *const *names, const char *name);

/* The other way, for reading from a store: an unknown name leaves the field as it is. `text` is borrowed. */
void event_field_set_text(struct event *event, const struct event_field *field, const char *text);
void event_field_set_number(struct event *event, const struct event_field *field, gint64 number);

/* Joins what the parser and the classifier said. `received` (seconds) stands in when the report gives no time. */
void event_from_report(struct event *event, const char *source, const struct report *report,
                       const struct report_recipient *recipient, const struct verdict *verdict, gint64 received);

/* The other way, as much of it as a classifier looks at: the strings are those of the event. The report has no
 * recipients. */
void event_to_report(const struct event *event, struct report *report, struct report_recipient *recipient);

/* A copy with strings of its own: those of the fields of the contract, and none of the others. */
struct event *event_copy(const struct event *event);
void event_copy_free(struct event *copy);

/* Seconds since 1970 as RFC 3339 in UTC, "2026-11-22T09:30:00Z"; the caller frees. NULL after 9999. */
char *event_time_format(gint64 seconds);
