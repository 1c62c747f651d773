// The feed as it runs in production: a writer's thread tells of commits while subscribers come and go on two loops.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "api/commit_feed.h"

namespace shakehook {
namespace {

constexpr int kSubscribersPerLoop = 20;
constexpr int kItemsEach = 50;

Commit CommitOf(const SharedWebhook& webhook, Position position) {
  auto event = std::make_shared<Event>();
  Commit commit;
  commit.owed.push_back({.webhook = webhook, .delivery = {.key = {position, {1}}, .event = std::move(event)}});
  return commit;
}

// Takes items until there are enough, one subscriber after the other. Each must get them in order.
Async<> Listen(CommitFeed& feed, Loop& loop, std::atomic<int>& finished) {
  for (int i = 0; i < kSubscribersPerLoop; ++i) {
    CommitFeed::Subscription subscription(feed, loop, std::nullopt);
    Position last;
    for (int heard = 0; heard < kItemsEach;) {
      co_await subscription.Wait(loop.clock().Steady() + Milliseconds(60'000));
      if (subscription.lagged()) break;  // this thread did not run for a long time
      while (const FeedItem* const item = subscription.Take()) {
        EXPECT_GT(item->delivery.key.position, last);
        last = item->delivery.key.position;
        ++heard;
      }
    }
  }
  ++finished;
  loop.Stop();
}

TEST(CommitFeedThreads, EverySubscriberHearsOfCommitsInOrder) {
  SystemClock clock;
  CommitFeed feed;
  std::atomic<int> finished = 0;
  std::array<Loop, 2> loops = {Loop(clock), Loop(clock)};
  std::vector<std::thread> threads;
  for (Loop& loop : loops) {
    loop.Spawn(Listen(feed, loop, finished));
    threads.emplace_back([&loop] { loop.Run(); });
  }
  const auto webhook = std::make_shared<const Webhook>();
  for (std::int64_t position = 1; finished < 2; ++position) {
    feed.OnCommit(CommitOf(webhook, {position}));
    std::this_thread::yield();  // as a store would, between commits
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(feed.WantsAttempts());
}

}  // namespace
}  // namespace shakehook
