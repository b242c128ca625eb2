// The layer rule of docs/ARCHITECTURE.md as a test: every #include under app/, config/ and manage/ is held against the tables
// below, which are the rule. A new folder is a line in `rooms`, a new library a line in `homes`.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

// What a blueprint may include: all below it. Blueprints may include each other's routes.hpp, to link there, and nothing else.
constexpr std::string_view below_blueprints =
    "app/base config app/markup app/web app/db app/mail app/models app/throttle app/context";

enum RoomKind { is_no_blueprint, is_blueprint };

struct Room {
    std::string_view folder;
    std::string_view may_include;  // beside itself; "blueprints" are all of these
    RoomKind kind = is_no_blueprint;
};

// Layer by layer, the lowest first: an include goes down or stays in its room.
constexpr Room rooms[] = {
    {"app/base", ""},

    {"config", "app/base"},
    {"app/markup", "app/base"},
    {"app/web", "app/base"},
    {"app/http", "app/base app/web"},
    {"app/db", "app/base"},

    {"app/metrics", "app/base"},
    {"app/openapi", "app/base app/web"},

    {"app/mail", "app/base"},
    {"app/archive", "app/base app/db"},
    {"app/models", "app/base app/markup app/db app/mail"},
    {"app/throttle", "app/base"},
    {"app/maintenance", "app/base app/web"},

    {"app/outbox", "app/base app/db app/mail app/models"},
    {"app/context", "app/base config app/markup app/web app/db app/mail app/models app/throttle app/maintenance"},

    {"app/accounts", "app/base config app/web app/db app/mail app/models app/throttle app/context"},

    {"app/main", below_blueprints, is_blueprint},
    {"app/static_files", below_blueprints, is_blueprint},
    {"app/diagnostics", "app/base config app/markup app/metrics app/web app/db app/mail app/models app/throttle app/context",
     is_blueprint},
    {"app/auth", "app/base config app/markup app/web app/db app/mail app/models app/throttle app/context app/accounts",
     is_blueprint},
    {"app/docs", "app/base config app/markup app/web app/db app/mail app/models app/throttle app/context app/openapi",
     is_blueprint},
    {"app/api", below_blueprints, is_blueprint},
    {"app/api/v1_0", "app/base config app/markup app/web app/db app/mail app/models app/throttle app/context app/openapi app/api",
     is_blueprint},
    {"app/api/v1_1",
     "app/base config app/markup app/web app/db app/mail app/models app/throttle app/context app/accounts app/openapi "
     "app/api app/api/v1_0",
     is_blueprint},

    {"app",
     "app/base config app/markup app/metrics app/web app/http app/db app/mail app/models app/throttle app/outbox app/context "
     "app/accounts app/openapi blueprints"},

    {"manage", "app/base config app/markup app/metrics app/web app/http app/db app/archive app/mail app/maintenance app/models "
               "app/throttle app/outbox app/context app/accounts app/openapi blueprints app"},
    {"manage/shell", "app/base config app/web app/openapi app/db app/models app/context app manage"},
};

struct Home {
    std::string_view header;  // what the header's name begins with
    std::string_view files;   // what the names of the files that may include it begin with, blanks between them
};

constexpr Home homes[] = {
    {"openssl/", "app/base/ app/http/tls.cpp"},
    {"argon2.h", "app/base/"},
    {"backward.hpp", "app/base/stack_trace.cpp"},
    {"elfutils/", "app/base/libraries.cpp"},
    {"spdlog/", "app/base/log.cpp"},
    {"fmt/", "app/base/log.cpp"},
    {"toml++/", "config/"},
    {"cmark", "app/markup/"},
    {"gumbo.h", "app/markup/"},
    {"curl/", "app/mail/smtp app/mail/libraries.cpp"},
    {"idn2.h", "app/mail/address.cpp app/mail/libraries.cpp"},
    {"nlohmann/", "app/web/json.cpp"},
    {"pugixml.hpp", "app/web/xml.cpp"},
    {"brotli/", "app/web/compression.cpp app/web/libraries.cpp"},
    {"zlib.h", "app/web/compression.cpp app/web/libraries.cpp app/archive/gzip.cpp"},
    {"kainjow/", "app/web/template.cpp"},
    {"httplib.h", "app/http/"},
    {"SQLiteCpp/", "app/db/"},
    {"sqlite3.h", "app/db/"},
    {"mysql.h", "app/db/mysql app/db/libraries.cpp"},
    {"CLI/", "manage/"},
    {"lua.h", "manage/shell/"},
    {"lauxlib.h", "manage/shell/"},
    {"lualib.h", "manage/shell/"},
    {"histedit.h", "manage/shell/line_editor.cpp"},
};

