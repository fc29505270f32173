#include "cmd/ingest/ingest.h"
#include "cmd/batches/batch.h"
#include "cmd/config/rule_files.h"

#include <poll.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/envelope.h"
#include "cmd/bouncectl/files/mailbox.h"
#include "cmd/bouncectl/rehearsal.h"
#include "reports/readable.h"
#include "store/revision.h"

#define MAX_ON_THE_WAY ((size_t)64 * 1024 * 1024) /* octets of messages that are read and not stored */
enum { PREVIEW_EVENTS = 10000 };                  /* at a time */
#define PROGRESS_EVERY (G_USEC_PER_SEC / 5)

static const char *const unproven_names[] = {"count", "suppress", NULL};

struct ingest_options {
    struct envelope envelope;
    bool dry_run;
    enum ingest_unproven unproven;
};

/* One run: what was read, and what became of it. */
struct run {
    struct ingest *ingest;
    struct mailbox *mailbox;
    gint64 now;
    char *batch;
    enum ingest_unproven unproven;
    const struct envelope *envelope;
    int status;
    size_t on_the_way;
    guint64 read_errors;
    guint64 outcomes[INGEST_OUTCOME_FAILED + 1];
    guint64 kinds[REPORT_KIND_UNSUBSCRIBE + 1];
    guint would_suppress; /* addresses, had what proves nothing been believed */
    bool progress;        /* standard error is a terminal */
    gint64 started, shown;
};

static guint64 count_done(const struct run *run)
{
    return run->outcomes[INGEST_OUTCOME_STORED] + run->outcomes[INGEST_OUTCOME_DUPLICATE] +
           run->outcomes[INGEST_OUTCOME_FAILED];
}

static void show_progress(struct run *run)
{
    gint64 now = g_get_monotonic_time();

    if (!run->progress || now - run->shown < PROGRESS_EVERY)
        return;
    run->shown = now;
    guint64 done = count_done(run);
    fprintf(stderr, "\r%" G_GUINT64_FORMAT " messages, %.0f/s ", done,
            (double)done * G_USEC_PER_SEC / (double)(now - run->started));
}

static void end_progress(const struct run *run)
{
    if (run->progress && run->shown != run->started)
        fprintf(stderr, "\r\033[K");
}

/* The first failure ends the run: what fails is the disk or the database, and would fail for all the others. */
static void take_outcome(struct run *run, const struct ingest_message *message)
{
    run->outcomes[message->outcome]++;
    if (message->outcome == INGEST_OUTCOME_STORED) {
        for (size_t i = 0; i < G_N_ELEMENTS(run->kinds); i++)
            run->kinds[i] += message->kinds[i];
    }
    if (message->outcome == INGEST_OUTCOME_FAILED && run->outcomes[INGEST_OUTCOME_FAILED] == 1) {
        end_progress(run);
        g_autofree char *source = readable_dup(message->source);
        fprintf(stderr, "bouncectl: cannot store %s: %s\n", source, message->error);
        run->status = EX_TEMPFAIL;
    }
}

/* Waits until no more than `most` messages are on their way, and not too large ones. */
static void collect(struct run *run, unsigned most)
{
    for (;;) {
        g_autoptr(IngestMessage) message = ingest_done(run->ingest);
        if (message != NULL) {
            run->on_the_way -= message->bytes->len;
            take_outcome(run, message);
            show_progress(run);
            continue;
        }
        if (ingest_pending(run->ingest) <= most && run->on_the_way <= MAX_ON_THE_WAY)
            return;
        struct pollfd wait = {.fd = ingest_fd(run->ingest), .events = POLLIN};
        poll(&wait, 1, -1);
    }
}

static bool read_next(struct run *run, struct ingest_message *message)
{
    for (;;) {
        GError *error = NULL;
        const char *source;

        bool read = mailbox_next(run->mailbox, message->bytes, &source, &error);
        if (read && mailbox_is_mail(message->bytes)) {
            message->source = g_strdup(source);
            return true;
        }
        if (!read && error == NULL)
            return false;
        if (read)
            g_set_error(&error, SUBCOMMAND_ERROR, EX_DATAERR, "%s is left out: it is no mail", source);
        end_progress(run);
        int status = subcommand_warn(error);
        run->read_errors += status != EX_OK ? 1 : 0;
        run->status = run->status != EX_OK ? run->status : status;
    }
}

