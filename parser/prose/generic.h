/* generic.h: failure reports in free text that no row of the dialects knows. A mail system sent such a report, and an
 * address stands beside an SMTP reply or a phrase of failure, or a header field names the recipient, or a message comes
 * back under such a phrase. The reader is right rather than eager: quotations do not count, nor do the addresses of
 * those who write and get the report. */
#pragma once

#include "parser/draft/reader.h"

reader_function generic_read;