// Costs seconds wherever it is included, so that is one place.
constexpr std::string_view included_once = "CLI/";

constexpr std::string_view system_folders[] = {"sys/", "net/", "netinet/", "arpa/", "linux/"};
constexpr std::string_view system_headers = "cxxabi.h dirent.h execinfo.h fcntl.h grp.h netdb.h poll.h pthread.h pwd.h sched.h "
                                            "semaphore.h signal.h spawn.h syslog.h termios.h ucontext.h unistd.h";

// app/web takes a Request and returns a Response: it reads, writes, logs and waits for nothing.
constexpr std::string_view input_output = "cstdio filesystem fstream iostream istream ostream print syncstream app/base/log.hpp";

constexpr int lines_max = 400;

struct Source {
    std::string path;  // from the repository's root: "app/web/site.cpp"
    std::string text;

    bool is_header() const { return path.ends_with(".hpp"); }
};

bool lists(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto end = list.find(' ');
        if (list.substr(0, end) == word) return true;
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
    return false;
}

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

const Room* room_of(std::string_view path) {
    const auto found = std::ranges::find(rooms, folder_of(path), &Room::folder);
    return found == std::end(rooms) ? nullptr : found;
}

// Why `source` may not include the header of ours called `header`, or "".
std::string refusal(const Room& room, std::string_view header) {
    const Room* other = room_of(header);
    if (!other) return "is no header of a room; write its path from the root";
    const bool is_linked = room.kind == is_blueprint && other->kind == is_blueprint && header.ends_with("/routes.hpp");
    const bool is_below = lists(room.may_include, other->kind == is_blueprint ? "blueprints" : other->folder) ||
                          lists(room.may_include, other->folder);
    if (other->folder == room.folder || is_below || is_linked) return {};
    return std::string(room.folder) + " may not include " + std::string(other->folder);
}

bool is_system(std::string_view header) {
    return lists(system_headers, header) ||
           std::ranges::any_of(system_folders, [&](auto folder) { return header.starts_with(folder); });
}

