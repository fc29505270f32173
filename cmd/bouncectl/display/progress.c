#include "cmd/bouncectl/display/progress.h"

#include <stdbool.h>
#include <unistd.h>

#define SHOW_EVERY (G_TIME_SPAN_SECOND / 5)
#define CLEAR_LINE "\r\033[K" /* ECMA-48: erase in line */

struct progress {
    FILE *stream; /* NULL: no terminal */
    const char *doing;
    guint64 all;
    gint64 start;
    gint64 shown; /* when it was last; 0: never */
};

struct progress *progress_new(FILE *stream, const char *doing, guint64 all)
{
    struct progress *progress = g_new0(struct progress, 1);

    progress->stream = isatty(fileno(stream)) == 1 ? stream : NULL;
    progress->doing = doing;
    progress->all = all;
    progress->start = g_get_monotonic_time();
    return progress;
}

void progress_free(struct progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->shown != 0)
        fputs(CLEAR_LINE, progress->stream);
    g_free(progress);
}

char *progress_text(const char *doing, guint64 done, guint64 all, gint64 elapsed)
{
    double seconds = (double)elapsed / (double)G_TIME_SPAN_SECOND;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    g_autofree char *sums = g_strdup_printf("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, doing, done, all);

    if (rate <= 0)
        return g_steal_pointer(&sums);
    guint64 left = (guint64)((double)(all - MIN(done, all)) / rate + 0.5);
    return left < 120 ? g_strdup_printf("%s, %.0f/s, %" G_GUINT64_FORMAT " s left", sums, rate, left)
                      : g_strdup_printf("%s, %.0f/s, %" G_GUINT64_FORMAT " min left", sums, rate, (left + 30) / 60);
}

void progress_show(struct progress *progress, guint64 done, gint64 now)
{
    if (progress->stream == NULL || now - progress->shown < SHOW_EVERY)
        return;
    g_autofree char *text = progress_text(progress->doing, done, progress->all, now - progress->start);
    fprintf(progress->stream, CLEAR_LINE "%s", text);
    fflush(progress->stream);
    progress->shown = now;
}
