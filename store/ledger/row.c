#include "store/ledger/row.h"

#include "store/entry_key.h"

void row_suppression(const struct query *query, struct suppression *row)
{
    *row = (struct suppression){
        .subject = query_text_at(query, 0),
        .scope = entry_scope_text(query_text_at(query, 1)),
        .wave = query_number_at(query, 2),
        .reason = event_value(reason_names, query_text_at(query, 3)),
        .verdict = event_value(verdict_names, query_text_at(query, 4)),
        .stream = query_text_at(query, 5),
        .policy = query_text_at(query, 6),
        .rule = query_text_at(query, 7),
        .diagnostic = query_text_at(query, 8),
        .who = query_text_at(query, 9),
        .door = event_value(store_door_names, query_text_at(query, 10)),
        .note = query_text_at(query, 11),
        .batch = query_text_at(query, 12),
        .since = query_number_at(query, 13),
        .until = query_number_at(query, 14),
    };
}

void row_cause(const struct query *query, struct suppression *row)
{
    *row = (struct suppression){
        .reason = event_value(reason_names, query_text_at(query, 0)),
        .verdict = event_value(verdict_names, query_text_at(query, 1)),
        .policy = query_text_at(query, 2),
        .who = query_text_at(query, 3),
        .door = event_value(store_door_names, query_text_at(query, 4)),
        .note = query_text_at(query, 5),
        .batch = query_text_at(query, 6),
    };
}

/* Gives the column of its id. */
static int take_event(const struct query *query, struct stored_event *row)
{
    int column = 0;

    *row = (struct stored_event){0};
    for (const struct event_field *field = event_fields; field->name != NULL; field++, column++) {
        if (field->type == EVENT_TYPE_NUMBER || field->type == EVENT_TYPE_TIME)
            event_field_set_number(&row->event, field, query_number_at(query, column));
        else
            event_field_set_text(&row->event, field, query_text_at(query, column));
    }
    row->received = query_number_at(query, column++);
    row->digest = query_text_at(query, column++);
    row->mail_from = query_text_at(query, column++);
    row->rule_version = query_text_at(query, column++);
    row->effect = event_value(policy_effect_names, query_text_at(query, column++));
    row->policy = query_text_at(query, column++);
    row->failures = (unsigned)query_number_at(query, column++);
    row->event.may_suppress = query_number_at(query, column++) != 0;
    row->event.command = query_text_at(query, column++);
    row->revised = query_number_at(query, column++);
    row->revised_by = query_text_at(query, column++);
    row->revised_from = query_text_at(query, column++);
    row->event.mailed = query_number_at(query, column++);
    row->left_out = (unsigned)query_number_at(query, column++);
    row->event.proof = query_text_at(query, column++);
    row->rcpt_to = query_text_at(query, column++);
    row->tenant = query_text_at(query, column++);
    row->scope = entry_scope_text(query_text_at(query, column++));
    row->rolled_back = query_text_at(query, column++);
    row->rollback_note = query_text_at(query, column++);
    row->event.confined = query_number_at(query, column++) != 0;
    return column;
}

gint64 row_event(const struct query *query, struct stored_event *row)
{
    return query_number_at(query, take_event(query, row));
}

gint64 row_event_of_page(const struct query *query, struct stored_event *row, bool *meant)
{
    int column = take_event(query, row);

    *meant = query_number_at(query, column + 1) != 0;
    return query_number_at(query, column);
}

void row_change(const struct query *query, struct change *row)
{
    *row = (struct change){
        .sequence = query_number_at(query, 0),
        .at = query_number_at(query, 1),
        .change = query_text_at(query, 2),
        .subject = query_text_at(query, 3),
        .scope = entry_scope_text(query_text_at(query, 4)),
        .since = query_number_at(query, 5),
        .until = query_number_at(query, 6),
        .wave = query_number_at(query, 7),
        .reason = event_value(reason_names, query_text_at(query, 8)),
        .verdict = event_value(verdict_names, query_text_at(query, 9)),
        .policy = query_text_at(query, 10),
        .who = query_text_at(query, 11),
        .door = event_value(store_door_names, query_text_at(query, 12)),
        .note = query_text_at(query, 13),
        .batch = query_text_at(query, 14),
        .digest = query_text_at(query, 15),
    };
}

void row_counter(const struct query *query, struct counter *row)
{
    *row = (struct counter){
        .day = query_text_at(query, 0),
        .stream = query_text_at(query, 1),
        .sender_domain = query_text_at(query, 2),
        .recipient_domain = query_text_at(query, 3),
        .kind = event_value(report_kind_names, query_text_at(query, 4)),
        .verdict = event_value(verdict_names, query_text_at(query, 5)),
        .reason = event_value(reason_names, query_text_at(query, 6)),
        .count = query_number_at(query, 7),
    };
}

void row_outgoing(const struct query *query, struct outgoing *row)
{
    *row = (struct outgoing){
        .digest = query_text_at(query, 0),
        .source = query_text_at(query, 1),
        .recipient = query_text_at(query, 2),
        .came_to = query_text_at(query, 3),
        .state = event_value(outgoing_state_names, query_text_at(query, 4)),
        .queued = query_number_at(query, 5),
        .attempts = (unsigned)query_number_at(query, 6),
        .next = query_number_at(query, 7),
        .tried = query_number_at(query, 8),
        .said = query_text_at(query, 9),
    };
}

const char *row_keep(GStringChunk *strings, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert(strings, text);
}

void row_keep_suppression(GStringChunk *strings, struct suppression *row)
{
    row->subject = row_keep(strings, row->subject);
    row->scope = row_keep(strings, row->scope);
    row->stream = row_keep(strings, row->stream);
    row->policy = row_keep(strings, row->policy);
    row->rule = row_keep(strings, row->rule);
    row->diagnostic = row_keep(strings, row->diagnostic);
    row->who = row_keep(strings, row->who);
    row->note = row_keep(strings, row->note);
    row->batch = row_keep(strings, row->batch);
}

void row_keep_outgoing(GStringChunk *strings, struct outgoing *row)
{
    row->digest = row_keep(strings, row->digest);
    row->source = row_keep(strings, row->source);
    row->recipient = row_keep(strings, row->recipient);
    row->came_to = row_keep(strings, row->came_to);
    row->said = row_keep(strings, row->said);
}
