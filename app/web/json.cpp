#include "app/web/json.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/base/text.hpp"
#include "app/web/status.hpp"

namespace app::web {
namespace {

// Builds a Value from the parser's events, without recursion, so that depth costs no stack.
class ValueBuilder : public nlohmann::json_sax<nlohmann::json> {
   public:
    ValueBuilder(int depth_max, DuplicateMembers duplicates) : depth_max_(depth_max), duplicates_(duplicates) {}

    Value result() { return std::move(root_); }
    base::Error error() const {
        return base::Error(base::Code::invalid, problem_.empty() ? "malformed JSON" : problem_, {}, fields_);
    }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
    bool number_unsigned(number_unsigned_t value) override {
        return std::in_range<std::int64_t>(value) ? add(static_cast<std::int64_t>(value)) : add(static_cast<double>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }  // JSON has none
    bool start_object(std::size_t) override { return open(Value::Object{}); }
    bool start_array(std::size_t) override { return open(Value::List{}); }
    bool key(string_t& name) override {
        if (duplicates_ == DuplicateMembers::refused && open_.back()->object()->contains(name)) {
            problem_ = "a member of the JSON document occurs twice";
            fields_ = {{pointer_to(name), "occurs twice"}};
            return false;
        }
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        problem_ = "malformed JSON at byte " + std::to_string(position);
        return false;
    }

   private:
    Value* place(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (Value::List* list = open_.back()->list()) return &list->emplace_back(std::move(value));
        return &((*open_.back()->object())[std::move(key_)] = std::move(value));
    }
    bool add(Value value) {
        place(std::move(value));
        return true;
    }
    bool open(Value value) {
        if (static_cast<int>(open_.size()) == depth_max_) {
            problem_ = "JSON nested deeper than " + std::to_string(depth_max_) + " levels";
            return false;
        }
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    // The JSON pointer (RFC 6901) to a member of the innermost object.
    std::string pointer_to(std::string_view member) const {
        std::string pointer;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) append_token(pointer, name_in(*open_[i], open_[i + 1]));
        append_token(pointer, member);
        return pointer;
    }
    static std::string name_in(const Value& outer, const Value* inner) {
        if (const auto* list = outer.list()) return std::to_string(list->size() - 1);
        const auto& members = *outer.object();
        return std::ranges::find(members, inner, [](const auto& member) { return &member.second; })->first;
    }
    static void append_token(std::string& pointer, std::string_view name) {
        pointer += '/';
        for (const char c : name) {
            if (c == '~') {
                pointer += "~0";
            } else if (c == '/') {
                pointer += "~1";
            } else {
                pointer += c;
            }
        }
    }

    int depth_max_;
    DuplicateMembers duplicates_;
    Value root_;
    std::vector<Value*> open_;  // the innermost last; only it grows, so that these stay valid
    std::string key_;
    std::string problem_;
    std::vector<base::FieldError> fields_;
};

}  // namespace

Value parse_json(std::string_view text, int depth_max, DuplicateMembers duplicates) {
    // The library takes a NUL for the end of its input, whatever follows.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        throw base::Error(base::Code::invalid, "malformed JSON at byte " + std::to_string(nul + 1));
    }
    ValueBuilder builder(depth_max, duplicates);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) throw builder.error();
    return builder.result();
}

namespace {

// Whether one of these eight bytes needs an escape: a quote, a backslash or what is below a blank. Each line leaves a high bit set
// where that is so; a byte that is zero after the XOR is found by the borrow of its subtraction.
bool any_needs_escape(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101, high_bits = 0x8080808080808080;
    const std::uint64_t quotes = bytes ^ each * '"';
    const std::uint64_t backslashes = bytes ^ each * '\\';
    return ((((bytes - each * ' ') & ~bytes) | ((quotes - each) & ~quotes) | ((backslashes - each) & ~backslashes)) &
            high_bits) != 0;
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// How many bytes at the beginning of `text` need no escape. Answers consist of texts: so eight at a time.
std::size_t plain_bytes(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t bytes; text.size() - at >= sizeof bytes; at += sizeof bytes) {
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        if (any_needs_escape(bytes)) break;
    }
    while (at < text.size() && !needs_escape(text[at])) ++at;
    return at;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: out.append("\\u00").append(1, hex[c >> 4 & 15]).append(1, hex[c & 15]);
    }
}

}  // namespace

// A comma is due unless the document, an array, an object or a member has just begun: the last byte written tells.
void JsonWriter::separate() {
    if (out_.size() == start_) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonWriter& JsonWriter::reserve(std::size_t bytes) {
    out_.reserve(start_ + bytes);
    return *this;
}

JsonWriter& JsonWriter::begin_object() {
    separate();
    out_ += '{';
    return *this;
}
JsonWriter& JsonWriter::end_object() {
    out_ += '}';
    return *this;
}
JsonWriter& JsonWriter::begin_array() {
    separate();
    out_ += '[';
    return *this;
}
JsonWriter& JsonWriter::end_array() {
    out_ += ']';
    return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
    value(name);
    out_ += ':';
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    out_ += '"';
    for (;;) {
        const std::size_t plain = plain_bytes(text);
        out_.append(text.substr(0, plain));
        if (plain == text.size()) break;
        append_escape(out_, text[plain]);
        text.remove_prefix(plain + 1);
    }
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    separate();
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    out_.append(text, end);
    return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
    separate();
    out_ += flag ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    out_ += "null";
    return *this;
}

namespace {

class Printer {
   public:
    explicit Printer(int indent) : indent_(indent) {}

    std::string result() && { return std::move(out_); }

    void print(const Value& value) {
        if (const auto* object = value.object()) {
            print_all('{', *object, '}', [&](const auto& member) {
                print_scalar(member.first);
                out_ += indent_ > 0 ? ": " : ":";
                print(member.second);
            });
        } else if (const auto* list = value.list()) {
            print_all('[', *list, ']', [&](const Value& item) { print(item); });
        } else {
            print_scalar(value);
        }
    }

   private:
    template <class Container, class Print>
    void print_all(char opening, const Container& container, char closing, Print print_one) {
        out_ += opening;
        ++depth_;
        bool first = true;
        for (const auto& one : container) {
            if (!std::exchange(first, false)) out_ += ',';
            break_line();
            print_one(one);
        }
        --depth_;
        if (!container.empty()) break_line();
        out_ += closing;
    }

    void break_line() {
        if (indent_ > 0) out_.append("\n").append(static_cast<std::size_t>(depth_) * static_cast<std::size_t>(indent_), ' ');
    }

    void print_scalar(const Value& value) {
        std::string text;
        JsonWriter json(text);
        if (const auto* content = value.string())
            json.value(*content);
        else if (const auto* number = value.integer())
            json.value(*number);
        else if (const auto* flag = value.boolean())
            json.value(*flag);
        else if (const auto* real = value.real())
            text = nlohmann::json(*real).dump();
        else
            json.null();
        out_ += text;
    }

    int indent_;
    int depth_ = 0;
    std::string out_;
};

}  // namespace

std::string to_json(const Value& value, int indent) {
    Printer printer(indent);
    printer.print(value);
    return std::move(printer).result();
}

void write_error(JsonWriter& json, const base::Error& error) {
    const int status = status_of(error.code());
    json.begin_object().field("error", base::to_lower_ascii(reason_phrase(status)));
    if (status != 404 && status != 405 && status != 500) json.field("message", error.message());
    json.end_object();
}

Response json_error(const base::Error& error) {
    std::string text;
    JsonWriter json(text);
    write_error(json, error);
    return json_response(std::move(text), status_of(error.code()));
}

}  // namespace app::web
