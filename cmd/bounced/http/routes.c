#include "cmd/bounced/http/routes.h"

#include "cmd/bounced/http/api/batch_check.h"
#include "cmd/bounced/http/api/change_list.h"
#include "cmd/bounced/http/api/change_stream.h"
#include "cmd/bounced/http/api/description.h"
#include "cmd/bounced/http/api/event_list.h"
#include "cmd/bounced/http/api/explanation.h"
#include "cmd/bounced/http/api/health.h"
#include "cmd/bounced/http/api/suppression_list.h"
#include "cmd/bounced/http/api/suppressions.h"
#include "cmd/bounced/http/api/wave_list.h"
#include "cmd/bounced/http/bulk/import_post.h"
#include "cmd/bounced/http/bulk/rollback_post.h"
#include "cmd/bounced/http/posts/delivered_post.h"
#include "cmd/bounced/http/posts/event_post.h"
#include "cmd/bounced/http/posts/message_post.h"
#include "cmd/bounced/http/scrape.h"

#define GET HTTP_METHOD_GET
#define POST HTTP_METHOD_POST
#define PUT HTTP_METHOD_PUT
#define DELETE HTTP_METHOD_DELETE
#define READER HTTP_PLACE_READER
#define CLERK HTTP_PLACE_CLERK
#define BULK HTTP_PLACE_BULK
#define LOOP HTTP_PLACE_LOOP
#define METRICS LISTEN_SERVE_METRICS
#define API LISTEN_SERVE_API

/* Octets of a body: one object; all addresses of a check; a message, of which the config says how large it may be; a
 * list. */
enum { SMALL = 64 << 10, LARGE = 4 << 20, MAIL = 64 << 20, LIST = 100 << 20 };

const struct http_route http_routes[] = {
    {GET, "/metrics", METRICS, HTTP_RIGHT_NONE, LOOP, 0, scrape_metrics, NULL},
    {GET, "/healthz", API, HTTP_RIGHT_NONE, READER, 0, health_process, NULL},
    {GET, "/readyz", API, HTTP_RIGHT_NONE, CLERK, 0, health_store, NULL},
    {GET, "/v1/openapi.json", API, HTTP_RIGHT_NONE, READER, 0, description_get, NULL},
    {GET, "/v1/suppressions", API, HTTP_RIGHT_READ, READER, 0, suppression_list,
     "domain reason stream tenant scope state since until q limit after"},
    {GET, "/v1/suppressions/{subject}", API, HTTP_RIGHT_READ, READER, 0, suppressions_get, "stream tenant scope"},
    {PUT, "/v1/suppressions/{subject}", API, HTTP_RIGHT_WRITE, CLERK, SMALL, suppressions_put, "scope force"},
    {DELETE, "/v1/suppressions/{subject}", API, HTTP_RIGHT_WRITE, CLERK, 0, suppressions_delete, "scope note"},
    {POST, "/v1/check", API, HTTP_RIGHT_READ, READER, LARGE, batch_check, ""},
    {POST, "/v1/import", API, HTTP_RIGHT_WRITE, BULK, LIST, import_post,
     "dry_run scope reason until note batch name force written"},
    {POST, "/v1/rollback", API, HTTP_RIGHT_WRITE, BULK, SMALL, rollback_post, ""},
    {GET, "/v1/events", API, HTTP_RIGHT_READ, READER, 0, event_list,
     "recipient domain kind reason rule receiver stream diagnostic evidence since until limit after"},
    {GET, "/v1/changes", API, HTTP_RIGHT_READ, READER, 0, change_list,
     "after wait limit types reasons verdicts streams tenants"},
    {GET, "/v1/changes/stream", API, HTTP_RIGHT_READ, READER, 0, change_stream,
     "after types reasons verdicts streams tenants"},
    {GET, "/v1/explain/{address}", API, HTTP_RIGHT_READ, READER, 0, explanation_get, "stream tenant"},
    {GET, "/v1/waves", API, HTTP_RIGHT_READ, READER, 0, wave_list_get, "limit after"},
    {POST, "/v1/waves/{wave}/confirm", API, HTTP_RIGHT_WRITE, CLERK, SMALL, wave_list_confirm, ""},
    {POST, "/v1/waves/{wave}/drop", API, HTTP_RIGHT_WRITE, CLERK, SMALL, wave_list_drop, ""},
    {POST, "/v1/events", API, HTTP_RIGHT_INGEST, READER, LARGE, event_post, ""},
    {POST, "/v1/messages", API, HTTP_RIGHT_INGEST, LOOP, MAIL, message_post, "mail_from rcpt_to"},
    {POST, "/v1/delivered", API, HTTP_RIGHT_INGEST, CLERK, LARGE, delivered_post, ""},
    {.path = NULL},
};
