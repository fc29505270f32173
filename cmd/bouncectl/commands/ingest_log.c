#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/batches/batch.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/ingest_log_sums.h"
#include "cmd/bouncectl/display/block.h"
#include "cmd/bouncectl/files/numbered.h"
#include "cmd/bouncectl/rehearsal.h"
#include "cmd/config/rule_files.h"
#include "cmd/ingest/deliveries.h"
#include "cmd/ingest/ingest.h"
#include "cmd/ingest/log_testimony.h"
#include "parser/address.h"
#include "reports/json.h"
#include "reports/readable.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 9999, LINES_A_LOOK = 1024 /* at the clock, to show how far it is */ };
#define QUEUE_OCTETS ((size_t)64 * 1024 * 1024)
#define PROGRESS_EVERY (G_USEC_PER_SEC / 5)

struct ingest_log_options {
    enum log_software format; /* 1 + it, as it was typed */
    gint64 year;
    bool dry_run;
    bool inspect;
};

/* One run: what was read, and what became of it. */
struct run {
    struct context *context;
    const struct config *config;
    const struct classifier *classifier;
    struct log_reader *reader;
    int year;
    const char *path;
    struct ingest *ingest; /* NULL: what is read is only shown */
    struct deliveries *deliveries;
    char *batch;
    GString *text;
    int status;
    bool broken; /* by a failure of the store */
    struct ingest_log_sums sums;
    bool progress; /* standard error is a terminal */
    gint64 started, shown;
};

/* --- progress -------------------------------------------------------------------------------------------- */

static void show_progress(struct run *run)
{
    gint64 now = g_get_monotonic_time();

    if (!run->progress || now - run->shown < PROGRESS_EVERY)
        return;
    run->shown = now;
    fprintf(stderr, "\r%" G_GUINT64_FORMAT " lines, %.0f/s ", run->sums.lines,
            (double)run->sums.lines * G_USEC_PER_SEC / (double)(now - run->started));
}

static void end_progress(const struct run *run)
{
    if (run->progress && run->shown != run->started)
        fprintf(stderr, "\r\033[K");
}

/* --- into the store ----------------------------------------------------------------------------------------------- */

/* The first failure ends the run: what fails is the disk or the database, and would fail for all the others. */
static void fail(struct run *run, const char *message)
{
    if (!run->broken) {
        end_progress(run);
        fprintf(stderr, "bouncectl: cannot store what %s tells: %s\n", run->path, message);
    }
    run->broken = true;
    run->status = EX_TEMPFAIL;
}

/* Waits until no more than `most` events are on their way. */
static void collect(struct run *run, unsigned most)
{
    for (;;) {
        g_autoptr(IngestMessage) message = ingest_done(run->ingest);

        if (message != NULL) {
            run->sums.outcomes[message->outcome]++;
            if (message->outcome == INGEST_OUTCOME_FAILED)
                fail(run, message->error);
            continue;
        }
        if (ingest_pending(run->ingest) <= most)
            return;
        struct pollfd wait = {.fd = ingest_fd(run->ingest), .events = POLLIN};
        poll(&wait, 1, -1);
    }
}

/* After the failures that came before: it is these that they clear. */
static void store_deliveries(struct run *run)
{
    const struct store_order order = {.who = LOG_TESTIMONY_WHO, .now = run->context->now, .door = STORE_DOOR_CLI};
    GError *error = NULL;
    guint64 recorded = 0;
    struct store *store;

    collect(run, 0);
    if (run->broken || deliveries_count(run->deliveries) == 0)
        return;
    store = ingest_borrow_store(run->ingest, &error);
    if (store != NULL)
        deliveries_store(run->deliveries, store, &order, &recorded, &error);
    ingest_return_store(run->ingest, error);
    run->sums.cleared += recorded;
    if (error != NULL)
        fail(run, error->message);
    g_clear_error(&error);
}

static void deliver(struct run *run, const struct testimony *testimony)
{
    const struct observation *observation = &testimony->observation;
    g_autoptr(GString) address = g_string_new(NULL);

    if (!address_read(span_of(observation->recipient), ADDRESS_ALONE, address))
        return;
    deliveries_add(run->deliveries, observation->stream, address->str, observation->time);
    if (deliveries_count(run->deliveries) >= DELIVERIES_MANY)
        store_deliveries(run);
}

