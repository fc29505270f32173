/* source.h: where rules come from. */
#pragma once

#include <glib.h>

/* One file of rules: its name, for messages, and its text. */
struct classifier_source {
    const char *name;
    const char *text;
    size_t length;
};
