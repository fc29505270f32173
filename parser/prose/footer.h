/* footer.h: what gateways and companies append to all mail that passes them: it says nothing of a failure. */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

/* Does a footer begin with the line? It goes on to the end of the paragraph. */
bool footer_begins(struct span line);
