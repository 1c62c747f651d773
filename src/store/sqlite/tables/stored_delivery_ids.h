// StoredDeliveryIds are the ids of deliveries (store/delivery_ids.h) as the tables have them: an id that is computed is
// stored as x''. The others are found by an index; those of older databases are among them.
//
// Threads: any; a value.
#pragma once

#include <string_view>

#include "base/random.h"
#include "store/delivery_ids.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

class StoredDeliveryIds : public DeliveryIds {
 public:
  using DeliveryIds::DeliveryIds;
  // Reads the database's key. Precondition: MakeKey() was called for it.
  explicit StoredDeliveryIds(Connection& connection);
  // Makes the database's key, if it has none.
  static void MakeKey(Connection& connection, Random& random);

  // Returns the stored form of an id that is not the computed one. It refers to `id`.
  static Blob Stored(const DeliveryId& id);
  // Returns the stored form of a delivery's id.
  Blob ToStored(const DeliveryId& id, DeliveryKey key, Timestamp created_at) const;
  DeliveryId FromStored(std::string_view stored, DeliveryKey key, Timestamp created_at) const;
};

}  // namespace shakehook::sqlite
