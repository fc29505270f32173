#include "cmd/batches/batch_json.h"

#include "reports/json.h"

void batch_json_sort(GString *out, const struct retraction_sort *sort)
{
    g_string_append_printf(out, "{\"reason\":\"%s\",\"rule\":", reason_names[sort->reason]);
    json_text(out, sort->rule != NULL ? sort->rule : "");
    g_string_append_printf(out, ",\"events\":%u}", sort->events);
}

void batch_json_revised(GString *out, const struct revision_listing *listing)
{
    g_string_append(out, "{\"recipient\":");
    json_text(out, listing->recipient);
    g_string_append_printf(out, ",\"effect\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                           revision_effect_names[listing->effect], reason_names[listing->from],
                           reason_names[listing->to]);
}

static void end_sums(GString *out, bool applied, const char *batch)
{
    g_string_append_printf(out, ",\"applied\":%s", applied ? "true" : "false");
    if (batch != NULL)
        g_string_append_printf(out, ",\"batch\":\"%s\"", batch);
}

void batch_json_rollback(GString *out, const struct retraction_sums *sums, bool applied, const char *batch)
{
    g_string_append_printf(out,
                           "\"events\":%u,\"addresses\":%u,\"goes\":%u,\"changes\":%u,\"appears\":%u,\"stays\":%u,"
                           "\"spared\":%u",
                           sums->events, sums->addresses, sums->effects[REVISION_GOES], sums->effects[REVISION_CHANGES],
                           sums->effects[REVISION_APPEARS], sums->stays, sums->spared);
    end_sums(out, applied, batch);
}

void batch_json_reversed(GString *out, const struct reversal_listing *listing)
{
    g_string_append(out, "{\"recipient\":");
    json_text(out, listing->subject);
    g_string_append(out, ",\"scope\":");
    json_text(out, listing->scope);
    g_string_append_printf(out, ",\"effect\":\"%s\"", reversal_effect_names[listing->effect]);
    if (listing->reason != REASON_NONE)
        g_string_append_printf(out, ",\"reason\":\"%s\"", reason_names[listing->reason]);
    g_string_append_c(out, '}');
}

void batch_json_undoing(GString *out, const struct batch_undone *undone, bool applied, const char *batch)
{
    g_string_append_printf(out, "\"returns\":%u,\"goes\":%u,\"changes\":%u,\"stays\":%u,\"events\":%" G_GINT64_FORMAT,
                           undone->effects[REVERSAL_RETURNS], undone->effects[REVERSAL_GOES],
                           undone->effects[REVERSAL_CHANGES], undone->effects[REVERSAL_STAYS], undone->events);
    end_sums(out, applied, batch);
}
