#include "parser/logs/settlement.h"

#include <string.h>

#include "parser/logs/log_items.h"
#include "parser/logs/log_values.h"
#include "parser/logs/queue_memory.h"
#include "parser/text/host.h"

/* Servers cut a list before it has as many: each is looked for among those who wait. */
enum { MOST_RECIPIENTS = 100 };

struct settlement {
    struct queue_memory *memory;
    GString *key; /* of the message: the server, the instance and the queue id */
    GArray *all;  /* of struct log_attempt */
    guint next;
    GString *text; /* of the attempts, if it is not as the line has it */
};

struct settlement *settlement_new(size_t queue_octets)
{
    struct settlement *settlement = g_new0(struct settlement, 1);

    settlement->memory = queue_memory_new(queue_octets);
    settlement->key = g_string_new(NULL);
    settlement->text = g_string_new(NULL);
    settlement->all = g_array_new(FALSE, FALSE, sizeof(struct log_attempt));
    return settlement;
}

void settlement_free(struct settlement *settlement)
{
    if (settlement == NULL)
        return;
    queue_memory_free(settlement->memory);
    g_string_free(settlement->key, TRUE);
    g_string_free(settlement->text, TRUE);
    g_array_unref(settlement->all);
    g_free(settlement);
}

/* --- how it went -------------------------------------------------------------------------------------------------- */

/* The rest behind the word: " (250 2.0.0 Ok)", ": Connection refused". */
static struct span behind(struct span outcome, const char *word)
{
    struct span text = span_trim(span_skip(outcome, strlen(word)));

    if (text.length > 0 && text.at[0] == ':')
        text = span_trim(span_skip(text, 1));
    if (text.length > 0 && text.at[0] == '(') {
        const char *end = memrchr(text.at, ')', text.length);
        text = span_skip(end != NULL ? span_head(text, (size_t)(end - text.at)) : text, 1);
    }
    return text;
}

static enum log_end end_by_status(struct span status)
{
    if (status.length == 0)
        return LOG_END_FAILED;
    return status.at[0] == '2' ? LOG_END_DELIVERED : status.at[0] == '4' ? LOG_END_DELAYED : LOG_END_FAILED;
}

/* And the text that goes with it. */
static enum log_end find_end(const struct settlement_line *line, struct span *text)
{
    const struct log_format *format = line->format;
    struct span outcome = line->record->fields[LOG_FIELD_OUTCOME];
    const struct log_word *word;
    enum log_end end;

    *text = line->record->fields[LOG_FIELD_TEXT];
    if (line->record->end != LOG_END_NONE || outcome.length == 0)
        return line->record->end;
    word = log_word_find(format->words, outcome);
    end = word != NULL ? word->end : format->otherwise;
    if (text->at == NULL)
        *text = word != NULL ? behind(outcome, word->word) : outcome;
    if (end == LOG_END_BY_STATUS)
        end = end_by_status(line->record->fields[LOG_FIELD_STATUS]);
    return format->not_tried != NULL && log_word_find(format->not_tried, *text) != NULL ? LOG_END_NONE : end;
}

/* --- attempts ----------------------------------------------------------------------------------------------------- */

static void make_key(struct settlement *settlement, const struct settlement_line *line)
{
    struct span id = line->record->fields[LOG_FIELD_QUEUE];

    g_string_truncate(settlement->key, 0);
    g_string_append_len(settlement->key, line->server.at, (gssize)line->server.length);
    g_string_append_c(settlement->key, ' ');
    g_string_append_len(settlement->key, line->instance.at, (gssize)line->instance.length);
    g_string_append_c(settlement->key, ' ');
    g_string_append_len(settlement->key, id.at, (gssize)id.length);
}

/* Reports may have another sender than the null sender, too: those to a postmaster do. */
static void remember_report(struct settlement *settlement, const struct log_record *record)
{
    struct span report = record->fields[LOG_FIELD_REPORT];
    size_t place = settlement->key->len - record->fields[LOG_FIELD_QUEUE].length;
    g_autoptr(GString) other = g_string_new_len(settlement->key->str, (gssize)place);

    g_string_append_len(other, report.at, (gssize)report.length);
    queue_memory_set_report(settlement->memory, (struct span){other->str, other->len});
}

