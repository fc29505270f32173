#include "store/event.h"

#include <string.h>

#include "classifier/mail_receiver.h"

#define FIELD(owner, member, type, names)                                                                              \
    {                                                                                                                  \
#member, type, EVENT_OWNER_##owner, offsetof(struct event, member), names                                      \
    }
#define TEXT(owner, member) FIELD(owner, member, EVENT_TYPE_TEXT, NULL)
#define NAME(owner, member, names) FIELD(owner, member, EVENT_TYPE_NAME, names)
#define NUMBER(owner, member) FIELD(owner, member, EVENT_TYPE_NUMBER, NULL)
#define TIME(owner, member) FIELD(owner, member, EVENT_TYPE_TIME, NULL)

const struct event_field event_fields[] = {
    TEXT(MESSAGE, source),
    NAME(RECIPIENT, kind, report_kind_names),
    TEXT(RECIPIENT, recipient),
    NAME(RECIPIENT, recipient_from, report_from_names),
    TEXT(RECIPIENT, final_recipient),
    NAME(RECIPIENT, verdict, verdict_names),
    NAME(RECIPIENT, reason, reason_names),
    NAME(RECIPIENT, party, party_names),
    TEXT(RECIPIENT, rule),
    NAME(RECIPIENT, action, report_action_names),
    TEXT(RECIPIENT, status),
    NUMBER(RECIPIENT, reply),
    TEXT(RECIPIENT, diagnostic),
    TEXT(MESSAGE, reporting_mta),
    TEXT(RECIPIENT, remote_mta),
    TEXT(MESSAGE, dialect),
    TEXT(RECIPIENT, blocklist),
    TEXT(MESSAGE, feedback_type),
    TEXT(MESSAGE, user_agent),
    TEXT(MESSAGE, source_ip),
    TEXT(MESSAGE, original_mail_from),
    TEXT(MESSAGE, reported_domain),
    TEXT(MESSAGE, auth_failure),
    NUMBER(MESSAGE, incidents),
    TEXT(MESSAGE, sender),
    TEXT(MESSAGE, message_id),
    TEXT(MESSAGE, subject),
    TEXT(MESSAGE, list_id),
    TEXT(MESSAGE, feedback_id),
    TIME(RECIPIENT, occurred),
    TEXT(MESSAGE, stream),
    NAME(RECIPIENT, evidence, report_evidence_names),
    {NULL, EVENT_TYPE_TEXT, EVENT_OWNER_MESSAGE, 0, NULL},
};

/* The enums of an event are all stored as what the compiler makes of an enum of small values. */
G_STATIC_ASSERT(sizeof(enum report_kind) == sizeof(unsigned));
G_STATIC_ASSERT(sizeof(enum reason) == sizeof(unsigned));

const char *event_field_text(const struct event *event, const struct event_field *field)
{
    const void *member = G_STRUCT_MEMBER_P(event, field->offset);

    if (field->type == EVENT_TYPE_TEXT)
        return *(const char *const *)member;
    if (field->type == EVENT_TYPE_NAME) {
        const char *name = field->names[*(const unsigned *)member];
        return *name == '\0' ? NULL : name;
    }
    return NULL;
}

gint64 event_field_number(const struct event *event, const struct event_field *field)
{
    if (field->type != EVENT_TYPE_NUMBER && field->type != EVENT_TYPE_TIME)
        return 0;
    return G_STRUCT_MEMBER(gint64, event, field->offset);
}

unsigned event_value(const char *const *names, const char *name)
{
    for (unsigned value = 0; name != NULL && names[value] != NULL; value++) {
        if (strcmp(names[value], name) == 0)
            return value;
    }
    return 0;
}

void event_field_set_text(struct event *event, const struct event_field *field, const char *text)
{
    if (field->type == EVENT_TYPE_TEXT) {
        G_STRUCT_MEMBER(const char *, event, field->offset) = text;
    } else if (field->type == EVENT_TYPE_NAME) {
        unsigned value = event_value(field->names, text);
        if (g_strcmp0(field->names[value], text) == 0)
            G_STRUCT_MEMBER(unsigned, event, field->offset) = value;
    }
}

void event_field_set_number(struct event *event, const struct event_field *field, gint64 number)
{
    if (field->type == EVENT_TYPE_NUMBER || field->type == EVENT_TYPE_TIME)
        G_STRUCT_MEMBER(gint64, event, field->offset) = number;
}

