// AddressShares counts the connections from each network address, where the operator gave each a share
// (`--connections-per-address`). Of IPv6 a whole /64 is one address, because one machine has as many as it likes.
//
// Ownership: outlives its places.
// Threads:   from any thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"

namespace shakehook {

class AddressShares {
 public:
  // Holds one place of an address while it lives.
  class Place {
   public:
    Place() = default;
    Place(AddressShares& shares, boost::asio::ip::address of) : shares_(&shares), of_(std::move(of)) {}
    Place(Place&& other) noexcept : shares_(std::exchange(other.shares_, nullptr)), of_(other.of_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (shares_ != nullptr) shares_->Leave(of_);
    }

   private:
    AddressShares* shares_ = nullptr;  // null: its connection is not counted
    boost::asio::ip::address of_;
  };

  explicit AddressShares(std::size_t max) : max_(max) {}

  // Returns nullopt if the address has its share already.
  std::optional<Place> Enter(const boost::asio::ip::address& from);

 private:
  void Leave(const boost::asio::ip::address& of);

  const std::size_t max_;
  Mutex mutex_;
  std::unordered_map<boost::asio::ip::address, std::size_t> connections_ GUARDED_BY(mutex_);
};

}  // namespace shakehook
