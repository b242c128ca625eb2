#include "manage/identifier.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage {

namespace {

constexpr std::size_t name_bytes_max = 32;

constexpr std::string_view keywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await "
    "co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do double "
    "dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept "
    "not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return short signed sizeof "
    "static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename union "
    "unsigned using virtual void volatile wchar_t while xor xor_eq";

// Namespaces and names that the code around what is generated uses.
constexpr std::string_view ours = "app base config ctx db embedded make manage models routes std templates tests web";

constexpr std::string_view sql_words =
    "add all alter analyze and any as asc before between both by call cascade change character check collate column condition "
    "constraint continue convert create cross cursor database databases declare default delete desc describe distinct div drop "
    "each else elseif end escape exists exit explain fetch for force foreign from full fulltext generated get grant group groups "
    "having if ignore in index inner insert interval into is iterate join key keys kill lag lead leading leave left like limit "
    "lines load lock loop match natural not null of on optimize option or order out outer over partition primary procedure purge "
    "range rank read references regexp release rename repeat replace require restrict return revoke right row rows schema "
    "schemas select separator set show signal spatial ssl starting system table terminated then to trailing trigger undo union "
    "unique unlock unsigned update usage use using values when where while window with write";

bool lists(std::string_view list, std::string_view word) {
    const auto words = app::base::split(list, ' ');
    return std::ranges::find(words, word) != words.end();
}

[[noreturn]] void refuse(std::string message) { throw app::base::Error(app::base::Code::invalid, std::move(message)); }

bool is_snake_case(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto may_be = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= name_bytes_max && is_letter(name.front()) && name.back() != '_' &&
           name.find("__") == name.npos && std::ranges::all_of(name, may_be);
}

}  // namespace

void check_identifier(std::string_view what, std::string_view name) {
    if (!is_snake_case(name)) {
        refuse(std::string(what) + " is made of a-z, 0-9 and single _, begins with a letter and has at most " +
               std::to_string(name_bytes_max) + " of them, as line_item; not " + std::string(name));
    }
    if (lists(keywords, name)) refuse(std::string(what) + " cannot be " + std::string(name) + ", which is a word of C++");
    if (lists(ours, name)) refuse(std::string(what) + " cannot be " + std::string(name) + ", which the code uses for itself");
}

void check_column(std::string_view what, std::string_view name) {
    check_identifier(what, name);
    if (lists("c connection found id row", name)) {
        refuse(std::string(what) + " cannot be " + std::string(name) + ", which the code of models uses for itself");
    }
    if (lists(sql_words, name)) refuse(std::string(what) + " cannot be " + std::string(name) + ", which is a word of SQL");
}

std::string pascal_case(std::string_view name) {
    std::string text;
    bool is_first = true;
    for (const char c : name) {
        if (c != '_') text += is_first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        is_first = c == '_';
    }
    return text;
}

std::string with_hyphens(std::string_view name) {
    std::string text(name);
    std::ranges::replace(text, '_', '-');
    return text;
}

std::string plural(std::string_view name) {
    std::string text(name);
    const auto ends = [&](std::string_view end) { return text.ends_with(end); };
    const bool has_vowel_before =
        text.size() > 1 && std::string_view("aeiou").find(text[text.size() - 2]) != std::string_view::npos;
    if (ends("y") && !has_vowel_before) return text.substr(0, text.size() - 1) + "ies";
    return text + (ends("s") || ends("x") || ends("z") || ends("ch") || ends("sh") ? "es" : "s");
}

}  // namespace manage
