/* metrics.h: the counters and gauges as metrics: one table of names, help, types and where the values are. They are in
 * bounced(8), too. */
#pragma once

#include "cmd/bounced/log/counters.h"
#include "reports/exposition.h"

struct metric {
    const char *name;
    const char *help;
    enum exposition_type type;
    size_t offset;             /* of the guint64, in struct counters when it is a counter, else in struct gauges */
    size_t count;              /* of the values that follow each other there; 0: one, without a label */
    const char *label;         /* what tells them apart, by `values` */
    const char *const *values; /* those that are NULL are left out */
};
/* Ends with a row whose name is NULL. */
extern const struct metric metrics[];

/* All of them, and the version of the build. */
void metrics_write(GString *out, const struct counters *counters, const struct gauges *gauges);
