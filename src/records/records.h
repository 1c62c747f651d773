// Records is the only writer of accounts and contacts: the API and the imports share it, so that they take turns.
//
// Ownership: store, clock and random outlive it, and nobody else draws from random.
// Threads:   any.
#pragma once

#include "base/shared_random.h"
#include "records/change_builder.h"
#include "records/edit_turns.h"
#include "records/record_writer.h"

namespace shakehook {

struct Records {
  Records(Store& store, Clock& clock, Random& source)
      : random(source), builder(clock, random), writer(store, builder, turns) {}
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;

  SharedRandom random;
  EditTurns turns;
  const ChangeBuilder builder;
  RecordWriter writer;
};

}  // namespace shakehook
