#include "reports/story/incident.h"

#include "reports/moment.h"
#include "reports/reason_text.h"
#include "reports/story/effect.h"
#include "reports/story/lines.h"

/* --- its mail ----------------------------------------------------------------------------------------------------- */

/* A mail is known by these, in the order in which a person would name it. */
static const struct {
    const char *before;
    size_t offset;
    const char *after;
} marks[] = {
    {"\"", offsetof(struct event, subject), "\""},           {"from ", offsetof(struct event, sender), ""},
    {"Message-ID ", offsetof(struct event, message_id), ""}, {"list ", offsetof(struct event, list_id), ""},
    {"campaign ", offsetof(struct event, feedback_id), ""},
};

char *incident_mail(const struct event *event)
{
    g_autoptr(GString) mail = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *mark = *(const char *const *)(const void *)((const char *)event + marks[i].offset);
        if (mark != NULL && *mark != '\0')
            g_string_append_printf(mail, "%s%s%s%s", mail->len > 0 ? ", " : "", marks[i].before, mark, marks[i].after);
    }
    return mail->len > 0 ? g_string_free(g_steal_pointer(&mail), FALSE) : NULL;
}

/* --- its words ---------------------------------------------------------------------------------------------------- */

/* A complaint that is none, as `not-spam`, has its type. Nobody has given up yet when a delay is reported. */
static char *meaning_of(const struct event *event)
{
    const char *sentence = reason_text(event->reason);

    if (event->reason == REASON_FEEDBACK && event->verdict == VERDICT_NONE)
        return g_strdup_printf("It came from a feedback loop and is no complaint, but \"%s\".",
                               event->feedback_type != NULL ? event->feedback_type : "");
    if (event->kind == REPORT_KIND_DELAY)
        return g_strconcat("The sending server is still trying.",
                           event->reason != REASON_EXPIRED && sentence != NULL ? " " : NULL, sentence, NULL);
    return g_strdup(sentence);
}

static bool by_person(const struct event *event)
{
    return event->kind == REPORT_KIND_FEEDBACK || event->kind == REPORT_KIND_UNSUBSCRIBE;
}

/* How strong it is; and of what says nothing about anybody, what it lacks. One that was rolled back lacked nothing. */
static char *evidence_of(const struct stored_event *row)
{
    const struct event *event = &row->event;
    const char *name = report_evidence_names[event->evidence];

    if (event->evidence == REPORT_EVIDENCE_SIGNED)
        return g_strconcat(name, ": it carries a return path of yours that nobody else can make", NULL);
    if (event->proof != NULL)
        return g_strconcat(name, g_str_has_prefix(event->proof, EVENT_PROOF_SAID) ? ": " : " by ", event->proof, NULL);
    if (event->evidence == REPORT_EVIDENCE_AUTHENTICATED)
        return g_strconcat(name, ": your own mail server made it", NULL);
    if (event->may_suppress || row->rolled_back != NULL)
        return g_strconcat(name, ": nothing proves that it is about your mail, and the config says to believe it",
                           NULL);
    return g_strconcat(name, ": anybody can have written it; it lacks your signed return path, or ",
                       by_person(event) ? "the DKIM signature of a feedback loop that is known"
                                        : "a mail server of yours that made it",
                       NULL);
}

static void append_rollback(GString *out, const struct lines_style *style, const struct stored_event *row)
{
    g_autofree char *at = moment_text(row->revised);
    g_autofree char *text = g_strdup_printf("%s by %s%s%s", at, row->revised_by, row->rollback_note != NULL ? ", " : "",
                                            row->rollback_note != NULL ? row->rollback_note : "");
    g_autofree char *undo =
        g_strdup_printf("bouncectl rollback --undo %s --apply --note WHY, with all of that batch", row->rolled_back);

    lines_field(out, style, "rolled back", text);
    lines_field(out, style, "batch", row->rolled_back);
    lines_field(out, style, "undo", undo);
}

static void append_revision(GString *out, const struct lines_style *style, const struct stored_event *row)
{
    if (row->revised == 0)
        return;
    if (row->rolled_back != NULL) {
        append_rollback(out, style, row);
        return;
    }
    g_autofree char *revised = moment_text(row->revised);
    g_autofree char *text = g_strdup_printf("%s by %s; before: %s", revised, row->revised_by, row->revised_from);
    lines_field(out, style, "judged", text);
}

/* The remote host said it, where there was one; an MTA that only passes it on may be the operator's own. */
static void append_speakers(GString *out, const struct lines_style *style, const struct event *event)
{
    lines_field(out, style, "said by", event->remote_mta != NULL ? event->remote_mta : event->reporting_mta);
    if (event->remote_mta != NULL && g_strcmp0(event->remote_mta, event->reporting_mta) != 0)
        lines_field(out, style, "reported by", event->reporting_mta);
}

static void append_judgement(GString *out, const struct lines_style *style, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *meaning = meaning_of(event);
    g_autofree char *effect = effect_text(row);
    g_autofree char *policy = effect_policy(row->policy);
    g_autofree char *evidence = evidence_of(row);

    lines_field(out, style, "meaning", meaning);
    lines_field(out, style, "effect", effect);
    lines_field(out, style, "fault", party_text(event->party));
    lines_field(out, style, "evidence", evidence);
    lines_field(out, style, "policy", policy);
    lines_field(out, style, "rule", event->rule);
    append_revision(out, style, row);
}

void incident_tell(GString *out, const struct lines_style *style, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *received = moment_text(row->received);
    g_autofree char *mail = incident_mail(event);
    const char *reason = reason_names[event->reason], *verdict = verdict_names[event->verdict];

    g_string_append_printf(out, "%s  %s: %s%s%s\n", received, report_kind_names[event->kind], verdict,
                           *verdict != '\0' ? " " : "", reason);
    append_judgement(out, style, row);
    lines_field(out, style, "status", event->status);
    lines_field(out, style, "diagnostic", event->diagnostic);
    append_speakers(out, style, event);
    lines_field(out, style, "forwarded", event->final_recipient);
    lines_field(out, style, "mail", mail);
    lines_field(out, style, "stream", event->stream);
    lines_field(out, style, "source", event->source);
    lines_field(out, style, "mail from", row->mail_from); /* reports have the null sender: it goes without saying */
    lines_field(out, style, "rcpt to", row->rcpt_to);
    lines_field(out, style, "message", row->digest);
    if (row->left_out != 0) {
        g_autofree char *text =
            g_strdup_printf("counted %u more addresses of the same report, and kept none", row->left_out);
        lines_field(out, style, "left out", text);
    }
}
