#include "parser/prose/failed_fields.h"

#include "parser/mail/origin.h"
#include "parser/text/mentions.h"

enum { MAX_FIELDS = 1000 };

void failed_fields_read(const struct message *message, struct findings *findings)
{
    int left = MAX_FIELDS;

    for (size_t i = 0; origin_failed_fields[i] != NULL; i++) {
        const struct field *field = fields_find(&message->header, origin_failed_fields[i]);
        for (; field != NULL && left > 0; field = fields_next(&message->header, field), left--) {
            struct span address;
            size_t from = 0;
            while (mentions_next(field->value, &from, &address)) {
                struct finding *finding = findings_add(findings, address, REPORT_KIND_BOUNCE);
                if (finding == NULL)
                    return;
                finding->from = REPORT_FROM_X_HEADER;
            }
        }
    }
}
