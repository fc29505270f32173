/* judgement.h: an event that is something else now, as it is stored: its verdict or its proof, or that it is doubted,
 * and the counters of its day. In the transaction that is open. Internal to store/. */
#pragma once

#include "store/ledger/correction.h"

bool judgement_write(const struct correction *correction, const struct revised *revised, GError **error);
