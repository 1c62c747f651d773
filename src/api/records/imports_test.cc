#include <gtest/gtest.h>

#include "model/import.h"
#include "store/sqlite/engine/sqlite.h"
#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

class Imports : public ApiTest {
 protected:
  Response Start(const std::string& query, const std::string& csv) {
    return Call("POST", "/api/venues/v1/imports?" + query, csv, {{"content-type", "text/csv"}});
  }
  // Waits until it has ended.
  Json Finish(const Response& started) {
    EXPECT_EQ(started.status, 201) << started.body;
    for (int i = 0; i < 100'000; ++i) {
      const auto import = Call("GET", started.Header("Location"));
      if (import.Text("state") != "running") return import.json();
      Step();
    }
    ADD_FAILURE() << "the import does not end";
    return {};
  }
  static std::int64_t Number(const Json& json, std::string_view key) { return json.Find(key)->integer().value_or(-1); }
  static std::string Counts(const Json& json) {
    std::string counts;
    for (const char* key : {"rows", "done", "created", "updated", "unchanged", "refused"}) {
      counts += (counts.empty() ? "" : " ") + std::to_string(Number(json, key));
    }
    return counts;
  }
  std::string Errors(const Response& started) {
    std::string text;
    const auto answered = Call("GET", started.Header("Location") + "/errors");
    for (const Json& row : *answered.json().Find("data")->array()) {
      for (const Json& error : *row.Find("errors")->array()) {
        text += std::to_string(Number(row, "row")) + " " + *error.Find("field")->text() + ": " +
                *error.Find("detail")->text() + "\n";
      }
    }
    return text;
  }
  std::size_t ContactCount() {
    return Await(store().ListResources({.venue_id = {"v1"}, .kind = ResourceKind::kContact, .limit = 100'000}))->size();
  }
};

TEST_F(Imports, PutTheRowsOfAFileAsTheApiWould) {
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c1","first_name":"Old","city":"Lyon"})");
  Call("POST", "/api/venues/v1/contacts", R"({"id":"c2","first_name":"Same"})");
  const auto started = Start("kind=contact",
                             "\xef\xbb\xbfid,first_name,email\r\n"
                             "c1,New,\r\n"
                             "c2,Same,\r\n"
                             "c3,\"Doe, \"\"J\"\"\",j@x.example\r\n"
                             "c4,Bad,nobody\r\n"
                             ",No id,\r\n");
  EXPECT_EQ(Counts(Finish(started)), "5 5 2 1 1 1");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c1").body,
            R"({"id":"c1","first_name":"New","city":"Lyon","created_at":1731493800000})");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c3").Text("first_name"), "Doe, \"J\"");
  EXPECT_EQ(Errors(started), "4 email: must be an e-mail address, with an @\n");
  EXPECT_EQ(Payloads().size(), 5u);
  const auto file = Call("GET", started.Header("Location") + "/errors.csv");
  EXPECT_EQ(file.Header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(file.body,
            "\xef\xbb\xbfrow,field,problem,id,first_name,email\r\n"
            "4,email,\"must be an e-mail address, with an @\",c4,Bad,nobody\r\n");
}

TEST_F(Imports, GoByTheColumnsThatTheyAreTold) {
  const auto started =
      Start("kind=account&columns=name,,city&delimiter=semicolon", "Nom;Note;Ville\n'=1+1;x;Paris\n;;\n'ok;y;\n;z;\n");
  EXPECT_EQ(Counts(Finish(started)), "3 3 2 0 1 0");
  const auto list = Call("GET", "/api/accounts?venue_id=v1&sort=name");
  EXPECT_NE(list.body.find(R"("name":"=1+1","city":"Paris")"), std::string::npos) << list.body;
  EXPECT_NE(list.body.find(R"("name":"'ok")"), std::string::npos) << list.body;
}

TEST_F(Imports, ReadCustomFieldsByTheirKind) {
  const auto make = [this](const std::string& label, const std::string& more) {
    return Call("POST", "/api/fields",
                R"({"venue_id":"v1","collection":"clients","label":")" + label + R"(",)" + more + "}")
        .Text("code");
  };
  const std::string number = make("N", R"("type":"number")");
  const std::string select =
      make("S", R"("type":"select","data":[{"label":"Végé","value":"veg"}],"isRequiredInBO":true)");
  const std::string many =
      make("M", R"("type":"multiselect","data":[{"label":"A","value":1},{"label":"B","value":2}])");
  const auto started =
      Start("kind=contact&delimiter=semicolon&columns=id,optin_marketing," + number + "," + select + "," + many,
            "a;b;c;d;e\n"
            "c1;Oui;007,50;VÉGÉ;b | A\n"
            "c2;perhaps;x;meat;C\n"
            ";;1;;\n");
  // A field that is required is required in forms, not in files (CONTRACT §4).
  EXPECT_EQ(Counts(Finish(started)), "3 3 2 0 0 1");
  const std::string made = Call("GET", "/api/venues/v1/contacts/c1").body;
  EXPECT_NE(made.find(R"("optin_marketing":true)"), std::string::npos) << made;
  EXPECT_NE(made.find(number + R"(":7.5,)"), std::string::npos) << made;
  EXPECT_NE(made.find(select + R"(":"veg")"), std::string::npos) << made;
  EXPECT_NE(made.find(many + R"(":[2,1])"), std::string::npos) << made;
  EXPECT_EQ(Errors(started), "2 optin_marketing: must be yes or no\n2 " + number + ": must be a number\n2 " + select +
                                 ": must be one of the choices\n2 " + many + ": must be one of the choices\n");
}

TEST_F(Imports, AnUnclosedQuoteSwallowsTheRest) {
  std::string csv = "id,first_name,email\n";
  for (int i = 1; i <= 20; ++i) {
    const std::string n = std::to_string(i);
    csv += "w" + n + (i == 3 ? ",\"Guest " : ",Guest ") + n + ",guest" + n + "@example.com\n";
  }
  const auto started = Start("kind=contact", csv);
  EXPECT_EQ(Counts(Finish(started)), "20 20 19 0 0 1");
  EXPECT_EQ(Errors(started), "3 : has a quote that opens in line 4 and is not closed\n");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/w4").Text("email"), "guest4@example.com");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/w3").status, 404);
}

TEST_F(Imports, RefuseEachRowThatIsNoRow) {
  using namespace std::string_literals;
  const auto started = Start("kind=contact",
                             "id,first_name,email\n"
                             "r1,6\" pipe,r1@x.example\n"
                             "r2,\"Ann\" B,r2@x.example\n"
                             "r3,Ann\n"
                             "r4,Ann,r4@x.example,more\n"
                             "r5,Ann,r5@x.example,,\n"
                             "r6,A\0nn,r6@x.example\n"
                             "r7,An\rn,r7@x.example\n"
                             "r8,A\ufffdn,r8@x.example\n"
                             "r9,Ann,r\u00a09@x.example\n"
                             "\u00a0r10\u202f,\\N, \u200br10@x.example\u00a0\n"
                             "r11,\"Ann,r11@x.example\nr12,Bea\",r12@x.example\n"s);
  EXPECT_EQ(Counts(Finish(started)), "11 11 2 0 0 9");
  EXPECT_EQ(Errors(started),
            "1 : has a quote inside a cell that does not begin with one, in line 2\n"
            "2 : has text after the closing quote of a cell that begins in line 3\n"
            "3 : has fewer cells than the header\n"
            "4 : has more cells than the header\n"
            "6 : has a character U+0000, in line 7\n"
            "7 : has another kind of line end than the first line of the file, in line 8\n"
            "8 first_name: contains a character that could not be read (U+FFFD)\n"
            "9 email: contains a space or another character that cannot be seen\n"
            "11 first_name: looks like several rows; perhaps a quote is missing\n");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/r10").Text("email"), "r10@x.example");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/r10").json().Find("first_name"), nullptr);
}

TEST_F(Imports, GoOnBehindAQuoteOfManyMegabytes) {
  std::string csv = "id,first_name\nq1,Ann\nq2,\"";
  while (csv.size() < 16 * 1024 * 1024) csv += std::string(1000, 'x');
  csv += "\nq3,Bea\nq4,\"Cle\n";
  for (int i = 5; i < 2'000; ++i) csv += "q" + std::to_string(i) + "," + std::string(200, 'y') + "\n";
  const auto started = Start("kind=contact", csv);
  EXPECT_EQ(Counts(Finish(started)), "1999 1999 1997 0 0 2");
  EXPECT_EQ(Errors(started),
            "2 : has a quote that opens in line 3 and is not closed\n"
            "4 : has a quote that opens in line 5 and is not closed\n");
}

TEST_F(Imports, LeaveOutContactsOfAccountsThatAreNot) {
  Call("POST", "/api/venues/v1/accounts", R"({"id":"a1"})");
  const auto started = Start("kind=contact", "id,account_id\nc1,a1\nc2,none\nc3,a1\n");
  EXPECT_EQ(Counts(Finish(started)), "3 3 2 0 0 1");
  EXPECT_EQ(Errors(started), "2 account_id: there is no account with this id in the venue\n");
}

TEST_F(Imports, PutARowAfterTheRowThatItChanges) {
  const auto started = Start("kind=contact", "id,city\nc1,Paris\nc2,Nice\nc1,Lyon\nc1,Lyon\n");
  EXPECT_EQ(Counts(Finish(started)), "4 4 2 1 1 0");
  EXPECT_EQ(Call("GET", "/api/venues/v1/contacts/c1").Text("city"), "Lyon");
}

TEST_F(Imports, GoOnAfterARestartWithoutPuttingARowTwice) {
  constexpr int kRows = 3'000;
  std::string csv = "first_name,email,city\n";
  for (int i = 0; i < kRows; ++i) csv += "N" + std::to_string(i) + ",n@x.example," + std::string(20, 'x') + "\n";
  const auto started = Start("kind=contact", csv);
  ASSERT_EQ(started.status, 201) << started.body;
  int restarts = 0;
  for (int i = 0; Call("GET", started.Header("Location")).Text("state") == "running" && i < 10'000; ++i) {
    for (int turn = 0; turn < 3; ++turn) Step();
    if (i % 2 == 1) {
      Reopen();
      ++restarts;
    }
  }
  EXPECT_GT(restarts, 3);
  EXPECT_EQ(Counts(Call("GET", started.Header("Location")).json()), "3000 3000 3000 0 0 0");
  EXPECT_EQ(ContactCount(), static_cast<std::size_t>(kRows));
  EXPECT_EQ(Payloads().size(), static_cast<std::size_t>(kRows));
}

TEST_F(Imports, StopWhereTheyAreCanceledAndLetAnotherBegin) {
  std::string csv = "first_name\n";
  for (int i = 0; i < 1'000; ++i) csv += "N" + std::to_string(i) + "\n";
  const auto started = Start("kind=contact", csv);
  while (ContactCount() == 0) Step();
  const auto second = Start("kind=contact", csv);
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.Text("detail"), "An import into this venue is running.");
  const auto canceled = Call("POST", started.Header("Location") + "/cancel");
  EXPECT_EQ(canceled.Text("state"), "canceled");
  const std::size_t put = ContactCount();
  EXPECT_LT(put, 1'000u);
  for (int i = 0; i < 50; ++i) Call("GET", "/healthz");
  EXPECT_EQ(ContactCount(), put);
  EXPECT_EQ(Counts(Finish(Start("kind=contact", "city\nParis\n"))), "1 1 1 0 0 0");
  EXPECT_EQ(Call("GET", "/api/venues/v1/imports").json().Find("data")->array()->size(), 2u);
}

TEST_F(Imports, EndAfterABoundedTimeWhereTheyCannotGoOn) {
  // The step that stores a refused row fails for good, though the store can write.
  sqlite::Connection(database(), sqlite::Access::kReadWrite)
      .Execute("CREATE TRIGGER no_refused BEFORE INSERT ON import_refused BEGIN SELECT RAISE(ABORT, 'no room'); END");
  const auto started = Start("kind=contact", "id,email\nc1,bad\n");
  const Json ended = Finish(started);
  EXPECT_EQ(*ended.Find("state")->text(), "canceled");
  EXPECT_EQ(Call("POST", "/api/venues/v1/contacts", R"({"id":"another"})").status, 201);
  const std::string log = Call("GET", "/api/audit").body;
  EXPECT_NE(log.find("could not go on"), std::string::npos) << log;
  EXPECT_NE(log.find("no room"), std::string::npos) << log;
}

TEST_F(Imports, AreInTheAuditLog) {
  Finish(Start("kind=contact", "city\nParis\n"));
  const auto log = Call("GET", "/api/audit");
  EXPECT_NE(log.body.find("import.started"), std::string::npos) << log.body;
  EXPECT_NE(log.body.find("import.finished"), std::string::npos) << log.body;
}

TEST_F(Imports, RefuseWhatIsNoFileOfRecords) {
  const auto fields = [this](const std::string& query, const std::string& csv) {
    const auto refused = Start(query, csv);
    EXPECT_EQ(refused.status, 422) << query << "\n" << refused.body;
    return refused.BadFields();
  };
  EXPECT_EQ(fields("", "id\nx\n"), "kind");
  EXPECT_EQ(fields("kind=contact&delimiter=x", "id\nx\n"), "delimiter");
  EXPECT_EQ(fields("kind=contact", "id\n"), "");
  EXPECT_EQ(fields("kind=contact", "Name,id\na,b\n"), "columns");
  EXPECT_EQ(fields("kind=contact&columns=id", "a,b\nx,y\n"), "columns");
  EXPECT_EQ(fields("kind=contact&columns=id,id", "a,b\nx,y\n"), "columns");
  EXPECT_EQ(fields("kind=contact&columns=,", "a,b\nx,y\n"), "columns");
  EXPECT_EQ(fields("kind=account&columns=first_name", "a\nx\n"), "columns");
  EXPECT_EQ(fields("kind=contact", "id,id\nx,y\n"), "columns");
  EXPECT_EQ(fields("kind=contact", "id,\nx,\ny,z\n"), "columns");
  EXPECT_EQ(fields("kind=contact", "id,\"city\nx,y\n"), "");
  std::string many = "id\n";
  for (std::int64_t i = 0; i <= kImportRowsMax; ++i) many += "x\n";
  EXPECT_EQ(fields("kind=contact", many), "");
  // Windows-1252 has it, and no id.
  EXPECT_EQ(Counts(Finish(Start("kind=contact", "id\n\xff\n"))), "1 1 0 0 0 1");
  EXPECT_EQ(Call("POST", "/api/venues/v1/imports?kind=contact", "{}").status, 415);
  EXPECT_EQ(Call("GET", "/api/venues/v1/imports").json().Find("data")->array()->size(), 1u);
}

TEST_F(Imports, AreForThoseWhoMayWriteInTheVenue) {
  const auto started = Start("kind=contact", "id,email\nc1,bad\n");
  Finish(started);
  const std::string place = started.Header("Location");
  Use(MakeKey(Scope::Of(VenueId{"v1"}), {Right::kRead}));
  EXPECT_EQ(Start("kind=contact", "id\nc2\n").status, 403);
  EXPECT_EQ(Call("POST", place + "/cancel").status, 403);
  EXPECT_EQ(Call("GET", place).status, 200);
  Use(MakeKey(Scope::Of(VenueId{"v2"})));
  EXPECT_EQ(Start("kind=contact", "id\nc2\n").status, 404);
  for (const std::string& path : {place, place + "/errors", place + "/errors.csv"}) {
    EXPECT_EQ(Call("GET", path).status, 404) << path;
  }
  EXPECT_EQ(Call("POST", place + "/cancel").status, 404);
}

}  // namespace
}  // namespace shakehook
