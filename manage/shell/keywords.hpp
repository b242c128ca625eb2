// The words that Lua 5.4 keeps for itself (manual, section 3.1).
#pragma once

#include <string_view>

namespace manage::shell {

inline constexpr std::string_view keywords[] = {"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
                                                "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
                                                "repeat",   "return", "then", "true", "until",  "while"};

}  // namespace manage::shell
