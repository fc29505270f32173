#include "parser/mail/origin.h"

#include <string.h>

#include "parser/mail/auto_submitted.h"
#include "parser/return_path.h"
#include "parser/text/mentions.h"
#include "parser/text/phrase.h"

enum { MAX_FIELD = 300, MAX_TO = 1000, MAX_TITLE = 60 };

struct origin {
    struct message *message;
    unsigned signs;
    bool auto_reply;
    bool signs_known;
    bool auto_reply_known;
};

/* Words of a From field, in the order of trust. `alone`: the words are enough to call the sender a mail system. */
static const struct {
    const char *words;
    enum origin_sign sign;
    bool alone;
} senders[] = {
    {"mailer-daemon", ORIGIN_DAEMON, true},
    {"maildaemon", ORIGIN_DAEMON, false},
    {"mail-daemon", ORIGIN_DAEMON, false},
    {"mailerdaemon", ORIGIN_DAEMON, true},
    {"mail delivery s", ORIGIN_DAEMON, true}, /* system, subsystem, service, software */
    {"mail.delivery", ORIGIN_DAEMON, false},
    {"mailsystem", ORIGIN_DAEMON, false},
    {"delivery sub", ORIGIN_DAEMON, false},
    {"mail system", ORIGIN_DAEMON, false},
    {"mail deliverer", ORIGIN_DAEMON, false},
    {"delivery notification", ORIGIN_DAEMON, false},
    {"delivery status", ORIGIN_DAEMON, false},
    {"bounce notif", ORIGIN_DAEMON, false},
    {"daemon@", ORIGIN_DAEMON, false},
    {"mail server at", ORIGIN_DAEMON, false},
    {"mmdf", ORIGIN_DAEMON, false},
    {"bounce-notification", ORIGIN_DAEMON, false},
    {"microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@", ORIGIN_DAEMON, false},
    {"postmaster", ORIGIN_POSTMASTER, true},
    {"mail delivery", ORIGIN_POSTMASTER, true},
    {"mail deliver", ORIGIN_POSTMASTER, false},
    {"message delivery", ORIGIN_POSTMASTER, false},
    {"ndr ", ORIGIN_POSTMASTER, false},
    {"mail router", ORIGIN_POSTMASTER, false},
    {"interscan", ORIGIN_POSTMASTER, false},
    {"administrator", ORIGIN_POSTMASTER, false},
    {"mail-gateway", ORIGIN_POSTMASTER, false},
    {"mailadmin", ORIGIN_POSTMASTER, false},
    {"post_master", ORIGIN_POSTMASTER, false},
    {"email security", ORIGIN_POSTMASTER, false},
};

/* Such other mail has addresses beside words of failure in it. */
static const char *const listings[] = {"quarantine", "digest", "summary", "spam report", "held message"};

static const char *const goods[] = {"parcel", "package", "shipment", "order",     "paket", "sendung",
                                    "colis",  "paquete", "pacco",    "encomenda", "pakket"};

const char *const origin_failed_fields[] = {
    "X-Failed-Recipients", "X-Failed-Recipient", "X-Mailer-Daemon-Recipients",
    "X-Bounced-Address",   "X-Actual-Recipient", NULL,
};

/* How the subject starts of a person who passes a report on, or replies to one. */
static const char *const replies[] = {"re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "antw:"};

struct origin *origin_new(struct message *message)
{
    struct origin *origin = g_new0(struct origin, 1);

    origin->message = message;
    return origin;
}

void origin_free(struct origin *origin)
{
    g_free(origin);
}

static bool holds_any(struct span text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (span_find(text, words[i]) != NULL)
            return true;
    }
    return false;
}

/* The envelope tells, where it is known. A sender without a domain, as "MAILER-DAEMON", can be answered no more. */
static bool has_null_sender(const struct message *message)
{
    struct span path;

    if (message->envelope->mail_from != NULL)
        return strchr(message->envelope->mail_from, '@') == NULL;
    path = message_field(message, "Return-Path");
    return path.at != NULL && (span_is(path, "<>") || span_find(path, "MAILER-DAEMON") != NULL);
}

/* An address that complaints come to is no return path. */
static bool is_return_path(const struct message *message, const char *address)
{
    const struct return_path *path = return_path_find(message->settings->return_paths, address);

    return path != NULL && path->domain != NULL;
}

static bool came_to_return_path(const struct message *message)
{
    for (const char *const *address = message->envelope->recipients; *address != NULL; address++) {
        if (is_return_path(message, *address))
            return true;
    }
    return false;
}

/* Only an envelope that is known tells: fields of the header are the sender's. */
static bool came_back(const struct message *message)
{
    const struct report_envelope *envelope = message->envelope;

    return envelope->mail_from != NULL && has_null_sender(message) && envelope->recipients != NULL &&
           came_to_return_path(message);
}

static struct span from_field(const struct message *message)
{
    return span_head(message_field(message, "From"), MAX_FIELD);
}

static bool is_reply(const struct message *message)
{
    struct span subject = message_field(message, "Subject");

    for (size_t i = 0; i < G_N_ELEMENTS(replies); i++) {
        if (span_starts(subject, replies[i]))
            return true;
    }
    return false;
}

/* Did a person or a list send it? They may quote a report. */
static bool is_quoting(const struct message *message)
{
    return is_reply(message) || message_is_listed(message);
}

static bool is_subject_of_failure(struct message *message)
{
    struct span subject = span_of(message_subject(message));

    return (phrase_find(subject) & (PHRASE_FAILURE | PHRASE_DELAY)) != 0 ||
           span_find(subject, "delivery status") != NULL;
}

