#include "parser/readers/receipt.h"

static const char *const types[] = {"message/disposition-notification", "message/global-disposition-notification",
                                    NULL};

/* A message of a mail system is no receipt: Dovecot rejects mail with one (RFC 5429), also over quota. */
bool receipt_read(struct message *message, struct draft *draft)
{
    return message_part_of(message, types) != NULL && (origin_signs(draft->origin) & ORIGIN_DAEMON) == 0;
}
