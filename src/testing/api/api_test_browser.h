// ApiTestBrowser is a browser at an ApiTestServer: it keeps the session's cookie, and repeats the CSRF token as the
// dashboard does. For tests of src/api.
//
// Ownership: refers to its server, which outlives it.
// Threads:   one.
#pragma once

#include <string>
#include <string_view>

#include "testing/api/api_test_server.h"

namespace shakehook {

inline constexpr std::string_view kTestPassword = "correct horse battery";

class ApiTestBrowser {
 public:
  using Response = ApiTestServer::Response;
  using Headers = ApiTestServer::Headers;

  explicit ApiTestBrowser(ApiTestServer& server) : server_(server) {}

  std::string cookie;  // the token; empty: none
  std::string csrf_token;

  Response Call(std::string_view method, std::string_view path, std::string_view body = {}, Headers headers = {}) {
    Prepare(method, headers);
    server_.Use("");
    Response response = server_.Call(method, path, body, std::move(headers));
    server_.UseAdmin();
    Remember(response);
    return response;
  }
  ApiTestServer::Pending Begin(std::string_view method, std::string_view path) {
    Headers headers;
    Prepare(method, headers);
    server_.Use("");
    auto pending = server_.Begin(method, path, {}, std::move(headers));
    server_.UseAdmin();
    return pending;
  }

  Response SignIn(std::string_view email, std::string_view password = kTestPassword, Headers headers = {}) {
    return Call("POST", "/api/session", ToString(Credentials(email, password)), std::move(headers));
  }

  // Makes a user with the admin key.
  static Response MakeUser(ApiTestServer& server, std::string_view email, std::string_view role,
                           std::string_view scope) {
    return server.Call("POST", "/api/users",
                       R"({"name":"Test","email":")" + std::string(email) + R"(","role":")" + std::string(role) +
                           R"(","scope":)" + std::string(scope) + R"(,"password":")" + std::string(kTestPassword) +
                           "\"}");
  }

 private:
  static Json Credentials(std::string_view email, std::string_view password) {
    Json body{Json::Object()};
    body.Add("email", email);
    body.Add("password", password);
    return body;
  }

  void Prepare(std::string_view method, Headers& headers) const {
    if (!cookie.empty()) headers.emplace_back("cookie", "theme=dark; shakehook_session=" + cookie);
    if (!csrf_token.empty() && method != "GET") headers.emplace_back("x-csrf-token", csrf_token);
  }

  void Remember(const Response& response) {
    const std::string set = response.Header("Set-Cookie");
    constexpr std::string_view kStart = "shakehook_session=";
    if (set.starts_with(kStart)) cookie = set.substr(kStart.size(), set.find(';') - kStart.size());
    if (const std::string token = response.Text("csrf_token"); !token.empty()) csrf_token = token;
  }

  ApiTestServer& server_;
};

}  // namespace shakehook