/* Does it return a message that its own addressee sent? KDDI's reports have no other mark in the header. */
static bool returns_message(struct message *message)
{
    static const char *const names[] = {"Return-Path", "From"};
    struct span to = span_head(message_field(message, "To"), MAX_TO);

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct span sender = span_head(fields_get(message_returned(message), names[i]), MAX_TO);
        struct span address;
        size_t from = 0;
        if (mentions_next(sender, &from, &address) && mentions_has(to, address))
            return true;
    }
    return false;
}

static unsigned sign_of_sender(const struct message *message, bool null_sender)
{
    struct span from = from_field(message);

    if (span_is(from, "<>") || (from.length == 0 && null_sender))
        return ORIGIN_DAEMON;
    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        if (span_find(from, senders[i].words) == NULL)
            continue;
        return senders[i].sign == ORIGIN_POSTMASTER && is_quoting(message) ? 0 : senders[i].sign;
    }
    return 0;
}

static unsigned sign_of_failed(const struct message *message)
{
    for (size_t i = 0; origin_failed_fields[i] != NULL; i++) {
        if (message_field(message, origin_failed_fields[i]).length > 0)
            return ORIGIN_FAILED;
    }
    return 0;
}

static unsigned sign_of_type(const struct message *message)
{
    struct span type = span_head(message_field(message, "Content-Type"), MAX_FIELD);
    bool report = span_starts(type, "multipart/report") && span_find(type, "disposition-notification") == NULL;

    return report ? ORIGIN_REPORT : 0;
}

/* Signs that confirm or refute a null sender alone. A list's server may have touched a bounce that came back. */
static unsigned signs_of_null_sender(struct origin *origin, bool back)
{
    struct message *message = origin->message;

    if ((message_is_listed(message) && !back) || origin_is_auto_reply(origin))
        return 0;
    if (is_reply(message)) /* Apache James, too, answers with "Re:" */
        return ORIGIN_NULL_SENDER;
    if (is_subject_of_failure(message))
        return ORIGIN_NULL_SENDER | ORIGIN_SUBJECT;
    return returns_message(message) ? ORIGIN_NULL_SENDER | ORIGIN_RETURNS : ORIGIN_NULL_SENDER;
}

static unsigned find_signs(struct origin *origin)
{
    const struct message *message = origin->message;
    bool null_sender = has_null_sender(message);
    bool back = came_back(message) && !origin_is_auto_reply(origin);
    unsigned signs = sign_of_sender(message, null_sender) | sign_of_failed(message) | sign_of_type(message);

    if (!null_sender)
        return signs;
    signs = signs != 0 ? signs | ORIGIN_NULL_SENDER : signs_of_null_sender(origin, back);
    return back ? signs | ORIGIN_CAME_BACK : signs;
}

unsigned origin_signs(struct origin *origin)
{
    if (!origin->signs_known)
        origin->signs = find_signs(origin);
    origin->signs_known = true;
    return origin->signs;
}

/* Is it a part of a conversation? */
static bool is_answer(const struct message *message)
{
    return is_reply(message) || message_field(message, "In-Reply-To").at != NULL ||
           message_field(message, "References").at != NULL;
}

static bool is_postmaster(const struct message *message)
{
    struct span from = from_field(message);

    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        if (span_find(from, senders[i].words) != NULL)
            return true;
    }
    return false;
}

/* "Delivery failure notification", "Undeliverable: our news": words of failure, and no more before a colon. */
static bool is_title(struct span subject)
{
    const char *colon = span_find_char(subject, ':');
    struct span title = colon != NULL ? span_head(subject, (size_t)(colon - subject.at)) : subject;

    return title.length <= MAX_TITLE && (phrase_find(title) & (PHRASE_FAILURE | PHRASE_DELAY)) != 0;
}

bool origin_is_doubtful(struct origin *origin)
{
    struct message *message = origin->message;

    if (origin_signs(origin) != 0 || is_answer(message) || origin_is_auto_reply(origin))
        return false;
    if (message_is_listed(message))
        return has_null_sender(message) || is_postmaster(message);
    return is_title(span_of(message_subject(message))) && !origin_is_of_goods(origin);
}

bool origin_is_for_return_path(const struct origin *origin)
{
    const struct message *message = origin->message;
    struct span to = span_head(message_field(message, "To"), MAX_TO), address;
    size_t from = 0;

    if (message->envelope->recipients != NULL && message->envelope->recipients[0] != NULL)
        return came_to_return_path(message);
    while (mentions_next(to, &from, &address)) {
        g_autofree char *text = g_strndup(address.at, address.length);
        if (is_return_path(message, text))
            return true;
    }
    return false;
}

bool origin_is_system(struct origin *origin)
{
    struct span from = from_field(origin->message);

    if (has_null_sender(origin->message))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        if (senders[i].alone && span_find(from, senders[i].words) != NULL)
            return true;
    }
    return false;
}

bool origin_is_auto_reply(struct origin *origin)
{
    if (!origin->auto_reply_known)
        origin->auto_reply = auto_submitted_is_reply(origin->message);
    origin->auto_reply_known = true;
    return origin->auto_reply;
}

bool origin_is_listing(const struct origin *origin)
{
    return holds_any(span_of(message_subject(origin->message)), listings, G_N_ELEMENTS(listings));
}

bool origin_is_of_goods(const struct origin *origin)
{
    return holds_any(span_of(message_subject(origin->message)), goods, G_N_ELEMENTS(goods));
}
