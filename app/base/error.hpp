// The one error of Dewar. Anything that goes wrong anywhere is thrown as an Error and caught in two places: the dispatch of a
// request (app/web/dispatch) and manage's main. What it means for HTTP stands in one table, in app/web/status.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace app::base {

enum class Code {
    invalid,       // the input is wrong; `fields` may say where
    unauthorized,  // nobody, or not who they say they are
    forbidden,     // known, but not allowed
    not_found,
    method,          // the thing exists, but not with this method
    not_acceptable,  // ... or in no form that the client accepts
    conflict,        // it exists already, or changed meanwhile
    precondition,    // a condition that the client set does not hold
    too_large,
    unprocessable,  // well-formed, but it contradicts something that came before
    unsupported,    // a media type or coding that nobody here reads
    too_many,       // slow down
    unavailable,    // not now; trying again may help
    internal,       // our fault; the client reads nothing but that
};

// The system's words for an errno: "Permission denied".
std::string system_message(int error);

// The code's name as written above, for logs and tests.
const char* to_string(Code code) noexcept;

// Which part of an input a field is in.
enum class FieldPlace { document, query, header };

// One wrong field of an input: where and what. In a document a JSON pointer such as "/body" (RFC 6901), else a name.
struct FieldError {
    std::string pointer;
    std::string message;
    FieldPlace place = FieldPlace::document;
};

class Error : public std::runtime_error {
   public:
    // `message` may be shown to whoever asked: one line, no secrets. `detail` is for the operator's log alone.
    explicit Error(Code code, std::string message, std::string detail = {}, std::vector<FieldError> fields = {});

    Code code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& detail() const noexcept { return detail_; }
    const std::vector<FieldError>& fields() const noexcept { return fields_; }

    // Of too_many and unavailable: when trying again may help, for Retry-After. `wait` is at least a second.
    std::chrono::seconds retry_after() const noexcept { return retry_after_; }
    Error& set_retry_after(std::chrono::seconds wait) noexcept {
        retry_after_ = wait;
        return *this;
    }

   private:
    Code code_;
    std::string message_;
    std::string detail_;
    std::vector<FieldError> fields_;
    std::chrono::seconds retry_after_{1};
};

}  // namespace app::base
