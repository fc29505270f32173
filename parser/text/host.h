/* host.h: the host that replied, as prose names it. */
#pragma once

#include "parser/text/span.h"

/* The name that `text` starts with: "mx.example.com[192.0.2.1]", "<mx.example.com>", "dns;mx.example.com"; empty when
 * it starts with none. */
struct span host_named(struct span text);
/* The host that said it: "host mx.example.com[192.0.2.1] said: 550 ...", "192.0.2.1 does not like recipient."; empty
 * when the diagnostic does not tell. */
struct span host_that_replied(struct span diagnostic);
