#include <string.h>
#include <sysexits.h>

#include "classifier/advice.h"
#include "classifier/vocabulary.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/config/rule_files.h"

struct classify_options {
    char *host;
    char *command;
    char *status;
    unsigned vocabulary; /* 1 + enum vocabulary */
    bool explain;
};

/* What the answer is about, and the answer. */
struct question {
    struct report report;
    struct report_recipient recipient;
    struct verdict verdict;
    GPtrArray *steps; /* of struct classifier_step *, NULL unless asked for */
};

static const char *why(const struct classifier_step *step)
{
    if (step->decided)
        return "decided";
    return step->excluded_by != NULL ? step->excluded_by : "pattern";
}

static void add_json(GString *line, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_string_append_printf(line, "%s\"%s\":", line->len > 1 ? "," : "", name);
    output_json_text(line, value);
}

static void add_json_steps(GString *line, const GPtrArray *steps)
{
    g_string_append(line, ",\"steps\":[");
    for (guint i = 0; i < steps->len; i++) {
        const struct classifier_step *step = steps->pdata[i];
        g_autoptr(GString) object = g_string_new("{");
        add_json(object, "rule", step->rule);
        add_json(object, "reason", reason_names[step->reason]);
        add_json(object, "pattern", step->pattern);
        add_json(object, step->decided ? "result" : "failed", why(step));
        g_string_append_printf(line, "%s%s}", i > 0 ? "," : "", object->str);
    }
    g_string_append_c(line, ']');
}

static void print_json(const struct output *output, const struct classify_options *options,
                       const struct question *question)
{
    const struct verdict *verdict = &question->verdict;
    g_autoptr(GString) line = g_string_new("{");

    add_json(line, "reason", reason_names[verdict->reason]);
    add_json(line, "party", party_names[verdict->party]);
    add_json(line, "verdict", verdict_names[verdict->verdict]);
    add_json(line, "rule", verdict->rule);
    add_json(line, "blocklist", verdict->blocklist);
    if (options->vocabulary != 0) {
        enum vocabulary vocabulary = options->vocabulary - 1;
        add_json(line, vocabulary_names[vocabulary], vocabulary_word(vocabulary, verdict->reason));
    }
    add_json(line, "advice", advice_for(verdict->reason));
    if (question->steps != NULL)
        add_json_steps(line, question->steps);
    g_string_append_c(line, '}');
    output_line(output, line);
}

static void print_text(const struct output *output, const struct classify_options *options,
                       const struct question *question)
{
    const struct verdict *verdict = &question->verdict;

    fprintf(output->stream, "%s%s%s  %s  party %s  rule %s\n", output_style(output, OUTPUT_BOLD),
            reason_names[verdict->reason], output_style(output, OUTPUT_PLAIN), verdict_names[verdict->verdict],
            party_names[verdict->party], verdict->rule);
    if (verdict->blocklist != NULL)
        fprintf(output->stream, "blocklist: %s\n", verdict->blocklist);
    if (options->vocabulary != 0) {
        enum vocabulary vocabulary = options->vocabulary - 1;
        fprintf(output->stream, "%s: %s\n", vocabulary_names[vocabulary], vocabulary_word(vocabulary, verdict->reason));
    }
    fprintf(output->stream, "%s\n", advice_for(verdict->reason));
}

static const struct table_column columns[] = {
    {.heading = "RULE"},
    {.heading = "REASON", .rank = 2},
    {.heading = "FAILED BY", .rank = 1},
    {.heading = "PATTERN", .rank = 3, .cut = CELL_END, .least = 16},
    {0},
};

static void print_steps(const struct output *output, const GPtrArray *steps)
{
    g_autoptr(Table) table = table_new(output, columns, NULL);

    for (guint i = 0; i < steps->len; i++) {
        const struct classifier_step *step = steps->pdata[i];
        const char *cells[] = {step->rule, reason_names[step->reason], why(step), step->pattern};
        table_add(table, cells);
    }
}

static int classify(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct classify_options *options = data;
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    g_autofree char *text = g_strjoinv(" ", arguments);
    struct question question = {
        .recipient =
            {
                .kind = REPORT_KIND_BOUNCE,
                .remote_mta = options->host,
                .command = options->command,
                .status = options->status,
                .diagnostic = text,
            },
    };

    if (classifier == NULL)
        return EX_CONFIG;
    report_settle(&question.recipient);
    classifier_judge(classifier, &question.report, &question.recipient, &question.verdict);
    g_autoptr(GPtrArray) steps =
        options->explain ? classifier_explain(classifier, &question.report, &question.recipient) : NULL;
    question.steps = steps;
    if (context->output.json) {
        print_json(&context->output, options, &question);
    } else {
        print_text(&context->output, options, &question);
        if (steps != NULL)
            print_steps(&context->output, steps);
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    {"host", 'H', OPTION_TEXT, offsetof(struct classify_options, host), "HOST", "the host that said it", NULL},
    {"command", 'C', OPTION_TEXT, offsetof(struct classify_options, command), "COMMAND",
     "the SMTP command that was answered: CONN, EHLO, MAIL, RCPT, DATA", NULL},
    {"status", 's', OPTION_TEXT, offsetof(struct classify_options, status), "CODE",
     "the enhanced status code of the report, when the text has none", NULL},
    {"vocabulary", 'V', OPTION_CHOICE, offsetof(struct classify_options, vocabulary), "NAME",
     "say it in another program's words too", vocabulary_names},
    {"explain", 'x', OPTION_FLAG, offsetof(struct classify_options, explain), NULL,
     "show the rules that were tried, and what failed", NULL},
    {0},
};

const struct subcommand subcommand_classify = {
    .name = "classify",
    .arguments = "TEXT...",
    .summary = "Say what a diagnostic means",
    .details = "The reason, whose fault it is, hard or soft, the rule that decided, and what to do.\n",
    .examples = "  bouncectl classify \"550 5.1.1 user unknown\"\n"
                "  bouncectl classify --host mx.example.com --explain \"550 no\"\n"
                "  bouncectl classify --vocabulary ses \"452 4.2.2 mailbox full\"\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct classify_options),
    .columns = columns,
    .run = classify,
};
