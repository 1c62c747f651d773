// A list of events' positions as bytes: ascending, each as its distance to the one before, seven bits to a byte, the
// lowest first; a byte above 127 has another one behind it. So {1000, 1001, 1300} is e8 07 | 01 | ab 02.
//
// Threads: any; pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace shakehook::sqlite {

// Precondition: `positions` is ascending, without repetition, and above 0.
std::string EncodePositions(std::span<const Position> positions);
// Precondition: EncodePositions() gave the bytes.
std::vector<Position> DecodePositions(std::string_view bytes);

// Returns whether the position is one of them; they are ascending.
bool HasPosition(std::span<const Position> positions, Position position);
// Takes the position out of them; returns whether it was there.
bool RemovePosition(std::vector<Position>& positions, Position position);

}  // namespace shakehook::sqlite
