#include "cmd/ingest/pace.h"

/* It is soon slower, by what a disk that others use makes of it, and only little by little quicker. */
unsigned pace_next(unsigned rows, gint64 took)
{
    gint64 right = (gint64)rows * PACE_AIM / MAX(took, 1);

    return (unsigned)CLAMP(MIN(right, (gint64)rows * 5 / 4), PACE_LEAST, PACE_MOST);
}
