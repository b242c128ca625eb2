// `manage version` and `manage --version`.
#include "app/web/json.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

#ifdef __clang__
constexpr std::string_view compiler = __VERSION__;
#else
constexpr std::string_view compiler = "g++ " __VERSION__;
#endif

int run(Invocation& invocation) {
    if (!invocation.has("--json")) {
        invocation.print(version_text());
        return 0;
    }
    std::string text;
    app::web::JsonWriter(text)
        .begin_object()
        .field("compiler", compiler)
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
            .run = run};
}

std::string_view compiler_text() { return compiler; }

std::string version_text() { return "Dewar " DEWAR_VERSION " (" + std::string(compiler) + ")\n"; }

}  // namespace manage