// Whether the name begins as one of the list's does.
bool lies_in(std::string_view path, std::string_view list) {
    while (!list.empty()) {
        const auto end = list.find(' ');
        if (path.starts_with(list.substr(0, end))) return true;
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
    return false;
}

// Why the file at `path` may not include <header>, or "".
std::string foreign_refusal(std::string_view path, std::string_view header) {
    if (header.find_first_of("./") == std::string_view::npos || is_system(header)) return {};
    const auto home = std::ranges::find_if(homes, [&](const Home& candidate) { return header.starts_with(candidate.header); });
    if (home == std::end(homes)) return "has no home in this table";
    return lies_in(path, home->files) ? std::string{} : "belongs to " + std::string(home->files);
}

// The header between the quotes or the angles of an #include, with the opening one in front; "" for any other line.
std::string included(std::string_view line) {
    if (!line.starts_with("#include ")) return {};
    const auto begin = line.find_first_of("\"<");
    if (begin == std::string_view::npos) return {};
    return std::string(line.substr(begin, line.find_first_of("\">", begin + 1) - begin));
}

// What is wrong with these files, one line each: "app/web/site.cpp: <fstream> ...".
std::vector<std::string> violations(const std::vector<Source>& sources) {
    std::vector<std::string> found;
    std::string first_of_once;
    for (const Source& source : sources) {
        const auto report = [&](const std::string& what) { found.push_back(source.path + ": " + what); };
        const Room* room = room_of(source.path);
        if (!room) {
            report("its folder is no room of this table");
            continue;
        }
        if (!source.text.starts_with("// ") && source.is_header()) report("no opening comment");
        if (source.is_header() && source.text.find("\n#pragma once\n") == std::string::npos) report("no #pragma once");

        std::istringstream lines(source.text);
        int count = 0;
        bool inside = false;  // one of our namespaces, which a header may fill as it likes
        for (std::string line; std::getline(lines, line); ++count) {
            inside = line.starts_with("namespace ") || (inside && !line.starts_with("}  // namespace"));
            if (source.is_header() && !inside && line.starts_with("using namespace"))
                report("`using namespace` for all who include it");
            const std::string include = included(line);
            if (include.empty()) continue;
            const std::string_view header = std::string_view{include}.substr(1);
            const std::string refused = include[0] == '"' ? refusal(*room, header) : foreign_refusal(source.path, header);
            if (!refused.empty()) report(std::string(header) + " " + refused);
            if (room->folder == "app/web" && (lists(input_output, header) || is_system(header))) {
                report(std::string(header) + " is input or output");
            }
            if (header.starts_with(included_once)) {
                if (!first_of_once.empty()) report(std::string(header) + " is included by " + first_of_once + " already");
                first_of_once = source.path;
            }
        }
        if (count > lines_max) report(std::to_string(count) + " lines, more than " + std::to_string(lines_max));
    }
    return found;
}

std::vector<Source> read_sources() {
    std::vector<Source> sources;
    for (const char* top : {"app", "config", "manage"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            std::ifstream file(entry.path(), std::ios::binary);
            sources.push_back({entry.path().generic_string(), {std::istreambuf_iterator<char>(file), {}}});
        }
    }
    return sources;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

// What the checker says about one made-up file with this line in it.
std::string verdict(const std::string& path, const std::string& line) {
    const std::string opening = path.ends_with(".hpp") ? "// What this is.\n#pragma once\n" : "";
    return joined(violations({{path, opening + line + "\n"}}));
}

}  // namespace

TEST_CASE("every include keeps to the layers, and every file to the rules") {
    const std::vector<Source> sources = read_sources();
    REQUIRE(sources.size() > 50);  // else this runs in the wrong folder
    CHECK(joined(violations(sources)) == "");
}

TEST_CASE("the checker lets includes go down and stay in their room") {
    CHECK(verdict("app/web/x.cpp", "#include \"app/web/site.hpp\"") == "");
    CHECK(verdict("app/web/x.cpp", "#include \"app/base/error.hpp\"") == "");
    CHECK(verdict("app/api/v1_0/x.cpp", "#include \"app/api/body.hpp\"") == "");
    CHECK(verdict("app/app.cpp", "#include \"app/http/server.hpp\"") == "");
    CHECK(verdict("manage/x.cpp", "#include \"app/app.hpp\"") == "");
    CHECK(verdict("app/web/x.cpp", "#include <vector>") == "");
    CHECK(verdict("app/http/x.cpp", "#include <sys/socket.h>") == "");
}

TEST_CASE("the checker catches an include that goes up or aside") {
    CHECK(verdict("app/base/x.cpp", "#include \"app/web/site.hpp\"") ==
          "app/base/x.cpp: app/web/site.hpp app/base may not include app/web\n");
    CHECK(verdict("app/web/x.hpp", "#include \"app/context/context.hpp\"") != "");
    CHECK(verdict("app/web/x.cpp", "#include \"app/db/database.hpp\"") != "");
    CHECK(verdict("config/x.cpp", "#include \"app/web/site.hpp\"") != "");
    CHECK(verdict("app/api/x.cpp", "#include \"app/api/v1_0/routes.hpp\"") == "");
    CHECK(verdict("app/api/x.cpp", "#include \"app/api/v1_0/handlers.hpp\"") != "");
    CHECK(verdict("app/main/x.cpp", "#include \"app/app.hpp\"") != "");
    CHECK(verdict("app/app.cpp", "#include \"manage/command.hpp\"") != "");
}

TEST_CASE("the checker lets a blueprint see the routes of another, and no more") {
    CHECK(verdict("app/main/x.cpp", "#include \"app/auth/routes.hpp\"") == "");
    CHECK(verdict("app/main/x.cpp", "#include \"app/auth/views.hpp\"") != "");
    CHECK(verdict("app/models/x.cpp", "#include \"app/auth/routes.hpp\"") != "");
}

TEST_CASE("the checker catches a library away from its home") {
    CHECK(verdict("app/http/server.cpp", "#include <httplib.h>") == "");
    CHECK(verdict("app/app.cpp", "#include <httplib.h>") == "app/app.cpp: httplib.h belongs to app/http/\n");
    CHECK(verdict("app/models/x.cpp", "#include <sqlite3.h>") != "");
    CHECK(verdict("app/models/x.cpp", "#include <SQLiteCpp/SQLiteCpp.h>") != "");
    CHECK(verdict("app/db/x.cpp", "#include <spdlog/spdlog.h>") != "");
    CHECK(verdict("app/web/site.cpp", "#include <nlohmann/json.hpp>") != "");
    CHECK(verdict("app/api/x.cpp", "#include <openssl/evp.h>") != "");
    CHECK(verdict("app/http/tls.cpp", "#include <openssl/ssl.h>") == "");
    CHECK(verdict("app/http/server.cpp", "#include <openssl/ssl.h>") ==
          "app/http/server.cpp: openssl/ssl.h belongs to app/base/ app/http/tls.cpp\n");
    CHECK(verdict("app/db/x.cpp", "#include <boost/asio.hpp>") == "app/db/x.cpp: boost/asio.hpp has no home in this table\n");
}

TEST_CASE("the checker lets one file include CLI11") {
    const Source first{"manage/a.cpp", "#include <CLI/CLI.hpp>\n"}, second{"manage/b.cpp", "#include <CLI/CLI.hpp>\n"};
    CHECK(joined(violations({first})) == "");
    CHECK(joined(violations({first, second})) == "manage/b.cpp: CLI/CLI.hpp is included by manage/a.cpp already\n");
}

TEST_CASE("the checker catches input and output in app/web") {
    for (const char* header :
         {"<fstream>", "<iostream>", "<cstdio>", "<filesystem>", "<sys/socket.h>", "<unistd.h>", "\"app/base/log.hpp\""}) {
        CAPTURE(header);
        CHECK(verdict("app/web/x.cpp", "#include " + std::string(header)).find("is input or output") != std::string::npos);
    }
    CHECK(verdict("app/http/x.cpp", "#include \"app/base/log.hpp\"") == "");
}

TEST_CASE("the checker catches a folder that is no room and a path that is not from the root") {
    CHECK(verdict("app/extra/x.cpp", "") == "app/extra/x.cpp: its folder is no room of this table\n");
    CHECK(verdict("app/web/x.cpp", "#include \"site.hpp\"") != "");
    CHECK(verdict("app/web/x.cpp", "#include \"../base/error.hpp\"") != "");
}

TEST_CASE("the checker catches careless headers and long files") {
    CHECK(joined(violations({{"app/web/x.hpp", "\n#pragma once\n"}})) == "app/web/x.hpp: no opening comment\n");
    CHECK(joined(violations({{"app/web/x.hpp", "// What.\n"}})) == "app/web/x.hpp: no #pragma once\n");
    CHECK(verdict("app/web/x.hpp", "using namespace std;") == "app/web/x.hpp: `using namespace` for all who include it\n");
    CHECK(verdict("app/web/x.hpp", "namespace app {\n}  // namespace app\nusing namespace app;") != "");
    CHECK(verdict("app/web/x.hpp", "namespace app::main::routes {\nusing namespace web;\n}  // namespace app::main::routes") ==
          "");
    CHECK(verdict("app/web/x.cpp", "using namespace std;") == "");
    CHECK(verdict("app/web/x.cpp", std::string(400, '\n')) == "app/web/x.cpp: 401 lines, more than 400\n");
}
