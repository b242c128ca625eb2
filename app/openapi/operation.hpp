// What an API says about itself, beside its routes: the values from which its OpenAPI document is made.
//
//     api.describe(Api{.title = "...", .version = "1.0", ...});
//     api.on<routes::new_post>(new_post, Operation{.summary = "Write a post",
//                                                  .tag = "posts",
//                                                  .permission = "WRITE",
//                                                  .request = Request{text()},
//                                                  .success = {.status = 201, .schema = post(), .headers = {location()}}});
//
// Path and query come from the route, methods too. What holds for all operations of a version (media types, how an error looks, what
// "page" means, which errors every operation with a body may answer) stands once, in its Api: so an operation that an older version
// described is right in a newer one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/openapi/schema.hpp"

namespace app::openapi {

// A variable of a path or a name of a query, by that name in `Parameters`.
struct Parameter {
    std::string description;
    Schema schema;
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

// Of a request or of a response.
struct Header {
    std::string name;
    std::string description;
    Schema schema = string();
    bool required = false;
};

struct Request {
    Schema schema;
    std::vector<std::string> media_types = {};  // none: the Api's
    std::string description = {};
};

struct Success {
    int status = 200;
    std::string description = {};       // "": the status's phrase
    std::optional<Schema> schema = {};  // none: no body
    std::vector<Header> headers = {};
    std::vector<std::string> media_types = {};  // none: the Api's
};

// An error that is answered; the Api says how it looks.
struct Failure {
    int status;
    std::string description;  // when that is; "": the status's phrase

    Failure(int with_status, std::string when = {}) : status(with_status), description(std::move(when)) {}
};
using Failures = std::vector<Failure>;

// Whom an operation serves: any account, by whatever scheme; one that shows its password now; anybody.
enum class Credentials { account, password, none };

struct Operation {
    std::string summary;
    std::string description = {};
    std::string tag;  // one of the Api's
    Credentials credentials = Credentials::account;
    std::string permission = {};  // "WRITE": others are told 403
    Parameters parameters = {};   // where the Api's do not fit
    std::vector<Header> request_headers = {};
    std::optional<Request> request = {};
    Success success = {};
    bool has_etag = false;        // so has the success; a GET then answers a fitting If-None-Match with 304
    bool obeys_if_match = false;  // and answers 412
    Failures errors = {};         // beside those that the Api tells of
    bool deprecated = false;
};

struct SecurityScheme {
    std::string name;    // "basic"
    std::string scheme;  // of the Authorization header: "basic", "bearer"
    std::string description;
    bool takes_password = false;  // fits Credentials::password
};

// The errors that follow from what an operation has; a Failure of the operation itself says more.
struct CommonErrors {
    Failures account = {};       // unless it serves anybody
    Failures variables = {};     // whose path has variables
    Failures request_body = {};  // that takes a body
};

// A version of an API: what its blueprint is described by.
struct Api {
    std::string title;
    std::string version;  // "1.0"
    std::string description = {};
    std::map<std::string, std::string> tags = {};  // what each is about
    Parameters parameters = {};
    std::vector<SecurityScheme> security = {};
    std::vector<std::string> request_media_types = {"application/json"};
    std::vector<std::string> response_media_types = {"application/json"};
    Schema error = {};
    std::vector<std::string> error_media_types = {"application/json"};
    std::map<int, std::vector<Header>> error_headers = {};  // by status
    CommonErrors common_errors = {};
};

}  // namespace app::openapi
