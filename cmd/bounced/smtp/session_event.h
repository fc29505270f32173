/* session_event.h: the words between a session and its owner. */
#pragma once

/* The owner's next step. */
enum session_event {
    SESSION_EVENT_READ,    /* session_feed() some bytes */
    SESSION_EVENT_WRITE,   /* nothing is taken before the peer has read its replies: write the output, session_sent() */
    SESSION_EVENT_SENDER,  /* MAIL was good: session_permit() or session_defer() */
    SESSION_EVENT_MESSAGE, /* session_take_message() */
    SESSION_EVENT_WAIT,    /* session_conclude() when the outcome is known */
    SESSION_EVENT_STARTTLS, /* write the output; begin TLS as the server; session_encrypted(). Octets that the peer sent
                             * before that must not be fed: they came in the clear (CVE-2011-0411) */
    SESSION_EVENT_XCLIENT,  /* the peer speaks for session_client(): session_greet() or session_end() */
    SESSION_EVENT_CLOSE,    /* write the output, close the connection */
};

/* The message's fate. */
enum session_outcome {
    SESSION_OUTCOME_STORED, /* or is there already */
    SESSION_OUTCOME_FAILED, /* nothing is kept: the peer must try again */
};

/* Why the owner ends a session. */
enum session_end {
    SESSION_END_IDLE,      /* the peer sent nothing for too long */
    SESSION_END_SLOW,      /* no message was complete for too long */
    SESSION_END_SLOW_DATA, /* a message came too slowly */
    SESSION_END_BUSY,      /* too many connections; instead of session_greet(), as the next three */
    SESSION_END_FULL,      /* no memory for one more */
    SESSION_END_CROWDED,   /* too many from one address */
    SESSION_END_RATE,      /* too many in too little time */
    SESSION_END_EARLY,     /* the peer did not wait for the greeting, or for a reply */
    SESSION_END_STOPPING,  /* the daemon stops */
};
