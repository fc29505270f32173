/* policy_backtest.h: `bouncectl policy backtest`: what today's policy would have done with the stored events. */
#pragma once

#include "cmd/bouncectl/context.h"

/* `all`: every address, and not only the sums. */
int policy_backtest(struct context *context, const struct store_filter *filter, bool all, GError **error);
