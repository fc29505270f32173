/* classify.c: how many diagnostics the built-in rules judge in a second on one core.
 *
 * Time is the time that the processor spent, so that other work on the machine does not count.
 *
 * usage: bench_classify [SECONDS [FILE]]; FILE has a text a line; without it, the rules' own examples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classifier/rules.h"

static GPtrArray *own_examples(void)
{
    size_t n = 0;
    g_autofree struct classifier_source *sources = rules_builtin(&n);
    g_autoptr(GPtrArray) rules = rules_new();
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        if (!rules_parse(&sources[i], rules, &error))
            g_error("%s", error->message);
    }
    for (guint i = 0; i < rules->len; i++) {
        const struct rule *rule = rules->pdata[i];
        for (guint k = 0; k < rule->examples->len; k++)
            g_ptr_array_add(texts, g_strdup(rule->examples->pdata[k]));
    }
    return texts;
}

static GPtrArray *lines_of(const char *path)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;

    if (!g_file_get_contents(path, &bytes, NULL, &error))
        g_error("%s", error->message);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line)
            g_ptr_array_add(texts, g_strdup(*line));
    }
    return texts;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 2;
    g_autoptr(GPtrArray) texts = argc > 2 ? lines_of(argv[2]) : own_examples();
    g_autoptr(GTimer) timer = g_timer_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Classifier) classifier = classifier_new(NULL, 0, &error);
    const struct report report = {0};
    struct verdict verdict;
    guint64 count = 0;
    guint64 bytes = 0;

    if (!classifier)
        g_error("%s", error->message);
    printf("compiled the built-in rules in %.0f ms\n", g_timer_elapsed(timer, NULL) * 1000);
    if (texts->len == 0)
        g_error("no texts");
    g_timer_start(timer);
    clock_t started = clock();
    do {
        for (guint i = 0; i < texts->len; i++) {
            const struct report_recipient recipient = {.kind = REPORT_BOUNCE, .diagnostic = texts->pdata[i]};
            classifier_judge(classifier, &report, &recipient, &verdict);
            bytes += strlen(texts->pdata[i]);
        }
        count += texts->len;
    } while (g_timer_elapsed(timer, NULL) < seconds);
    double elapsed = (double)(clock() - started) / CLOCKS_PER_SEC;
    printf("%u texts of %" G_GUINT64_FORMAT " bytes on average: %.0f classifications/s, %.2f us each\n", texts->len,
           bytes / MAX(count, 1), (double)count / elapsed, elapsed * 1e6 / (double)count);
    return EXIT_SUCCESS;
}
