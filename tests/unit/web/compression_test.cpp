#include "app/web/compression.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "app/base/turn.hpp"
#include "tests/decode.hpp"

using namespace app;
using namespace app::web;

namespace {

std::string text(std::size_t bytes) {
    std::string result;
    for (std::int64_t line = 0; result.size() < bytes; ++line) result += "line " + std::to_string(line * 7919) + " of a text\n";
    result.resize(bytes);
    return result;
}

std::string noise(std::size_t bytes) {
    std::mt19937 generator{7};
    std::string result(bytes, '\0');
    for (char& c : result) c = static_cast<char>(generator());
    return result;
}

Response compressed(Response response, std::string_view accept_encoding = "gzip") {
    Request request;
    request.headers = {{"Accept-Encoding", accept_encoding}};
    compress(request, response);
    return response;
}

std::string header(const Response& response, std::string_view name) { return std::string(response.header(name).value_or("")); }

}  // namespace

TEST_CASE("what was encoded decodes to itself, whatever it is") {
    for (const auto& body :
         {std::string{}, std::string("x"), text(1200), text(8192), text(3 << 20), noise(5000), std::string(100000, '\0')}) {
        for (const auto effort : {Effort::fast, Effort::best}) {
            if (effort == Effort::best && body.size() > 100000) continue;
            for (const auto coding : {ContentCoding::identity, ContentCoding::gzip, ContentCoding::brotli}) {
                INFO(body.size(), " ", to_string(coding));
                CHECK((tests::decode(encode(body, coding, effort), to_string(coding)) == body));
            }
        }
    }
}

TEST_CASE("a thread's stream begins anew with each body") {
    const std::string first = encode(text(9000), ContentCoding::gzip, Effort::fast);
    CHECK((encode(noise(20000), ContentCoding::gzip, Effort::fast) != first));
    CHECK((encode(text(9000), ContentCoding::gzip, Effort::fast) == first));
}

