/* kafka_outlet.h: the outlet that produces to a topic of Kafka, by librdkafka, which has threads of its own. A record's
 * key is the item's address, so that what is of one address stays in order; its value the item's object; its headers id
 * and type. An item is delivered when the brokers have acknowledged its record. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type kafka_outlet;
