#include <string.h>
#include <sysexits.h>

#include "classifier/lint.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/config/rule_files.h"
#include "cmd/config/text_file.h"
#include "reports/json.h"
#include "reports/readable.h"

enum { FOUND_WRONG = 1 }; /* exit status: findings, or misses */

static void print_finding(const struct output *output, const char *finding)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (output->json) {
        g_string_append(line, "{\"finding\":");
        json_text(line, finding);
        g_string_append_c(line, '}');
    } else {
        readable_append(line, finding);
    }
    output_line(output, line);
}

static guint lint(const struct output *output, const GArray *sources)
{
    g_autoptr(GPtrArray) findings =
        lint_rules((const struct classifier_source *)(const void *)sources->data, sources->len);

    for (guint i = 0; i < findings->len; i++)
        print_finding(output, findings->pdata[i]);
    return findings->len;
}

/* Without files: the built-in rules, and the operator's as the config has them. */
static int check(struct context *context, char **files, GError **error)
{
    g_autoptr(GPtrArray) configured = NULL;
    guint wrong = 0;

    if (*files == NULL) {
        const struct config *config = context_config(context, error);
        g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(struct classifier_source));
        if (config == NULL || (configured = rule_files_list(config, error)) == NULL)
            return EX_CONFIG;
        wrong = lint(&context->output, none);
        files = (char **)configured->pdata;
    }
    g_autoptr(GArray) sources = rule_files_read(files, error);
    if (sources == NULL)
        return EX_NOINPUT;
    if (sources->len > 0)
        wrong += lint(&context->output, sources);
    if (wrong == 0 && !context->output.json)
        fprintf(context->output.stream, "no findings\n");
    return wrong == 0 ? EX_OK : FOUND_WRONG;
}

struct score {
    unsigned texts;
    unsigned right;
};

/* reason, blanks, text; # begins a comment */
static bool try_line(const struct output *output, const struct classifier *classifier, char *line, struct score *score)
{
    const struct report report = {0};
    struct verdict verdict;

    g_strstrip(line);
    if (*line == '\0' || *line == '#')
        return true;
    char *text = line + strcspn(line, " \t");
    if (*text != '\0')
        *text++ = '\0';
    struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .diagnostic = text};
    enum reason reason = reason_from_name(line);
    if (reason == REASON_NONE)
        return false;

    report_settle(&recipient);
    classifier_judge(classifier, &report, &recipient, &verdict);
    score->texts++;
    if (verdict.reason == reason) {
        score->right++;
        return true;
    }
    g_autofree char *miss = g_strdup_printf("%s, expected %s, by %s: %s", reason_names[verdict.reason], line,
                                            verdict.rule, g_strstrip(text));
    print_finding(output, miss);
    return true;
}

static int test(struct context *context, const char *file, GError **error)
{
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    g_autofree char *bytes = NULL;
    size_t length;
    struct score score = {0};

    if (classifier == NULL)
        return EX_CONFIG;
    if (!text_file_read(file, &bytes, &length, error))
        return EX_NOINPUT;
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (unsigned i = 0; lines[i] != NULL; i++) {
        if (!try_line(&context->output, classifier, lines[i], &score)) {
            g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s:%u: unknown reason \"%s\"", file, i + 1, lines[i]);
            return EX_DATAERR;
        }
    }
    if (context->output.json)
        fprintf(context->output.stream, "{\"right\":%u,\"texts\":%u}\n", score.right, score.texts);
    else
        fprintf(context->output.stream, "%u of %u texts right\n", score.right, score.texts);
    return score.right == score.texts ? EX_OK : FOUND_WRONG;
}

static int rules(struct context *context, G_GNUC_UNUSED const void *data, char **arguments, GError **error)
{
    if (strcmp(arguments[0], "check") == 0)
        return check(context, arguments + 1, error);
    if (strcmp(arguments[0], "test") == 0 && arguments[1] != NULL && arguments[2] == NULL)
        return test(context, arguments[1], error);
    subcommand_usage_error(error, "rules: check [FILE...] or test FILE");
    return EX_USAGE;
}

const struct subcommand subcommand_rules = {
    .name = "rules",
    .arguments = "check [FILE...] | test FILE",
    .summary = "Check the rules that give reasons, or test them with texts",
    .details =
        "check says what is wrong with rules, see bounced.rules(5): with files, of these as they would stand\n"
        "before the built-in ones; without, of the built-in ones and those of the config. test reads lines of a\n"
        "reason and a text, and prints what the rules make of them otherwise.\n",
    .examples = "  bouncectl rules check /etc/bounced/rules.d/ours.rules\n"
                "  bouncectl rules test texts.txt\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = NULL,
    .options_size = 0,
    .run = rules,
};
