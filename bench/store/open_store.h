// A store opened without its server: for filling a database through the same verbs that the server uses, and for
// reading back what it holds. The server must have made the folder, and must not run.
//
// Threads: one; verbs run inline, on the loop that Run() drives.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/loop.h"
#include "base/random.h"
#include "base/secret_box.h"
#include "store/store.h"

namespace shakehook::bench {

class OpenStore {
 public:
  // `folder` holds shakehook.db and master.key, or nothing yet. What cannot be opened ends the program. `durable`:
  // commits wait for the disk.
  OpenStore(const std::string& folder, Clock& clock, Switch durable = Switch::kOff);

  Store& store() { return *store_; }
  Random& random() { return random_; }

  // Runs the verb to its end. A refusal ends the program.
  template <class T>
  T Run(Async<Stored<T>> verb) {
    std::optional<Stored<T>> result;
    loop_.Spawn(Keep(std::move(verb), result));
    while (!result) loop_.Poll();
    if (!*result) Give(result->error().detail);
    return **std::move(result);
  }

 private:
  template <class T>
  static Async<> Keep(Async<Stored<T>> verb, std::optional<Stored<T>>& result) {
    result = co_await std::move(verb);
  }
  // Says why, and ends the program.
  [[noreturn]] static void Give(const std::string& reason);

  SecureRandom random_, store_random_;
  Loop loop_;
  std::unique_ptr<SecretBox> box_;
  std::unique_ptr<Store> store_;
};

}  // namespace shakehook::bench
