#include "cmd/bounced/smtp/command.h"

#include <string.h>

#include "cmd/bounced/smtp/content.h"
#include "cmd/bounced/smtp/dialogue.h"
#include "cmd/bounced/smtp/parameter.h"
#include "cmd/bounced/smtp/path.h"
#include "cmd/bounced/smtp/replies.h"
#include "cmd/bounced/smtp/xclient.h"
#include "parser/return_path.h"

#define BIT(n) (1U << (n))

static void skip_spaces(const char **at)
{
    while (**at == ' ' || **at == '\t')
        (*at)++;
}

/* --- greetings --------------------------------------------------------------------------------------------------- */

/* helo = "HELO" SP Domain CRLF
 * ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
 *
 * The client's name for itself decides nothing here, so any word will do. */
static void run_helo(struct session *session, const char *argument)
{
    if (*argument == '\0') {
        replies_add(session, "501 5.5.4 Host name required");
        return;
    }
    dialogue_reset(session);
    session->state = SESSION_STATE_READY;
    replies_add(session, "250 %s", session->settings->hostname);
}

static void run_ehlo(struct session *session, const char *argument)
{
    const struct session_settings *settings = session->settings;

    if (*argument == '\0') {
        replies_add(session, "501 5.5.4 Host name required");
        return;
    }
    dialogue_reset(session);
    session->state = SESSION_STATE_READY;
    replies_add_part(session, "250-%s", settings->hostname);
    replies_add_part(session, "250-PIPELINING");
    replies_add_part(session, "250-SIZE %zu", settings->message_size);
    replies_add_part(session, "250-8BITMIME");
    replies_add_part(session, "250-SMTPUTF8");
    replies_add_part(session, "250-CHUNKING");
    replies_add_part(session, "250-LIMITS RCPTMAX=%zu", settings->recipients);
    if (session->link.xclient)
        replies_add_part(session, "250-XCLIENT %s", xclient_attributes);
    if (session->link.tls != LISTEN_TLS_NONE && !session->encrypted)
        replies_add_part(session, "250-STARTTLS");
    replies_add(session, "250 ENHANCEDSTATUSCODES");
}

/* --- the transaction --------------------------------------------------------------------------------------------- */

/* "FROM:" or "TO:", then the path. Many clients put a space between them. */
static bool take_keyword(const char **at, const char *keyword)
{
    size_t length = strlen(keyword);

    if (g_ascii_strncasecmp(*at, keyword, length) != 0)
        return false;
    *at += length;
    skip_spaces(at);
    return true;
}

/* Mail systems of old, and some of today, say MAILER-DAEMON or postmaster for the null sender, and a bounce that is
 * refused is gone. By LMTP any local part does: the MTA that hands it in has taken the mail for good. */
static unsigned senders_allowed(const struct session *session)
{
    unsigned allow = PATH_ALLOW_NULL | PATH_ALLOW_UTF8 | PATH_ALLOW_POSTMASTER | PATH_ALLOW_DAEMON;

    return session->link.protocol == LISTEN_PROTOCOL_LMTP ? allow | PATH_ALLOW_LOCAL : allow;
}

/* mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF */
static void run_mail(struct session *session, const char *argument)
{
    g_autoptr(Transaction) transaction = transaction_new();
    const char *at = argument;
    const char *refusal;

    if (!take_keyword(&at, "FROM:")) {
        replies_add(session, "501 5.5.4 Syntax: MAIL FROM:<address>");
        return;
    }
    /* Whether UTF-8 may stand in the path is said behind it. */
    if (path_parse(&at, senders_allowed(session), &transaction->mail_from) != PATH_RESULT_OK) {
        replies_add(session, "501 5.1.7 Bad sender address");
        return;
    }
    refusal = parameter_read_all(PARAMETER_MAIL, session->settings, transaction, at);
    if (refusal != NULL) {
        replies_add(session, "%s", refusal);
        return;
    }
    if (!transaction->utf8 && !g_str_is_ascii(transaction->mail_from)) {
        replies_add(session, "550 5.6.7 The sender address needs SMTPUTF8");
        return;
    }
    session->transaction = g_steal_pointer(&transaction);
    session->state = SESSION_STATE_SENDER;
}

/* RFC 5321 section 4.5.1: mail for postmaster is always taken, by the bare name and at each domain that mail is for. */
static bool is_postmaster(const struct session_settings *settings, const char *address)
{
    const char *at = strchr(address, '@');
    const char *domain = at != NULL ? at + 1 : settings->hostname;

    if (g_ascii_strncasecmp(address, "postmaster", 10) != 0 || (address[10] != '\0' && address[10] != '@'))
        return false;
    if (g_ascii_strcasecmp(domain, settings->hostname) == 0)
        return true;
    for (guint i = 0; settings->return_paths != NULL && i < settings->return_paths->len; i++) {
        const struct return_path *path = settings->return_paths->pdata[i];
        const char *own = path->domain != NULL ? path->domain : strrchr(path->address, '@') + 1;

        if (g_ascii_strcasecmp(domain, own) == 0)
            return true;
    }
    return false;
}