static void ingest_all(struct run *run, unsigned most)
{
    while (run->outcomes[INGEST_OUTCOME_FAILED] == 0) {
        g_autoptr(IngestMessage) message = ingest_message_new(NULL, run->now);

        if (!read_next(run, message))
            break;
        message->unproven = run->unproven;
        message->batch = run->batch;
        message->mail_from = g_strdup(run->envelope->mail_from);
        if (run->envelope->rcpt_to != NULL)
            g_ptr_array_add(message->rcpt_to, g_strdup(run->envelope->rcpt_to));
        run->on_the_way += message->bytes->len;
        ingest_message(run->ingest, g_steal_pointer(&message));
        collect(run, most);
    }
    collect(run, 0);
    end_progress(run);
}

/* Takes the run's messages as proven: how many addresses come onto the list by them. */
static bool preview(struct run *run, struct store *store, GError **error)
{
    const struct store_filter filter = {.since = run->now, .until = run->now + 1, .batch = run->batch};
    g_autoptr(Revision) revision = revision_new(store, &filter, error);
    const struct revision_listing *listings;
    struct stored_event row;
    GError *bad = NULL;
    guint n = 0;

    while (revision != NULL && revision_next(revision, &row, &bad)) {
        if (row.effect == POLICY_UNPROVEN)
            revision_prove(revision);
    }
    while (revision != NULL && bad == NULL && revision_left(revision) > 0)
        revision_preview(revision, run->now, PREVIEW_EVENTS, &bad);
    if (revision == NULL || bad != NULL) {
        if (bad != NULL)
            g_propagate_error(error, bad);
        return false;
    }
    listings = revision_listings(revision, &n);
    for (guint i = 0; i < n; i++)
        run->would_suppress += listings[i].effect == REVISION_APPEARS;
    return true;
}

static void print_batch(const struct run *run, const struct output *output, GString *line)
{
    if (run->batch != NULL && run->outcomes[INGEST_OUTCOME_STORED] > 0)
        g_string_append_printf(line, output->json ? ",\"batch\":\"%s\"" : "\nbatch: %s", run->batch);
}

static void print_would_suppress(const struct run *run, const struct output *output, GString *line)
{
    if (output->json)
        g_string_append_printf(line, ",\"would_suppress\":%u", run->would_suppress);
    else if (run->would_suppress > 0)
        g_string_append_printf(line, "\nunproven: --unproven suppress would have suppressed %u address%s",
                               run->would_suppress, run->would_suppress == 1 ? "" : "es");
}

static void print_sums(const struct run *run, const struct output *output)
{
    const struct {
        const char *name;
        guint64 count;
    } rows[] = {
        {"stored", run->outcomes[INGEST_OUTCOME_STORED]},
        {"duplicate", run->outcomes[INGEST_OUTCOME_DUPLICATE]},
        {"failed", run->outcomes[INGEST_OUTCOME_FAILED]},
        {"unreadable", run->read_errors},
    };
    g_autoptr(GString) line = g_string_new(output->json ? "{" : "messages:");

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_string_append_printf(line, output->json ? "%s\"%s\":%" G_GUINT64_FORMAT : "%s %s %" G_GUINT64_FORMAT,
                               i > 0 ? "," : "", rows[i].name, rows[i].count);
    g_string_append(line, output->json ? ",\"events\":{" : "\nevents:");
    bool first = true;
    for (size_t i = 0; i < G_N_ELEMENTS(run->kinds); i++) {
        if (run->kinds[i] == 0)
            continue;
        g_string_append_printf(line, output->json ? "%s\"%s\":%" G_GUINT64_FORMAT : "%s %s %" G_GUINT64_FORMAT,
                               first ? "" : ",", report_kind_names[i], run->kinds[i]);
        first = false;
    }
    g_string_append(line, output->json ? "}" : first ? " none" : "");
    print_would_suppress(run, output, line);
    print_batch(run, output, line);
    if (output->json)
        g_string_append_c(line, '}');
    output_line(output, line);
}

