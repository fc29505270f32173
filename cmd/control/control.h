/* control.h: the name of the socket by which bouncectl asks the daemon for a reload. It is an abstract one (unix(7)):
 * it needs no folder, and goes with the daemon. A connection asks; the answer is one line, a word of control_words and
 * what there is to say, and the end. */
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

enum control_answer {
    CONTROL_ANSWER_RELOADED, /* the version of the rules, and what needs a restart */
    CONTROL_ANSWER_REFUSED,  /* why; nothing has changed */
    CONTROL_ANSWER_STOPPING,
};
extern const char *const control_words[]; /* NULL-terminated */

enum { CONTROL_LINE_MAX = 4096 }; /* octets of an answer */

/* That of the daemon `process`; the length of the address. */
socklen_t control_address(pid_t process, struct sockaddr_un *address);