static bool accepted(const struct session *session, const char *address)
{
    return is_postmaster(session->settings, address) ||
           return_path_find(session->settings->return_paths, address) != NULL;
}

/* rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF */
static void run_rcpt(struct session *session, const char *argument)
{
    struct transaction *transaction = session->transaction;
    unsigned allow = PATH_ALLOW_POSTMASTER | (transaction->utf8 ? PATH_ALLOW_UTF8 : 0);
    g_autofree char *address = NULL;
    const char *at = argument;
    const char *refusal;
    enum path_result result;

    if (!take_keyword(&at, "TO:")) {
        replies_add(session, "501 5.5.4 Syntax: RCPT TO:<address>");
        return;
    }
    result = path_parse(&at, allow, &address);
    if (result != PATH_RESULT_OK) {
        replies_add(session, "%s",
                    result == PATH_RESULT_BAD ? "501 5.1.3 Bad recipient address"
                                              : "550 5.6.7 The recipient address needs SMTPUTF8");
        return;
    }
    refusal = parameter_read_all(PARAMETER_RCPT, session->settings, transaction, at);
    if (refusal != NULL) {
        replies_add(session, "%s", refusal);
    } else if (!accepted(session, address)) {
        replies_add(session, "550 5.1.1 User unknown");
    } else if (transaction->recipients->len >= session->settings->recipients) {
        dialogue_hit(session, LIMIT_RECIPIENTS);
        replies_add(session, "452 4.5.3 Too many recipients");
    } else {
        g_ptr_array_add(transaction->recipients, g_steal_pointer(&address));
        session->state = SESSION_STATE_RCPT;
        replies_add(session, "250 2.1.5 Recipient ok");
    }
}

static void run_data(struct session *session, const char *argument G_GNUC_UNUSED)
{
    content_begin_data(session);
    replies_add(session, "354 End data with <CR><LF>.<CR><LF>");
}

static void run_rset(struct session *session, const char *argument G_GNUC_UNUSED)
{
    dialogue_reset(session);
    replies_add(session, "250 2.0.0 Reset");
}

/* --- the rest ---------------------------------------------------------------------------------------------------- */

static void run_noop(struct session *session, const char *argument G_GNUC_UNUSED)
{
    replies_add(session, "250 2.0.0 Ok");
}

static void run_starttls(struct session *session, const char *argument G_GNUC_UNUSED)
{
    if (session->link.tls == LISTEN_TLS_NONE) {
        replies_add(session, "502 5.5.1 Not implemented");
    } else if (session->encrypted) {
        replies_add(session, "503 5.5.1 TLS is on already");
    } else {
        session->state = SESSION_STATE_STARTTLS;
        replies_add(session, "220 2.0.0 Begin TLS");
    }
}

/* The owner greets it as the client that it names. */
static void run_xclient(struct session *session, const char *argument)
{
    if (!session->link.xclient) {
        replies_add(session, "550 5.7.0 XCLIENT is not allowed from your address");
    } else if (!xclient_read(argument, &session->link.host)) {
        replies_add(session, "501 5.5.4 Syntax: XCLIENT attribute=value ...");
    } else {
        dialogue_reset(session);
        session->state = SESSION_STATE_XCLIENT;
    }
}

/* RFC 5321 section 7.3: it is not told which addresses there are. */
static void run_vrfy(struct session *session, const char *argument)
{
    if (*argument == '\0')
        replies_add(session, "501 5.5.4 Syntax: VRFY address");
    else
        replies_add(session, "252 2.5.0 Cannot verify, send mail to find out");
}

static void run_help(struct session *session, const char *argument G_GNUC_UNUSED)
{
    replies_add(session, "214 2.0.0 This host takes bounces and feedback reports; see RFC 5321");
}

static void run_quit(struct session *session, const char *argument G_GNUC_UNUSED)
{
    dialogue_reset(session);
    replies_add(session, "221 2.0.0 %s closes the connection", session->settings->hostname);
    session->state = SESSION_STATE_CLOSED;
}

/* A browser that is made to post to this port: nothing of what follows is a command. */
static void run_foreign(struct session *session, const char *argument G_GNUC_UNUSED)
{
    dialogue_reset(session);
    replies_add(session, "421 4.7.0 This is no HTTP server");
    session->state = SESSION_STATE_CLOSED;
}

/* --- the table --------------------------------------------------------------------------------------------------- */

#define SMTP BIT(LISTEN_PROTOCOL_SMTP)
#define LMTP BIT(LISTEN_PROTOCOL_LMTP)
#define BOTH (SMTP | LMTP)

#define READY BIT(SESSION_STATE_READY)
#define HELLOED (BIT(SESSION_STATE_READY) | BIT(SESSION_STATE_MAIL) | BIT(SESSION_STATE_RCPT) | BIT(SESSION_STATE_BDAT))
#define ANY (BIT(SESSION_STATE_GREETED) | HELLOED)

