// RequestBuilder makes the header lines of one webhook's requests, with their signatures (CONTRACT §2; the seed, "HTTP
// Headers"; the Standard Webhooks specification where the webhook asks for it). It keeps what stays the same from
// request to request: the keyed HMACs and the custom lines.
//
// Threads: an object belongs to one loop.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "model/delivery.h"
#include "model/webhook.h"

namespace shakehook {

struct SignedHeaders {
  std::string lines;               // "Name: value\r\n" each, in the order they are sent
  Digest signature{};              // the value of Bookingshake-Signature, before it is hex
  std::string standard_signature;  // the value of webhook-signature; empty where not asked for
};

class RequestBuilder {
 public:
  explicit RequestBuilder(const Webhook& webhook);

  // `now`: the attempt's start. It decides which secret signs during a rotation's overlap.
  SignedHeaders Build(const OwedDelivery& delivery, Timestamp now);

 private:
  // A secret as the two schemes use it: the whole text for ours, the decoded part after "whsec_" for the standard's.
  struct Signer {
    explicit Signer(const std::string& secret);
    HmacKey document;
    HmacKey standard;
  };

  std::string StandardSignature(const std::string& signed_prefix, const std::string& payload, bool overlap);

  std::optional<Timestamp> overlap_ends_at_;
  bool standard_headers_;
  std::string custom_lines_;
  Signer current_;
  std::optional<Signer> previous_;
};

// Secrets begin with this; what follows is base64.
inline constexpr std::string_view kSecretPrefix = "whsec_";

}  // namespace shakehook
