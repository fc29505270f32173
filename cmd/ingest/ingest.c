#include "cmd/ingest/ingest.h"

#include "cmd/ingest/compressor.h"
#include "cmd/ingest/digest.h"
#include "cmd/ingest/evidence.h"
#include "cmd/ingest/writer.h"
#include "parser/parser.h"

struct ingest {
    struct report_settings settings;
    const struct config *config;
    const struct classifier *classifier;
    GThreadPool *pool;
    struct compressor *compressor;
    struct signatures *signatures; /* NULL: libopendkim cannot be had */
    struct writer *writer;
    unsigned pending;
};

/* --- reading and judging ------------------------------------------------------------------------------------------ */

void ingest_report_settings(const struct config *config, struct report_settings *settings)
{
    report_settings_defaults(settings);
    settings->max_parts = (size_t)config->parser_parts;
    settings->max_depth = (size_t)config->parser_depth;
    settings->max_recipients = (size_t)config->parser_recipients;
    settings->max_header_bytes = (size_t)config->parser_header_size;
    settings->max_text_bytes = (size_t)config->parser_text_size;
    settings->return_paths = config->return_paths;
    settings->unproven_suppresses = config->ingest_unproven_suppresses;
}

GArray *ingest_events(const struct classifier *classifier, const char *source, const struct report *report,
                      gint64 received)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(struct event), report->recipients->len);

    for (guint i = 0; i < report->recipients->len; i++) {
        const struct report_recipient *recipient = report->recipients->pdata[i];
        struct verdict verdict;
        struct event event;

        classifier_judge(classifier, report, recipient, &verdict);
        event_from_report(&event, source, report, recipient, &verdict, received);
        g_array_append_val(events, event);
    }
    return events;
}

static void set_unproven(GArray *events, enum ingest_unproven unproven)
{
    for (guint i = 0; unproven != INGEST_UNPROVEN_CONFIG && i < events->len; i++) {
        struct event *event = &g_array_index(events, struct event, i);

        if (event->evidence == REPORT_EVIDENCE_UNPROVEN)
            event->may_suppress = unproven == INGEST_UNPROVEN_SUPPRESS;
    }
}

/* One report that proves nothing must not put thousands on the list. */
static void limit_unproven(GArray *events, gint64 most)
{
    const struct event *all = (const struct event *)(void *)events->data;
    gint64 count = 0;

    for (guint i = 0; i < events->len; i++)
        count += all[i].evidence == REPORT_EVIDENCE_UNPROVEN && all[i].may_suppress && all[i].verdict != VERDICT_NONE;
    for (guint i = 0; count > most && i < events->len; i++)
        g_array_index(events, struct event, i).may_suppress = all[i].evidence != REPORT_EVIDENCE_UNPROVEN;
}

/* Whose word a testimony is was found out before it came here. */
static void prove_testimony(const struct testimony *testimony, const struct ingest_work *work)
{
    g_autofree char *text = g_strconcat(EVENT_PROOF_SAID, testimony->who, NULL);
    const char *proof = g_string_chunk_insert(work->report->strings, text);

    for (guint i = 0; i < work->events->len; i++) {
        struct event *event = &g_array_index(work->events, struct event, i);

        event->proof = proof;
        event->confined = testimony->confined;
    }
}

static void confine(GArray *events)
{
    for (guint i = 0; i < events->len; i++)
        g_array_index(events, struct event, i).confined = true;
}

/* True when a claim is to wait. */
static bool find_evidence(const struct ingest *ingest, const struct ingest_message *message)
{
    const struct evidence_mail mail = {message->source, message->rcpt_to, message->bytes};

    if (message->testimony != NULL) {
        prove_testimony(message->testimony, message->work);
        return false;
    }
    if (message->confined)
        confine(message->work->events);
    return ingest->signatures != NULL &&
           evidence_find(ingest->config, ingest->signatures, &mail, message->work->report, message->work->events);
}

/* Is the message itself to be kept, for whoever asks later or for what is still to be done with it? */
static bool needs_raw(const struct ingest *ingest, const struct ingest_message *message)
{
    const GArray *events = message->work->events;
    bool kept = ingest->config->store_keep_raw == CONFIG_KEEP_RAW_ALL;

    if (ingest->config->store_keep_raw == CONFIG_KEEP_RAW_UNPROVEN_ONLY) {
        for (guint i = 0; i < events->len && !kept; i++)
            kept = g_array_index(events, struct event, i).evidence == REPORT_EVIDENCE_UNPROVEN;
    }
    return kept || message->claims || message->work->forwards->len > 0;
}

enum { HOUR = 3600 };

/* Nothing that is reported happened later than now; a clock that is an hour ahead or more is worth a word. */
static void take_as_now(struct ingest_message *message)
{
    GArray *events = message->work->events;

    for (guint i = 0; i < events->len; i++) {
        struct event *event = &g_array_index(events, struct event, i);

        message->future += event->occurred > message->received + HOUR;
        event->occurred = MIN(event->occurred, message->received);
        event->mailed = MIN(event->mailed, message->received);
    }
}

enum { WAIT_PER_OCTET = 20 }; /* microseconds */

/* A large message takes long, and lets as many small ones that come after it go first: what it costs to send many of
 * them is then paid by who sends them. But it waits no longer than its size says. */
static void set_due(struct ingest_message *message)
{
    message->due = g_get_monotonic_time() + (gint64)message->bytes->len * WAIT_PER_OCTET;
}

