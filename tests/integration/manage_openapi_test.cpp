// `manage openapi`: the document of each version, and the changes between them.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "app/api/v1_0/snapshot.hpp"
#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
using app::web::parse_json;
using app::web::Value;

Finished openapi(const Installation& installation, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openapi");
    return installation.manage(arguments);
}

// The snapshot with a part replaced, as a file of the installation.
std::string tampered(const Installation& installation, std::string_view part, std::string_view by) {
    std::string text{app::api::v1_0::snapshot()};
    const auto at = text.find(part);
    REQUIRE(at != std::string::npos);
    text.replace(at, part.size(), by);
    const std::string path = (installation.path() / "tampered.json").string();
    std::ofstream(path) << text;
    return path;
}

}  // namespace

TEST_CASE("the newest version's document is printed, or the one that is asked for") {
    const Installation installation;
    const Finished newest = openapi(installation, {});
    CHECK(newest.exit_code == 0);
    CHECK(*parse_json(newest.out).find("info")->find("version") == Value{"1.1"});
    const Finished first = openapi(installation, {"--version", "v1.0"});
    CHECK(*parse_json(first.out).find("info")->find("version") == Value{"1.0"});
    CHECK(openapi(installation, {"--version", "v1.0"}).out == first.out);
}

TEST_CASE("--output writes the document into a file, in place of an older one") {
    const Installation installation;
    const std::string path = (installation.path() / "openapi.json").string();
    std::ofstream(path) << "old";
    const Finished result = openapi(installation, {"--output", path});
    CHECK(result.exit_code == 0);
    CHECK(result.out.empty());
    std::ostringstream written;
    written << std::ifstream(path).rdbuf();
    CHECK(written.str() == openapi(installation, {}).out);
}

TEST_CASE("the server of the document is PUBLIC_URL") {
    Installation installation;
    installation.environment["PUBLIC_URL"] = "https://blog.example";
    const Value document = parse_json(openapi(installation, {"--version", "v1.0"}).out);
    CHECK(*document.find("servers")->list()->front().find("url") == Value{"https://blog.example/api/v1.0"});
}

TEST_CASE("v1.0 is what it was when it was frozen, wherever it is served") {
    Installation installation;
    installation.environment["PUBLIC_URL"] = "https://blog.example";
    const Finished result = openapi(installation, {"--diff", "v1.0", "v1.0"});
    CHECK(result.out == "0 changes from v1.0 to v1.0 would break a client\n");
    CHECK(result.exit_code == 0);
}

TEST_CASE("what v1.1 changed is information: exit code 0") {
    const Finished result = openapi(Installation(), {"--diff", "v1.0", "v1.1"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "schema Post, /author_url: the member is gone\n"));
    CHECK(contains(result.out, "every answer 404: the media type application/json is gone\n"));
}

TEST_CASE("a change of v1.0 against its snapshot is named, with exit code 1") {
    const Installation installation;
    const std::string path = tampered(installation, "\"Some *text*\"", "\"Some text\"");
    const Finished result = openapi(installation, {"--diff", "v1.0", "v1.1", "--snapshot", path});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "v1.0 is frozen, and changed: /components/schemas/Comment/properties/body/examples/0: "
                               "was \"Some text\" and is \"Some *text*\"\n"));
    const Finished json = openapi(installation, {"--diff", "v1.0", "v1.0", "--snapshot", path, "--json"});
    CHECK(json.exit_code == 1);
    const Value document = parse_json(json.out);
    CHECK(document.find("breaking")->list()->empty());
    REQUIRE(document.find("drift")->list()->size() == 1);
    CHECK(*document.find("drift")->list()->front().find("where") ==
          Value{"/components/schemas/Comment/properties/body/examples/0"});
}

TEST_CASE("an operation that v1.0 lost is named") {
    const Installation installation;
    const std::string path = tampered(installation, "\"/tokens/\"", "\"/older/\"");
    const Finished result = openapi(installation, {"--diff", "v1.0", "v1.0", "--snapshot", path});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "changed: /paths/~1older~1: is gone\n"));
}

TEST_CASE("wrong versions and files are told in one line") {
    const Installation installation;
    const auto refused = [&](std::vector<std::string> arguments, int exit_code, std::string_view message) {
        const Finished result = openapi(installation, std::move(arguments));
        CHECK(result.exit_code == exit_code);
        CHECK(is_one_line(result.err));
        CHECK_MESSAGE(contains(result.err, message), result.err);
    };
    refused({"--version", "v9"}, 2, "there is no API v9; there are v1.0, v1.1");
    refused({"--diff", "v1.0"}, 2, "--diff takes two versions");
    refused({"v1.0"}, 2, "a version is named by --version");
    refused({"--diff", "v1.0", "v1.1", "--snapshot", "/nowhere"}, 1, "/nowhere cannot be read");
    refused({"--diff", "v1.0", "v1.1", "--snapshot", "/"}, 1, "/ cannot be read");
    std::ofstream(installation.path() / "broken.json") << "{";
    refused({"--diff", "v1.0", "v1.1", "--snapshot", "broken.json"}, 1, "broken.json: malformed JSON");
}
