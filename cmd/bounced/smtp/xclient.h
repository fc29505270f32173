/* xclient.h: the argument of XCLIENT, by which a mail server names the client that it speaks for (Postfix's
 * XCLIENT_README). */
#pragma once

#include <stdbool.h>

#include "cmd/config/network.h"

/* Behind the keyword in EHLO's reply. */
extern const char xclient_attributes[];

/* Puts the address and the port of the client into `host`, which stays as it is where they are not said or not known.
 * All other attributes are read and dropped: a client's words about itself decide nothing here. False, and
 * `host` as it was, when the argument is not of the grammar. */
bool xclient_read(const char *argument, struct network_host *host);
