// `sql("SELECT ... WHERE id = ?", 1)`: the one way around the models.
#include <algorithm>
#include <variant>
#include <vector>

#include "app/base/error.hpp"
#include "manage/shell/printing.hpp"
#include "manage/shell/session.hpp"
#include "manage/shell/sql_text.hpp"
#include "manage/shell/values.hpp"
#include "manage/table.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::db::Connection;
using app::db::Row;

constexpr lua_Integer rows_shown_max = 100;
constexpr std::size_t cell_bytes_max = 60;

using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, app::base::Timestamp>;

struct Answer {
    std::vector<std::string> columns;  // none when there was no row
    std::vector<std::vector<Cell>> rows;
    app::db::Outcome outcome;
};

Cell to_cell(const Row& row, int column) {
    switch (row.kind(column)) {
        case Row::Kind::null: return nullptr;
        case Row::Kind::integer: return row.integer(column);
        case Row::Kind::real: return row.real(column);
        case Row::Kind::time: return row.time(column);
        case Row::Kind::text: break;
    }
    return std::string(row.text(column));
}

Answer run(Connection& connection, std::string_view statement, const std::vector<app::db::Value>& values) {
    Answer answer;
    answer.outcome = connection.run(statement, values.data(), values.size(), [&](const Row& row) {
        if (answer.columns.empty()) {
            for (int i = 0; i < row.columns(); ++i) answer.columns.emplace_back(row.name(i));
        }
        std::vector<Cell>& cells = answer.rows.emplace_back();
        for (int i = 0; i < row.columns(); ++i) cells.push_back(to_cell(row, i));
    });
    return answer;
}

// Texts stay where Lua has them, which is on its stack until the call is over.
app::db::Value to_bound(lua_State* state, int index) {
    switch (lua_type(state, index)) {
        case LUA_TNIL: return nullptr;
        case LUA_TBOOLEAN: return std::int64_t{lua_toboolean(state, index)};
        case LUA_TNUMBER:
            if (lua_isinteger(state, index)) return std::int64_t{lua_tointeger(state, index)};
            return lua_tonumber(state, index);
        case LUA_TSTRING: {
            std::size_t size = 0;
            const char* text = lua_tolstring(state, index, &size);
            return std::string_view(text, size);
        }
        default: throw Error(Code::invalid, std::string("a value of a statement cannot be a ") + luaL_typename(state, index));
    }
}

void push_cell(lua_State* state, const Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return push(state, *integer);
    if (const auto* real = std::get_if<double>(&cell)) return lua_pushnumber(state, *real);
    if (const auto* text = std::get_if<std::string>(&cell)) return push(state, *text);
    if (const auto* time = std::get_if<app::base::Timestamp>(&cell)) return push(state, *time);
    lua_pushnil(state);
}

// A cell as it stands in a table: one line, bounded, harmless to a terminal.
std::string shown_cell(lua_State* state, int index) {
    if (lua_isnil(state, index)) return "NULL";
    std::string text = show(state, index, {.text_bytes_max = static_cast<int>(cell_bytes_max)});
    if (lua_type(state, index) == LUA_TSTRING && text.ends_with('"')) text = text.substr(1, text.size() - 2);
    return text;
}

// The rows as `manage` shows tables; the names of the columns are an upvalue, in their order.
int show_rows(lua_State* state) {
    const int columns = lua_upvalueindex(1);
    const auto width = static_cast<lua_Integer>(lua_rawlen(state, columns));
    const auto count = static_cast<lua_Integer>(lua_rawlen(state, 1));
    std::string closing = "(" + std::to_string(count) + (count == 1 ? " row)" : " rows)");
    if (width == 0 || count == 0) return push(state, closing), 1;
    std::vector<std::vector<std::string>> lines(1);
    for (lua_Integer column = 1; column <= width; ++column) {
        lua_rawgeti(state, columns, column);
        lines.front().push_back(to_text(state, -1, "a column"));
        lua_pop(state, 1);
    }
    for (lua_Integer row = 1; row <= std::min(count, rows_shown_max); ++row) {
        std::vector<std::string>& line = lines.emplace_back();
        lua_rawgeti(state, 1, row);
        for (const std::string& name : lines.front()) {
            if (lua_istable(state, -1)) {
                lua_getfield(state, -1, name.c_str());
            } else {
                lua_pushnil(state);
            }
            line.push_back(shown_cell(state, -1));
            lua_pop(state, 1);
        }
        lua_pop(state, 1);
    }
    if (count > rows_shown_max) closing = "... " + std::to_string(count - rows_shown_max) + " more " + closing;
    push(state, aligned(lines) + closing);
    return 1;
}

void push_rows(lua_State* state, const Answer& answer) {
    lua_createtable(state, static_cast<int>(std::min<std::size_t>(answer.rows.size(), 1 << 20)), 0);
    lua_Integer position = 0;
    for (const std::vector<Cell>& cells : answer.rows) {
        lua_createtable(state, 0, static_cast<int>(cells.size()));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            push_cell(state, cells[i]);
            lua_setfield(state, -2, answer.columns[i].c_str());
        }
        lua_rawseti(state, -2, ++position);
    }
    lua_newtable(state);
    lua_newtable(state);
    position = 0;
    for (const std::string& column : answer.columns) {
        push(state, column);
        lua_rawseti(state, -2, ++position);
    }
    lua_pushcclosure(state, guarded<show_rows>, 1);
    lua_setfield(state, -2, "__show");
    lua_setmetatable(state, -2);
}

int sql(lua_State* state) {
    const std::string text = to_text(state, 1, "a statement");
    const std::string_view statement = single_statement(text);
    std::vector<app::db::Value> values;
    for (int i = 2; i <= lua_gettop(state); ++i) values.push_back(to_bound(state, i));
    app::db::Database& database = session_of(state).database();
    const auto run_it = [&](Connection& connection) { return run(connection, statement, values); };
    const bool asks = is_query(statement);
    const Answer answer = asks ? database.read(run_it) : database.write(run_it);
    if (asks || !answer.columns.empty()) {
        push_rows(state, answer);
        return 1;
    }
    lua_newtable(state);
    set_field(state, "rows_changed", answer.outcome.rows_changed);
    if (answer.outcome.last_insert_id != 0) set_field(state, "last_insert_id", answer.outcome.last_insert_id);
    return 1;
}

}  // namespace

void define_sql(lua_State* state) {
    lua_pushcfunction(state, guarded<sql>);
    lua_setglobal(state, "sql");
}

}  // namespace manage::shell
