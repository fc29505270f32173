#include "cmd/bounced/smtp/transaction.h"

struct transaction *transaction_new(void)
{
    struct transaction *transaction = g_new0(struct transaction, 1);

    transaction->recipients = g_ptr_array_new_with_free_func(g_free);
    return transaction;
}

void transaction_free(struct transaction *transaction)
{
    if (transaction == NULL)
        return;
    g_free(transaction->mail_from);
    g_ptr_array_unref(transaction->recipients);
    if (transaction->message != NULL)
        g_string_free(transaction->message, TRUE);
    g_free(transaction);
}
