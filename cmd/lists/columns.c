#include "cmd/lists/columns.h"

#include <glib.h>
#include <string.h>

const char columns_ours[] = "bounced";

enum { NAME_MAX_OCTETS = 64, NAMES_MAX = 256 };

/* A form of list, recognised by names that it has together. The names are folded, with blanks between alternatives, the
 * better ones first. */
struct form {
    const char *name;
    const char *has;  /* all of these */
    const char *only; /* and, beside them, none but these; NULL: any */
    const char *kind;
    const char *names[COLUMN_COUNT]; /* of those that `usual` does not have right */
};

/* The first that fits is it: those that ask for more stand first. */
static const struct form forms[] = {
    {.name = columns_ours,
     .has = "verdict since",
     .names = {[COLUMN_ADDRESS] = "subject recipient",
               [COLUMN_REASON] = "reason",
               [COLUMN_SINCE] = "since",
               [COLUMN_UNTIL] = "until",
               [COLUMN_SCOPE] = "scope",
               [COLUMN_STATE] = "state",
               [COLUMN_VERDICT] = "verdict",
               [COLUMN_STREAM] = "stream",
               [COLUMN_POLICY] = "policy",
               [COLUMN_RULE] = "rule",
               [COLUMN_WHO] = "who",
               [COLUMN_DOOR] = "door",
               [COLUMN_BATCH] = "batch",
               [COLUMN_NOTE] = "note",
               [COLUMN_DIAGNOSTIC] = "diagnostic"}},
    /* the answers of its API and the CSV of its console; in "reason" is what the receiver said */
    {.name = "sendgrid",
     .has = "email created reason",
     .only = "status",
     .kind = "bounce",
     .names = {[COLUMN_ADDRESS] = "email",
               [COLUMN_DIAGNOSTIC] = "reason",
               [COLUMN_STATUS] = "status",
               [COLUMN_SINCE] = "created"}},
    {.name = "sendgrid",
     .has = "email created ip",
     .only = "",
     .kind = "complaint",
     .names = {[COLUMN_ADDRESS] = "email", [COLUMN_SINCE] = "created"}},
    {.name = "sendgrid",
     .has = "email groupid createdat",
     .only = "groupname",
     .kind = "unsubscribe",
     .names = {[COLUMN_ADDRESS] = "email", [COLUMN_SINCE] = "createdat", [COLUMN_PLACE] = "groupname groupid"}},
    {.name = "sendgrid",
     .has = "email created",
     .only = "",
     .names = {[COLUMN_ADDRESS] = "email", [COLUMN_SINCE] = "created"}},
    {.name = "mailgun",
     .has = "address code error createdat",
     .kind = "bounce",
     .names = {[COLUMN_ADDRESS] = "address",
               [COLUMN_STATUS] = "code",
               [COLUMN_DIAGNOSTIC] = "error",
               [COLUMN_SINCE] = "createdat"}},
    {.name = "mailgun",
     .has = "address tags createdat",
     .kind = "unsubscribe",
     .names = {[COLUMN_ADDRESS] = "address", [COLUMN_PLACE] = "tags", [COLUMN_SINCE] = "createdat"}},
    {.name = "mailgun",
     .has = "address tag createdat",
     .kind = "unsubscribe",
     .names = {[COLUMN_ADDRESS] = "address", [COLUMN_PLACE] = "tag", [COLUMN_SINCE] = "createdat"}},
    {.name = "mailgun",
     .has = "address createdat",
     .only = "count",
     .kind = "complaint",
     .names = {[COLUMN_ADDRESS] = "address", [COLUMN_SINCE] = "createdat"}},
    {.name = "postmark",
     .has = "emailaddress suppressionreason",
     .names = {[COLUMN_ADDRESS] = "emailaddress",
               [COLUMN_REASON] = "suppressionreason",
               [COLUMN_ORIGIN] = "origin",
               [COLUMN_SINCE] = "createdat",
               [COLUMN_PLACE] = "messagestream"}},
    {.name = "postmark",
     .has = "email bouncedat type",
     .names = {[COLUMN_ADDRESS] = "email",
               [COLUMN_REASON] = "type",
               [COLUMN_DIAGNOSTIC] = "details description",
               [COLUMN_SINCE] = "bouncedat",
               [COLUMN_PLACE] = "messagestream"}},
    {.name = "ses",
     .has = "emailaddress reason",
     .names = {[COLUMN_ADDRESS] = "emailaddress",
               [COLUMN_REASON] = "reason",
               [COLUMN_SINCE] = "lastupdatetime",
               [COLUMN_PLACE] = "tenantname"}},
    {.name = "sparkpost",
     .has = "recipient source type",
     .names = {[COLUMN_ADDRESS] = "recipient",
               [COLUMN_REASON] = "source",
               [COLUMN_DIAGNOSTIC] = "description",
               [COLUMN_SINCE] = "created updated",
               [COLUMN_PLACE] = "listid type",
               [COLUMN_MAIL] = "type"}},
    {.name = "sparkpost",
     .has = "recipient type",
     .only = "description listid",
     .kind = "manual",
     .names = {[COLUMN_ADDRESS] = "recipient",
               [COLUMN_NOTE] = "description",
               [COLUMN_PLACE] = "listid type",
               [COLUMN_MAIL] = "type"}},
    /* the CSV of older uploads */
    {.name = "sparkpost",
     .has = "transactional nontransactional",
     .names = {[COLUMN_ADDRESS] = "email recipient",
               [COLUMN_REASON] = "source",
               [COLUMN_NOTE] = "description",
               [COLUMN_SINCE] = "created updated",
               [COLUMN_PLACE] = "listid",
               [COLUMN_TRANSACTIONAL] = "transactional",
               [COLUMN_NON_TRANSACTIONAL] = "nontransactional"}},
    {.name = "mandrill",
     .has = "email reason detail",
     .names = {[COLUMN_ADDRESS] = "email",
               [COLUMN_REASON] = "reason",
               [COLUMN_DIAGNOSTIC] = "detail",
               [COLUMN_SINCE] = "createdat",
               [COLUMN_UNTIL] = "expiresat",
               [COLUMN_PLACE] = "subaccount"}},
    {.name = "brevo",
     .has = "email blockedat",
     .names = {[COLUMN_ADDRESS] = "email",
               [COLUMN_REASON] = "reasoncode reason",
               [COLUMN_DIAGNOSTIC] = "reasonmessage",
               [COLUMN_SINCE] = "blockedat"}},
    {.name = "resend",
     .has = "email origin",
     .names = {[COLUMN_ADDRESS] = "email", [COLUMN_REASON] = "origin", [COLUMN_SINCE] = "createdat"}},
};

