/* wave.h: waves: a receiver that fails far more mail than it used to is taken to be at fault itself, and what it says
 * of its recipients puts nobody on the list for the time being (Gmail denied mailboxes that it had for seven hours in
 * December 2020). */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The section [wave]. */
struct wave_settings {
    bool enabled;
    gint64 minimum; /* addresses that fail within an hour, at least */
    gint64 factor;  /* times the baseline, at least */
    gint64 hold;    /* seconds after its end that an entry waits for another failure */
};
