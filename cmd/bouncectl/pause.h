/* pause.h: pauses of a subcommand that goes on for long: SIGINT, SIGTERM and SIGHUP wait until one of them, and end the
 * work there. */
#pragma once

#include <signal.h>
#include <stdio.h>

/* The signals, and whom they were for before. */
struct pause {
    int descriptor; /* -1: there is none, and a signal ends the program at once, as any other */
    sigset_t before;
};

void pause_begin(struct pause *pause);
void pause_end(struct pause *pause);

/* Waits `milliseconds` for a signal; its number, 0: none came. Of `output`, unless it is NULL, SIGPIPE if nobody reads
 * it any more. */
int pause_take(const struct pause *pause, FILE *output, int milliseconds);
