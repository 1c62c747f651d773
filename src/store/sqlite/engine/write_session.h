// WriteSession is what a verb works with inside one transaction: the rows, and a note of what is to happen once the
// transaction is committed. What a refused verb has noted is taken back.
//
// Threads: the writer's.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/loop.h"
#include "store/commit_listener.h"
#include "store/config_cache.h"

namespace shakehook::sqlite {

class WriteSession {
 public:
  explicit WriteSession(ConfigCache& config_cache, bool wants_attempts)
      : config_cache_(config_cache), wants_attempts_(wants_attempts) {}

  // As it was committed last. The verb that changes the configuration runs last in its group, so that this is how
  // things are for every verb, but for webhooks: see FindWebhook.
  const ConfigCache& config_cache() const { return config_cache_; }
  bool wants_attempts() const { return wants_attempts_; }

  // The commit as the listeners will be told.
  Commit commit;

  // Returns whether one more delivery may be told to the listeners; of the rest they hear which webhooks are owed more.
  // Once this is false it stays so, so that what is told of a webhook comes before what is not.
  bool MayTell() const { return commit.owed.size() < kToldMax && commit.owed_more.empty(); }
  void TellMore(const SharedWebhook& webhook) {
    if (told_more_.insert(webhook->number).second) commit.owed_more.push_back({webhook});
  }

  // Runs after the commit, before the listeners are told and the next group begins.
  void AfterCommit(Task task) { after_commit_.push_back(std::move(task)); }

  // The webhook as it is in this transaction: a 410 may have disabled it in the same group. Null: there is none.
  SharedWebhook FindWebhook(WebhookNumber number) const {
    const auto changed = changed_webhooks_.find(number);
    return changed != changed_webhooks_.end() ? changed->second : config_cache_.FindWebhook(number);
  }
  SharedWebhook AsChanged(const SharedWebhook& committed) const {
    const auto changed = changed_webhooks_.find(committed->number);
    return changed != changed_webhooks_.end() ? changed->second : committed;
  }
  SharedWebhook FindWebhook(const WebhookId& id) const {
    const SharedWebhook committed = config_cache_.FindWebhook(id);
    return committed ? FindWebhook(committed->number) : nullptr;
  }
  void ChangeWebhook(SharedWebhook webhook) {
    changed_webhooks_[webhook->number] = webhook;
    AfterCommit([this, webhook] { config_cache_.Put(webhook); });
    commit.changed.push_back({webhook->number, webhook});
  }

  void RemoveWebhook(const Webhook& webhook) {
    changed_webhooks_[webhook.number] = nullptr;
    AfterCommit([this, id = webhook.id] { config_cache_.Remove(id); });
    commit.changed.push_back({webhook.number, nullptr});
  }

  // Called before the listeners are told. Deliveries to a webhook that the same group changed later get the webhook as
  // it is now; deliveries to a removed webhook are dropped.
  void SettleCommit() {
    if (changed_webhooks_.empty()) return;
    const auto settle = [this](auto& told) {
      std::erase_if(told, [this](auto& one) {
        const auto changed = changed_webhooks_.find(one.webhook->number);
        if (changed == changed_webhooks_.end()) return false;
        one.webhook = changed->second;
        return one.webhook == nullptr;
      });
    };
    settle(commit.owed);
    settle(commit.owed_more);
    settle(commit.due);
  }

  ConfigCache& config_cache_to_change() { return config_cache_; }
  void RunAfterCommit() {
    for (Task& task : after_commit_) task();
  }

 private:
  // Some 10 ms of work for the writer.
  static constexpr std::size_t kToldMax = 16'384;

  ConfigCache& config_cache_;
  const bool wants_attempts_;
  std::vector<Task> after_commit_;
  std::unordered_map<WebhookNumber, SharedWebhook> changed_webhooks_;
  std::unordered_set<WebhookNumber> told_more_;
};

}  // namespace shakehook::sqlite
