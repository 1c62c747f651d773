// Responses that are compressed for clients that take gzip (Accept-Encoding): the lists that dashboards ask for become
// a fifth to a tenth.
//
// The length of a compressed response tells whether it contains a text twice. So an attacker who places a text in it
// and watches the network can guess its other content (BREACH). Therefore only responses to GET are compressed, and
// none that gives out a secret (Route::compression); and a random padding blurs the length (docs/security.md).
#pragma once

#include <atomic>

#include "base/loop.h"
#include "base/random.h"
#include "net/http_server.h"

namespace shakehook {

enum class Compression : std::uint8_t { kAllowed, kNever };

// Tells whether the request's Accept-Encoding takes `coding` ("gzip", "br"): named and not with a quality of zero.
bool TakesCoding(const HttpRequest& request, std::string_view coding);

// Threads: from any loop.
class ResponseCompressor {
 public:
  // The smallest and the largest body that are compressed. A smaller one fits one packet anyway; a larger one would
  // take the processor from others for longer than it saves the client.
  static constexpr std::size_t kBytesMin = 1024;
  static constexpr std::size_t kBytesMax = 1024 * 1024;
  // Responses that are compressed at a time; others go as they are. Each takes some 270 KB.
  static constexpr int kAtOnceMax = 8;

  // Compresses the response in turns, or leaves it as it is.
  Async<> Compress(Loop& loop, const HttpRequest& request, Random& random, HttpResponse& response);

 private:
  std::atomic<int> running_ = 0;
};

}  // namespace shakehook
