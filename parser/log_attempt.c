#include "parser/log_attempt.h"

const char *const log_software_names[] = {
    [LOG_SOFTWARE_AUTO] = "auto",
    [LOG_SOFTWARE_POSTFIX] = "postfix",
    [LOG_SOFTWARE_EXIM] = "exim",
    [LOG_SOFTWARE_SENDMAIL] = "sendmail",
    [LOG_SOFTWARE_OPENSMTPD] = "opensmtpd",
    [LOG_SOFTWARE_POWERMTA] = "powermta",
    NULL,
};
