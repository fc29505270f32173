/* parameter.h: the parameters of MAIL and RCPT (RFC 5321 section 4.1.2, esmtp-param): one table of names, commands and
 * functions. */
#pragma once

#include "cmd/bounced/smtp/session_settings.h"
#include "cmd/bounced/smtp/transaction.h"

/* A set of bits. */
enum parameter_command {
    PARAMETER_MAIL = 1 << 0,
    PARAMETER_RCPT = 1 << 1,
};

/* Reads all parameters of a command from `text`, which starts behind the path, into `transaction`. NULL when they are
 * good, else the reply that refuses the command. */
const char *parameter_read_all(enum parameter_command command, const struct session_settings *settings,
                               struct transaction *transaction, const char *text);
