#include "parser/observation.h"

#include <string.h>

#include "parser/address.h"
#include "parser/draft/draft.h"
#include "parser/text/reply.h"

void observation_clear(struct observation *observation)
{
    g_free(observation->recipient);
    g_free(observation->final_recipient);
    g_free(observation->sender);
    g_free(observation->status);
    g_free(observation->diagnostic);
    g_free(observation->host);
    g_free(observation->stream);
    g_free(observation->message_id);
    *observation = (struct observation){0};
}

/* By the class of a reply or a status; a report is of the kind that its action says. */
static const enum report_action actions[] = {
    [2] = REPORT_ACTION_DELIVERED,
    [4] = REPORT_ACTION_DELAYED,
    [5] = REPORT_ACTION_FAILED,
};

static const enum report_kind kinds[] = {
    [REPORT_ACTION_ABSENT] = REPORT_KIND_OTHER,      [REPORT_ACTION_FAILED] = REPORT_KIND_BOUNCE,
    [REPORT_ACTION_DELAYED] = REPORT_KIND_DELAY,     [REPORT_ACTION_DELIVERED] = REPORT_KIND_DELIVERED,
    [REPORT_ACTION_RELAYED] = REPORT_KIND_DELIVERED, [REPORT_ACTION_EXPANDED] = REPORT_KIND_DELIVERED,
};

static enum report_action action_of_class(unsigned class)
{
    return class < G_N_ELEMENTS(actions) ? actions[class] : REPORT_ACTION_ABSENT;
}

enum report_action observation_action(const struct observation *observation)
{
    struct reply found;

    if (observation->action != REPORT_ACTION_ABSENT)
        return observation->action;
    if (observation->reply != 0)
        return action_of_class(observation->reply / 100);
    if (observation->status != NULL)
        return action_of_class((unsigned)(observation->status[0] - '0'));
    reply_find(span_of(observation->diagnostic), &found);
    if (found.code != 0)
        return action_of_class(found.code / 100);
    return found.status.length > 0 ? action_of_class((unsigned)(found.status.at[0] - '0')) : REPORT_ACTION_ABSENT;
}

static bool is_address(const char *text)
{
    g_autoptr(GString) address = g_string_new(NULL);

    return address_read(span_of(text), ADDRESS_ALONE, address) && !address_redacted(address->str);
}

const char *const observation_fault_texts[] = {
    [OBSERVATION_FAULT_NONE] = NULL,
    [OBSERVATION_FAULT_RECIPIENT] = "the member \"recipient\" is not a mail address",
    [OBSERVATION_FAULT_REPLY] = "the member \"reply\" is not a reply code of 2xx, 4xx or 5xx",
    [OBSERVATION_FAULT_STATUS] = "the member \"status\" is not an enhanced status code, as in \"5.1.1\"",
    [OBSERVATION_FAULT_ACTION] =
        "nothing tells how it went: \"reply\", \"status\", \"action\", or a \"diagnostic\" that has a code",
};

enum observation_fault observation_fault(const struct observation *observation)
{
    if (observation->recipient == NULL || !is_address(observation->recipient))
        return OBSERVATION_FAULT_RECIPIENT;
    if (observation->reply != 0 && action_of_class(observation->reply / 100) == REPORT_ACTION_ABSENT)
        return OBSERVATION_FAULT_REPLY;
    if (observation->status != NULL && !report_is_status(observation->status))
        return OBSERVATION_FAULT_STATUS;
    return observation_action(observation) != REPORT_ACTION_ABSENT ? OBSERVATION_FAULT_NONE : OBSERVATION_FAULT_ACTION;
}

/* As in a header: reports have it so, and it is compared with theirs. */
static const char *read_message_id(struct draft *draft, const char *text)
{
    g_autofree char *bare = g_strdup(text != NULL ? text : "");
    g_autofree char *whole = NULL;

    g_strstrip(bare);
    if (*bare == '\0')
        return NULL;
    whole = *bare == '<' ? g_strdup(bare) : g_strdup_printf("<%s>", bare);
    return draft_text(draft, span_of(whole));
}

static void read_recipient(struct draft *draft, const struct observation *observation)
{
    enum report_action action = observation_action(observation);
    struct report_recipient *recipient = draft_recipient(draft, kinds[action]);

    recipient->action = action;
    draft_set_recipient(draft, recipient, span_of(observation->recipient), REPORT_FROM_FINAL_RECIPIENT);
    recipient->final_recipient = draft_address(draft, span_of(observation->final_recipient));
    recipient->status = draft_text(draft, span_of(observation->status));
    recipient->reply = observation->reply;
    recipient->remote_mta = draft_mta(draft, span_of(observation->host));
    recipient->occurred = observation->time;
    draft_set_diagnostic(draft, recipient, span_of(observation->diagnostic));
    report_settle(recipient);
}

struct report *observation_report(const struct report_settings *settings, const struct observation *observation)
{
    struct draft *draft = draft_new(settings, NULL);
    struct report *report = draft->report;

    report->dialect = "observation";
    report->stream = draft_text(draft, span_of(observation->stream));
    report->sender = draft_address(draft, span_of(observation->sender));
    report->message_id = read_message_id(draft, observation->message_id);
    /* The mail is no younger than the answer to it. */
    report->mailed = observation->time;
    read_recipient(draft, observation);
    draft->report = NULL;
    draft_free(draft);
    return report;
}
