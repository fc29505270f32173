#include "cmd/bouncectl/shared.h"

/* clang-format off */
#define CONFIG {"config", 0, OPTION_TEXT, offsetof(struct shared, config), "FILE", "read this config", NULL}
#define JSON {"json", 0, OPTION_FLAG, offsetof(struct shared, json), NULL, "print one JSON object a line", NULL}
#define COLOR {"color", 0, OPTION_CHOICE, offsetof(struct shared, color), "WHEN", "print colours", colour_names}
#define NO_PAGER {"no-pager", 0, OPTION_FLAG, offsetof(struct shared, no_pager), NULL, "print long output at once", NULL}
#define HELP {"help", 'h', OPTION_FLAG, offsetof(struct shared, help), NULL, "print this and exit", NULL}
#define VERSION {"version", 0, OPTION_FLAG, offsetof(struct shared, version), NULL, "print the version and exit", NULL}
/* clang-format on */

const struct option_row shared_program[] = {CONFIG, JSON, COLOR, NO_PAGER, HELP, VERSION, {0}};
const struct option_row shared_options[] = {CONFIG, JSON, COLOR, NO_PAGER, HELP, {0}};
const struct option_row shared_table[] = {
    {"columns", 0, OPTION_TEXT, offsetof(struct shared, columns), "NAMES",
     "these columns alone, in this order, with commas between them", NULL},
    {"wide", 'w', OPTION_FLAG, offsetof(struct shared, wide), NULL, "all columns and nothing cut, also on a terminal",
     NULL},
    {0},
};
