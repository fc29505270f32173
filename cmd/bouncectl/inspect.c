#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/block.h"
#include "cmd/bouncectl/command.h"
#include "cmd/bouncectl/mailbox.h"
#include "cmd/ingest.h"
#include "reports/json.h"

#define WINDOW 64 /* messages that may be ahead of the one that is printed next */

struct inspect_options {
    gint64 jobs;
};

/* One message on its way through; its buffers are used again for the next. */
struct slot {
    GString *source, *bytes, *text;
    bool done; /* `text` is ready to be printed */
};

/* Threads take turns: with the lock one reads the next message, without it it parses and renders, with it again it
 * prints what is next in line, whoever made it. */
struct inspection {
    struct output *output;
    const struct classifier *classifier;
    struct report_settings settings;

    GMutex lock;
    GCond printed;
    struct mailbox *mailbox;
    struct slot slots[WINDOW];
    unsigned read, print; /* numbers of messages, modulo WINDOW their slots */
    bool end;
    int status;
};

static void render(const struct inspection *inspection, struct slot *slot)
{
    g_autoptr(Report) report = report_parse(&inspection->settings, NULL, slot->bytes->str, slot->bytes->len);
    g_autoptr(GArray) events = ingest_events(inspection->classifier, slot->source->str, report, 0);

    g_string_truncate(slot->text, 0);
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = &g_array_index(events, struct event, i);
        if (inspection->output->json)
            json_event(slot->text, event);
        else
            block_event(slot->text, inspection->output, event);
        g_string_append_c(slot->text, '\n');
    }
}

/* With the lock: the slot of the next message; NULL at the end. */
static struct slot *read_next(struct inspection *inspection)
{
    while (!inspection->end) {
        if (inspection->read - inspection->print == WINDOW) {
            g_cond_wait(&inspection->printed, &inspection->lock);
            continue;
        }
        struct slot *slot = &inspection->slots[inspection->read % WINDOW];
        const char *source;
        GError *error = NULL;
        if (mailbox_next(inspection->mailbox, slot->bytes, &source, &error)) {
            g_string_assign(slot->source, source);
            inspection->read++;
            return slot;
        }
        inspection->end = error == NULL;
        if (error != NULL) {
            int status = command_warn(error);
            inspection->status = inspection->status != EX_OK ? inspection->status : status;
        }
    }
    return NULL;
}

/* With the lock. */
static void print_ready(struct inspection *inspection)
{
    struct slot *slot = &inspection->slots[inspection->print % WINDOW];

    for (; slot->done; slot = &inspection->slots[inspection->print % WINDOW]) {
        fwrite(slot->text->str, 1, slot->text->len, inspection->output->stream);
        slot->done = false;
        inspection->print++;
    }
    g_cond_broadcast(&inspection->printed);
}

static void *work(void *data)
{
    struct inspection *inspection = data;
    struct slot *slot;

    g_mutex_lock(&inspection->lock);
    while ((slot = read_next(inspection)) != NULL) {
        g_mutex_unlock(&inspection->lock);
        render(inspection, slot);
        g_mutex_lock(&inspection->lock);
        slot->done = true;
        print_ready(inspection);
    }
    g_mutex_unlock(&inspection->lock);
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

static int inspect(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct inspect_options *options = data;
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? ingest_classifier(config, error) : NULL;
    g_autoptr(Mailbox) mailbox = mailbox_new((const char *const *)arguments, MAILBOX_MAX_SIZE);
    struct inspection inspection = {.output = &context->output, .classifier = classifier, .mailbox = mailbox};
    gint64 jobs = options->jobs > 0 ? options->jobs : (gint64)g_get_num_processors();

    if (classifier == NULL)
        return EX_CONFIG;
    ingest_report_settings(config, &inspection.settings);
    g_mutex_init(&inspection.lock);
    g_cond_init(&inspection.printed);
    for (size_t i = 0; i < WINDOW; i++)
        inspection.slots[i] = (struct slot){g_string_new(NULL), g_string_new(NULL), g_string_new(NULL), false};
    run_jobs(&inspection, (unsigned)MIN(jobs, WINDOW));
    for (size_t i = 0; i < WINDOW; i++) {
        g_string_free(inspection.slots[i].source, TRUE);
        g_string_free(inspection.slots[i].bytes, TRUE);
        g_string_free(inspection.slots[i].text, TRUE);
    }
    g_cond_clear(&inspection.printed);
    g_mutex_clear(&inspection.lock);
    return inspection.status;
}

static const struct option_row rows[] = {
    {"jobs", 'j', OPTION_NUMBER, offsetof(struct inspect_options, jobs), "N", "use N cores; default: all", NULL},
    {0},
};

const struct command command_inspect = {
    .name = "inspect",
    .arguments = "FILE...",
    .summary = "Say what messages report, without touching the database",
    .details = "FILE is a message, an mbox, a maildir, a directory of these, or - for standard input. For every\n"
               "recipient that a message reports on there is a block, with --json an object on one line.\n",
    .examples = "  bouncectl inspect bounce.eml\n"
                "  bouncectl inspect --json ~/Maildir | jq -r 'select(.verdict == \"hard\") | .recipient'\n"
                "  ssh mx.example.com cat /var/mail/bounces | bouncectl inspect -\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct inspect_options),
    .run = inspect,
};
