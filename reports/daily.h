/* daily.h: the daily report: bounces, complaints and delays of one day (UTC) by sender domain, recipient domain and
 * reason, with the sums. */
#pragma once

#include <glib.h>

#include "store/store.h"

enum daily_format { DAILY_TEXT, DAILY_CSV, DAILY_JSON };
extern const char *const daily_format_names[];

/* The daily report of `day` ("2026-11-22") as text; NULL and an error if the store cannot be read. The caller frees. */
GString *daily_report(struct store *store, const char *day, enum daily_format format, GError **error);
