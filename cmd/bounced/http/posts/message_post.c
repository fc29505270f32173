#include "cmd/bounced/http/posts/message_post.h"

#include <string.h>

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/http_parts.h"
#include "cmd/bounced/peers/posting.h"
#include "cmd/bounced/peers/receiver.h"
#include "parser/address.h"
#include "parser/return_path.h"
#include "store/stored.h"

enum { PATH_LENGTH = 320 }; /* octets of an address: RFC 5321 section 4.5.3.1, without the brackets */

static bool refuse(struct http_call *call, enum problem problem, const char *detail)
{
    http_answer_problem(&call->answer, problem, detail);
    return false;
}

/* --- what comes --------------------------------------------------------------------------------------------------- */

static bool check_type(struct http_call *call)
{
    static const char *const types[] = {"message/rfc822", "message/global", "application/octet-stream"};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (body_is(call, types[i], true))
            return true;
    }
    return refuse(call, PROBLEM_UNSUPPORTED_TYPE, "expected message/rfc822");
}

static bool check_size(struct http_call *call)
{
    size_t length = call->request.body->len;

    if (length == 0)
        return refuse(call, PROBLEM_INVALID_BODY, "expected a message");
    return length <= (size_t)call->parts->setup->config->message_size ||
           refuse(call, PROBLEM_TOO_LARGE, "the message is larger than [server] message-size");
}

/* The null sender, one without a domain (MAILER-DAEMON), or an address. */
static bool check_sender(struct http_call *call)
{
    const char *text = http_request_argument(&call->request, "mail_from");
    g_autoptr(GString) address = g_string_new(NULL);

    if (text == NULL || *text == '\0' ||
        (strlen(text) <= PATH_LENGTH &&
         (address_read(span_of(text), ADDRESS_ALONE, address) || strpbrk(text, "@<> ") == NULL)))
        return true;
    return refuse(call, PROBLEM_INVALID_ADDRESS, "mail_from: expected an address, or nothing for the null sender");
}

/* As SMTP has it, mail is taken for addresses of sections of the config alone; from a tenant's program, for its own. */
static bool check_recipient(struct http_call *call)
{
    const char *text = http_request_argument(&call->request, "rcpt_to"), *own = call->grant.tenant;
    const struct return_path *path = NULL;

    if (text != NULL && strlen(text) <= PATH_LENGTH)
        path = return_path_find(call->parts->setup->config->return_paths, text);
    if (text != NULL && path == NULL)
        return refuse(call, PROBLEM_INVALID_ADDRESS, "rcpt_to: no section of the config takes mail for this address");
    return own == NULL || (path != NULL && g_strcmp0(path->tenant, own) == 0) ||
           refuse(call, PROBLEM_FORBIDDEN, "the token is of a tenant, and rcpt_to is no address of its own");
}

static bool check(struct http_call *call)
{
    return check_type(call) && check_size(call) && check_sender(call) && check_recipient(call);
}

/* --- what comes of it --------------------------------------------------------------------------------------------- */

static void answer(struct http_call *call, const struct ingest_message *message)
{
    GString *out = call->answer.body;
    const char *comma = "";

    http_answer_begin(&call->answer, 200, "application/json");
    g_string_append_printf(out, "{\"digest\":\"%s\",\"events\":{", message->digest);
    for (size_t kind = 0; kind < G_N_ELEMENTS(message->kinds); kind++) {
        if (message->kinds[kind] == 0)
            continue;
        g_string_append_printf(out, "%s\"%s\":%u", comma, report_kind_names[kind], message->kinds[kind]);
        comma = ",";
    }
    g_string_append(out, "}}\n");
}

static void on_ended(struct posting *posting)
{
    struct http_call *call = posting->owner;
    const struct ingest_message *message = posting->messages->pdata[0];

    if (message != NULL && message->outcome != INGEST_OUTCOME_FAILED)
        answer(call, message);
    else
        refuse(call, PROBLEM_UNAVAILABLE, "it could not be stored; post it again");
    posting_free(posting);
    call->parts->end(call->parts->http, call);
}

static struct ingest_message *make_message(struct http_call *call)
{
    struct ingest_message *message = ingest_message_new(store_door_names[STORE_DOOR_API], call->now);
    const char *recipient = http_request_argument(&call->request, "rcpt_to");

    message->confined = call->grant.tenant != NULL;
    message->mail_from = g_strdup(http_request_argument(&call->request, "mail_from"));
    if (recipient != NULL)
        g_ptr_array_add(message->rcpt_to, g_strdup(recipient));
    g_string_free(message->bytes, TRUE);
    message->bytes = g_steal_pointer(&call->request.body);
    call->request.body = g_string_new(NULL);
    return message;
}

void message_post(struct http_call *call)
{
    struct posting *posting;

    if (!check(call))
        return;
    posting = posting_new(call->client, call->listener, call->grant.name);
    posting->owner = call;
    posting->ended = on_ended;
    posting_add(posting, make_message(call));
    call->kept = receiver_post(call->parts->receiver, posting);
    if (call->kept)
        return;
    refuse(call, PROBLEM_UNAVAILABLE, "there is no room for more just now");
    posting_free(posting);
}
