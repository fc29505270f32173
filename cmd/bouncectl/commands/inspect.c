#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/block.h"
#include "cmd/bouncectl/envelope.h"
#include "cmd/bouncectl/files/mailbox.h"
#include "cmd/config/rule_files.h"
#include "cmd/ingest/ingest.h"
#include "parser/parser.h"
#include "reports/json.h"
#include "reports/readable.h"

enum { WINDOW = 64 }; /* messages that may be ahead of the one that is printed next */
#define KEPT_BUFFER                                                                                                    \
    ((size_t)1024 * 1024) /* octets that wait for their turn, or a buffer keeps for the next message                   \
                           */

struct inspect_options {
    struct envelope envelope;
    gint64 jobs;
    gint64 now; /* 0: the present time */
};

/* The output of one message, until it is its turn to be printed; the buffer is used again for another. */
struct slot {
    GString *text;
    unsigned number; /* of the message */
    bool done;
};

/* Threads take turns: with the lock one reads the next message, without it it parses and renders, with it again it
 * prints what is next in line, whoever made it. */
struct inspection {
    struct output *output;
    const struct classifier *classifier;
    struct report_settings settings;
    struct report_envelope envelope;

    GMutex lock;
    GCond printed;
    struct mailbox *mailbox;
    struct slot slots[WINDOW];
    unsigned read, print; /* numbers of messages, modulo WINDOW their slots */
    bool end;
    int status;
    unsigned unread; /* files and messages that could not be read */
};

/* A thread's own message. */
struct job {
    GString *source, *bytes;
};

/* Prints what a large message has given so far, once all before it is printed: thousands of recipients with long fields
 * would else take a thousand times the message. The message that is next in line never waits. */
static void print_part(struct inspection *inspection, struct slot *slot)
{
    g_mutex_lock(&inspection->lock);
    while (inspection->print != slot->number)
        g_cond_wait(&inspection->printed, &inspection->lock);
    g_mutex_unlock(&inspection->lock);
    fwrite(slot->text->str, 1, slot->text->len, inspection->output->stream);
    g_string_truncate(slot->text, 0);
}

static void render(struct inspection *inspection, const struct job *job, struct slot *slot)
{
    g_autoptr(Report) report =
        parser_read(&inspection->settings, &inspection->envelope, job->bytes->str, job->bytes->len);
    g_autoptr(GArray) events = ingest_events(inspection->classifier, job->source->str, report, 0);
    g_autofree char *cut = report_cut_names(report->cut);

    if (cut != NULL) {
        g_autofree char *source = readable_dup(job->source->str);
        g_printerr("bouncectl: %s: not all of it was read, more than a limit of [parser] allows: %s\n", source, cut);
    }
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = &g_array_index(events, struct event, i);
        if (inspection->output->json)
            json_event(slot->text, event);
        else
            block_event(slot->text, inspection->output, event);
        g_string_append_c(slot->text, '\n');
        if (slot->text->len > KEPT_BUFFER)
            print_part(inspection, slot);
    }
}

/* With the lock: reads the next message, and gives it a slot; NULL at the end. */
static struct slot *read_next(struct inspection *inspection, struct job *job)
{
    while (!inspection->end) {
        if (inspection->read - inspection->print == WINDOW) {
            g_cond_wait(&inspection->printed, &inspection->lock);
            continue;
        }
        const char *source;
        GError *error = NULL;
        if (mailbox_next(inspection->mailbox, job->bytes, &source, &error)) {
            struct slot *slot = &inspection->slots[inspection->read % WINDOW];
            g_string_assign(job->source, source);
            slot->number = inspection->read++;
            return slot;
        }
        inspection->end = error == NULL;
        if (error != NULL) {
            int status = subcommand_warn(error);
            inspection->status = inspection->status != EX_OK ? inspection->status : status;
            inspection->unread += status != EX_OK;
        }
    }
    return NULL;
}

/* Empties a buffer for the next message; one that a huge message made huge is given back. */
static void empty(GString **buffer)
{
    if ((*buffer)->allocated_len <= KEPT_BUFFER) {
        g_string_truncate(*buffer, 0);
        return;
    }
    g_string_free(*buffer, TRUE);
    *buffer = g_string_new(NULL);
}

/* With the lock. */
static void print_ready(struct inspection *inspection)
{
    struct slot *slot = &inspection->slots[inspection->print % WINDOW];

    for (; slot->done; slot = &inspection->slots[inspection->print % WINDOW]) {
        fwrite(slot->text->str, 1, slot->text->len, inspection->output->stream);
        empty(&slot->text);
        slot->done = false;
        inspection->print++;
    }
    g_cond_broadcast(&inspection->printed);
}

