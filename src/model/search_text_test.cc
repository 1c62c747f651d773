#include "model/search_text.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include "model/fold_case.h"
#include "model/phone_digits.h"

namespace shakehook {
namespace {

Resource Contact(const std::string& data) { return FromData(ResourceKind::kContact, data, {}); }

Resource Named(const std::string& first, const std::string& last) {
  Resource resource(ResourceKind::kContact);
  resource.id.text = "c1";
  if (!first.empty()) resource.documented[0] = Json(first);
  if (!last.empty()) resource.documented[1] = Json(last);
  return resource;
}

bool Finds(std::string_view query, const Resource& resource) {
  return SearchQuery(query).Finds(SearchTextOf(resource));
}

Resource WithPhone(const std::string& phone) {
  Resource resource = Named("Zoé", "Dupont");
  resource.documented[3] = Json(phone);
  return resource;
}

TEST(Search, FindsNamesWhateverTheirAccentsCaseAndUnicodeForm) {
  struct Case {
    const char* query;
    const char* name;
  };
  for (const auto& [query, name] : {Case{"francois", "François"},
                                    {"FRANÇOIS", "François"},
                                    {"franc\u0327ois", "François"},  // NFD asks for NFC
                                    {"françois", "Franc\u0327ois"},  // and the other way
                                    {"strasse", "Straße"},
                                    {"STRASSE", "straße"},
                                    {"straße", "STRASSE"},
                                    {"coeur", "Cœur"},
                                    {"cœur", "Coeur"},
                                    {"aether", "Æther"},
                                    {"sorensen", "Sørensen"},
                                    {"lodz", "Łódź"},
                                    {"dorde", "Đorđe"},
                                    {"thorr", "Þórr"},
                                    {"istanbul", "İstanbul"},
                                    {"isik", "Işık"},
                                    {"ışık", "ISIK"},
                                    {"οδυσσευσ", "Ὀδυσσεύς"},
                                    {"ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"},
                                    {"nguyen", "Nguyễn"},
                                    {"dang", "Đặng"},
                                    {"елена", "ЕЛЕНА"},
                                    {"королев", "Королёв"},
                                    {"田中", "田中"},
                                    {"タナカ", "ﾀﾅｶ"},           // half-width
                                    {"tanaka", "Ｔａｎａｋａ"},  // full-width
                                    {"김", "김"},
                                    {"\u1100\u1175\u11b7", "김"},  // as single jamo
                                    {"محمد", "مُحَمَّد"},
                                    {"राम", "राम"},
                                    {"fi", "ﬁ"}}) {
    EXPECT_TRUE(Finds(query, Named(name, ""))) << query << " in " << name;
  }
  // Marks that make another letter.
  EXPECT_FALSE(Finds("रम", Named("राम", "")));
  EXPECT_FALSE(Finds("カ", Named("ガ", "")));
}

TEST(Search, FindsWordsInAnyOrderAndPartsOfWords) {
  const Resource elise = Named("Élise", "François");
  for (const char* query :
       {"élise françois", "françois élise", "FRANCOIS  ELISE", " franc eli ", "ois lise", "c1 elise"}) {
    EXPECT_TRUE(Finds(query, elise)) << query;
  }
  EXPECT_FALSE(Finds("françois elie", elise));
  EXPECT_TRUE(Finds("", elise));
  EXPECT_TRUE(Finds("   ", elise));
}

TEST(Search, FindsNamesWhateverTheirApostrophesAndDashes) {
  for (const char* name : {"O'Neil", "O’Neil", "O‘Neil", "O´Neil", "O`Neil", "Oneil", "O Neil"}) {
    for (const char* query : {"o'neil", "O’NEIL", "o`neil", "neil"}) {
      EXPECT_TRUE(Finds(query, Named("Ann", name))) << query << " in " << name;
    }
  }
  for (const char* query : {"oneil", "o neil"}) EXPECT_TRUE(Finds(query, Named("Ann", "O’Neil"))) << query;
  for (const char* name : {"Jean-Pierre", "Jean‐Pierre", "Jean‑Pierre", "Jean–Pierre", "Jean - Pierre", "Jean Pierre",
                           "JeanPierre", "Jean\u00a0Pierre", "Jean\u00ad-Pierre"}) {
    for (const char* query :
         {"jean-pierre", "jean pierre", "jean – pierre", "pierre jean", "JEAN‑PIERRE", "jean- pierre"}) {
      EXPECT_TRUE(Finds(query, Named(name, "Roux"))) << query << " in " << name;
    }
  }
  EXPECT_TRUE(Finds("jeanpierre", Named("Jean-Pierre", "")));
  EXPECT_TRUE(Finds("jean-pierre", Named("Jean", "Pierre")));
  EXPECT_TRUE(Finds("d'arc-dupont", Named("", "D’Arc Dupont")));
  EXPECT_TRUE(Finds("jr smith", Named("J.R.", "Smith")));
  EXPECT_FALSE(Finds("o'neil", Named("Jo", "Smith")));
}

TEST(Search, FindsAPhoneHoweverItIsWritten) {
  const std::vector<std::string> french = {"06 12 34 56 78",
                                           "0612345678",
                                           "06.12.34.56.78",
                                           "06-12-34-56-78",
                                           "+33612345678",
                                           "+33 6 12 34 56 78",
                                           "+33 (0)6 12345678",
                                           "0033612345678",
                                           "00 33 6 12345678",
                                           "(06) 12 34 56 78",
                                           "06\u00a012\u202f34 56 78",
                                           "+33.6.12.34.56.78",
                                           "٠٦١٢٣٤٥٦٧٨",
                                           "+33 6 12 34 56 78 (office)"};
  for (const std::string& stored : french) {
    for (const std::string& query : french) {
      if (query.contains('o')) continue;
      EXPECT_TRUE(Finds(query, WithPhone(stored))) << query << " in " << stored;
      EXPECT_TRUE(Finds("dupont " + query, WithPhone(stored))) << query << " in " << stored;
      EXPECT_TRUE(Finds(query + " zoe", WithPhone(stored))) << query << " in " << stored;
    }
    EXPECT_FALSE(Finds("0612345679", WithPhone(stored))) << stored;
    EXPECT_FALSE(Finds("06 78 56 34 12", WithPhone(stored))) << stored;
  }
  for (const char* begun : {"061", "0612", "06 12", "+336", "+33 6 12", "612345", "345678"}) {
    EXPECT_TRUE(Finds(begun, WithPhone("0612345678"))) << begun;
    EXPECT_TRUE(Finds(begun, WithPhone("+33612345678"))) << begun;
  }
}

TEST(Search, FindsPhonesOfOtherCountries) {
  struct Case {
    const char* at_home;
    const char* abroad;
  };
  for (const auto& [home, abroad] : {Case{"020 7946 0958", "+44 20 7946 0958"},
                                     {"(415) 555-2671", "+1 415 555 2671"},
                                     {"12 34 56 78", "+45 12 34 56 78"},
                                     {"06 1234 5678", "+39 06 1234 5678"},
                                     {"06 20 123 4567", "+36 20 123 4567"},
                                     {"8 912 345-67-89", "+7 912 345 67 89"},
                                     {"621 123 456", "00352 621 123 456"},
                                     {"030/123456", "+49 (0)30 123456"},
                                     {"6123 4567", "+65 6123 4567"}}) {
    EXPECT_TRUE(Finds(home, WithPhone(abroad))) << home;
    EXPECT_TRUE(Finds(abroad, WithPhone(home))) << abroad;
  }
  EXPECT_TRUE(Finds("0145678901", WithPhone("+33 6 12 34 56 78 / +33 1 45 67 89 01")));
  EXPECT_TRUE(Finds("0612345678", WithPhone("06 12 34 56 78, 01 45 67 89 01")));
}

TEST(Search, StillFindsEveryPartOfTheTextThatIsStored) {
  Resource contact = Contact(
      R"({"id":"crm-000.123_4","first_name":"Jean-Pierre","last_name":"O'Neil","email":"jp.o-neil+x@Example.com","phone":"+33 6 12.34","created_at":1})");
  const std::string text = "jean-pierre o'neil jp.o-neil+x@example.com +33 6 12.34 crm-000.123_4";
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    for (std::size_t size = 1; begin + size <= text.size(); ++size) {
      EXPECT_TRUE(Finds(text.substr(begin, size), contact)) << text.substr(begin, size);
    }
  }
}

TEST(Search, FindsNumbersOfIdsAndNamesThatAreNoPhones) {
  const Resource account =
      FromData(ResourceKind::kAccount, R"({"id":"2024-06-12","name":"Studio 54 1982 2020","created_at":1})", {});
  for (const char* query : {"2024-06-12", "1982 54", "2020 1982", "54 studio", "2024"}) {
    EXPECT_TRUE(Finds(query, account)) << query;
  }
  Resource other = Named("Zoé", "");
  other.id.text = "3";
  EXPECT_FALSE(Finds("000123", other));
  EXPECT_FALSE(Finds("c-3", other));
}

TEST(Search, LooksForPunctuationOnlyWhereThereIsNothingElse) {
  EXPECT_TRUE(Finds("-", Named("Jean-Pierre", "")));
  EXPECT_FALSE(Finds("-", Named("Jean", "")));
  EXPECT_TRUE(Finds("jean & pierre", Named("Jean", "Pierre")));
}

TEST(Search, TakesAnyBytes) {
  EXPECT_TRUE(Finds("zo\xc3", Named("zo\xc3", "")));
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "a ";
  EXPECT_TRUE(Finds(many, Named("Anna", "")));
}

TEST(FoldText, IsItsOwnFoldForEveryLetter) {
  for (utf8proc_int32_t c = 1; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(c, bytes);
    const std::string letter(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    const std::string folded = FoldText("a" + letter + "b");
    EXPECT_EQ(FoldText(folded), folded) << std::hex << c;
  }
}

// A stored text of another form is not found. A change to the results of these functions must raise kSearchTextForm.
TEST(Search, StoresTextsOfForm1) {
  EXPECT_EQ(kSearchTextForm, 1);
  EXPECT_EQ(
      SearchTextOf(Contact(
          R"({"id":"c1","first_name":"Jean-Pierre","last_name":"O’Neil","email":"J@X.fr","phone":"+33 6 12 34 56 78","landline_phone":"01.45.67.89.01","created_at":1})")),
      "jean-pierre o'neil j@x.fr +33 6 12 34 56 78 01.45.67.89.01 c1 jeanpierre oneil 33612345678 0612345678 "
      "0145678901");
  EXPECT_EQ(
      SearchTextOf(Contact(R"({"id":"c1","first_name":"Jo","last_name":"Doe","phone":"+33612345678","created_at":1})")),
      "jo doe +33612345678 c1 0612345678");
}

}  // namespace
}  // namespace shakehook