TEST_CASE("threads compress at the same time") {
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&right, i] {
            const std::string body = text(5000 + static_cast<std::size_t>(i) * 1000);
            for (int round = 0; round < 20; ++round) {
                for (const auto coding : {ContentCoding::gzip, ContentCoding::brotli})
                    right += tests::decode(encode(body, coding, Effort::fast), to_string(coding)) == body ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(right == 4 * 20 * 2);
}

TEST_CASE("text, JSON, XML and JavaScript are worth it; images, archives and bytes are not") {
    for (const char* type : {"text/html; charset=utf-8", "text/plain", "TEXT/CSS", "application/json", "application/problem+json",
                             "application/xml", "application/atom+xml", "image/svg+xml; charset=utf-8", "text/javascript",
                             "application/javascript", "application/manifest+json"}) {
        CAPTURE(type);
        CHECK(is_compressible(type));
    }
    for (const char* type : {"", "image/png", "application/octet-stream", "application/zip", "font/woff2", "video/mp4", "text",
                             "application/jsonp", "multipart/form-data"}) {
        CAPTURE(type);
        CHECK_FALSE(is_compressible(type));
    }
}

TEST_CASE("an answer is compressed when the client accepts it, and says so") {
    for (const char* coding : {"gzip", "br"}) {
        const Response response = compressed(json_response(text(8192)), coding);
        CHECK(header(response, "Content-Encoding") == coding);
        CHECK(header(response, "Vary") == "Accept-Encoding");
        CHECK(header(response, "Content-Type") == "application/json");
        CHECK(response.body.size() < 3000);
        CHECK((tests::decode(response.body, coding) == text(8192)));
    }
}

TEST_CASE("an answer that could have been compressed says Vary even when this client accepts nothing") {
    for (const char* accept_encoding : {"", "identity", "deflate", "gzip;q=0", "*;q=0"}) {
        const Response response = compressed(json_response(text(8192)), accept_encoding);
        CHECK(header(response, "Vary") == "Accept-Encoding");
        CHECK_FALSE(response.header("Content-Encoding").has_value());
        CHECK((response.body == text(8192)));
    }
}

TEST_CASE("4,096 bytes are compressed, one less are not, and the bounds may be others") {
    CHECK(compressed(text_response(text(4096))).header("Content-Encoding").has_value());
    const Response shorter = compressed(text_response(text(4095)));
    CHECK_FALSE(shorter.header("Content-Encoding").has_value());
    CHECK_FALSE(shorter.header("Vary").has_value());
    CHECK_FALSE(compressed(text_response(text(compressed_bytes_max + 1))).header("Vary").has_value());
    Request request;
    request.headers = {{"Accept-Encoding", "gzip"}};
    Response response = text_response(text(100));
    compress(request, response, 100);
    CHECK(response.header("Content-Encoding").has_value());
}

TEST_CASE("what must not or need not be compressed is left as it is") {
    const std::vector<Response> untouched = {
        text_response(text(8192)).set("Cache-Control", "no-store"),
        text_response(text(8192)).set("Cache-Control", "private, No-Store"),
        text_response(text(8192)).set("Content-Encoding", "zstd"),
        text_response(text(8192), 206),
        text_response(text(8192)).set("Content-Type", "image/png"),
        Response{200, {}, text(8192)},
    };
    for (const Response& before : untouched) {
        const Response after = compressed(before);
        CHECK(after.headers == before.headers);
        CHECK((after.body == before.body));
    }
}

TEST_CASE("answers of other statuses are compressed too") {
    for (const int status : {201, 404, 500})
        CHECK(compressed(html_response(text(8192), status)).header("Content-Encoding").has_value());
}

TEST_CASE("what would not become shorter stays plain") {
    const Response response = compressed(text_response(noise(8192)));
    CHECK_FALSE(response.header("Content-Encoding").has_value());
    CHECK(header(response, "Vary") == "Accept-Encoding");
}

TEST_CASE("a strong ETag names the coding, a weak one stays, and Accept-Ranges goes") {
    CHECK(header(compressed(text_response(text(8192)).set("ETag", "\"abc\"")), "ETag") == "\"abc-gzip\"");
    CHECK(header(compressed(text_response(text(8192)).set("ETag", "\"abc\""), "br"), "ETag") == "\"abc-br\"");
    CHECK(header(compressed(text_response(text(8192)).set("ETag", "\"abc\""), ""), "ETag") == "\"abc\"");
    CHECK(header(compressed(text_response(text(8192)).set("ETag", "W/\"abc\"")), "ETag") == "W/\"abc\"");
    CHECK_FALSE(compressed(text_response(text(8192)).set("Accept-Ranges", "bytes")).header("Accept-Ranges").has_value());
    CHECK(compressed(text_response(text(8192)).set("Accept-Ranges", "bytes"), "").header("Accept-Ranges").has_value());
}

TEST_CASE("a name joins the Vary that is there, once") {
    const auto vary = [](Response response) {
        add_vary(response, "Accept-Encoding");
        std::string all;
        for (const auto& [name, value] : response.headers) all += name + ": " + value + "\n";
        return all;
    };
    CHECK(vary({}) == "Vary: Accept-Encoding\n");
    CHECK(vary(Response{}.add("vary", "Accept")) == "vary: Accept, Accept-Encoding\n");
    CHECK(vary(Response{}.add("Vary", "accept-encoding, Cookie")) == "Vary: accept-encoding, Cookie\n");
    CHECK(vary(Response{}.add("Vary", "*")) == "Vary: *\n");
    CHECK(vary(Response{}.add("Vary", "Cookie").add("Vary", "Accept-Encoding")) == "Vary: Cookie\nVary: Accept-Encoding\n");
}

TEST_CASE("a loop gives its turn up for a long body, and compresses a shorter one itself") {
    base::Turn turn{std::chrono::steady_clock::now() + std::chrono::hours(1)};
    CHECK(compressed(text_response(text(compressed_by_loop_bytes_max))).header("Content-Encoding").has_value());
    CHECK_FALSE(turn.given_up());
    CHECK_FALSE(compressed(text_response(text(compressed_by_loop_bytes_max + 1)), "").header("Content-Encoding").has_value());
    CHECK_FALSE(turn.given_up());
    CHECK_FALSE(compressed(text_response(text(compressed_by_loop_bytes_max + 1))).header("Content-Encoding").has_value());
    CHECK(turn.given_up());
}
