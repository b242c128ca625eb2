// The half of settings.hpp that reads, checks and shows one value.
#include <algorithm>
#include <initializer_list>

#include "app/base/text.hpp"
#include "config/refuse.hpp"
#include "config/settings.hpp"

namespace config {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;  // clang 16 does not deduce it

// Not a whole file that was put into a variable by mistake.
std::string quoted(std::string_view text) {
    constexpr std::size_t bytes_max = 60;
    return std::string("\"").append(text.substr(0, bytes_max)).append(text.size() > bytes_max ? "...\"" : "\"");
}

std::string expected(const Setting& setting) {
    const auto number = [&](auto) {
        return "a whole number from " + std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum);
    };
    return std::visit(Overloaded{
                          [](bool& (*)(Config&)) { return std::string("true or false (or on, off, yes, no, 1, 0)"); },
                          [&](int& (*field)(Config&)) { return number(field); },
                          [&](std::int64_t& (*field)(Config&)) { return number(field); },
                          [&](std::string& (*)(Config&)) {
                              if (setting.choices.empty()) return std::string(setting.shape.empty() ? "a text" : setting.shape);
                              std::string list = "one of";
                              for (const std::string_view choice : setting.choices)
                                  list.append(list.ends_with("of") ? " " : ", ").append(choice);
                              return list;
                          },
                          [](std::vector<std::string>& (*)(Config&)) { return std::string("texts with commas between them"); },
                      },
                      setting.field);
}

// `actual` is left out when it could tell a secret.
[[noreturn]] void refuse_value(const Setting& setting, std::string_view actual, std::string_view origin) {
    std::string what = std::string(setting.key) + " must be " + expected(setting);
    if (setting.secrecy == Secrecy::open && !actual.empty()) what.append(", not ").append(actual);
    refuse(origin, what);
}

std::optional<bool> parse_bool(std::string_view text) {
    const auto is_one_of = [text](std::initializer_list<std::string_view> words) {
        return std::ranges::any_of(words, [text](std::string_view word) { return app::base::equal_ignoring_case(text, word); });
    };
    if (is_one_of({"true", "on", "yes", "1"})) return true;
    if (is_one_of({"false", "off", "no", "0"})) return false;
    return std::nullopt;
}

// For kinds in which a quote is always a mistake.
[[noreturn]] void refuse_text(const Setting& setting, std::string_view text, std::string_view origin) {
    const bool stray = text.find_first_of("\"'") != text.npos;
    refuse_value(setting, quoted(text) + (stray ? ": the quotes are part of the value, leave them out" : ""), origin);
}

[[noreturn]] void refuse_part(const Setting& setting, std::string_view part, std::string_view origin) {
    const std::string actual = setting.secrecy == Secrecy::open ? ", not " + quoted(part) : "";
    refuse(origin, "each part of " + std::string(setting.key) + " must be " + std::string(setting.shape) + actual);
}

std::vector<std::string> parse_list(const Setting& setting, std::string_view text, std::string_view origin) {
    std::vector<std::string> parts;
    if (text.empty()) return parts;
    for (const std::string_view part : app::base::split(text, ',')) {
        const std::string_view trimmed = app::base::trim(part);
        if (trimmed.empty()) refuse(origin, std::string(setting.key) + " has an empty part: there is a comma too many");
        if (setting.fits != nullptr && !setting.fits(trimmed)) refuse_part(setting, trimmed, origin);
        parts.emplace_back(trimmed);
    }
    return parts;
}

void check_text(const Setting& setting, const std::string& text, std::string_view origin) {
    const bool chosen = setting.choices.empty() || std::ranges::find(setting.choices, text) != setting.choices.end();
    const bool fits = setting.fits == nullptr || setting.fits(text);
    if (!chosen || !fits) refuse_text(setting, text, origin);
}

void check_number(const Setting& setting, std::int64_t number, std::string_view origin) {
    if (number < setting.minimum || number > setting.maximum) refuse_value(setting, std::to_string(number), origin);
}