static void ingest_one(struct run *run, struct testimony *testimony, const GString *line)
{
    struct ingest_message *message = ingest_message_new(run->path, run->context->now);

    message->testimony = testimony;
    message->batch = run->batch;
    g_string_append_len(message->bytes, line->str, (gssize)line->len);
    ingest_message(run->ingest, message);
    collect(run, (unsigned)run->config->queue_size);
}

/* --- what lines tell ---------------------------------------------------------------------------------------------- */

/* With the queue id, by which a person finds the line. */
static void show_json(GString *text, const struct event *event, struct span queue_id)
{
    g_autofree char *id = g_strndup(queue_id.at, queue_id.length);

    json_event(text, event);
    g_string_truncate(text, text->len - 1);
    output_json_member(text, "queue_id", id);
    g_string_append_c(text, '}');
}

static void show(struct run *run, const struct testimony *testimony, struct span queue_id)
{
    struct report_settings settings;

    ingest_report_settings(run->config, &settings);
    g_autoptr(Report) report = observation_report(&settings, &testimony->observation);
    report->evidence = REPORT_EVIDENCE_AUTHENTICATED;
    g_autoptr(GArray) events = ingest_events(run->classifier, run->path, report, 0);
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = &g_array_index(events, struct event, i);

        if (run->context->output.json)
            show_json(run->text, event, queue_id);
        else
            block_event(run->text, &run->context->output, event);
        output_line(&run->context->output, run->text);
    }
}

static void take_attempt(struct run *run, const struct log_attempt *attempt, const GString *line)
{
    struct testimony *testimony = log_testimony_new(attempt, run->config->return_paths);

    if (testimony == NULL) {
        run->sums.unusable++;
        return;
    }
    run->sums.actions[attempt->action]++;
    if (run->ingest != NULL && attempt->action != REPORT_ACTION_DELIVERED) {
        ingest_one(run, testimony, line);
        return;
    }
    if (run->ingest == NULL)
        show(run, testimony, attempt->queue_id);
    else
        deliver(run, testimony);
    testimony_free(testimony);
}

static void take_line(struct run *run, const GString *line)
{
    const struct log_attempt *attempt;

    if (log_reader_line(run->reader, (struct span){line->str, line->len}))
        run->sums.known++;
    while ((attempt = log_reader_next(run->reader)) != NULL)
        take_attempt(run, attempt, line);
    if (++run->sums.lines % LINES_A_LOOK == 0)
        show_progress(run);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* When the file was written to last; of a pipe that is now. */
static gint64 newest_of(const struct run *run)
{
    struct stat status;

    if (strcmp(run->path, "-") == 0 || stat(run->path, &status) != 0 || !S_ISREG(status.st_mode))
        return run->context->now;
    return MIN((gint64)status.st_mtime, run->context->now);
}

static void read_file(struct run *run, GError **error)
{
    g_autoptr(Numbered) lines = numbered_open(run->path, error);
    const GString *line;
    guint64 known = run->sums.known;

    if (lines == NULL)
        return;
    log_reader_begin(run->reader, newest_of(run), run->year);
    while (!run->broken && (line = numbered_next(lines, error)) != NULL)
        take_line(run, line);
    if (*error == NULL && !run->broken && run->sums.known == known)
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s has no line of a mail server's log that is known",
                    run->path);
}

static void read_files(struct run *run, char **files)
{
    for (; *files != NULL && !run->broken; files++) {
        GError *error = NULL;

        run->path = *files;
        read_file(run, &error);
        if (error == NULL)
            continue;
        end_progress(run);
        int status = subcommand_warn(error);
        run->status = run->status != EX_OK ? run->status : status;
    }
    if (run->ingest != NULL)
        store_deliveries(run);
    end_progress(run);
}

