/* exposition.h: figures as Prometheus reads them: its text format, version 0.0.4. */
#pragma once

#include <glib.h>

#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum exposition_type { EXPOSITION_COUNTER, EXPOSITION_GAUGE };

/* Begins a family of samples: its HELP and TYPE lines. */
void exposition_family(GString *out, const char *name, const char *help, enum exposition_type type);
struct exposition_label {
    const char *name, *value;
};

/* One sample of it, with `n` labels. */
void exposition_labelled(GString *out, const char *name, const struct exposition_label *labels, size_t n,
                         guint64 number);
/* With one label; `label` NULL: with none. */
void exposition_sample(GString *out, const char *name, const char *label, const char *value, guint64 number);