void event_from_report(struct event *event, const char *source, const struct report *report,
                       const struct report_recipient *recipient, const struct verdict *verdict, gint64 received)
{
    gint64 occurred = recipient->occurred != 0 ? recipient->occurred : report->occurred;

    *event = (struct event){
        .source = source,
        .kind = recipient->kind,
        .recipient = recipient->recipient,
        .recipient_from = recipient->recipient_from,
        .final_recipient = recipient->final_recipient,
        .verdict = verdict->verdict,
        .reason = verdict->reason,
        .party = verdict->party,
        .rule = verdict->rule,
        .action = recipient->action,
        .status = recipient->status,
        .reply = recipient->reply,
        .diagnostic = recipient->diagnostic,
        .reporting_mta = report->reporting_mta,
        .remote_mta = recipient->remote_mta,
        .dialect = report->dialect,
        .blocklist = verdict->blocklist,
        .feedback_type = report->feedback_type,
        .user_agent = report->user_agent,
        .source_ip = report->source_ip,
        .original_mail_from = report->original_mail_from,
        .reported_domain = report->reported_domain,
        .auth_failure = report->auth_failure,
        .incidents = report->incidents,
        .sender = report->sender,
        .message_id = report->message_id,
        .subject = report->subject,
        .list_id = report->list_id,
        .feedback_id = report->feedback_id,
        .occurred = occurred != 0 ? occurred : received,
        .stream = report->stream,
        .evidence = report->evidence,
        .command = recipient->command,
        .receiver = mail_receiver_of(recipient->recipient, recipient->remote_mta),
        .mailed = report->signed_day != 0 ? (gint64)report->signed_day * 86400 : report->mailed,
        .may_suppress = report->evidence != REPORT_EVIDENCE_UNPROVEN || report->unproven_suppresses,
    };
}

void event_to_report(const struct event *event, struct report *report, struct report_recipient *recipient)
{
    *report = (struct report){
        .dialect = event->dialect,
        .reporting_mta = event->reporting_mta,
        .feedback_type = event->feedback_type,
    };
    *recipient = (struct report_recipient){
        .kind = event->kind,
        .action = event->action,
        .recipient = event->recipient,
        .final_recipient = event->final_recipient,
        .status = event->status,
        .reply = (unsigned)event->reply,
        .command = event->command,
        .diagnostic = event->diagnostic,
        .remote_mta = event->remote_mta,
    };
    report_settle(recipient);
}

static const char **text_of(struct event *event, const struct event_field *field)
{
    return field->type == EVENT_TYPE_TEXT ? G_STRUCT_MEMBER_P(event, field->offset) : NULL;
}

struct event *event_copy(const struct event *event)
{
    struct event *copy = g_memdup2(event, sizeof *event);

    copy->command = NULL;
    copy->receiver = NULL;
    copy->fingerprint = NULL;
    copy->proof = NULL;
    copy->signers = NULL;
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        const char **text = text_of(copy, field);
        if (text != NULL)
            *text = g_strdup(*text);
    }
    return copy;
}

void event_copy_free(struct event *copy)
{
    for (const struct event_field *field = event_fields; copy != NULL && field->name != NULL; field++) {
        const char **text = text_of(copy, field);
        if (text != NULL)
            g_free((char *)*text);
    }
    g_free(copy);
}

#define DAY ((gint64)86400)
#define LAST_SECOND ((gint64)253402300799) /* 9999-12-31T23:59:59Z */

/* The day in the Gregorian calendar, whose leap years come again every 400 years, 146097 days: counted from 1 March of
 * the year 0, so that a leap day is the last one of its year. */
static void find_date(gint64 days, gint64 *year, gint64 *month, gint64 *day)
{
    gint64 from = days + 719468, era = from / 146097, of_era = from % 146097;
    gint64 of = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    gint64 of_year = of_era - (of * 365 + of / 4 - of / 100), shifted = (5 * of_year + 2) / 153;

    *day = of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = era * 400 + of + (*month <= 2);
}

static char *put_digits(char *at, gint64 number, unsigned n, char after)
{
    for (unsigned i = n; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
    at[n] = after;
    return at + n + 1;
}

static char *format_far(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);

    return time == NULL ? NULL : g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

/* Lists have two a row, and a GDateTime takes ten times as long. */
char *event_time_format(gint64 seconds)
{
    gint64 year, month, day, second = seconds % DAY;

    if (seconds < 0 || seconds > LAST_SECOND)
        return format_far(seconds);
    char *text = g_malloc(sizeof "2026-11-22T09:30:00Z"), *at = text;
    find_date(seconds / DAY, &year, &month, &day);
    at = put_digits(at, year, 4, '-');
    at = put_digits(at, month, 2, '-');
    at = put_digits(at, day, 2, 'T');
    at = put_digits(at, second / 3600, 2, ':');
    at = put_digits(at, second / 60 % 60, 2, ':');
    at = put_digits(at, second % 60, 2, 'Z');
    *at = '\0';
    return text;
}
