// RawReceiver is a TCP server on 127.0.0.1 that runs a script on each connection, so that a test can be as rude a
// receiver as it wants. With an identity it speaks TLS.
//
//   RawReceiver receiver([](RawReceiver::Peer& peer) {
//     while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
//   });
//
// The connection is closed when its script returns.
//
// Threads: one that accepts and one for each connection, where the script runs; all functions from any thread. The
// destructor breaks off all scripts and joins them.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/time.h"
#include "testing/certificates.h"

namespace shakehook {

class RawReceiver {
 public:
  class Peer {
   public:
    ~Peer();

    // The number of the connection: 0 for the first.
    int number() const { return number_; }
    // Returns the client's IPv4 address.
    std::string address() const;
    // Reads a whole request, head and body (by Content-Length); empty: the client went.
    std::string ReadRequest();
    // Returns false if the client went.
    bool Send(std::string_view text);
    // Sends byte by byte, with a pause after each. Returns false if the client went.
    bool Drip(std::string_view text, Milliseconds pause);
    // Waits for this time, or until the client goes or sends.
    void Pause(Milliseconds time);
    void WaitForClose();
    // Closes with a reset.
    void Reset();
    // Only with TLS 1.2: asks the client for another handshake and waits for its reaction; returns whether it did one.
    bool Renegotiate();
    // Only with TLS: tells whether the session was resumed.
    bool resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }

   private:
    friend class RawReceiver;
    Peer(RawReceiver& receiver, int socket, int number) : receiver_(receiver), socket_(socket), number_(number) {}
    bool Handshake();
    long Receive(char* buffer, std::size_t bytes);

    RawReceiver& receiver_;
    int socket_;
    const int number_;
    SSL* ssl_ = nullptr;
    std::string unread_;
  };
  using Script = std::function<void(Peer&)>;

  explicit RawReceiver(Script script) : RawReceiver(std::move(script), nullptr) {}
  RawReceiver(Script script, const TlsIdentity& identity) : RawReceiver(std::move(script), &identity) {}
  ~RawReceiver();
  RawReceiver(const RawReceiver&) = delete;
  RawReceiver& operator=(const RawReceiver&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  // All requests that were read, in the order they came.
  std::vector<std::string> requests() const;

 private:
  RawReceiver(Script script, const TlsIdentity* identity);
  void Accept();

  const Script script_;
  SSL_CTX* tls_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  mutable Mutex mutex_;  // scripts run on threads of their own
  std::vector<std::string> requests_ GUARDED_BY(mutex_);
  std::vector<int> sockets_ GUARDED_BY(mutex_);  // the sockets of running scripts
  std::vector<std::thread> threads_;             // belongs to the accepting thread
  std::thread acceptor_;
};

}  // namespace shakehook
