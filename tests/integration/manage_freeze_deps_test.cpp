// `manage freeze-deps`: what it prints and writes, and what it says of locks that were tampered with.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
using app::web::parse_json;
using app::web::Value;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : app::base::split(text, '\n')) {
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

std::string text_at(const Value& value, const char* name) {
    const Value* member = value.find(name);
    REQUIRE(member != nullptr);
    REQUIRE(member->string() != nullptr);
    return *member->string();
}

// An installation with a lock beside it, as this binary writes it.
struct Locked : Installation {
    Locked() { write_text(path() / "requirements.lock", lock); }

    // freeze-deps --check of that lock with each `before` changed to `after`.
    Finished check(const std::string& before, const std::string& after, std::vector<std::string> options = {}) const {
        std::string changed = lock;
        changed.replace(changed.find(before), before.size(), after);
        write_text(path() / "requirements.lock", changed);
        options.insert(options.begin(), {"freeze-deps", "--check"});
        return manage(options);
    }
    // The line of that component in the lock.
    std::string line(const std::string& name) const {
        const std::size_t begin = lock.find("\n" + name + "==") + 1;
        return lock.substr(begin, lock.find('\n', begin) - begin);
    }
    std::string version(const std::string& name) const {
        const std::string all = line(name);
        return all.substr(name.size() + 2, all.find(' ') - name.size() - 2);
    }

    std::string lock = manage({"freeze-deps", "--format", "lock"}).out;
    std::string heading = lock.substr(0, lock.find('\n'));
};

// A folder that nobody may write to, even root: there is no such folder.
constexpr const char* nowhere = "missing/requirements.lock";

}  // namespace

TEST_CASE("freeze-deps prints name==version, one a line, sorted, each name once, without a database, a secret or a config") {
    Installation here;
    here.environment = {{"APP_CONFIG", "no-such-config"}};
    const Finished result = here.manage({"freeze-deps"});
    REQUIRE(result.exit_code == 0);
    CHECK(result.err.empty());
    const std::vector<std::string> lines = lines_of(result.out);
    CHECK(std::ranges::is_sorted(lines));
    std::set<std::string> names;
    for (const std::string& line : lines) {
        CHECK(std::regex_match(line, std::regex("[a-z0-9.+-]+==[0-9][A-Za-z0-9.+~-]*")));
        CHECK(names.insert(line.substr(0, line.find('='))).second);
    }
    for (const char* name : {"brotli", "cmark-gfm", "curl", "gcc", "libidn2", "mariadb", "openssl", "sqlite3", "zlib"}) {
        CHECK_MESSAGE(names.contains(name), name);
    }
    CHECK_FALSE(names.contains("cmake"));
    CHECK(std::filesystem::is_empty(here.path()));
}

TEST_CASE("freeze-deps --check is content with the lock that --format lock writes, also strictly") {
    const Locked here;
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--strict"}, {"requirements.lock"}}) {
        const Finished result = here.check("", "", options);
        CHECK(result.exit_code == 0);
        CHECK(std::regex_match(result.out, std::regex("requirements\\.lock \\[.*\\]: all [0-9]+ components match\n")));
    }
}

TEST_CASE("freeze-deps --check shows what differs from a tampered lock, and exits with 1") {
    const Locked here;
    const std::string top = "--- requirements.lock " + here.heading + "\n+++ this binary\n";
    const std::string zlib = "zlib==" + here.version("zlib");
    SUBCASE("another version") {
        const Finished result = here.check(zlib, "zlib==0.9");
        CHECK(result.exit_code == 1);
        CHECK(result.out == top + "-zlib==0.9\n+" + zlib + "\n");
        CHECK(result.err.empty());
    }
    SUBCASE("a missing component") {
        const Finished result = here.check(here.line("zlib") + "\n", "");
        CHECK(result.exit_code == 1);
        CHECK(result.out == top + "+" + zlib + "\n");
    }
    SUBCASE("an added component") {
        const Finished result = here.check(here.line("zlib"), "left-pad==1.0  # libleft-pad-dev 1.0-1\n" + here.line("zlib"));
        CHECK(result.exit_code == 1);
        CHECK(result.out == top + "-left-pad==1.0\n");
    }
    SUBCASE("as JSON") {
        const Finished result = here.check(zlib, "zlib==0.9", {"--format", "json"});
        CHECK(result.exit_code == 1);
        const Value found = parse_json(result.out);
        CHECK(*found.find("matches")->boolean() == false);
        REQUIRE(found.find("differences")->list()->size() == 1);
        CHECK(text_at(found.find("differences")->list()->front(), "locked") == "zlib==0.9");
    }
}

TEST_CASE("another revision of a package is a warning, and with --strict a difference") {
    const Locked here;
    const std::string line = here.line("zlib");
    const std::string revised = std::regex_replace(line, std::regex("(# \\S+ \\S+)"), "$1.x");
    if (line == revised) return;  // not Debian: no packages are known
    const Finished result = here.check(line, revised);
    CHECK(result.exit_code == 0);
    CHECK(result.err.starts_with("warning: the archive has moved on since requirements.lock was written: "));
    const Finished strict = here.check(line, revised, {"--strict"});
    CHECK(strict.exit_code == 1);
    CHECK(contains(strict.out, "\n-" + revised + "\n+" + line + "\n"));
}

