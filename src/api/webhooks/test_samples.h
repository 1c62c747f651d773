// The payload of a test delivery: a sample of its event type that nobody can take for a real account or contact, since
// receivers do not know the header that marks a test (CONTRACT §2).
#pragma once

#include <string>

#include "base/time.h"
#include "model/event.h"

namespace shakehook {

struct TestSample {
  ResourceId resource_id;  // begins with "test-"
  std::string data;        // compact JSON: the whole resource, of a deleted event only its id
};

// `now` is the event's timestamp.
TestSample MakeTestSample(EventType type, Timestamp now);

}  // namespace shakehook