/* A list that is none of these. */
static const struct form usual = {
    .names = {
        [COLUMN_ADDRESS] = "email emailaddress address recipient contactemail rcpt subscriber user mail",
        [COLUMN_REASON] = "reason suppressionreason bouncetype type category source origin status",
        [COLUMN_DIAGNOSTIC] = "diagnostic error details detail description response dsndiag message",
        [COLUMN_STATUS] = "code dsnstatus status",
        [COLUMN_SINCE] = "since created createdat bouncedat blockedat date timestamp updated updatedat lastupdatetime",
        [COLUMN_UNTIL] = "until expires expiresat",
        [COLUMN_SCOPE] = "scope",
        [COLUMN_NOTE] = "note",
        [COLUMN_PLACE] =
            "stream messagestream list listid tag tags groupname groupid subaccount subaccountid tenantname",
    }};

/* Puts the name without case, blanks, "_", "-" and "." into `folded`; a longer one than any of ours is "". */
static void fold(struct span name, char folded[NAME_MAX_OCTETS])
{
    size_t length = 0;

    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        if (strchr(" _-.\t", c) != NULL && c != '\0')
            continue;
        if (length + 1 == NAME_MAX_OCTETS) {
            length = 0;
            break;
        }
        folded[length++] = g_ascii_tolower(c);
    }
    folded[length] = '\0';
}

/* The names of a list, folded. */
struct header {
    char names[NAMES_MAX][NAME_MAX_OCTETS];
    unsigned n;
};

