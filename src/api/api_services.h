// ApiServices is what every handler works with: the store, the URL policy, time and random numbers, and the parts that
// sign-in needs.
//
// Ownership: everything that it refers to outlives it.
// Threads:   handlers of several loops share it; the comment of each part says what it allows.
#pragma once

#include <memory>
#include <string>

#include "api/access/link_mail.h"
#include "api/access/password_hasher.h"
#include "api/access/setup_token.h"
#include "api/access/sign_in_limit.h"
#include "api/api.h"
#include "api/site/api_counters.h"
#include "records/records.h"

namespace shakehook {

class CommitFeed;
class InboxLog;

struct ApiServices {
  Store& store;
  Records& records;
  const AddressPolicy& policy;
  Clock& clock;
  prometheus::Registry& metrics;
  const Api::Options options;
  InboxLog& inboxes;
  CommitFeed& feed;  // gives commits to /api/stream and to tests of webhooks
  ApiCounters counters{metrics};
  SetupToken setup_token{options.setup_token};
  SignInLimit sign_in_limit{};
  // Null: there is no mail server.
  std::unique_ptr<LinkMail> user_mail =
      options.mail ? std::make_unique<LinkMail>(*options.mail, options.public_url.value_or("")) : nullptr;
  // The links that confirm an address; counted apart, so that who makes channels uses up no invitations.
  std::unique_ptr<LinkMail> recipient_mail =
      options.mail ? std::make_unique<LinkMail>(*options.mail, options.public_url.value_or("")) : nullptr;
  PasswordHasher inline_passwords{PasswordHasher::Execution::kInline};

  const ConfigCache& config_cache() const { return store.config_cache(); }
  PasswordHasher& passwords() { return options.passwords ? *options.passwords : inline_passwords; }
  Uuid NewUuid() const { return records.builder.NewUuid(); }
};

}  // namespace shakehook
