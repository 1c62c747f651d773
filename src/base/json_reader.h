// JsonReader reads one JSON text in pieces, so that whoever reads a long one may do other things in between.
#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "base/json.h"

namespace shakehook {

class JsonReader {
 public:
  JsonReader();
  ~JsonReader();

  // Reads on. False: the text is wrong, and there is no need to go on.
  bool Add(std::string_view piece);
  // Gives what ParseJson gives for all pieces together. Called once, behind the last piece.
  std::expected<Json, JsonError> Finish();

 private:
  friend std::expected<Json, JsonError> ParseJson(std::string_view text);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