static void fold_all(struct header *header, const struct span *names, unsigned n)
{
    header->n = MIN(n, NAMES_MAX);
    for (unsigned i = 0; i < header->n; i++)
        fold(names[i], header->names[i]);
}

static int find(const struct header *header, struct span word)
{
    for (unsigned i = 0; i < header->n; i++) {
        if (span_is(word, header->names[i]))
            return (int)i;
    }
    return -1;
}

/* The first of the words that the header has. */
static int find_any(const struct header *header, const char *words)
{
    struct span rest = span_of(words), word;
    int place = -1;

    while (place < 0 && span_word(&rest, &word))
        place = find(header, word);
    return place;
}

static unsigned count(const struct header *header, const char *words)
{
    struct span rest = span_of(words), word;
    unsigned n = 0;

    while (span_word(&rest, &word))
        n += find(header, word) >= 0;
    return n;
}

static unsigned count_words(const char *words)
{
    struct span rest = span_of(words), word;
    unsigned n = 0;

    while (span_word(&rest, &word))
        n++;
    return n;
}

static bool fits(const struct header *header, const struct form *form)
{
    unsigned has = count(header, form->has);

    return has == count_words(form->has) && (form->only == NULL || has + count(header, form->only) == header->n);
}

static bool is_used(const struct columns *columns, int place)
{
    for (enum column column = 0; column < COLUMN_FLAG; column++) {
        if (columns->places[column] == place)
            return true;
    }
    return false;
}

/* A provider's form may have such a name for something else, and in our own no column is one. */
static void find_flags(const struct header *header, struct columns *columns)
{
    for (unsigned i = 0; i < header->n && columns->flags_n < FLAGS_MAX && columns->form != columns_ours; i++) {
        const struct flag *flag = flag_of_name(header->names[i]);

        if (flag == NULL || (columns->form != NULL && is_used(columns, (int)i)))
            continue;
        columns->places[COLUMN_FLAG + columns->flags_n] = (int)i;
        columns->flags[columns->flags_n++] = flag;
    }
}

/* Of letters and digits alone, so that it can stand in any message. */
static bool is_telling(const char *folded)
{
    static const char *const parts[] = {"unsub",    "optout",    "optin",     "bounce",  "complain",
                                        "suppress", "blacklist", "blocklist", "confirm", "consent"};
    bool plain = true, telling = false;

    for (const char *c = folded; *c != '\0'; c++)
        plain = plain && g_ascii_isalnum(*c);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        telling = telling || strstr(folded, parts[i]) != NULL;
    return plain && telling;
}

static void find_unknown(const struct header *header, const struct span *names, struct columns *columns)
{
    for (unsigned i = 0; i < header->n && columns->form == NULL && columns->unknown[0] == '\0'; i++) {
        if (!is_telling(header->names[i]) || is_used(columns, (int)i) || flag_of_name(header->names[i]) != NULL)
            continue;
        g_snprintf(columns->unknown, sizeof columns->unknown, "%.*s", (int)names[i].length, names[i].at);
        g_strdelimit(columns->unknown, "\t", ' ');
    }
}

bool columns_find(const struct span *names, unsigned n, struct columns *columns)
{
    const struct form *form = &usual;
    struct header header;

    fold_all(&header, names, n);
    for (size_t i = 0; form == &usual && i < G_N_ELEMENTS(forms); i++) {
        if (fits(&header, &forms[i]))
            form = &forms[i];
    }
    *columns = (struct columns){.form = form->name, .kind = form->kind, .n = n};
    for (enum column column = 0; column < COLUMN_COUNT; column++)
        columns->places[column] = find_any(&header, form->names[column]);
    /* The same names may be anyone's. */
    if (form->kind != NULL)
        columns->places[COLUMN_WORD] = find_any(&header, usual.names[COLUMN_REASON]);
    find_flags(&header, columns);
    find_unknown(&header, names, columns);
    return columns->places[COLUMN_ADDRESS] >= 0;
}

bool columns_header(const struct span *names, unsigned n)
{
    struct header header;

    fold_all(&header, names, n);
    return find_any(&header, usual.names[COLUMN_ADDRESS]) >= 0;
}
