/* pager.h: long output on a terminal, one screen at a time, by the program that PAGER names (less). The output is
 * spooled to a file of no name meanwhile: a command is done, and has closed the database, however long somebody reads.
 */
#pragma once

#include <stdbool.h>

struct pager;

/* From here on standard output is the pager's; NULL if there is none, or none is wanted (PAGER is empty or cat). With
 * `wide` the lines may be wider than the terminal. Standard output must not have been written to. */
struct pager *pager_start(bool wide);

/* Waits until the reader has had enough; standard output is the terminal again. NULL is fine. */
void pager_finish(struct pager *pager);
