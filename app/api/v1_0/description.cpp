#include "app/api/v1_0/description.hpp"

#include "app/api/v1_0/schemas.hpp"

namespace app::api::v1_0 {

using namespace openapi;

Api description() {
    return {
        .title = "Dewar",
        .version = "1.0",
        .description =
            "The blog as a REST API. Every GET answers HEAD too, and every path OPTIONS. Who asks for HTML is told some errors "
            "as a page: ask for JSON.",
        .tags = {{"comments", "What is said about posts"},
                 {"description", "What the API says about itself"},
                 {"posts", "What users write"},
                 {"tokens", "Credentials for an hour"},
                 {"users", "Who writes"}},
        .parameters = {{"id", {"Which one", integer(1)}},
                       {"page", {"Which page of the list, from 1 on", integer(1).with("default", 1)}}},
        .security = {{.name = "basic",
                      .scheme = "basic",
                      .description = "E-mail address and password, or a token and an empty password",
                      .takes_password = true}},
        .response_media_types = {"application/json", "application/xml"},
        .error = schemas::error(),
        .error_media_types = {"application/json", "application/xml"},
        .error_headers = {{401, {{"WWW-Authenticate", "How to authenticate", string(), true}}},
                          {429, {{"Retry-After", "When to try again, in seconds", string(), true}}}},
        .common_errors = {.account = {401,
                                      {403, "The account is not confirmed, or lacks the permission"},
                                      {429, "Too many requests, or wrong passwords, for now"}},
                          .variables = {404},
                          .request_body = {{400, "The body is missing or not what it should be"}, 413, 415}},
    };
}

}  // namespace app::api::v1_0