static bool look_back(struct run *run, GError **error)
{
    GError *bad = NULL;
    struct store *store;
    bool good;

    if (run->unproven == INGEST_UNPROVEN_SUPPRESS || run->outcomes[INGEST_OUTCOME_STORED] == 0 || run->status != EX_OK)
        return true;
    store = ingest_borrow_store(run->ingest, &bad);
    good = store != NULL && preview(run, store, &bad);
    ingest_return_store(run->ingest, bad);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return good;
}

static int ingest_into(struct context *context, struct store *store, const struct ingest_options *options, char **files,
                       GError **error)
{
    const struct config *config = context->config;
    g_autoptr(Classifier) classifier = rule_files_classifier(config, error);
    g_autoptr(Mailbox) mailbox = mailbox_new((const char *const *)files, MAILBOX_MAX_SIZE);
    g_autofree char *batch = options->dry_run ? NULL : batch_name(context->now);
    gint64 started = g_get_monotonic_time();

    if (classifier == NULL)
        return EX_CONFIG;
    g_autoptr(Ingest) ingest = ingest_new(config, classifier, store);
    struct run run = {.ingest = ingest,
                      .mailbox = mailbox,
                      .now = context->now,
                      .batch = batch,
                      .unproven = options->unproven,
                      .envelope = &options->envelope,
                      .progress = isatty(STDERR_FILENO) == 1,
                      .started = started,
                      .shown = started};
    ingest_all(&run, (unsigned)config->queue_size);
    if (!look_back(&run, error))
        return EX_IOERR;
    print_sums(&run, &context->output);
    return run.status;
}

/* On a copy of the database, which goes away; then the changes of the list that came of it. */
static int rehearse(struct context *context, const struct ingest_options *options, char **files, GError **error)
{
    g_autoptr(Rehearsal) rehearsal = rehearsal_new(context->config, error);

    if (rehearsal == NULL)
        return EX_IOERR;
    int status = ingest_into(context, rehearsal_store(rehearsal), options, files, error);
    return *error == NULL && rehearsal_print(rehearsal, &context->output, error) ? status : EX_IOERR;
}

static int run_ingest(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct ingest_options *options = data;

    if (!envelope_check(&options->envelope, error))
        return EX_USAGE;
    if (context_config_with(context, "return-path", error) == NULL)
        return EX_CONFIG;
    if (options->dry_run)
        return rehearse(context, options, arguments, error);
    struct store *store = context_store(context, STORE_MODE_WRITE, error);
    return store != NULL ? ingest_into(context, store, options, arguments, error) : EX_IOERR;
}

static const struct option_row rows[] = {
    {"unproven", 0, OPTION_CHOICE, offsetof(struct ingest_options, unproven), "WHAT",
     "what messages may do that prove nothing, count or suppress; default: as the config says", unproven_names},
    ENVELOPE_MAIL_FROM,
    ENVELOPE_RCPT_TO,
    {"dry-run", 0, OPTION_FLAG, offsetof(struct ingest_options, dry_run), NULL,
     "show what it would do to the list, on a copy of the database", NULL},
    {0},
};

const struct subcommand subcommand_ingest = {
    .name = "ingest",
    .arguments = "FILE...",
    .summary = "Put messages into the database, as if they had arrived now",
    .details =
        "FILE is a message, an mbox, a maildir, a directory of these, or - for standard input. A message that is\n"
        "in the database already is not counted again, so a run that was broken off can be repeated.\n"
        "--dry-run shows what would come of it; afterwards `bouncectl rollback` undoes the batch. A message that does "
        "not prove to be about our\n"
        "mail is counted and suppresses nobody, unless you vouch for the files by --unproven suppress.\n",
    .examples = "  bouncectl ingest ~/Maildir\n"
                "  bouncectl ingest --unproven suppress - < /var/mail/bounces\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct ingest_options),
    .run = run_ingest,
};