TEST_CASE("what is no lock file, or none for this distribution, is told in one line, with exit code 1") {
    const Locked here;
    const auto refusal = [&](const std::string& content) {
        write_text(here.path() / "requirements.lock", content);
        const Finished result = here.manage({"freeze-deps", "--check"});
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK(is_one_line(result.err));
        return result.err;
    };
    CHECK(refusal("") == "manage: requirements.lock is no lock file: it is empty; scripts/lock writes one\n");
    CHECK(refusal(std::string("\x7f"
                              "ELF\0\2\1",
                              7)) == "manage: requirements.lock is no lock file: it is not text\n");
    CHECK(refusal("[debian-12]\nzlib 1.2\n").starts_with("manage: requirements.lock:2: is neither a section"));
    CHECK(refusal("[plan-9]\nzlib==1.2\n") == "manage: requirements.lock has no section " + here.heading +
                                                  ", on which this was built, but plan-9; scripts/lock writes it\n");
    const Finished missing = here.manage({"freeze-deps", "--check", "other.lock"});
    CHECK(missing.exit_code == 1);
    CHECK(missing.err == "manage: there is no other.lock: name the lock file, as in manage freeze-deps --check FILE\n");
    const Finished folder = here.manage({"freeze-deps", "--check", "."});
    CHECK(folder.exit_code == 1);
    CHECK(is_one_line(folder.err));
}

TEST_CASE("options of freeze-deps that do not go together are refused with exit code 2") {
    const Installation here;
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--strict"},
                                                    {"x.lock"},
                                                    {"--check", "--output", "x"},
                                                    {"--check", "--licenses"},
                                                    {"--check", "--format", "spdx"},
                                                    {"--licenses", "--format", "json"},
                                                    {"--format", "xml"},
                                                    {"--fromat", "json"}}) {
        std::vector<std::string> arguments{"freeze-deps"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Finished result = here.manage(arguments);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(is_one_line(result.err));
    }
    CHECK(contains(here.manage({"freeze-deps", "--format", "cyclone"}).err, "did you mean cyclonedx?"));
}

TEST_CASE("freeze-deps --output writes what it would have printed, or leaves what was there") {
    const Installation here;
    const std::string text = here.manage({"freeze-deps"}).out;
    write_text(here.path() / "made", "old");
    const Finished written = here.manage({"freeze-deps", "--output", "made"});
    CHECK(written.exit_code == 0);
    CHECK(written.out.empty());
    CHECK(read_text(here.path() / "made") == text);

    const Finished lost = here.manage({"freeze-deps", "--output", nowhere});
    CHECK(lost.exit_code == 1);
    CHECK(is_one_line(lost.err));
    std::filesystem::create_directory(here.path() / "folder");
    CHECK(here.manage({"freeze-deps", "--output", "folder"}).exit_code == 1);
    std::filesystem::remove(here.path() / "folder");
    int files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(here.path())) ++files;
    CHECK(files == 1);
}

TEST_CASE("a place that may not be written to keeps its file") {
    Installation here;
    write_text(here.path() / "kept.lock", "old");
    if (!here.give_to_nobody()) return;
    std::filesystem::permissions(here.path(), std::filesystem::perms{0555});
    Start start = here.start({"freeze-deps", "--output", "kept.lock"});
    start.as_nobody = true;
    const Finished result = run(start);
    std::filesystem::permissions(here.path(), std::filesystem::perms{0755});
    CHECK(result.exit_code == 1);
    CHECK(is_one_line(result.err));
    CHECK(read_text(here.path() / "kept.lock") == "old");
}

TEST_CASE("a running library of another version is told, and is a difference") {
    Locked here;
    here.environment["LD_PRELOAD"] = OTHER_SQLITE;
    here.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    const std::string version = here.version("sqlite3");
    CHECK(contains(here.manage({"freeze-deps"}).out, "\nsqlite3==" + version + "  # running: 3.99.0\n"));
    const Finished result = here.manage({"freeze-deps", "--check"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "-sqlite3==" + version + "\n+sqlite3==" + version + "  # running: 3.99.0\n"));
}

TEST_CASE("freeze-deps --format json has every component with its licence, kind and running version") {
    const Value all = parse_json(Installation().manage({"freeze-deps", "--format", "json"}).out);
    std::set<std::string> running;
    for (const Value& component : *all.find("components")->list()) {
        CAPTURE(text_at(component, "name"));
        CHECK_FALSE(text_at(component, "licence").empty());
        CHECK_FALSE(text_at(component, "version").empty());
        CHECK(std::set<std::string>{"compiler", "headers", "library"}.contains(text_at(component, "kind")));
        CHECK(*component.find("runs_as_built")->boolean());
        if (component.find("running_version")->string() != nullptr) running.insert(text_at(component, "name"));
    }
    CHECK(running ==
          std::set<std::string>{"brotli", "cmark-gfm", "curl", "elfutils", "libidn2", "mariadb", "openssl", "sqlite3", "zlib"});
}

