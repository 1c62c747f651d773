#include "jobs/cause_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "model/failure_code.h"

namespace shakehook {
namespace {

struct FrenchSentence {
  std::string_view code;
  std::string_view text;  // "{}" stands for the number of the cause
};

constexpr auto kFrench = std::to_array<FrenchSentence>({
    {"status", "L’endpoint a répondu {}."},
    {"timeout", "Aucune réponse n’est venue à temps."},
    {"dns", "Le nom de l’hôte est introuvable."},
    {"forbidden_address", "Le nom de l’hôte mène à une adresse privée ou réservée."},
    {"connection_refused", "L’endpoint a refusé la connexion."},
    {"unreachable", "L’endpoint est injoignable."},
    {"connection_closed", "La connexion s’est fermée avant toute réponse."},
    {"tls", "La connexion sécurisée n’a pas pu être établie."},
    {"invalid_response", "La réponse n’est pas du HTTP valide."},
    {"internal", "Ce serveur n’a pas pu essayer."},
    {"bad_request", "L’endpoint n’a pas accepté le contenu (400)."},
    {"unauthorized", "L’endpoint n’a pas accepté la signature ou les identifiants (401)."},
    {"forbidden", "L’endpoint interdit la requête (403)."},
    {"not_found", "Il n’y a rien à cette adresse (404)."},
    {"method_not_allowed", "L’endpoint n’accepte pas POST (405)."},
    {"gone", "L’endpoint dit qu’il n’existe plus (410)."},
    {"too_large", "L’endpoint trouve le contenu trop volumineux (413)."},
    {"unsupported_media_type", "L’endpoint n’accepte pas le JSON (415)."},
    {"too_many_requests", "L’endpoint demande de ralentir (429)."},
    {"redirect", "L’endpoint redirige vers une autre adresse ({})."},
    {"client_error", "L’endpoint a refusé la requête ({})."},
    {"server_error", "L’endpoint a eu une erreur interne ({})."},
    {kFailedTooLongCode, "Le serveur l’a désactivé après {} jours d’échecs sans exception."},
});
constexpr std::string_view kFrenchOneDay = "Le serveur l’a désactivé après un jour d’échecs sans exception.";

}  // namespace

std::string CauseText(const NoticeFacts& facts, NoticeLanguage language) {
  const auto found = std::ranges::find(kFrench, facts.cause_code, &FrenchSentence::code);
  if (language != NoticeLanguage::kFrench || found == kFrench.end()) return facts.cause;
  const bool one_day = facts.cause_code == kFailedTooLongCode && facts.cause_number == 1;
  std::string text(one_day ? kFrenchOneDay : found->text);
  const std::size_t place = text.find("{}");
  if (place != std::string::npos) text.replace(place, 2, std::to_string(facts.cause_number));
  return text;
}

}  // namespace shakehook
