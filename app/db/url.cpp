#include "app/db/url.hpp"

#include <optional>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::db {
namespace {

constexpr std::string_view known_forms = "sqlite:///relative/path, sqlite:////absolute/path, sqlite:temporary or "
                                         "mysql://user:password@host:port/name";

[[noreturn]] void refuse(const std::string& reason) { throw base::Error(base::Code::invalid, "DATABASE_URL " + reason); }

Url parse_sqlite(std::string_view rest) {  // what follows "sqlite:"
    if (rest == "temporary") return {Backend::sqlite, "", true};
    if (rest.find(":memory:") != std::string_view::npos || rest == "//" || rest == "///") {
        refuse("names a database in memory or no file at all; the connections of a memory database would share nothing: use "
               "sqlite:temporary for one that goes when it is closed");
    }
    if (!rest.starts_with("///")) refuse("has no path: write sqlite:///relative/path or sqlite:////absolute/path");
    rest.remove_prefix(3);
    if (rest.find_first_of("?#") != std::string_view::npos) {
        refuse("has a ? or # in its path: a sqlite URL has no options; write %3F or %23 if the file's name has one");
    }
    std::optional<std::string> path = base::percent_decode(rest);
    if (!path) refuse("has a % in its path that two hexadecimal digits do not follow: write %25 for the character itself");
    if (path->find('\0') != std::string::npos) refuse("has a NUL in its path: no file has such a name");
    return {Backend::sqlite, *std::move(path), false};
}

}  // namespace

Url parse_url(std::string_view url) {
    if (url.empty()) refuse("is empty; known are " + std::string(known_forms));
    if (url == ":memory:") return parse_sqlite(url);
    if (url.starts_with("sqlite:")) return parse_sqlite(url.substr(7));
    if (url.starts_with("mysql://")) return {Backend::mysql, "", false};
    const std::size_t scheme_end = url.find("://");
    refuse((scheme_end == std::string_view::npos ? "has no scheme that is known"
                                                 : "has the unknown scheme " + std::string(url.substr(0, scheme_end))) +
           "; known are " + std::string(known_forms));
}

}  // namespace app::db
