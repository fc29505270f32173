/* line.h: an entry of the list, or a row of a map of it, as a line of a file. */
#pragma once

#include "reports/formats/sink.h"

/* Each appends a line to `line`; false when the format has none for such a row. */
bool line_csv(GString *line, const struct sink_row *row);
bool line_json(GString *line, const struct sink_row *row);
bool line_text(GString *line, const struct sink_row *row);
bool line_texthash(GString *line, const struct sink_row *row);
bool line_opensmtpd(GString *line, const struct sink_row *row);
bool line_rspamd(GString *line, const struct sink_row *row);

#define LINE_CSV_HEADER "recipient,scope,state,reason,verdict,since,until,stream,policy,rule,who,note,diagnostic\r\n"
#define LINE_OPENSMTPD_HEADER "# @list\n" /* else the first line tells whether it is a list, or keys with values */
