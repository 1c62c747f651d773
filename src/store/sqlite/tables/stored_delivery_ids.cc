#include "store/sqlite/tables/stored_delivery_ids.h"

#include <cstring>
#include <string>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

DeliveryIds::Key ReadKey(Connection& connection) {
  const std::string text = connection.Text("SELECT key FROM delivery_id_key");
  DeliveryIds::Key key;
  CHECK(text.size() == key.size());
  std::memcpy(key.data(), text.data(), key.size());
  return key;
}

}  // namespace

StoredDeliveryIds::StoredDeliveryIds(Connection& connection) : DeliveryIds(ReadKey(connection)) {}

void StoredDeliveryIds::MakeKey(Connection& connection, Random& random) {
  if (connection.Integer("SELECT count(*) FROM delivery_id_key") > 0) return;
  Key key;
  random.Fill(key);
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  Statement(connection, "INSERT INTO delivery_id_key (key) VALUES (?1)").Run(Blob{bytes});
}

Blob StoredDeliveryIds::Stored(const DeliveryId& id) {
  return {{reinterpret_cast<const char*>(id.uuid.bytes.data()), id.uuid.bytes.size()}};
}

Blob StoredDeliveryIds::ToStored(const DeliveryId& id, DeliveryKey key, Timestamp created_at) const {
  return Compute(key, created_at) == id ? Blob() : Stored(id);
}

DeliveryId StoredDeliveryIds::FromStored(std::string_view stored, DeliveryKey key, Timestamp created_at) const {
  if (stored.empty()) {
    const auto computed = Compute(key, created_at);
    CHECK(computed);
    return *computed;
  }
  DeliveryId id;
  CHECK(stored.size() == id.uuid.bytes.size());
  std::memcpy(id.uuid.bytes.data(), stored.data(), stored.size());
  return id;
}

}  // namespace shakehook::sqlite
