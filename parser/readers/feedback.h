/* feedback.h: complaints, in the Abuse Reporting Format (RFC 5965, with the fields of RFC 6591 and RFC 6650) and in the
 * forms before it. */
#pragma once

#include "parser/draft/reader.h"

reader_function feedback_read;