TEST_CASE("freeze-deps --licenses shows a licence and where it comes from for each component") {
    const Installation here;
    const std::vector<std::string> lines = lines_of(here.manage({"freeze-deps", "--licenses"}).out);
    CHECK(lines.size() == lines_of(here.manage({"freeze-deps"}).out).size() + 1);
    CHECK(std::regex_match(lines.front(), std::regex("COMPONENT +LICENCE +FROM +COPYRIGHT FILE")));
    for (const std::string& line : lines) {
        const auto file = line.find("/usr/share/doc/");
        if (file != std::string::npos) CHECK_MESSAGE(std::filesystem::exists(line.substr(file)), line);
    }
    CHECK(std::ranges::any_of(
        lines, [](const auto& line) { return std::regex_search(line, std::regex("^openssl +Apache-2.0 +https:")); }));
}

TEST_CASE("the CycloneDX document has what version 1.5 of the format requires") {
    Installation here;
    here.environment["SOURCE_DATE_EPOCH"] = "1795305600";
    const Finished result = here.manage({"freeze-deps", "--format", "cyclonedx"});
    REQUIRE(result.exit_code == 0);
    const Value bom = parse_json(result.out, 64, app::web::DuplicateMembers::refused);
    CHECK(text_at(bom, "bomFormat") == "CycloneDX");
    CHECK(text_at(bom, "specVersion") == "1.5");
    CHECK(*bom.find("version")->integer() == 1);
    const std::regex serial("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}");
    CHECK(std::regex_match(text_at(bom, "serialNumber"), serial));
    CHECK(text_at(*bom.find("metadata"), "timestamp") == "2026-11-22T00:00:00Z");
    std::set<std::string> references{text_at(*bom.find("metadata")->find("component"), "bom-ref")};
    for (const Value& component : *bom.find("components")->list()) {
        CHECK(std::set<std::string>{"library", "application"}.contains(text_at(component, "type")));
        CHECK_FALSE(text_at(component, "name").empty());
        CHECK(text_at(component, "purl").starts_with("pkg:"));
        CHECK(references.insert(text_at(component, "bom-ref")).second);
        REQUIRE(component.find("licenses")->list()->size() == 1);
        CHECK_FALSE(text_at(component.find("licenses")->list()->front(), "expression").empty());
    }
    std::set<std::string> dependencies;
    for (const Value& dependency : *bom.find("dependencies")->list()) dependencies.insert(text_at(dependency, "ref"));
    CHECK(dependencies == references);
    CHECK(here.manage({"freeze-deps", "--format", "cyclonedx"}).out == result.out);
}

TEST_CASE("the SPDX document has what version 2.3 of the format requires") {
    Installation here;
    here.environment["SOURCE_DATE_EPOCH"] = "1795305600";
    const Finished result = here.manage({"freeze-deps", "--format", "spdx"});
    REQUIRE(result.exit_code == 0);
    const Value document = parse_json(result.out, 64, app::web::DuplicateMembers::refused);
    CHECK(text_at(document, "spdxVersion") == "SPDX-2.3");
    CHECK(text_at(document, "dataLicense") == "CC0-1.0");
    CHECK(text_at(document, "SPDXID") == "SPDXRef-DOCUMENT");
    CHECK(text_at(document, "documentNamespace").starts_with("https://spdx.org/spdxdocs/dewar-" DEWAR_VERSION "-"));
    CHECK(text_at(*document.find("creationInfo"), "created") == "2026-11-22T00:00:00Z");
    CHECK(document.find("creationInfo")->find("creators")->list()->front().string()->starts_with("Tool: "));
    std::set<std::string> ids{"SPDXRef-DOCUMENT"};
    for (const Value& package : *document.find("packages")->list()) {
        CHECK(std::regex_match(text_at(package, "SPDXID"), std::regex("SPDXRef-[A-Za-z0-9.-]+")));
        CHECK(ids.insert(text_at(package, "SPDXID")).second);
        CHECK(text_at(package, "downloadLocation") == "NOASSERTION");
        for (const char* field : {"name", "versionInfo", "licenseConcluded", "licenseDeclared", "copyrightText"}) {
            CHECK_FALSE(text_at(package, field).empty());
        }
    }
    std::set<std::string> related{"SPDXRef-DOCUMENT"};
    for (const Value& one : *document.find("relationships")->list()) {
        CHECK(std::set<std::string>{"DESCRIBES", "DEPENDS_ON", "BUILD_TOOL_OF"}.contains(text_at(one, "relationshipType")));
        for (const char* end : {"spdxElementId", "relatedSpdxElement"}) {
            CHECK(ids.contains(text_at(one, end)));
            related.insert(text_at(one, end));
        }
    }
    CHECK(related == ids);
}

TEST_CASE("a SOURCE_DATE_EPOCH that is no time is refused in one line") {
    Installation here;
    for (const char* value : {"yesterday", "-1", "99999999999999"}) {
        here.environment["SOURCE_DATE_EPOCH"] = value;
        const Finished result = here.manage({"freeze-deps", "--format", "spdx"});
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK(is_one_line(result.err));
    }
}
