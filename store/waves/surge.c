#include "store/waves/surge.h"

enum { HOUR = SURGE_HOUR * SURGE_BUCKET, LEARNING_TIMES = 10 };

gint64 surge_hour(const gint64 counts[SURGE_BUCKETS])
{
    gint64 sum = 0, most = 0;

    for (size_t i = 0; i < SURGE_BUCKETS; i++) {
        sum += counts[i] - (i >= SURGE_HOUR ? counts[i - SURGE_HOUR] : 0);
        if (i >= SURGE_HOUR - 1)
            most = MAX(most, sum);
    }
    return most;
}

/* number * times / by, without an overflow: so exact it need not be. */
static gint64 scale(gint64 number, gint64 times, gint64 by)
{
    return (gint64)((double)number * (double)times / (double)by);
}

enum { OTHERS_LEAST = 4 }; /* they are taken for as busy as this part of their busiest hour */

static gint64 measure_by_others(const struct wave_settings *settings, const struct surge_view *view)
{
    gint64 others = view->all - view->hour, busiest = view->all_busiest - view->busiest;

    if (busiest < settings->minimum)
        return view->busiest;
    return MAX(view->busiest / OTHERS_LEAST, scale(view->busiest, others, busiest));
}

bool surge_begins(const struct wave_settings *settings, const struct surge_view *view, gint64 *baseline, gint64 *level)
{
    bool learning = view->watched < SURGE_LEARNING;
    gint64 minimum = learning ? settings->minimum * LEARNING_TIMES : settings->minimum;

    *baseline = view->sent > 0 && view->busiest_sent > 0 ? scale(view->busiest, view->sent, view->busiest_sent)
                                                         : measure_by_others(settings, view);
    if (learning)
        *baseline = MAX(*baseline, view->all - view->hour);
    *level = MAX(minimum, *baseline * settings->factor);
    return settings->enabled && view->hour >= *level;
}

bool surge_goes_on(gint64 hour, gint64 level)
{
    return hour >= level / 2;
}

gint64 surge_end(gint64 began, gint64 last)
{
    return MIN(last + HOUR, began + SURGE_LONGEST);
}
