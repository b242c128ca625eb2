#include "manage/shell/sql_text.hpp"

#include <algorithm>
#include <string>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

constexpr std::string_view asking[] = {"select", "values", "explain", "show", "describe", "desc"};
constexpr std::string_view changing[] = {"insert", "update", "delete", "replace"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Where what begins at `at` ends: a quoted text or name, a comment, a word, or one character.
std::size_t end_of_token(std::string_view sql, std::size_t at) {
    const auto until = [&](std::string_view mark) {
        const std::size_t end = sql.find(mark, at + mark.size());
        return end == std::string_view::npos ? sql.size() : end + mark.size();
    };
    if (sql[at] == '\'' || sql[at] == '"' || sql[at] == '`') return until(sql.substr(at, 1));
    if (sql.substr(at, 2) == "--") return until("\n");
    if (sql.substr(at, 2) == "/*") return until("*/");
    std::size_t end = at;
    while (end < sql.size() && is_letter(sql[end])) ++end;
    return std::max(end, at + 1);
}

bool is_comment(std::string_view token) { return token.starts_with("--") || token.starts_with("/*"); }

bool is_blank(std::string_view token) { return app::base::trim(token).empty(); }

}  // namespace

std::string_view single_statement(std::string_view sql) {
    sql = app::base::trim(sql);
    std::size_t end = sql.size();  // of the statement
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t next = end_of_token(sql, at);
        const std::string_view token = sql.substr(at, next - at);
        if (token == ";") {
            end = std::min(end, at);
        } else if (end < at && !is_blank(token) && !is_comment(token)) {
            throw Error(Code::invalid, "one statement at a time: something follows the semicolon");
        }
        at = next;
    }
    const std::string_view statement = app::base::trim(sql.substr(0, end));
    if (statement.empty()) throw Error(Code::invalid, "there is no statement to run");
    return statement;
}

bool is_query(std::string_view statement) {
    std::string first;
    bool changes = false;
    bool sets = false;
    for (std::size_t at = 0; at < statement.size();) {
        const std::size_t next = end_of_token(statement, at);
        const std::string_view token = statement.substr(at, next - at);
        at = next;
        if (is_blank(token) || is_comment(token)) continue;
        const std::string word = app::base::to_lower_ascii(token);
        if (first.empty()) first = word;
        changes = changes || std::ranges::find(changing, word) != std::end(changing);
        sets = sets || word == "=";
    }
    if (first == "with") return !changes;
    if (first == "pragma") return !sets;
    return std::ranges::find(asking, first) != std::end(asking);
}

}  // namespace manage::shell
