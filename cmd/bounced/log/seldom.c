#include "cmd/bounced/log/seldom.h"

bool seldom_due(struct seldom *seldom, gint64 now)
{
    if (seldom->said != 0 && now - seldom->said < seldom->period)
        return false;
    seldom->said = now;
    return true;
}
