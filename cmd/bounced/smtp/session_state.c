#include "cmd/bounced/smtp/session_state.h"

#include <stddef.h>

/* RFC 2033 section 4.2 wants 503 for DATA without a recipient. */
const struct session_state_row session_states[] = {
    [SESSION_STATE_NEW] = {"new", SESSION_EVENT_READ, false, false, NULL},
    [SESSION_STATE_GREETED] = {"greeted", SESSION_EVENT_READ, false, false, "503 5.5.1 Send HELO, EHLO or LHLO first"},
    [SESSION_STATE_READY] = {"ready", SESSION_EVENT_READ, false, false, "503 5.5.1 Need MAIL first"},
    [SESSION_STATE_SENDER] = {"sender", SESSION_EVENT_SENDER, true, false, NULL},
    [SESSION_STATE_MAIL] = {"mail", SESSION_EVENT_READ, true, false, "503 5.5.1 Need RCPT first, or RSET"},
    [SESSION_STATE_RCPT] = {"rcpt", SESSION_EVENT_READ, true, false, "503 5.5.1 Need DATA or BDAT first, or RSET"},
    [SESSION_STATE_BDAT] = {"bdat", SESSION_EVENT_READ, true, true, "503 5.5.1 Need BDAT with LAST first, or RSET"},
    [SESSION_STATE_CHUNK] = {"chunk", SESSION_EVENT_READ, true, true, NULL},
    [SESSION_STATE_DATA] = {"data", SESSION_EVENT_READ, true, true, NULL},
    [SESSION_STATE_MESSAGE] = {"message", SESSION_EVENT_MESSAGE, true, true, NULL},
    [SESSION_STATE_TAKEN] = {"taken", SESSION_EVENT_WAIT, true, true, NULL},
    [SESSION_STATE_STARTTLS] = {"starttls", SESSION_EVENT_STARTTLS, false, false, NULL},
    [SESSION_STATE_XCLIENT] = {"xclient", SESSION_EVENT_XCLIENT, false, false, NULL},
    [SESSION_STATE_CLOSED] = {"closed", SESSION_EVENT_CLOSE, false, false, NULL},
};
