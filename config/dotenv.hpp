// .env: what one machine sets without touching its environment. Read strictly, because a line that is quietly skipped or
// misread is a wrong password at three in the morning. One NAME=value a line:
//
//   export NAME=value    `export` is allowed, spaces around `=` are not; an unquoted value ends at ` #` or the line's end
//   NAME='as it stands'  nothing is special up to the next single quote
//   NAME="a\tb"          with \n \t \" \\ \$ and no other escape
//   # a comment          also after a value and a space
//
// `$NAME` is never replaced, and a value never spans lines. CRLF line ends are taken as LF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace config {

struct DotenvEntry {
    std::string name = {};
    std::string value = {};
    int line = 0;              // from 1
    bool has_comment = false;  // a # ended an unquoted value, perhaps one that belonged to it
};

// The entries of a file's `text`, in its order. Throws app::base::Error(invalid) "PATH:LINE: what is wrong" for a line it does not
// understand and for a name that comes twice; the message quotes nothing of the line, which may hold a secret.
std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view path);

}  // namespace config