static struct span key_of(const struct settlement *settlement)
{
    return (struct span){settlement->key->str, settlement->key->len};
}

/* Things that the line tells of the message, and not of a recipient. */
static void remember(struct settlement *settlement, const struct log_record *record)
{
    struct span sender = record->fields[LOG_FIELD_SENDER], id = record->fields[LOG_FIELD_MESSAGE_ID];

    if (sender.at != NULL)
        queue_memory_set_sender(settlement->memory, key_of(settlement),
                                log_value_is_null_sender(sender) ? span_head(sender, 0) : sender);
    if (id.length > 0)
        queue_memory_set_message_id(settlement->memory, key_of(settlement), log_value_message_id(id));
}

/* All that the attempts of a line share. False if it is of a report. */
static bool begin_attempt(struct settlement *settlement, const struct settlement_line *line,
                          struct log_attempt *attempt)
{
    const struct queue_message *message = queue_memory_find(settlement->memory, key_of(settlement));
    struct span id = line->record->fields[LOG_FIELD_QUEUE];
    size_t server = settlement->key->len - id.length - 1;

    *attempt = (struct log_attempt){
        .software = line->format->software,
        .time = line->time,
        .queue_id = id,
        .server = span_trim((struct span){settlement->key->str, server}),
        .sender = line->record->fields[LOG_FIELD_SENDER],
        .status = log_value_first_word(line->record->fields[LOG_FIELD_STATUS]),
        .host = log_value_host(line->format, line->record->fields[LOG_FIELD_HOST]),
    };
    if (message != NULL && attempt->sender.at == NULL && message->sender != NULL)
        attempt->sender = span_of(message->sender);
    if (message != NULL && message->message_id != NULL)
        attempt->message_id = span_of(message->message_id);
    else
        attempt->message_id = log_value_message_id(line->record->fields[LOG_FIELD_MESSAGE_ID]);
    return !log_value_is_null_sender(attempt->sender) && (message == NULL || !message->report);
}

static char *copy_of(struct span text)
{
    return g_strndup(text.length > 0 ? text.at : "", text.length);
}

static void wait_or_end(struct settlement *settlement, const struct log_attempt *attempt)
{
    if (attempt->queue_id.length == 0)
        return;
    if (attempt->action != REPORT_ACTION_DELAYED) {
        queue_memory_end_wait(settlement->memory, key_of(settlement), attempt->recipient, attempt->final_recipient);
        return;
    }
    g_autofree char *recipient = copy_of(attempt->recipient), *final = copy_of(attempt->final_recipient);
    g_autofree char *host = copy_of(attempt->host), *diagnostic = copy_of(attempt->diagnostic);
    const struct queue_waiting waiting = {recipient, final, host, diagnostic};

    queue_memory_wait(settlement->memory, key_of(settlement), &waiting);
}

static bool is_same(struct span one, struct span other)
{
    return one.length == other.length && g_ascii_strncasecmp(one.at, other.at, one.length) == 0;
}

static void add_attempt(struct settlement *settlement, const struct log_attempt *shared, struct span recipient,
                        struct span original)
{
    struct log_attempt attempt = *shared;

    if (log_value_is_address(original)) {
        attempt.recipient = original;
        if (log_value_is_address(recipient) && !is_same(recipient, original))
            attempt.final_recipient = recipient;
    } else if (log_value_is_address(recipient)) {
        attempt.recipient = recipient;
    } else {
        return;
    }
    g_array_append_val(settlement->all, attempt);
}

/* The next of "a@b" or "<a@b>,<c@d>"; none of a list of which nobody can tell where an address ends. */
static bool next_recipient(struct span *list, struct span *recipient)
{
    if (list->length > 0 && list->at[0] == '<') {
        bool quotes = true;
        size_t length = log_items_bracketed(*list, &quotes);

        if (length == 0 || !quotes)
            return false;
        *recipient = span_skip(span_head(*list, length - 1), 1);
        *list = span_skip(*list, length);
        while (list->length > 0 && (list->at[0] == ',' || list->at[0] == ' '))
            *list = span_skip(*list, 1);
        return true;
    }
    *recipient = *list;
    *list = span_skip(*list, list->length);
    return recipient->length > 0;
}

