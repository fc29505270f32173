/* moment.h: times as people type them. Everything is UTC. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* "2026-11-22" (its first second), RFC 3339 "2026-11-22T09:30:00Z" (or a zone; without one: UTC), "today", "yesterday",
 * "now", or a span ago: "7d". In seconds since 1970, 1 and up, so that 0 is free for "not given"; a day before 1970 is
 * an error. */
bool moment_parse(const char *text, gint64 now, gint64 *moment, GError **error);

/* A number and a unit, s, m, h, d, w or y: "90d". In seconds, more than 0, and 1000y at most. */
bool moment_parse_span(const char *text, gint64 *span, GError **error);

/* Such a span, in the largest of d, h, m and s that it is a whole number of; the caller frees. */
char *moment_span(gint64 span);

/* The day of `moment`, "2026-11-22"; the caller frees. */
char *moment_day(gint64 moment);

/* For people: "2026-11-22 09:30"; the caller frees. */
char *moment_text(gint64 moment);
