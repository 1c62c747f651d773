// ConnectRace connects to one of several addresses, as RFC 8305 has it ("happy eyeballs"): the address families take
// turns, an address that has neither accepted nor refused after 250 ms gets a rival, and the first connection that is
// established wins. More addresses may come while it runs.
//
// Ownership: the sockets, until one is handed out. The Loop outlives it.
// Threads:   lives on its loop.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <optional>
#include <vector>

#include "base/loop.h"
#include "net/connection.h"
#include "net/egress.h"

namespace shakehook {

class ConnectRace {
 public:
  static constexpr Milliseconds kRival{250};  // RFC 8305, section 5: "Connection Attempt Delay"
  static constexpr std::size_t kAddressesMax = 10;

  using Socket = Connection::Socket;
  struct Failure {
    enum class At : std::uint8_t { kConnecting, kSource };
    boost::system::error_code error;
    asio::ip::address address;
    At at = At::kConnecting;
  };
  // If all fail, the failure is that of the address that got furthest.
  using Result = std::expected<Socket, Failure>;

  // `sources` outlives it.
  ConnectRace(Loop& loop, std::uint16_t port, const SourceAddresses& sources)
      : loop_(loop), port_(port), sources_(sources) {}
  ~ConnectRace();
  ConnectRace(const ConnectRace&) = delete;
  ConnectRace& operator=(const ConnectRace&) = delete;

  // Adds the addresses that it does not have yet.
  void Add(const std::vector<asio::ip::address>& addresses);
  // While more addresses may come, it does not give up.
  enum class More { kMayCome, kNo };
  void Expect(More more);
  // Breaks it off: it ends soon with operation_aborted.
  void Abort();

  // Called once.
  Async<Result> Run();

 private:
  struct Attempt;

  void Next();
  void Start(const asio::ip::address& address);
  // Has the socket connect from the address that is chosen for its target.
  std::optional<Failure> Bind(Socket& socket, const asio::ip::address& address) const;
  void OnConnected(Attempt& attempt, const boost::system::error_code& error);
  void Keep(const Failure& failure);
  void EndIfLost();
  void End(Result result);

  Loop& loop_;
  const std::uint16_t port_;
  const SourceAddresses& sources_;
  std::vector<asio::ip::address> known_;
  std::deque<asio::ip::address> waiting_;  // in the order to try them
  std::optional<bool> last_was_v4_;
  std::vector<Attempt*> attempts_;  // each is owned by the handler of its connect
  std::optional<Loop::TimerKey> timer_;
  More more_ = More::kNo;
  std::optional<Failure> failure_;
  std::move_only_function<void(Result)> done_;  // null: not running
};

}  // namespace shakehook
