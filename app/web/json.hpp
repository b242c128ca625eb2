// JSON (RFC 8259): a strict parser for what clients send, and a writer that appends to a string, for answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/base/error.hpp"
#include "app/web/response.hpp"
#include "app/web/value.hpp"

namespace app::web {

// Of members with one name in an object the last counts, or the document is refused with a pointer to them.
enum class DuplicateMembers { last_counts, refused };

// Parses one document. Throws invalid, with the byte where it went wrong, for anything that RFC 8259 does not allow, for bytes
// that are not UTF-8, lone surrogates, and nesting beyond `depth_max`. Numbers beyond 64 bits become doubles.
Value parse_json(std::string_view text, int depth_max = 64, DuplicateMembers duplicates = DuplicateMembers::last_counts);

// Writes one document, in the order of the calls; the caller sees to it that they make sense and that keys come sorted.
//
//     JsonWriter(text).begin_object().field("id", post.id).field("body", post.body).end_object();
class JsonWriter {
   public:
    // `out` is appended to, and outlives the writer.
    explicit JsonWriter(std::string& out) : out_(out), start_(out.size()) {}

    // Makes room for a document of about so many bytes: a text that grows is copied each time. Once, before it is written.
    JsonWriter& reserve(std::size_t bytes);

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    // Text is UTF-8 and is written as it is, but for quotes, backslashes and control characters.
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const std::string& text) { return value(std::string_view{text}); }
    JsonWriter& value(const char* text) { return value(std::string_view{text}); }
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(int number) { return value(std::int64_t{number}); }
    JsonWriter& value(bool flag);
    JsonWriter& null();

    template <class Type>
    JsonWriter& field(std::string_view name, const Type& content) {
        return key(name).value(content);
    }

   private:
    void separate();

    std::string& out_;
    std::size_t start_;
};

// The document of a value, its members sorted by name. `indent` is the number of blanks per level; 0: all in one line, without
// any blank.
std::string to_json(const Value& value, int indent = 0);

// {"error": "bad request", "message": "..."}: the phrase of the error's status in lower case, and the message, which 404, 405 and
// 500 leave out since it would say the same.
void write_error(JsonWriter& json, const base::Error& error);

// The same as an answer with that status.
Response json_error(const base::Error& error);

}  // namespace app::web
