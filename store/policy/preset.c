#include "store/policy/preset.h"

#define DAY G_GINT64_CONSTANT(86400)
#define YEAR (365 * DAY)

const char *const preset_names[] = {
    [PRESET_STANDARD] = "standard",
    [PRESET_CAREFUL] = "careful",
    [PRESET_STRICT] = "strict",
    NULL,
};

static const struct policy_row rows[][REASON_COUNT] =
    {
        [PRESET_STANDARD] =
            {
                [REASON_USER_UNKNOWN] = {.count = 1},
                [REASON_HAS_MOVED] = {.count = 1},
                [REASON_HOST_UNKNOWN] = {.count = 1},
                [REASON_NO_MAIL_ACCEPTED] = {.count = 1},
                [REASON_MAILBOX_FULL] = {.count = 5, .within = 30 * DAY, .stays_n = 1, .stays = {90 * DAY}},
                [REASON_MAILBOX_DISABLED] = {.count = 3, .within = 30 * DAY, .stays_n = 1, .stays = {90 * DAY}},
                [REASON_FILTERED] = {.count = 3, .within = 30 * DAY, .stays_n = 1, .stays = {90 * DAY}},
                [REASON_FEEDBACK] = {.count = 1},
                [REASON_UNSUBSCRIBE] = {.count = 1},
            },
        [PRESET_CAREFUL] =
            {
                [REASON_USER_UNKNOWN] = {.count = 2, .within = 30 * DAY, .days = 2},
                [REASON_HAS_MOVED] = {.count = 2, .within = 30 * DAY, .days = 2},
                [REASON_HOST_UNKNOWN] =
                    {.count = 3, .within = 30 * DAY, .days = 3, .stays_n = 2, .stays = {90 * DAY, 0}},
                [REASON_NO_MAIL_ACCEPTED] =
                    {.count = 2, .within = 30 * DAY, .days = 2, .stays_n = 2, .stays = {90 * DAY, 0}},
                [REASON_MAILBOX_FULL] =
                    {.count = 8, .within = 90 * DAY, .days = 8, .stays_n = 2, .stays = {30 * DAY, 90 * DAY}},
                [REASON_MAILBOX_DISABLED] =
                    {.count = 5, .within = 60 * DAY, .days = 5, .stays_n = 3, .stays = {30 * DAY, 90 * DAY, YEAR}},
                [REASON_FILTERED] =
                    {.count = 5, .within = 60 * DAY, .days = 5, .stays_n = 3, .stays = {30 * DAY, 90 * DAY, YEAR}},
                [REASON_FEEDBACK] = {.count = 1},
                [REASON_UNSUBSCRIBE] = {.count = 1},
            },
        [PRESET_STRICT] =
            {
                [REASON_USER_UNKNOWN] = {.count = 1},
                [REASON_HAS_MOVED] = {.count = 1},
                [REASON_HOST_UNKNOWN] = {.count = 1},
                [REASON_NO_MAIL_ACCEPTED] = {.count = 1},
                [REASON_MAILBOX_FULL] = {.count = 3, .within = 30 * DAY, .stays_n = 2, .stays = {90 * DAY, YEAR}},
                [REASON_MAILBOX_DISABLED] = {.count = 2, .within = 30 * DAY, .stays_n = 2, .stays = {180 * DAY, 0}},
                [REASON_FILTERED] = {.count = 2, .within = 30 * DAY, .stays_n = 2, .stays = {180 * DAY, 0}},
                [REASON_FEEDBACK] = {.count = 1},
                [REASON_UNSUBSCRIBE] = {.count = 1},
            },
};

const struct policy_row *preset_row(enum preset preset, enum reason reason)
{
    return &rows[preset][reason];
}
