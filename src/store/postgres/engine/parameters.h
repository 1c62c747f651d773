// Parameters are the values of a statement's $1, $2, ... in PostgreSQL's binary format
// (https://www.postgresql.org/docs/15/protocol-message-formats.html; numbers in network order). Each value has the type
// of its C++ type, so that the server guesses none: integers, enumerators, times and numbers are int8, texts text,
// digests and other bytes bytea, UUIDs uuid. A vector, and an ArrayOf, is an array of these, for unnest. The key of a
// delivery is bound as two values, its webhook and its position.
//
// Ownership: copies of all values.
// Threads:   any, one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/digest.h"
#include "base/time.h"
#include "base/uuid.h"
#include "model/delivery.h"
#include "model/ids.h"
#include "store/columns.h"

namespace shakehook::postgres {

// The numbers that PostgreSQL gives its own types (pg_type.dat); they never change.
enum class WireType : std::uint32_t {
  kBool = 16,
  kBytes = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kVarchar = 1043,
  kUuid = 2950,
};

// Bytes to be bound as a bytea.
struct Blob {
  std::string_view bytes;
};

// The shapes of values: an optional one, a text, bytes, a UUID; all others are numbers.
template <class T>
concept OptionalValue = requires(const T& value) { value.has_value(); };
template <class T>
concept TextValue = std::is_convertible_v<const T&, std::string_view> || requires(const T& value) { value.text; };
template <class T>
concept BytesValue = std::is_same_v<T, Blob> || std::is_same_v<T, Digest>;
template <class T>
concept UuidValue = std::is_same_v<T, Uuid> || requires(const T& value) { value.uuid; };
template <class T>
inline constexpr bool kIsNumber =
    std::is_integral_v<T> || std::is_enum_v<T> || std::is_same_v<T, Timestamp> || std::is_same_v<T, Microseconds>;
template <class Tag>
inline constexpr bool kIsNumber<Number<Tag>> = true;

// The type that a value of C++ is bound as.
template <class T>
consteval WireType WireTypeOf() {
  if constexpr (OptionalValue<T>) {
    return WireTypeOf<typename T::value_type>();
  } else if constexpr (TextValue<T>) {
    return WireType::kText;
  } else if constexpr (BytesValue<T>) {
    return WireType::kBytes;
  } else if constexpr (UuidValue<T>) {
    return WireType::kUuid;
  } else {
    static_assert(kIsNumber<T>, "this type is not bound");
    return WireType::kInt8;
  }
}

// Appends a value with its length before it, as arrays have them; null is the length -1 alone.
void AppendInt8(std::string& to, std::int64_t value);
void AppendBytes(std::string& to, std::string_view bytes);
void AppendNull(std::string& to);

template <class T>
void AppendValue(std::string& to, const T& value) {
  if constexpr (OptionalValue<T>) {
    if (value) {
      AppendValue(to, *value);
    } else {
      AppendNull(to);
    }
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    AppendBytes(to, value);
  } else if constexpr (TextValue<T>) {
    AppendBytes(to, value.text);
  } else if constexpr (std::is_same_v<T, Blob>) {
    AppendBytes(to, value.bytes);
  } else if constexpr (std::is_same_v<T, Digest>) {
    AppendBytes(to, {reinterpret_cast<const char*>(value.data()), value.size()});
  } else if constexpr (std::is_same_v<T, Uuid>) {
    AppendBytes(to, {reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
  } else if constexpr (UuidValue<T>) {
    AppendValue(to, value.uuid);
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    AppendInt8(to, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    AppendInt8(to, UnixMs(value));
  } else if constexpr (std::is_same_v<T, Microseconds>) {
    AppendInt8(to, value.count());
  } else {
    AppendInt8(to, value.value);  // a Number
  }
}

// The bytes of an array, value by value.
class ArrayBytes {
 public:
  explicit ArrayBytes(WireType element);

  template <class T>
  void Add(const T& value) {
    ++size_;
    AppendValue(bytes_, value);
  }
  std::size_t size() const { return size_; }
  // Returns the array as it is sent.
  std::string Finish() const;

 private:
  std::uint32_t size_ = 0;
  std::string bytes_;  // with a head that Finish fills in
};

// An array that is put together value by value: a column of the rows that a statement unnests.
template <class T>
class ArrayOf {
 public:
  void Add(const T& value) { bytes_.Add(value); }
  std::size_t size() const { return bytes_.size(); }
  const ArrayBytes& bytes() const { return bytes_; }

 private:
  ArrayBytes bytes_{WireTypeOf<T>()};
};

class Parameters {
 public:
  Parameters() = default;
  template <class... Values>
  explicit Parameters(const Values&... values) {
    static_assert(AreInKeyOrder<Values...>(), "the webhook is bound before the position");
    (Bind(values), ...);
  }

  template <class T>
  void Bind(const T& value) {
    Begin(WireTypeOf<T>());
    AppendValue(bytes_, value);
  }
  void Bind(const DeliveryKey& key) {
    Bind(key.webhook);
    Bind(key.position);
  }
  template <class T>
  void Bind(const ArrayOf<T>& values) {
    BindArray(WireTypeOf<T>(), values.bytes());
  }
  template <class T>
  void Bind(const std::vector<T>& values) {
    ArrayBytes array(WireTypeOf<T>());
    for (const T& value : values) array.Add(value);
    BindArray(WireTypeOf<T>(), array);
  }

  int size() const { return static_cast<int>(types_.size()); }
  // As libpq takes them; valid as long as this lives.
  std::vector<const char*> Values() const;
  std::vector<int> Lengths() const;
  const std::vector<std::uint32_t>& types() const { return types_; }

 private:
  void Begin(WireType type);
  void BindArray(WireType element, const ArrayBytes& array);

  std::vector<std::uint32_t> types_;
  std::vector<std::size_t> begins_;  // where each value begins within bytes_, with its length
  std::string bytes_;
};

}  // namespace shakehook::postgres
