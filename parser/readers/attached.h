/* attached.h: complaints and delivery status notifications that are attached to another message: a provider passes them
 * on, or a gateway wraps them. */
#pragma once

#include "parser/draft/reader.h"

reader_function attached_read;
