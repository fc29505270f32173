#include "cmd/ingest/log_testimony.h"

#include "parser/return_path.h"

static char *text_of(struct span text)
{
    return text.length > 0 ? g_strndup(text.at, text.length) : NULL;
}

/* A message's id is used again by other messages, at another time. */
static char *make_key(const struct log_attempt *attempt)
{
    const struct span parts[] = {attempt->server, attempt->queue_id, attempt->recipient, attempt->final_recipient};
    GString *key = g_string_new(log_software_names[attempt->software]);

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_string_append_c(key, '\n');
        g_string_append_len(key, parts[i].at, (gssize)parts[i].length);
    }
    g_string_append_printf(key, "\n%" G_GINT64_FORMAT "\n%s%s", attempt->time, report_action_names[attempt->action],
                           attempt->expired ? " expired" : "");
    return g_string_free(key, FALSE);
}

static char *find_stream(const GPtrArray *return_paths, const char *sender)
{
    const struct return_path *path =
        return_paths != NULL && sender != NULL ? return_path_find(return_paths, sender) : NULL;

    return path != NULL ? g_strdup(path->stream) : NULL;
}

struct testimony *log_testimony_new(const struct log_attempt *attempt, const GPtrArray *return_paths)
{
    struct testimony *testimony = testimony_new(LOG_TESTIMONY_WHO);
    struct observation *observation = &testimony->observation;

    *observation = (struct observation){
        .recipient = text_of(attempt->recipient),
        .final_recipient = text_of(attempt->final_recipient),
        .sender = text_of(attempt->sender),
        .status = text_of(attempt->status),
        .host = text_of(attempt->host),
        .message_id = text_of(attempt->message_id),
        .action = attempt->action,
        .time = attempt->time,
    };
    /* The last answer was told of when it came; now the server gave up. */
    observation->diagnostic =
        attempt->expired ? g_strdup("message expired, returned to sender") : text_of(attempt->diagnostic);
    observation->stream = find_stream(return_paths, observation->sender);
    testimony->key = make_key(attempt);
    if (observation->status != NULL && !report_is_status(observation->status))
        g_clear_pointer(&observation->status, g_free);
    if (observation_fault(observation) == OBSERVATION_FAULT_NONE)
        return testimony;
    testimony_free(testimony);
    return NULL;
}
