// The bodies that clients send, shared by all versions.
#pragma once

#include <optional>
#include <string>

#include "app/context/context.hpp"

namespace app::api {

// The request's JSON object. Throws unsupported when its Content-Type is missing or not JSON, invalid when there is no body, or
// it is malformed or no object.
web::Value read_object(const web::Request& request);

// The request's JSON or XML object, for the versions that are strict: throws unsupported for a body in another Content-Type (of JSON a
// PATCH takes application/json and application/merge-patch+json), invalid also for a member that occurs twice, with the pointer to it.
web::Value read_strict_object(const web::Request& request);

// The member "body" of such an object: nothing when there is none. Throws invalid, with `empty_message`, when it is no text.
std::optional<std::string> find_text(const web::Value& object, const std::string& empty_message);

// A member that is true or false, of the object that was read from this request; in XML it is the word. Nothing when there is none.
// Throws invalid when it is something else.
std::optional<bool> find_flag(const web::Request& request, const web::Value& object, std::string_view name);

}  // namespace app::api
