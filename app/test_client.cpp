#include "app/test_client.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app {
namespace {

TestClient::Headers with_json(TestClient::Headers headers) {
    const bool typed =
        std::ranges::any_of(headers, [](const auto& h) { return base::equal_ignoring_case(h.first, "Content-Type"); });
    if (!typed) headers.emplace_back("Content-Type", "application/json");
    return headers;
}

}  // namespace

web::Response TestClient::request(std::string_view method, std::string_view target, const Headers& headers,
                                  std::string_view body) {
    web::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer = "127.0.0.1";
    for (const auto& [name, value] : headers) request.headers.push_back({name, value});
    return app_.handle(request);
}

web::Response TestClient::post(std::string_view target, std::string_view body, Headers headers) {
    return request("POST", target, with_json(std::move(headers)), body);
}

web::Response TestClient::put(std::string_view target, std::string_view body, Headers headers) {
    return request("PUT", target, with_json(std::move(headers)), body);
}

TestClient::Header basic_auth(std::string_view name, std::string_view password) {
    return {"Authorization", "Basic " + base::base64_encode(std::string(name) + ":" + std::string(password))};
}

}  // namespace app
