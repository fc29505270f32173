/* xarf.h: X-ARF, a complaint about spam as "Name: value" lines of YAML (0.1, 0.2) or as JSON (3, 4), beside the mail
 * that it is about or with that inside. Reports of other abuse, such as attacks, are not about our mail: the reader
 * leaves them alone. */
#pragma once

#include "parser/draft/reader.h"

reader_function xarf_read;
