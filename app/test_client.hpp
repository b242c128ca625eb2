// Asks an App without a socket, as Flask's test_client does: for tests, and for `manage shell`. The answers are those that come
// over the wire.
//
//     TestClient client{*app};
//     client.post("/api/v1.0/posts/", R"({"body": "hello"})", {basic_auth("ann@example.com", "secret word")});
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/app.hpp"

namespace app {

class TestClient {
   public:
    using Header = std::pair<std::string, std::string>;
    using Headers = std::vector<Header>;

    // The app outlives the client.
    explicit TestClient(App& app) : app_(app) {}

    // Never throws for what a server would answer with an error status.
    web::Response request(std::string_view method, std::string_view target, const Headers& headers = {},
                          std::string_view body = {});

    web::Response get(std::string_view target, const Headers& headers = {}) { return request("GET", target, headers); }

    // With a JSON body and its Content-Type, unless `headers` name another.
    web::Response post(std::string_view target, std::string_view body, Headers headers = {});
    web::Response put(std::string_view target, std::string_view body, Headers headers = {});

   private:
    App& app_;
};

// An Authorization header for HTTP Basic; with a token, the password is "".
TestClient::Header basic_auth(std::string_view name, std::string_view password);

}  // namespace app
