/* classify.c: how many diagnostics the built-in rules judge in a second on one core.
 *
 * Time is the time that the processor spent, so that other work on the machine does not count. With
 * hyperscan/automaton.c it is bench_classify_hyperscan.
 *
 * usage: bench_classify SECONDS FILE; FILE has a text a line. Prints texts a second. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "classifier/classifier.h"

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
    if (argc != 3)
        g_error("usage: bench_classify SECONDS FILE");

    double seconds = g_ascii_strtod(argv[1], NULL);
    g_autoptr(GPtrArray) texts = lines_of(argv[2]);
    g_autoptr(GError) error = NULL;
    g_autoptr(Classifier) classifier = classifier_new(NULL, 0, &error);
    const struct report report = {0};
    struct verdict verdict;
    guint64 count = 0;
    double elapsed;

    if (!classifier || texts->len == 0)
        g_error("%s", error ? error->message : "no texts");
    clock_t started = clock();
    do {
        for (guint i = 0; i < texts->len; i++) {
            struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .diagnostic = texts->pdata[i]};
            report_settle(&recipient);
            classifier_judge(classifier, &report, &recipient, &verdict);
        }
        count += texts->len;
        elapsed = (double)(clock() - started) / CLOCKS_PER_SEC;
    } while (elapsed < seconds);
    printf("%.0f\n", (double)count / elapsed);
    return EXIT_SUCCESS;
}
