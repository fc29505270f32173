/* undo.h: takes back what a batch did, whoever did it. */
#pragma once

#include "cmd/bounced/http/bulk/bulk_work.h"
#include "cmd/bounced/http/bulk/rollback_order.h"

/* Answers the call of `work`. The token of a tenant may undo a batch that changed entries of that tenant alone. */
void undo(struct bulk_work *work, const struct rollback_order *asked);
