/* webhook.h: the outlet that posts to a URL, by libcurl on the feeds' loop: signed as Standard Webhooks are, or in the
 * receiver's own form. It follows no redirect, uses no proxy, and connects to addresses of the Internet alone, unless
 * the config allows others. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type webhook;
