#include "parser/readers/receipt.h"

#include "parser/mail/notice.h"

static const char *const types[] = {"message/disposition-notification", "message/global-disposition-notification",
                                    NULL};

/* What a mail system sends is no receipt: Dovecot rejects mail with one (RFC 5429), also over quota. */
bool receipt_read(struct message *message, struct draft *draft G_GNUC_UNUSED)
{
    return message_part_of(message, types) != NULL && (notice_signs(message) & NOTICE_DAEMON) == 0;
}
