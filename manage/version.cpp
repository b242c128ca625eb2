// `manage version` and `manage --version`.
#include "app/web/json.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

#ifdef __clang__
constexpr std::string_view compiler_version = __VERSION__;
#else
constexpr std::string_view compiler_version = "g++ " __VERSION__;
#endif

int run_version(Invocation& invocation) {
    if (!invocation.has("--json")) {
        invocation.print(version_text());
        return 0;
    }
    std::string text;
    app::web::JsonWriter(text)
        .begin_object()
        .field("compiler", compiler_version)
        .field("name", "dewar")
        .field("version", DEWAR_VERSION)
        .end_object();
    invocation.print(text + "\n");
    return 0;
}

}  // namespace

Command version() {
    return {.name = "version",
            .help = "Show the version and the compiler that built it",
            .example = "  manage version --json",
            .options = {{.name = "--json", .kind = Option::Kind::flag, .help = "as JSON"}},
            .run = run_version};
}

std::string_view compiler_text() { return compiler_version; }

std::string version_text() { return "Dewar " DEWAR_VERSION " (" + std::string(compiler_version) + ")\n"; }

}  // namespace manage
