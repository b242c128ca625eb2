#include "app/api/v1_1/blueprint.hpp"

#include "app/api/authentication.hpp"
#include "app/api/problem.hpp"
#include "app/api/v1_0/blueprint.hpp"
#include "app/api/v1_1/description.hpp"

namespace app::api::v1_1 {

web::Blueprint make() {
    web::Blueprint api{"api_v1_1"};
    api.before_request(authenticate_bearer);  // before v1.0's hook, which then finds the user
    api.extend(v1_0::make());
    api.describe(description());

    // Each by its status, so that neither v1.0's handlers nor the application's answer.
    for (const int status : {400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503}) {
        api.errorhandler(status, problem);
    }
    return api;
}

}  // namespace app::api::v1_1
