#include "cmd/bounced/peers/posting.h"

#include "cmd/bounced/peers/peers.h"

/* About what a message takes beside its bytes, until it is stored. */
enum { MESSAGE_MEMORY = 2048 };

static void free_message(void *message)
{
    ingest_message_free(message);
}

struct posting *posting_new(const char *client, const char *listener, const char *token)
{
    struct posting *posting = g_new0(struct posting, 1);

    posting->client.name = g_strdup(client);
    posting->client.listener = g_strdup(listener);
    posting->client.token = g_strdup(token);
    posting->messages = g_ptr_array_new_with_free_func(free_message);
    posting->place = g_new0(struct intake_place, 1);
    return posting;
}

void posting_free(struct posting *posting)
{
    if (posting == NULL)
        return;
    g_ptr_array_unref(posting->messages);
    g_free(posting->client.name);
    g_free(posting->client.listener);
    g_free(posting->client.token);
    g_free(posting->place);
    g_free(posting);
}

void posting_add(struct posting *posting, struct ingest_message *message)
{
    message->number = posting->messages->len;
    g_ptr_array_add(posting->messages, message);
}

static size_t octets_of(const struct posting *posting)
{
    size_t octets = 0;

    for (guint i = 0; i < posting->messages->len; i++) {
        const struct ingest_message *message = posting->messages->pdata[i];
        octets += message->bytes->allocated_len + MESSAGE_MEMORY;
    }
    return octets;
}

bool posting_begin(struct posting *posting, struct peers *peers)
{
    if (peers->stopping || !intake_enter_posting(peers->intake, posting->place, posting, octets_of(posting)))
        return false;
    posting->open = peers->postings;
    g_hash_table_add(posting->open, posting);
    posting->out = posting->messages->len;
    for (guint i = 0; i < posting->messages->len; i++)
        intake_post(peers->intake, posting->place, g_steal_pointer(&posting->messages->pdata[i]));
    return true;
}

static void end(struct posting *posting, struct intake *intake)
{
    intake_exit_posting(intake, posting->place);
    g_hash_table_remove(posting->open, posting);
    posting->ended(posting);
}

void posting_take(struct posting *posting, struct intake *intake, struct ingest_message *message)
{
    posting->messages->pdata[message->number] = message;
    if (--posting->out == 0)
        end(posting, intake);
}

void posting_give_up(struct posting *posting, struct intake *intake)
{
    end(posting, intake);
}