/* `store` may be NULL: then nothing is stored. */
static int run_files(struct context *context, struct store *store, const struct ingest_log_options *options,
                     char **files, GError **error)
{
    g_autoptr(Classifier) classifier = rule_files_classifier(context->config, error);
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    g_autofree char *batch = store == NULL || options->dry_run ? NULL : batch_name(context->now);
    g_autoptr(GString) text = g_string_new(NULL);
    const struct log_settings settings = {
        .software =
            (unsigned)options->format > 0 ? (enum log_software)((unsigned)options->format - 1) : LOG_SOFTWARE_AUTO,
        .zone = zone,
        .queue_octets = QUEUE_OCTETS,
    };
    gint64 started = g_get_monotonic_time();

    if (classifier == NULL)
        return EX_CONFIG;
    g_autoptr(LogReader) reader = log_reader_new(&settings);
    g_autoptr(Deliveries) deliveries = deliveries_new();
    g_autoptr(Ingest) ingest = store != NULL ? ingest_new(context->config, classifier, store) : NULL;
    struct run run = {.context = context,
                      .config = context->config,
                      .classifier = classifier,
                      .reader = reader,
                      .year = (int)options->year,
                      .ingest = ingest,
                      .deliveries = deliveries,
                      .batch = batch,
                      .text = text,
                      .progress = isatty(STDERR_FILENO) == 1,
                      .started = started,
                      .shown = started};
    read_files(&run, files);
    if (store != NULL)
        ingest_log_sums_print(&run.sums, batch, &context->output);
    return run.status;
}

/* On a copy of the database, which goes away; then the changes of the list that came of it. */
static int rehearse(struct context *context, const struct ingest_log_options *options, char **files, GError **error)
{
    g_autoptr(Rehearsal) rehearsal = rehearsal_new(context->config, error);

    if (rehearsal == NULL)
        return EX_IOERR;
    int status = run_files(context, rehearsal_store(rehearsal), options, files, error);
    return *error == NULL && rehearsal_print(rehearsal, &context->output, error) ? status : EX_IOERR;
}

static int run_ingest_log(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct ingest_log_options *options = data;
    struct store *store;

    if (options->year != 0 && (options->year < FIRST_YEAR || options->year > LAST_YEAR)) {
        subcommand_usage_error(error, "--year: expected a year from 1970 to 9999");
        return EX_USAGE;
    }
    if (context_config_with(context, "return-path", error) == NULL)
        return EX_CONFIG;
    if (options->inspect)
        return run_files(context, NULL, options, arguments, error);
    if (options->dry_run)
        return rehearse(context, options, arguments, error);
    store = context_store(context, STORE_MODE_WRITE, error);
    return store != NULL ? run_files(context, store, options, arguments, error) : EX_IOERR;
}

static const struct option_row rows[] = {
    {"format", 0, OPTION_CHOICE, offsetof(struct ingest_log_options, format), "NAME",
     "whose log it is: auto, postfix, exim, sendmail, opensmtpd or powermta; default: auto, each line tells",
     log_software_names},
    {"year", 0, OPTION_NUMBER, offsetof(struct ingest_log_options, year), "YEAR",
     "the year of a file's first line, where stamps name none; default: what fits to when it was written to last",
     NULL},
    {"dry-run", 0, OPTION_FLAG, offsetof(struct ingest_log_options, dry_run), NULL,
     "show what it would do to the list, on a copy of the database", NULL},
    {"inspect", 0, OPTION_FLAG, offsetof(struct ingest_log_options, inspect), NULL,
     "only show what the lines tell, as events, without a database", NULL},
    {0},
};

const struct subcommand subcommand_ingest_log = {
    .name = "ingest-log",
    .arguments = "FILE...",
    .summary = "Put what the logs of your mail servers tell into the database",
    .details =
        "FILE is a log of Postfix, Exim, Sendmail, OpenSMTPD or PowerMTA, compressed or not, or - for standard input. "
        "Each mail\n"
        "that was refused is an event like that of a bounce, and believed, since the server is yours; one that waits "
        "is\n"
        "a delay; mail that went through clears what was counted against its recipient, as `bouncectl delivered` "
        "does.\n"
        "A line that was read before is not counted again, nor is the bounce of the same failure. `bouncectl "
        "rollback`\n"
        "undoes the batch.\n",
    .examples = "  bouncectl ingest-log /var/log/mail.log.1 /var/log/mail.log\n"
                "  zcat /var/log/exim4/mainlog.*.gz | bouncectl ingest-log -\n"
                "  journalctl -o short-iso -t postfix/smtp -t postfix/qmgr | bouncectl ingest-log --dry-run -\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct ingest_log_options),
    .run = run_ingest_log,
};
