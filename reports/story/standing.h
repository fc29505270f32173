/* standing.h: where an address stands: every entry of the list that applies to it, its own and those of its domain,
 * each with its scope, its reason, what comes next and how it is undone; or that none does. */
#pragma once

#include "reports/story/chronicle.h"
#include "reports/story/question.h"

/* The parts of the story that it needs. */
struct standing {
    const struct question *question;
    const struct chronicle_end *end;
    bool known;             /* something was reported of it, or done about it */
    const GPtrArray *mails; /* by enum reason: of char *, the mail whose failure put it on the list; NULL: not known */
    const GPtrArray *outlooks; /* of struct outlook * */
};

bool standing_tell(const struct standing *standing, GString *out, GError **error);

/* The subjects that an entry may have to apply to the address, of char *: it, "@example.org", ".org". */
GPtrArray *standing_subjects(const char *address);