static bool is_discarded(const struct settlement_line *line)
{
    struct span recipient = line->record->fields[LOG_FIELD_RECIPIENT];

    return recipient.length > 0 && recipient.at[0] == ':';
}

static void add_attempts(struct settlement *settlement, const struct settlement_line *line, enum log_end end,
                         struct span text)
{
    static const enum report_action actions[] = {[LOG_END_DELIVERED] = REPORT_ACTION_DELIVERED,
                                                 [LOG_END_DELAYED] = REPORT_ACTION_DELAYED,
                                                 [LOG_END_FAILED] = REPORT_ACTION_FAILED,
                                                 [LOG_END_EXPIRED] = REPORT_ACTION_FAILED};
    struct span list = line->record->fields[LOG_FIELD_RECIPIENT], recipient;
    struct log_attempt shared;

    if (end > LOG_END_EXPIRED || !begin_attempt(settlement, line, &shared) || is_discarded(line) ||
        (end == LOG_END_DELIVERED && log_value_is_hop(line->format, line->record->fields[LOG_FIELD_HOST])))
        return;
    shared.action = actions[end];
    shared.expired = end == LOG_END_EXPIRED;
    if (end != LOG_END_DELIVERED && host_that_replied(text).length > 0)
        shared.host = host_that_replied(text);
    shared.diagnostic = line->format->stamped ? log_value_unescape(settlement->text, text) : text;
    while (settlement->all->len < MOST_RECIPIENTS && next_recipient(&list, &recipient))
        add_attempt(settlement, &shared, recipient, line->record->fields[LOG_FIELD_ORIGINAL]);
    for (guint i = 0; i < settlement->all->len; i++)
        wait_or_end(settlement, &g_array_index(settlement->all, struct log_attempt, i));
}

/* Of everyone who waited; the message is not forgotten before the next line, since they borrow from it. */
static void expire(struct settlement *settlement, const struct settlement_line *line)
{
    const struct queue_message *message = queue_memory_find(settlement->memory, key_of(settlement));
    struct log_attempt shared;

    if (message == NULL || message->waiting == NULL || !begin_attempt(settlement, line, &shared))
        return;
    for (guint i = 0; i < message->waiting->len; i++) {
        const struct queue_waiting *waiting = message->waiting->pdata[i];
        struct log_attempt attempt = shared;

        attempt.action = REPORT_ACTION_FAILED;
        attempt.expired = true;
        attempt.recipient = span_of(waiting->recipient);
        attempt.final_recipient = span_of(waiting->final_recipient);
        attempt.host = span_of(waiting->host);
        attempt.diagnostic = span_of(waiting->diagnostic);
        g_array_append_val(settlement->all, attempt);
    }
}

void settlement_clear(struct settlement *settlement)
{
    g_array_set_size(settlement->all, 0);
    settlement->next = 0;
}

void settlement_take(struct settlement *settlement, const struct settlement_line *line)
{
    const struct log_record *record = line->record;
    struct span text;
    enum log_end end = find_end(line, &text);

    if (record->fields[LOG_FIELD_QUEUE].length == 0 && line->format->programs != NULL)
        return;
    make_key(settlement, line);
    if (record->fields[LOG_FIELD_QUEUE].length > 0 && record->fields[LOG_FIELD_RECIPIENT].at == NULL &&
        end != LOG_END_DONE)
        remember(settlement, record);
    if (record->fields[LOG_FIELD_REPORT].length > 0)
        remember_report(settlement, record);
    if (end == LOG_END_DONE)
        queue_memory_drop(settlement->memory, key_of(settlement));
    else if (end == LOG_END_EXPIRED && record->fields[LOG_FIELD_RECIPIENT].at == NULL)
        expire(settlement, line);
    else if (end != LOG_END_NONE)
        add_attempts(settlement, line, end, text);
}

const struct log_attempt *settlement_next(struct settlement *settlement)
{
    if (settlement->next >= settlement->all->len)
        return NULL;
    return &g_array_index(settlement->all, struct log_attempt, settlement->next++);
}
