// HttpStream is one HTTP/1.1 connection as a load generator or a receiver needs it: a non-blocking socket, what came
// from it so far, and the messages in that. Bodies go by Content-Length alone.
//
// Threads: an object belongs to one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace shakehook::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

// Says what failed, with errno's reason, and ends the program.
[[noreturn]] void Fail(std::string_view what);

// Points into the stream's buffer, until its next Read.
struct HttpMessage {
  std::string_view head;  // with the empty line that ends it
  std::string_view body;

  // The value of a header, by its name in small letters; empty where there is none.
  std::string_view Header(std::string_view name) const;
};

class HttpStream {
 public:
  explicit HttpStream(int descriptor) : descriptor_(descriptor) {}
  ~HttpStream();
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  int descriptor() const { return descriptor_; }

  // Takes what has come; false once the other side has closed.
  bool Read();
  // The next whole message.
  std::optional<HttpMessage> Next();
  // Bytes that do not go out at once go with the next Flush.
  void Write(std::string_view bytes);
  void Flush();

 private:
  const int descriptor_;
  std::string in_;
  std::size_t taken_ = 0;  // the bytes of in_ that are used
  std::string out_;
};

}  // namespace shakehook::bench
