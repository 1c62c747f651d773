#include "api/access/user_mail_text.h"

#include <string_view>

#include "base/check.h"
#include "base/filled_text.h"
#include "base/short_line.h"
#include "base/utc_text.h"

namespace shakehook {
namespace {

// A name is what an administrator typed: it gets no more room than this.
constexpr std::size_t kNameBytesMax = 200;

struct Words {
  std::string_view invitation_subject, reset_subject, greeting, invitation, reset, until, unexpected, why_you;
};

constexpr Words kEnglish = {
    .invitation_subject = "Your invitation to Shakehook",
    .reset_subject = "A new password for Shakehook",
    .greeting = "Hello {},",
    .invitation = "you are invited to the Shakehook dashboard at {}. Choose your password with this link:",
    .reset =
        "an administrator of the Shakehook dashboard at {} made this link for you. Choose a new password with it; "
        "until then your present one stays:",
    .until = "The link works once, until {} UTC. Whoever has it can use it: forward it to nobody.",
    .unexpected = "If you did not expect this e-mail, do nothing.",
    .why_you = "You get this because an administrator of {} entered your address.",
};
constexpr Words kFrench = {
    .invitation_subject = "Votre invitation à Shakehook",
    .reset_subject = "Un nouveau mot de passe pour Shakehook",
    .greeting = "Bonjour {},",
    .invitation = "vous avez accès au tableau de bord Shakehook de {}. Choisissez votre mot de passe avec ce lien :",
    .reset =
        "un administrateur du tableau de bord Shakehook de {} a créé ce lien pour vous. Il permet de choisir un "
        "nouveau mot de passe ; d’ici là, l’actuel reste valable :",
    .until = "Le lien sert une seule fois, jusqu’au {} UTC. Qui l’a peut s’en servir : ne le transférez à personne.",
    .unexpected = "Si vous n’attendiez pas cet e-mail, ne faites rien.",
    .why_you = "Vous recevez cet e-mail parce qu’un administrateur de {} a saisi votre adresse.",
};

const Words& WordsOf(const User& user) { return user.language.starts_with("fr") ? kFrench : kEnglish; }

}  // namespace

UserMailText UserMailTextOf(const User& user, const UserLink& link, const std::string& origin, const std::string& url) {
  const Words& words = WordsOf(user);
  const bool invited = link.kind == UserLink::Kind::kInvitation;
  UserMailText mail;
  mail.subject = invited ? words.invitation_subject : words.reset_subject;
  mail.text = FilledText(words.greeting, ShortLine(user.name, kNameBytesMax)) + "\n\n";
  mail.text += FilledText(invited ? words.invitation : words.reset, origin) + "\n\n" + url + "\n\n";
  mail.text += FilledText(words.until, UtcText(link.expires_at)) + "\n" + std::string(words.unexpected) + "\n\n-- \n";
  mail.text += FilledText(words.why_you, origin) + "\n";
  return mail;
}

}  // namespace shakehook
