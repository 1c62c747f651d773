#include "api/notices/recipient_mail_text.h"

#include <string_view>

#include "base/utc_text.h"

namespace shakehook {

RecipientMailText RecipientMailTextOf(NoticeLanguage language, Timestamp expires_at, const std::string& origin,
                                      const std::string& url) {
  const std::string until = UtcText(expires_at);
  if (language == NoticeLanguage::kFrench) {
    return {.subject = "Confirmez votre adresse pour les avis de Shakehook",
            .text = "Bonjour,\n\nun canal d’avis du tableau de bord Shakehook de " + origin +
                    " doit écrire à cette adresse quand un webhook échoue. Si vous voulez ces e-mails, confirmez-le "
                    "avec ce lien :\n\n" +
                    url + "\n\nLe lien est valable jusqu’au " + until +
                    " UTC. D’ici là, rien d’autre n’est envoyé à cette adresse.\n"
                    "Si vous ne voulez pas de ces e-mails, ne faites rien.\n\n-- \n"
                    "Vous recevez cet e-mail parce qu’un utilisateur de " +
                    origin + " a saisi votre adresse.\n"};
  }
  return {.subject = "Confirm your address for notices of Shakehook",
          .text = "Hello,\n\na notice channel of the Shakehook dashboard at " + origin +
                  " is to write to this address when a webhook fails. If you want these e-mails, confirm it with this "
                  "link:\n\n" +
                  url + "\n\nThe link works until " + until +
                  " UTC. Nothing else is sent to this address before you use it.\n"
                  "If you do not want these e-mails, do nothing.\n\n-- \n"
                  "You get this because a user of " +
                  origin + " entered your address.\n"};
}

}  // namespace shakehook
