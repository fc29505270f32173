/* The input is a file of rules up to the first NUL, and a diagnostic behind it: no rules may break the reader, and no
 * text the built-in rules. Rules that are accepted judge the text too. */
#include <stdint.h>
#include <string.h>

#include "classifier/classifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *compile(G_GNUC_UNUSED void *data)
{
    return classifier_new(NULL, 0, NULL);
}

/* A fuzz target has no other place to keep it between two inputs. */
static const struct classifier *builtin(void)
{
    static GOnce once = G_ONCE_INIT;

    return g_once(&once, compile, NULL);
}

static void judge(const struct classifier *classifier, const char *text)
{
    const struct report report = {.reporting_mta = "mx.example.com"};
    const struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .diagnostic = text};
    struct verdict verdict;

    classifier_judge(classifier, &report, &recipient, &verdict);
    g_assert(verdict.reason != REASON_NONE && verdict.rule != NULL);
    g_autoptr(GPtrArray) steps = classifier_explain(classifier, &report, &recipient);
    const struct classifier_step *last = steps->len > 0 ? steps->pdata[steps->len - 1] : NULL;
    g_assert((last && last->decided) == (strcmp(verdict.rule, "no-rule") != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t split = strnlen(bytes, size);
    g_autofree char *text = split < size ? g_strndup(bytes + split + 1, size - split - 1) : g_strdup("");
    const struct classifier_source source = {"fuzz.rules", bytes, split};
    g_autoptr(GError) error = NULL;
    g_autoptr(Classifier) own = split > 0 ? classifier_new(&source, 1, &error) : NULL;

    if (own)
        judge(own, text);
    else
        judge(builtin(), text);
    return 0;
}
