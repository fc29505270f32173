/* failures.h: the failures of one address that count, while its history is gone through. */
#pragma once

#include "store/event.h"
#include "store/policy/policy_row.h"

struct failures;

struct failures *failures_new(void);
void failures_free(struct failures *failures);

void failures_add(struct failures *failures, const struct event *event, gint64 received);
/* Mail went through: none of them counts any more. */
void failures_clear(struct failures *failures);

/* How far those for the event's reason and within the row's time have come, with the event: policy_row_reached(). */
unsigned failures_reached(const struct failures *failures, const struct policy_row *row, const struct event *event,
                          gint64 received);
