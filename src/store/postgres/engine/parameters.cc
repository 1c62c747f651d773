#include "store/postgres/engine/parameters.h"

#include <array>
#include <cstddef>
#include <cstring>

#include "base/check.h"

namespace shakehook::postgres {
namespace {

constexpr std::size_t kLengthBytes = 4;
// Dimensions, whether there may be a null, the elements' type; then the only dimension's size and its lowest index.
constexpr std::size_t kArrayHeadBytes = 20;
constexpr std::size_t kEmptyArrayBytes = 12;
// PostgreSQL's own limit of a value is 1 GB.
constexpr std::size_t kValueBytesMax = 1'000'000'000;

void AppendInt4(std::string& to, std::uint32_t value) {
  const std::array bytes = {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                            static_cast<char>(value >> 8), static_cast<char>(value)};
  to.append(bytes.data(), bytes.size());
}

void Replace(std::string& in, std::size_t at, std::uint32_t value) {
  std::string bytes;
  AppendInt4(bytes, value);
  std::memcpy(in.data() + at, bytes.data(), bytes.size());
}

int ReadInt4(const std::string& from, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) value = (value << 8) | static_cast<std::uint8_t>(from[at + i]);
  return static_cast<int>(value);
}

WireType ArrayTypeOf(WireType element) {
  switch (element) {
    case WireType::kInt8:
      return WireType{1016};
    case WireType::kText:
      return WireType{1009};
    case WireType::kBytes:
      return WireType{1001};
    case WireType::kUuid:
      return WireType{2951};
    default:
      CHECK(!"no value is bound as this type");
      return element;
  }
}

}  // namespace

void AppendInt8(std::string& to, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  AppendInt4(to, 8);
  AppendInt4(to, static_cast<std::uint32_t>(bits >> 32));
  AppendInt4(to, static_cast<std::uint32_t>(bits));
}

void AppendBytes(std::string& to, std::string_view bytes) {
  CHECK(bytes.size() <= kValueBytesMax);
  AppendInt4(to, static_cast<std::uint32_t>(bytes.size()));
  to.append(bytes);
}

void AppendNull(std::string& to) { AppendInt4(to, static_cast<std::uint32_t>(-1)); }

ArrayBytes::ArrayBytes(WireType element) {
  AppendInt4(bytes_, 1);
  AppendInt4(bytes_, 1);
  AppendInt4(bytes_, static_cast<std::uint32_t>(element));
  AppendInt4(bytes_, 0);
  AppendInt4(bytes_, 1);
}

std::string ArrayBytes::Finish() const {
  std::string finished = size_ == 0 ? bytes_.substr(0, kEmptyArrayBytes) : bytes_;
  if (size_ == 0) {
    Replace(finished, 0, 0);
  } else {
    Replace(finished, kArrayHeadBytes - 2 * kLengthBytes, size_);
  }
  return finished;
}

void Parameters::Begin(WireType type) {
  types_.push_back(static_cast<std::uint32_t>(type));
  begins_.push_back(bytes_.size());
}

void Parameters::BindArray(WireType element, const ArrayBytes& array) {
  Begin(ArrayTypeOf(element));
  AppendBytes(bytes_, array.Finish());
}

std::vector<const char*> Parameters::Values() const {
  std::vector<const char*> values;
  values.reserve(begins_.size());
  for (const std::size_t begin : begins_) {
    values.push_back(ReadInt4(bytes_, begin) < 0 ? nullptr : bytes_.data() + begin + kLengthBytes);
  }
  return values;
}

std::vector<int> Parameters::Lengths() const {
  std::vector<int> lengths;
  lengths.reserve(begins_.size());
  for (const std::size_t begin : begins_) lengths.push_back(std::max(0, ReadInt4(bytes_, begin)));
  return lengths;
}

}  // namespace shakehook::postgres
