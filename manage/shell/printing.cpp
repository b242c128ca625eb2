#include "manage/shell/printing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <variant>
#include <vector>

#include "app/base/text.hpp"
#include "manage/shell/keywords.hpp"
#include "manage/shell/values.hpp"

namespace manage::shell {

namespace {

constexpr std::size_t keys_max = 1000;  // of a table, that are sorted

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (text.empty() || !is_letter(text.front())) return false;
    const bool plain = std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
    return plain && std::ranges::find(keywords, text) == std::end(keywords);
}

// How many bytes from `at` are one character of UTF-8 that a terminal only shows; 0: none.
std::size_t printable_bytes(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (at + size > text.size() || !app::base::is_utf8(text.substr(at, size))) return 0;
    return size == 2 && first == 0xc2 && byte(at + 1) < 0xa0 ? 0 : size;  // the control characters U+0080 to U+009F
}

class Printer {
   public:
    Printer(lua_State* state, const PrintLimits& limits) : state_(state), limits_(limits) {}

    std::string text_of(int index) {
        index = lua_absindex(state_, index);
        luaL_checkstack(state_, 8, "too deep");
        switch (lua_type(state_, index)) {
            case LUA_TSTRING: return quoted(to_text(state_, index, "a text"));
            case LUA_TTABLE:
            case LUA_TUSERDATA: return structure(index);
            default: return plain(index);
        }
    }

   private:
    std::string plain(int index) {
        std::size_t size = 0;
        const char* text = luaL_tolstring(state_, index, &size);
        std::string copy(text, size);
        lua_pop(state_, 1);
        if (lua_type(state_, index) == LUA_TFUNCTION) return "function";
        return copy;
    }

    std::string quoted(std::string_view text) const {
        std::string quoted = "\"";
        const auto bytes_max = static_cast<std::size_t>(limits_.text_bytes_max);
        std::size_t at = 0;
        while (at < text.size() && at < bytes_max) {
            const std::size_t size = printable_bytes(text, at);
            if (text[at] == '"' || text[at] == '\\') {
                quoted.append("\\").append(1, text[at++]);
            } else if (size > 0) {
                quoted.append(text.substr(at, size));
                at += size;
            } else {
                quoted += escaped(text[at++]);
            }
        }
        quoted += '"';
        return at == text.size() ? quoted : quoted + "... (" + std::to_string(text.size()) + " bytes)";
    }