std::string_view type_of(const Value& value) {
    return std::visit(Overloaded{
                          [](bool) { return std::string_view("a truth value"); },
                          [](std::int64_t) { return std::string_view("a number"); },
                          [](const std::string&) { return std::string_view("a text in quotes"); },
                      },
                      value);
}

template <class Type>
const Type& typed(const Setting& setting, const Value& value, std::string_view origin) {
    const Type* held = std::get_if<Type>(&value);
    if (held == nullptr) refuse_type(setting, type_of(value), origin);
    return *held;
}

}  // namespace

void refuse_type(const Setting& setting, std::string_view actual, std::string_view origin) {
    refuse(origin, std::string(setting.key) + " must be " + expected(setting) + ", not " + std::string(actual));
}

void refuse_quotes(std::string_view text, std::string_view origin) {
    if (is_quoted(text)) {
        refuse(origin, "the value begins and ends with a quote: the quotes are part of the value, leave them out");
    }
}

void assign(const Setting& setting, Config& config, const Value& value, std::string_view origin) {
    std::visit(Overloaded{
                   [&](bool& (*field)(Config&)) { field(config) = typed<bool>(setting, value, origin); },
                   [&](int& (*field)(Config&)) {
                       const std::int64_t number = typed<std::int64_t>(setting, value, origin);
                       check_number(setting, number, origin);
                       field(config) = static_cast<int>(number);  // every maximum of an int fits one
                   },
                   [&](std::int64_t& (*field)(Config&)) {
                       const std::int64_t number = typed<std::int64_t>(setting, value, origin);
                       check_number(setting, number, origin);
                       field(config) = number;
                   },
                   [&](std::string& (*field)(Config&)) {
                       const std::string& text = typed<std::string>(setting, value, origin);
                       check_text(setting, text, origin);
                       field(config) = text;
                   },
                   [&](std::vector<std::string>& (*field)(Config&)) {
                       field(config) = parse_list(setting, typed<std::string>(setting, value, origin), origin);
                   },
               },
               setting.field);
}

void assign_text(const Setting& setting, Config& config, std::string_view text, std::string_view origin) {
    refuse_quotes(text, origin);
    const auto number = [&](auto) -> Value {
        const std::optional<std::int64_t> parsed = app::base::parse_integer(text);
        if (!parsed) refuse_text(setting, text, origin);
        return *parsed;
    };
    const Value value = std::visit(Overloaded{
                                       [&](bool& (*)(Config&)) -> Value {
                                           const std::optional<bool> parsed = parse_bool(text);
                                           if (!parsed) refuse_text(setting, text, origin);
                                           return *parsed;
                                       },
                                       [&](int& (*field)(Config&)) { return number(field); },
                                       [&](std::int64_t& (*field)(Config&)) { return number(field); },
                                       [&](auto) -> Value { return std::string(text); },
                                   },
                                   setting.field);
    assign(setting, config, value, origin);
}

std::string shown(const Setting& setting, const Config& config) {
    Config readable = config;  // the table's functions take one that may be written
    std::string text =
        std::visit(Overloaded{
                       [&](bool& (*field)(Config&)) { return std::string(field(readable) ? "true" : "false"); },
                       [&](std::string& (*field)(Config&)) { return field(readable); },
                       [&](std::vector<std::string>& (*field)(Config&)) { return app::base::join(field(readable)); },
                       [&](auto field) { return std::to_string(field(readable)); },
                   },
                   setting.field);
    switch (setting.secrecy) {
        case Secrecy::open: return text;
        case Secrecy::url_password: return masked_url(text);
        case Secrecy::secret: return text.empty() ? "" : "***";
    }
    return {};
}

bool is_equal(const Setting& setting, const Config& a, const Config& b) {
    Config readable_a = a, readable_b = b;
    return std::visit([&](auto field) { return field(readable_a) == field(readable_b); }, setting.field);
}

}  // namespace config