/* A set of bits. */
enum command_flags {
    ARGUMENT = 1 << 0, /* may have one; else 501 */
    OCTETS = 1 << 1,   /* octets follow, whatever the reply is */
    CLEAR = 1 << 2,    /* without TLS, too, where it is required; else 530 (RFC 3207 section 4) */
    LAST = 1 << 3,     /* nothing may be pipelined behind it (RFC 2920 section 3.1) */
};

struct command {
    const char *name;
    unsigned protocols;
    unsigned states;
    unsigned flags;
    /* NULL: known, not implemented */
    void (*run)(struct session *session, const char *argument);
};

static const struct command commands[] = {
    {"HELO", SMTP, ANY, ARGUMENT | CLEAR | LAST, run_helo},
    {"EHLO", SMTP, ANY, ARGUMENT | CLEAR | LAST, run_ehlo},
    {"LHLO", LMTP, ANY, ARGUMENT | CLEAR | LAST, run_ehlo},
    {"STARTTLS", BOTH, BIT(SESSION_STATE_GREETED) | READY, CLEAR, run_starttls},
    {"XCLIENT", BOTH, BIT(SESSION_STATE_GREETED) | READY, ARGUMENT | LAST, run_xclient},
    {"MAIL", BOTH, READY, ARGUMENT, run_mail},
    {"RCPT", BOTH, BIT(SESSION_STATE_MAIL) | BIT(SESSION_STATE_RCPT), ARGUMENT, run_rcpt},
    {"DATA", BOTH, BIT(SESSION_STATE_RCPT), LAST, run_data},
    {"BDAT", BOTH, BIT(SESSION_STATE_RCPT) | BIT(SESSION_STATE_BDAT), ARGUMENT | OCTETS, content_begin_chunk},
    {"RSET", BOTH, ANY, 0, run_rset},
    {"NOOP", BOTH, ANY, ARGUMENT | CLEAR | LAST, run_noop},
    {"VRFY", BOTH, ANY, ARGUMENT | LAST, run_vrfy},
    {"HELP", BOTH, ANY, ARGUMENT, run_help},
    {"QUIT", BOTH, ANY, CLEAR, run_quit},
    {"EXPN", BOTH, ANY, ARGUMENT | LAST, NULL},
    {"ETRN", BOTH, ANY, ARGUMENT, NULL},
    {"TURN", BOTH, ANY, ARGUMENT | LAST, NULL},
    {"AUTH", BOTH, ANY, ARGUMENT, NULL},
    {"GET", BOTH, ANY, ARGUMENT | CLEAR, run_foreign},
    {"POST", BOTH, ANY, ARGUMENT | CLEAR, run_foreign},
    {"CONNECT", BOTH, ANY, ARGUMENT | CLEAR, run_foreign},
};

static const struct command *find_command(const struct session *session, const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        const struct command *command = &commands[i];

        if (strlen(command->name) == length && g_ascii_strncasecmp(command->name, name, length) == 0 &&
            (command->protocols & BIT(session->link.protocol)) != 0)
            return command;
    }
    return NULL;
}

bool command_has_octets(const char *line)
{
    size_t length = strcspn(line, " \t");

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if ((commands[i].flags & OCTETS) != 0 && strlen(commands[i].name) == length &&
            g_ascii_strncasecmp(commands[i].name, line, length) == 0)
            return true;
    }
    return false;
}

static bool needs_tls(const struct session *session, const struct command *command)
{
    return session->link.tls == LISTEN_TLS_REQUIRED && !session->encrypted && (command->flags & CLEAR) == 0;
}

/* Why it may not run now; NULL when it may. */
static const char *find_refusal(const struct session *session, const struct command *command, const char *argument)
{
    if (command == NULL)
        return "500 5.5.1 Unknown command";
    if (command->run == NULL)
        return "502 5.5.1 Not implemented";
    if (needs_tls(session, command))
        return "530 5.7.0 Must issue a STARTTLS command first";
    if ((command->states & BIT(session->state)) == 0)
        return session_states[session->state].out_of_sequence;
    if (*argument != '\0' && (command->flags & ARGUMENT) == 0)
        return "501 5.5.4 No argument is expected";
    return NULL;
}

void command_run(struct session *session, const char *line)
{
    const char *argument = line + strcspn(line, " \t");
    const struct command *command = find_command(session, line, (size_t)(argument - line));
    const char *refusal;

    skip_spaces(&argument);
    refusal = find_refusal(session, command, argument);
    if (refusal == NULL)
        command->run(session, argument);
    else if (command != NULL && (command->flags & OCTETS) != 0)
        content_begin_refused_chunk(session, argument, refusal);
    else
        replies_add(session, "%s", refusal);
    session->silence = command != NULL && (command->flags & LAST) != 0;
}
