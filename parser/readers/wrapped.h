/* wrapped.h: bounces that the manager of a mailing list hands on to its owner: attached, or in the text behind the
 * manager's own words. */
#pragma once

#include "parser/draft/reader.h"

reader_function wrapped_read;
