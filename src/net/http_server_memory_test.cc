#include "net/http_server_memory.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Verdict = HttpServerMemory::Verdict;

TEST(HttpServerMemory, IsGivenUpToItsBoundAndTakenBack) {
  HttpServerMemory memory(100);
  HttpServerMemory::Hold first(memory), second(memory);
  EXPECT_EQ(first.Resize(60), Verdict::kHeld);
  EXPECT_EQ(second.Resize(41), Verdict::kFull);
  EXPECT_EQ(second.Resize(40), Verdict::kHeld);
  EXPECT_EQ(second.Resize(41), Verdict::kFull);
  EXPECT_EQ(second.bytes(), 40u);
  EXPECT_EQ(first.Resize(10), Verdict::kHeld);
  EXPECT_EQ(second.Resize(90), Verdict::kHeld);
  second.Release();
  EXPECT_EQ(memory.held(), 10u);
  {
    HttpServerMemory::Hold third(memory);
    third.Force(1000);
    EXPECT_EQ(memory.held(), 1010u);
  }
  EXPECT_EQ(memory.held(), 10u);
}

TEST(HttpServerMemory, AnOwnerHasAShare) {
  HttpServerMemory memory(100);
  HttpServerMemory::Hold first(memory), second(memory), other(memory);
  first.PassTo("a");
  second.PassTo("a");
  other.PassTo("b");
  EXPECT_EQ(first.Resize(30), Verdict::kHeld);
  EXPECT_EQ(second.Resize(30), Verdict::kShareFull);
  EXPECT_EQ(other.Resize(50), Verdict::kHeld);
  EXPECT_EQ(second.Resize(20), Verdict::kHeld);
  first.PassTo("c");
  EXPECT_EQ(second.Resize(50), Verdict::kHeld);
  EXPECT_EQ(first.Resize(1), Verdict::kFull);
}

TEST(HttpServerMemory, WhatIsAloneFits) {
  HttpServerMemory memory(100);
  HttpServerMemory::Hold large(memory), other(memory);
  large.PassTo("a");
  EXPECT_EQ(large.Resize(500), Verdict::kHeld);
  EXPECT_EQ(other.Resize(1), Verdict::kFull);
}

}  // namespace
}  // namespace shakehook