static void *work(void *data)
{
    struct inspection *inspection = data;
    struct job job = {g_string_new(NULL), g_string_new(NULL)};
    struct slot *slot;

    g_mutex_lock(&inspection->lock);
    while ((slot = read_next(inspection, &job)) != NULL) {
        g_mutex_unlock(&inspection->lock);
        render(inspection, &job, slot);
        empty(&job.bytes);
        g_mutex_lock(&inspection->lock);
        slot->done = true;
        print_ready(inspection);
    }
    g_mutex_unlock(&inspection->lock);
    g_string_free(job.source, TRUE);
    g_string_free(job.bytes, TRUE);
    return NULL;
}

static void run_jobs(struct inspection *inspection, unsigned jobs)
{
    GThread *threads[WINDOW];

    for (unsigned i = 1; i < jobs; i++)
        threads[i] = g_thread_new("inspect", work, inspection);
    work(inspection);
    for (unsigned i = 1; i < jobs; i++)
        g_thread_join(threads[i]);
}

/* Messages can be read without the keys. */
static void read_keys(struct context *context)
{
    GError *bad = NULL;

    if (context_config_with(context, "return-path", &bad) != NULL)
        return;
    g_prefix_error(&bad, "inspect: signed return paths are taken for unproven: ");
    subcommand_warn(bad);
}

static int inspect(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct inspect_options *options = data;
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    g_autoptr(Mailbox) mailbox = mailbox_new((const char *const *)arguments, MAILBOX_MAX_SIZE);
    struct inspection inspection = {.output = &context->output, .classifier = classifier, .mailbox = mailbox};
    const char *const recipients[] = {options->envelope.rcpt_to, NULL};
    gint64 jobs = options->jobs > 0 ? options->jobs : (gint64)g_get_num_processors();

    if (classifier == NULL)
        return EX_CONFIG;
    if (!envelope_check(&options->envelope, error))
        return EX_USAGE;
    read_keys(context);
    inspection.envelope.mail_from = options->envelope.mail_from;
    inspection.envelope.recipients = options->envelope.rcpt_to != NULL ? recipients : NULL;
    ingest_report_settings(config, &inspection.settings);
    inspection.settings.now = options->now != 0 ? options->now : context->now;
    g_mutex_init(&inspection.lock);
    g_cond_init(&inspection.printed);
    for (size_t i = 0; i < WINDOW; i++)
        inspection.slots[i] = (struct slot){.text = g_string_new(NULL)};
    run_jobs(&inspection, (unsigned)MIN(jobs, WINDOW));
    for (size_t i = 0; i < WINDOW; i++)
        g_string_free(inspection.slots[i].text, TRUE);
    g_cond_clear(&inspection.printed);
    g_mutex_clear(&inspection.lock);
    if (inspection.unread > 0)
        g_printerr("bouncectl: %u file%s or message%s not read\n", inspection.unread, inspection.unread == 1 ? "" : "s",
                   inspection.unread == 1 ? " was" : "s were");
    return inspection.status;
}

static const struct option_row rows[] = {
    {"jobs", 'j', OPTION_NUMBER, offsetof(struct inspect_options, jobs), "N", "use N cores; default: all", NULL},
    {"now", 0, OPTION_MOMENT, offsetof(struct inspect_options, now), "TIME",
     "as if the messages had come at that time; default: now", NULL},
    ENVELOPE_MAIL_FROM,
    ENVELOPE_RCPT_TO,
    {0},
};

const struct subcommand subcommand_inspect = {
    .name = "inspect",
    .arguments = "FILE...",
    .summary = "Say what messages report, without touching the database",
    .details = "FILE is a message, an mbox, a maildir, a directory of these, or - for standard input. For every\n"
               "recipient that a message reports on there is a block, with --json an object on one line.\n",
    .examples = "  bouncectl inspect bounce.eml\n"
                "  bouncectl inspect --mail-from '' --rcpt-to bounces@example.com bounce.eml\n"
                "  bouncectl inspect --json ~/Maildir | jq -r 'select(.verdict == \"hard\") | .recipient'\n"
                "  ssh mx.example.com cat /var/mail/bounces | bouncectl inspect -\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct inspect_options),
    .paged = true,
    .run = inspect,
};
