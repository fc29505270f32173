#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "classifier/advice.h"
#include "classifier/vocabulary.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/config/rule_files.h"
#include "reports/readable.h"

enum { TEXT_MAX = 65536 }; /* octets, at which a reply of many lines is taken for whole */

struct classify_options {
    char *host;
    unsigned command; /* 1 + its place in report_commands */
    char *status;
    unsigned vocabulary; /* 1 + enum vocabulary */
    bool explain;
};

/* The recipient that is judged, and its verdict. */
struct question {
    struct report report;
    struct report_recipient recipient;
    struct verdict verdict;
    GPtrArray *steps; /* of struct classifier_step *, NULL unless asked for */
    bool repeat;      /* there may be many: print the text, too */
};

static const char *why(const struct classifier_step *step)
{
    if (step->decided)
        return "decided";
    return step->excluded_by != NULL ? step->excluded_by : "pattern";
}

static void add_json(GString *line, const char *name, const char *value)
{
    if (value != NULL && *value != '\0')
        output_json_member(line, name, value);
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

    if (question->repeat)
        add_json(line, "text", question->recipient.diagnostic);
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
    const char *kind = verdict_names[verdict->verdict], *style = output_word_style(output, kind);

    if (question->repeat) {
        g_autofree char *text = readable_dup(question->recipient.diagnostic);
        fprintf(output->stream, "%s\n", text);
    }
    fprintf(output->stream, "%s%s%s  %s%s%s  party %s  rule %s\n", output_style(output, OUTPUT_BOLD),
            reason_names[verdict->reason], output_style(output, OUTPUT_PLAIN), style, kind,
            *style != '\0' ? output_style(output, OUTPUT_PLAIN) : "", party_names[verdict->party], verdict->rule);
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

static void answer(const struct context *context, const struct classify_options *options,
                   const struct classifier *classifier, const char *text, bool repeat)
{
    struct question question = {
        .recipient =
            {
                .kind = REPORT_KIND_BOUNCE,
                .remote_mta = options->host,
                .command = options->command > 0 ? report_commands[options->command - 1] : NULL,
                .status = options->status,
                .diagnostic = text,
            },
        .repeat = repeat,
    };

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
        if (repeat)
            fputc('\n', context->output.stream);
    }
}

/* RFC 5321 section 4.2.1: "550-first", "550 last". */
static bool is_continued(const char *line)
{
    return strspn(line, "0123456789") == 3 && line[3] == '-';
}

/* A text a line; the lines of one reply belong together. */
static void answer_lines(const struct context *context, const struct classify_options *options,
                         const struct classifier *classifier, FILE *input)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char *line = NULL;
    size_t size = 0;

    while (getline(&line, &size, input) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (*line == '\0' && text->len == 0)
            continue;
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", line);
        if (is_continued(line) && text->len < TEXT_MAX)
            continue;
        answer(context, options, classifier, text->str, true);
        g_string_truncate(text, 0);
    }
    if (text->len > 0)
        answer(context, options, classifier, text->str, true);
    free(line);
}

static int classify(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct classify_options *options = data;

    if (options->status != NULL && !report_is_status(options->status)) {
        subcommand_usage_error(error, "classify: --status: '%s' is no enhanced status code; expected one such as 5.1.1",
                               options->status);
        return EX_USAGE;
    }
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    if (classifier == NULL)
        return EX_CONFIG;
    if (strcmp(arguments[0], "-") == 0 && arguments[1] == NULL) {
        answer_lines(context, options, classifier, stdin);
        return EX_OK;
    }
    g_autofree char *text = g_strjoinv(" ", arguments);
    answer(context, options, classifier, text, false);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"host", 'H', OPTION_TEXT, offsetof(struct classify_options, host), "HOST", "the host that said it", NULL},
    {"command", 'C', OPTION_CHOICE, offsetof(struct classify_options, command), "COMMAND",
     "the SMTP command that was answered", report_commands},
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
    .details = "The reason, whose fault it is, hard or soft, the rule that decided, and what to do. With - for TEXT\n"
               "standard input has a text a line.\n",
    .examples = "  bouncectl classify \"550 5.1.1 user unknown\"\n"
                "  bouncectl classify --host mx.example.com --explain \"550 no\"\n"
                "  bouncectl classify --vocabulary ses \"452 4.2.2 mailbox full\"\n"
                "  bouncectl classify --json - < texts\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct classify_options),
    .columns = columns,
    .run = classify,
};
