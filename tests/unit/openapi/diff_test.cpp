#include "app/openapi/diff.hpp"

#include <doctest/doctest.h>

#include "app/web/json.hpp"

using app::openapi::breaking_changes;
using app::openapi::Change;
using app::openapi::differences;
using app::web::parse_json;

namespace {

constexpr std::string_view original = R"({
  "servers": [{"url": "/api/v1"}],
  "paths": {
    "/things/": {
      "get": {"operationId": "get_things", "security": [],
        "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}],
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                              "headers": {"ETag": {"required": true}}},
                      "404": {"$ref": "#/components/responses/NotFound"}}},
      "post": {"security": [{"basic": []}, {"bearer": []}],
        "requestBody": {"required": true, "content": {
          "application/json": {"schema": {"type": "object", "required": ["name"], "properties": {
              "name": {"type": "string", "maxLength": 9}, "kind": {"enum": ["a", "b"]}, "note": {"type": ["string", "null"]}}}},
          "application/xml": {"schema": {"type": "object"}}}},
        "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}
  },
  "components": {
    "responses": {"NotFound": {"content": {"application/json": {"schema": {"type": "object"}}}}},
    "schemas": {"Thing": {"type": "object", "required": ["name", "owner"], "properties": {
      "name": {"type": "string", "enum": ["x", "y"]},
      "owner": {"anyOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]},
      "since": {"type": "string", "format": "date-time"}}},
      "Owner": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}
  }
})";

// What breaks when `part` of the document is `by` in its stead; each change in one line.
std::string broken_by(std::string_view part, std::string_view by) {
    std::string text{original};
    const auto at = text.find(part);
    REQUIRE(at != std::string::npos);
    text.replace(at, part.size(), by);
    std::string lines;
    for (const Change& change : breaking_changes(parse_json(original), parse_json(text))) {
        lines += (lines.empty() ? "" : "\n") + change.where + ": " + change.what;
    }
    return lines;
}

}  // namespace

TEST_CASE("the same document breaks nothing and differs in nothing") {
    CHECK(breaking_changes(parse_json(original), parse_json(original)).empty());
    CHECK(differences(parse_json(original), parse_json(original)).empty());
}

TEST_CASE("paths and methods that are gone break") {
    CHECK(broken_by("\"/things/\"", "\"/objects/\"") == "/things/: the path is gone");
    CHECK(broken_by("\"post\"", "\"put\"") == "POST /things/: the method is gone");
}

TEST_CASE("a parameter breaks when it is gone, required or narrower") {
    CHECK(broken_by("\"name\": \"page\"", "\"name\": \"part\"") == "GET /things/: the query parameter page is gone");
    CHECK(broken_by("\"in\": \"query\"", "\"required\": true, \"in\": \"query\"") ==
          "GET /things/: the query parameter page is required now");
    CHECK(broken_by("\"maximum\": 100", "\"maximum\": 50") ==
          "GET /things/, the query parameter page: the maximum was 100 and is 50");
    CHECK(broken_by("\"minimum\": 1", "\"minimum\": 2") == "GET /things/, the query parameter page: the minimum was 1 and is 2");
    CHECK(broken_by("\"maximum\": 100", "\"maximum\": 200") == "");
    CHECK(broken_by(", \"maximum\": 100", "") == "");
}

TEST_CASE("a request breaks when more is demanded or less is taken") {
    CHECK(broken_by("\"required\": [\"name\"]", "\"required\": [\"kind\", \"name\"]") ==
          "POST /things/, request, /kind: the member is required now");
    CHECK(broken_by("\"kind\"", "\"sort\"") == "POST /things/, request, /kind: the member is gone");
    CHECK(broken_by("[\"a\", \"b\"]", "[\"a\"]") == "POST /things/, request, /kind: b is no longer taken");
    CHECK(broken_by("[\"a\", \"b\"]", "[\"a\", \"b\", \"c\"]") == "");
    CHECK(broken_by("\"type\": [\"string\", \"null\"]", "\"type\": \"string\"") ==
          "POST /things/, request, /note: the type was null, string and is string");
    CHECK(broken_by("\"maxLength\": 9", "\"maxLength\": 8") == "POST /things/, request, /name: the maxLength was 9 and is 8");
    CHECK(broken_by("application/xml", "text/xml") == "POST /things/, request: the media type application/xml is gone");
}

TEST_CASE("an answer breaks when something is missing, other or more than a client knows") {
    CHECK(broken_by("\"since\"", "\"from\"") == "schema Thing, /since: the member is gone");
    CHECK(broken_by("\"name\", \"owner\"", "\"name\"") == "schema Thing, /owner: the member may be missing now");
    CHECK(broken_by("\"id\": {\"type\": \"integer\"}", "\"id\": {\"type\": \"string\"}") ==
          "schema Owner, /id: the type was integer and is string");
    CHECK(broken_by("[\"x\", \"y\"]", "[\"x\", \"y\", \"z\"]") == "schema Thing, /name: z may come now");
    CHECK(broken_by("[\"x\", \"y\"]", "[\"x\"]") == "");
    CHECK(broken_by("date-time", "date") == "schema Thing, /since: the format was \"date-time\" and is \"date\"");
    CHECK(broken_by("\"201\"", "\"200\"") == "POST /things/: the success status 201 is gone");
    CHECK(broken_by("\"ETag\"", "\"Tag\"") == "GET /things/, answer 200: the header ETag is gone");
    CHECK(broken_by("{\"content\": {\"application/json\": {\"schema\": {\"type\": \"object\"}",
                    "{\"content\": {\"application/problem+json\": {\"schema\": {\"type\": \"object\"}") ==
          "every answer 404: the media type application/json is gone");
}

TEST_CASE("what may be null in a request must stay so; in an answer it must not become so") {
    CHECK(broken_by(R"({"anyOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]})",
                    R"({"$ref": "#/components/schemas/Owner"})") == "");
    CHECK(broken_by(R"("since": {"type": "string")", R"("since": {"type": ["string", "null"])") ==
          "schema Thing, /since: the type was string and is null, string");
}

TEST_CASE("new credentials and permissions break") {
    CHECK(broken_by("\"security\": []", "\"security\": [{\"basic\": []}]") == "GET /things/: credentials are needed now");
    CHECK(broken_by("{\"basic\": []}, ", "") == "POST /things/: credentials by basic are no longer taken");
    CHECK(broken_by("\"operationId\": \"get_things\"", "\"x-permission\": \"WRITE\"") ==
          "GET /things/: the permission WRITE is needed now");
}

TEST_CASE("any difference is named by its place, but not where the server is") {
    std::string text{original};
    text.replace(text.find("/api/v1"), 7, "/api/v2");
    CHECK(differences(parse_json(original), parse_json(text)).empty());
    text.replace(text.find("\"get_things\""), 12, "\"list_things\"");
    const std::vector<Change> expected{{"/paths/~1things~1/get/operationId", "was \"get_things\" and is \"list_things\""}};
    CHECK(differences(parse_json(original), parse_json(text)) == expected);
    text.replace(text.find("\"201\""), 5, "\"202\"");
    const std::vector<Change> more{
        expected[0], {"/paths/~1things~1/post/responses/201", "is gone"}, {"/paths/~1things~1/post/responses/202", "is new"}};
    CHECK(differences(parse_json(original), parse_json(text)) == more);
}
