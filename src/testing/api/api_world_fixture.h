// The fixture of the tests of the API in a world where deliveries are really sent; every response is checked by
// openapi.json. The world has one venue, "v".
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/api/openapi_spec.h"
#include "testing/world/world.h"

namespace shakehook {

class ApiWorld : public testing::Test {
 protected:
  ApiWorld() : world_({}) {
    world_.script = [this](const ReceivedRequest& request) {
      received_.push_back(request);
      return response_;
    };
    Call("POST", "/api/venues", R"({"id":"v","name":"Venue"})");
  }

  World::Response Call(std::string_view method, std::string_view path, std::string_view body = {},
                       std::vector<std::pair<std::string, std::string>> headers = {}) {
    auto response = world_.Call(method, path, body, std::move(headers));
    std::string type;
    for (const auto& [name, value] : response.headers) {
      if (name == "Content-Type") type = value;
    }
    for (const std::string& fault :
         spec_.FaultsOf(method, path.substr(0, path.find('?')), response.status, type, response.body)) {
      ADD_FAILURE() << method << ' ' << path << ": " << fault << "\n" << response.body;
    }
    return response;
  }

  // Returns its path.
  std::string MakeWebhook(const std::string& more = "") {
    const auto made = Call("POST", "/api/webhooks",
                           R"({"name":"CRM","url":"https://crm.example:8443/hook?x=1","scope":{"venue_id":"v"},)"
                           R"("events":["contact.created","contact.updated","account.created"])" +
                               more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return "/api/webhooks/" + made.Text("id");
  }
  void MakeContact(const std::string& id) {
    EXPECT_EQ(Call("POST", "/api/venues/v/contacts", R"({"id":")" + id + "\"}").status, 201);
  }

  World world_;
  SimulatedResponse response_;
  std::vector<ReceivedRequest> received_;
  const OpenApiSpec spec_;
};

}  // namespace shakehook
