#include "app/web/status.hpp"

#include <doctest/doctest.h>

using namespace app;
using base::Code;

TEST_CASE("every error code has its HTTP status") {
    CHECK(web::status_of(Code::invalid) == 400);
    CHECK(web::status_of(Code::unauthorized) == 401);
    CHECK(web::status_of(Code::forbidden) == 403);
    CHECK(web::status_of(Code::not_found) == 404);
    CHECK(web::status_of(Code::method) == 405);
    CHECK(web::status_of(Code::not_acceptable) == 406);
    CHECK(web::status_of(Code::conflict) == 409);
    CHECK(web::status_of(Code::precondition) == 412);
    CHECK(web::status_of(Code::too_large) == 413);
    CHECK(web::status_of(Code::unsupported) == 415);
    CHECK(web::status_of(Code::unprocessable) == 422);
    CHECK(web::status_of(Code::too_many) == 429);
    CHECK(web::status_of(Code::unavailable) == 503);
    CHECK(web::status_of(Code::internal) == 500);
}

TEST_CASE("every status that an error can have has a phrase") {
    for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
        const int status = web::status_of(static_cast<Code>(code));
        CAPTURE(status);
        CHECK(web::reason_phrase(status) != "Unknown");
    }
}

TEST_CASE("reason phrases are those of RFC 9110") {
    CHECK(web::reason_phrase(200) == "OK");
    CHECK(web::reason_phrase(308) == "Permanent Redirect");
    CHECK(web::reason_phrase(413) == "Content Too Large");
    CHECK(web::reason_phrase(599) == "Unknown");
}
