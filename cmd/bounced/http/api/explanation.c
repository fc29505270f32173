#include "cmd/bounced/http/api/explanation.h"

#include "cmd/bounced/http/api/tenancy.h"
#include "reports/json.h"
#include "reports/story/dossier.h"
#include "reports/story/story.h"

/* The dossier, with the story as its last member. */
static bool tell(struct http_call *call, const struct question *question)
{
    g_autoptr(GString) text = g_string_new(NULL);
    GString *out = call->answer.body;

    if (!dossier_list(question, out, &call->error) || !story_tell(question, text, &call->error))
        return false;
    g_string_truncate(out, out->len - 1);
    g_string_append(out, ",\"text\":");
    json_text(out, text->str);
    g_string_append(out, "}\n");
    return true;
}

void explanation_get(struct http_call *call)
{
    const struct http_request *request = &call->request;
    const char *stream = http_request_argument(request, "stream"), *tenant = http_request_argument(request, "tenant");
    struct store_asker asker;
    struct question question = {.style = &lines_plain,
                                .store = call->store,
                                .address = request->parameters[0],
                                .now = call->now,
                                .audience = tenancy_audience(call)};

    if (!tenancy_ask(call, stream, tenant, &asker))
        return;
    question.asker = asker.stream != NULL || asker.tenant != NULL ? &asker : NULL;
    if (tell(call, &question)) {
        http_answer_begin(&call->answer, 200, "application/json");
    } else if (g_error_matches(call->error, STORE_ERROR, STORE_ERROR_ADDRESS)) {
        http_answer_problem(&call->answer, PROBLEM_INVALID_ADDRESS, call->error->message);
        g_clear_error(&call->error);
    }
}
