/* notification.h: Amazon SES's notifications, JSON that SNS sends as mail. */
#pragma once

#include "parser/draft/reader.h"

reader_function notification_read;