    static std::string escaped(char c) {
        if (c == '\n') return "\\n";
        if (c == '\t') return "\\t";
        if (c == '\r') return "\\r";
        std::array<char, 5> hexadecimal{};
        std::snprintf(hexadecimal.data(), hexadecimal.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        return hexadecimal.data();
    }

    // A table, or userdata with fields.
    std::string structure(int index) {
        if (const auto shown = as_it_says(index)) return *shown;
        const void* identity = lua_topointer(state_, index);
        if (std::ranges::find(path_, identity) != path_.end()) return "<cycle>";
        if (std::ssize(path_) >= limits_.depth_max) return "{...}";
        path_.push_back(identity);
        std::string text = luaL_getmetafield(state_, index, "__fields") == LUA_TNIL ? table(index) : object(index);
        path_.pop_back();
        return text;
    }

    std::optional<std::string> as_it_says(int index) {
        const int kind = luaL_getmetafield(state_, index, "__show");
        if (kind == LUA_TFUNCTION) {
            lua_pushvalue(state_, index);
            lua_call(state_, 1, 1);
            std::string text = to_text(state_, -1, "what __show returns");
            lua_pop(state_, 1);
            return text;
        }
        if (kind != LUA_TNIL) {
            std::string text = text_of(-1);
            lua_pop(state_, 1);
            return text;
        }
        const bool has_fields = luaL_getmetafield(state_, index, "__fields") != LUA_TNIL;
        if (has_fields) lua_pop(state_, 1);
        const bool speaks = luaL_getmetafield(state_, index, "__tostring") != LUA_TNIL;
        if (speaks) lua_pop(state_, 1);
        if (!has_fields && (speaks || lua_isuserdata(state_, index))) return plain(index);
        return std::nullopt;
    }

    // `User{id = 1, ...}`; its list of fields is at the top, and is taken off.
    std::string object(int index) {
        std::vector<std::string> items;
        const int fields = lua_gettop(state_);
        for (lua_Integer i = 1; lua_rawgeti(state_, fields, i) != LUA_TNIL; ++i) {
            const std::string name = to_text(state_, -1, "a field");
            lua_pop(state_, 1);
            lua_getfield(state_, index, name.c_str());
            if (!lua_isnil(state_, -1)) items.push_back(name + " = " + text_of(-1));
            lua_pop(state_, 1);
        }
        lua_settop(state_, fields - 1);
        luaL_getmetafield(state_, index, "__name");
        const std::string name = to_text(state_, -1, "a name");
        lua_pop(state_, 1);
        return name + laid_out(items);
    }

    std::string table(int index) {
        std::vector<std::string> items;
        const auto size = static_cast<lua_Integer>(lua_rawlen(state_, index));
        const lua_Integer shown = std::min<lua_Integer>(size, limits_.items_max);
        for (lua_Integer i = 1; i <= shown; ++i) {
            lua_rawgeti(state_, index, i);
            items.push_back(text_of(-1));
            lua_pop(state_, 1);
        }
        if (shown < size) items.push_back("... " + std::to_string(size - shown) + " more");
        add_named(index, size, items);
        return laid_out(items);
    }

    using Key = std::variant<lua_Integer, std::string>;

    // What is not one of the items 1 to `size`: by number, then by name, then those that cannot be sorted.
    void add_named(int index, lua_Integer size, std::vector<std::string>& items) {
        std::vector<Key> keys;
        std::vector<std::string> others;
        std::size_t count = 0;
        lua_pushnil(state_);
        while (lua_next(state_, index) != 0) {
            if (lua_isinteger(state_, -2)) {
                const lua_Integer key = lua_tointeger(state_, -2);
                if (key >= 1 && key <= size) {
                    lua_pop(state_, 1);
                    continue;
                }
                if (keys.size() < keys_max) keys.emplace_back(key);
            } else if (lua_type(state_, -2) == LUA_TSTRING) {
                if (keys.size() < keys_max) keys.emplace_back(to_text(state_, -2, "a name"));
            } else if (std::ssize(others) < limits_.items_max) {
                others.push_back("[" + text_of(-2) + "] = " + text_of(-1));
            }
            ++count;
            lua_pop(state_, 1);
        }
        std::ranges::sort(keys);
        std::size_t shown = 0;
        for (const Key& key : keys) {
            if (shown == static_cast<std::size_t>(limits_.items_max)) break;
            items.push_back(entry(index, key));
            ++shown;
        }
        for (std::string& other : others) {
            if (shown == static_cast<std::size_t>(limits_.items_max)) break;
            items.push_back(std::move(other));
            ++shown;
        }
        if (shown < count) items.push_back("... " + std::to_string(count - shown) + " more");
    }

    std::string entry(int index, const Key& key) {
        std::string name;
        if (const auto* number = std::get_if<lua_Integer>(&key)) {
            lua_rawgeti(state_, index, *number);
            name = "[" + std::to_string(*number) + "]";
        } else {
            const std::string& text = std::get<std::string>(key);
            push(state_, text);
            lua_rawget(state_, index);
            name = is_name(text) ? text : "[" + quoted(text) + "]";
        }
        std::string whole = name + " = " + text_of(-1);
        lua_pop(state_, 1);
        return whole;
    }

    std::string laid_out(const std::vector<std::string>& items) const {
        std::size_t width = path_.size() * 2;
        bool one_line = true;
        for (const std::string& item : items) {
            width += item.size() + 2;
            if (item.find('\n') != std::string::npos) one_line = false;
        }
        if (one_line && width <= static_cast<std::size_t>(limits_.width)) {
            std::string text = "{";
            for (const std::string& item : items) text.append(text.size() == 1 ? "" : ", ").append(item);
            return text + "}";
        }
        const std::string indent(path_.size() * 2, ' ');
        std::string text = "{\n";
        for (const std::string& item : items) text.append(indent).append(item).append(",\n");
        return text + indent.substr(2) + "}";
    }

    lua_State* state_;
    const PrintLimits limits_;
    std::vector<const void*> path_;  // from the outermost in
};

}  // namespace

std::string show(lua_State* state, int index, const PrintLimits& limits) { return Printer(state, limits).text_of(index); }

}  // namespace manage::shell