static void read_mail(const struct report_settings *settings, const struct ingest_message *message)
{
    struct report_envelope envelope = {.mail_from = message->mail_from};
    struct ingest_work *work = message->work;

    g_ptr_array_add(message->rcpt_to, NULL);
    work->rcpt_to = g_strjoinv(",", (char **)message->rcpt_to->pdata);
    if (message->rcpt_to->len > 1)
        envelope.recipients = (const char *const *)message->rcpt_to->pdata;
    if (message->own_mta != NULL)
        envelope.own_mta = (const char *const *)message->own_mta->pdata;
    work->report = parser_read(settings, &envelope, message->bytes->str, message->bytes->len);
    g_ptr_array_remove_index(message->rcpt_to, message->rcpt_to->len - 1);
}

static void read_testimony(const struct report_settings *settings, const struct ingest_message *message)
{
    struct ingest_work *work = message->work;

    work->rcpt_to = g_strdup("");
    work->report = observation_report(settings, &message->testimony->observation);
    work->report->evidence = REPORT_EVIDENCE_AUTHENTICATED;
}

static void make_digest(const struct ingest_message *message)
{
    struct ingest_work *work = message->work;

    if (message->testimony != NULL)
        digest_testimony(message->testimony, message->received, work->digest);
    else
        digest_message(work->rcpt_to, work->report->evidence, message->bytes, work->digest);
}

/* In the pool. */
static void read_message(void *data, void *user_data)
{
    struct ingest_message *message = data;
    const struct ingest *ingest = user_data;
    struct ingest_work *work = g_new0(struct ingest_work, 1);
    struct report_settings settings = ingest->settings;

    writer_wait(ingest->writer);
    message->work = work;
    settings.now = message->received;
    (message->testimony != NULL ? read_testimony : read_mail)(&settings, message);
    work->events = ingest_events(ingest->classifier, message->source, work->report, message->received);
    message->claims = find_evidence(ingest, message);
    set_unproven(work->events, message->unproven);
    limit_unproven(work->events, ingest->config->ingest_unproven_recipients);
    take_as_now(message);
    message->cut = work->report->cut;
    for (guint i = 0; i < work->events->len; i++)
        message->kinds[g_array_index(work->events, struct event, i).kind]++;
    work->forwards = message->kinds[REPORT_KIND_OTHER] < work->events->len
                         ? g_ptr_array_new()
                         : forward_plan(ingest->config, work->report, message->mail_from, message->rcpt_to);
    make_digest(message);
    message->digest = digest_hex(work->digest);
    if (needs_raw(ingest, message))
        work->raw = compressor_run(ingest->compressor, message->bytes);
    work->octets = report_octets(work->report) + work->events->len * sizeof(struct event) +
                   (work->raw != NULL ? g_bytes_get_size(work->raw) : 0);
    writer_push(ingest->writer, message);
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

static void use(struct ingest *ingest, const struct config *config, const struct classifier *classifier)
{
    ingest_report_settings(config, &ingest->settings);
    ingest->config = config;
    ingest->classifier = classifier;
}

struct ingest *ingest_new(const struct config *config, const struct classifier *classifier, struct store *store)
{
    struct ingest *ingest = g_new0(struct ingest, 1);
    gint64 workers = config->workers > 0 ? config->workers : (gint64)g_get_num_processors();

    use(ingest, config, classifier);
    ingest->compressor = compressor_new();
    ingest->signatures = signatures_new();
    ingest->writer = writer_new(config, classifier, store);
    /* Threads of a pool's own end at some time behind its end: a process that ends then would be about to lose what
     * OpenSSL keeps for each. */
    g_thread_pool_set_max_unused_threads(-1);
    ingest->pool = g_thread_pool_new(read_message, ingest, (int)workers, FALSE, NULL);
    g_thread_pool_set_sort_function(ingest->pool, ingest_message_compare, NULL);
    return ingest;
}

void ingest_reload(struct ingest *ingest, const struct config *config, const struct classifier *classifier)
{
    g_assert(ingest->pending == 0);
    use(ingest, config, classifier);
    writer_reload(ingest->writer, config, classifier);
}

void ingest_free(struct ingest *ingest)
{
    if (ingest == NULL)
        return;
    g_thread_pool_free(ingest->pool, FALSE, TRUE);
    writer_free(ingest->writer);
    compressor_free(ingest->compressor);
    signatures_free(ingest->signatures);
    g_free(ingest);
}

void ingest_message(struct ingest *ingest, struct ingest_message *message)
{
    message->outcome = INGEST_OUTCOME_PENDING;
    ingest->pending++;
    set_due(message);
    g_thread_pool_push(ingest->pool, message, NULL);
}

unsigned ingest_pending(const struct ingest *ingest)
{
    return ingest->pending;
}

size_t ingest_backlog(const struct ingest *ingest)
{
    return writer_backlog(ingest->writer);
}

int ingest_fd(const struct ingest *ingest)
{
    return writer_fd(ingest->writer);
}

struct ingest_message *ingest_done(struct ingest *ingest)
{
    struct ingest_message *message = writer_done(ingest->writer);

    if (message != NULL)
        ingest->pending--;
    return message;
}

bool ingest_short_of_room(const struct ingest *ingest)
{
    return writer_room(ingest->writer) != ROOM_GOOD;
}

struct wave *ingest_next_wave(struct ingest *ingest)
{
    return news_next(writer_news(ingest->writer));
}

void ingest_wave_told(struct ingest *ingest, struct wave *wave)
{
    news_told(writer_news(ingest->writer), wave);
}

unsigned ingest_waves(const struct ingest *ingest)
{
    return news_waves(writer_news(ingest->writer));
}

struct store *ingest_borrow_store(struct ingest *ingest, GError **error)
{
    return writer_borrow_store(ingest->writer, error);
}

void ingest_return_store(struct ingest *ingest, const GError *error)
{
    writer_return_store(ingest->writer, error);
}
