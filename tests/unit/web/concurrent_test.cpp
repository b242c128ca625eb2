// Many threads on one Site: it is read without locks, so nothing of a request may be kept in it.
#include <doctest/doctest.h>

#include <thread>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "square", "/square/<int:number>"> square;
constexpr web::route<GET, "echo", "/echo/<text>", "next"> echo;
constexpr web::route<GET, "fail", "/fail/<text>"> fail;

Blueprint math() {
    Blueprint blueprint{"math"};
    blueprint.on<square>([](Context&, std::int64_t number) { return text_response(std::to_string(number * number)); });
    blueprint.on<echo>([](Context& context, std::string_view text) {
        return text_response(context.url_for<echo>("text"_a = text, "next"_a = context.trace.at(0)));
    });
    blueprint.on<fail>(
        [](Context&, std::string_view text) -> Response { throw base::Error(base::Code::conflict, std::string(text)); });
    blueprint.before_request([](Context& context) -> std::optional<Response> {
        context.trace.emplace_back(context.request.path());
        return std::nullopt;
    });
    blueprint.after_request([](Context& context, Response& response) { response.set("X-Path", context.trace.at(0)); });
    return blueprint.errorhandler(
        409, [](Context&, const base::Error& error) { return text_response("taken: " + error.message(), 409); });
}

// Whether one round of requests, told apart by `number`, is answered right.
bool round_is_right(const Site& site, int number) {
    const std::string text = std::to_string(number);
    const Served squared = serve(site, "GET", "/square/" + text);
    const Served echoed = serve(site, "GET", "/echo/" + text);
    const Served failed = serve(site, "GET", "/fail/" + text);
    return squared.response.body == std::to_string(std::int64_t{number} * number) &&
           squared.header("X-Path") == "/square/" + text && echoed.response.body == "/echo/" + text + "?next=%2Fecho%2F" + text &&
           failed.response.body == "taken: " + text && failed.header("X-Path") == "/fail/" + text &&
           status_of(site, "GET", "/unknown/" + text) == 404;
}

}  // namespace

TEST_CASE("many threads dispatch on one site, each request its own") {
    Site site;
    site.register_blueprint(math());
    std::vector<int> wrong(8);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&site, &wrong, thread] {
            for (int i = 0; i < 200; ++i)
                wrong[static_cast<std::size_t>(thread)] += round_is_right(site, thread * 1000 + i) ? 0 : 1;
        });
    }
    threads.clear();  // joins them
    CHECK(wrong == std::vector<int>(8));
}
