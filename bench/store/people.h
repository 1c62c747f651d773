// People as venues have them, for searches: some names are borne by many and most by few, phones and e-mails are
// everybody's own.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"

namespace shakehook::bench {

struct Person {
  std::string first_name, last_name, email, phone;
};

class People {
 public:
  // `random` outlives this.
  explicit People(Random& random);

  Person Next();

 private:
  // A number below `count`; small ones come most often.
  std::size_t Rank(std::size_t count);

  Random& random_;
  std::vector<std::string> last_names_;
};

}  // namespace shakehook::bench
