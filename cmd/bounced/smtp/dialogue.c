#include "cmd/bounced/smtp/dialogue.h"

void dialogue_hit(const struct session *session, enum limit limit)
{
    session->settings->limits[limit]++;
}

void dialogue_reset(struct session *session)
{
    data_clear(&session->data);
    g_clear_pointer(&session->transaction, transaction_free);
    if (session_states[session->state].in_transaction)
        session->state = SESSION_STATE_READY;
}
