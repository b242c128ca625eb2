// An App behind the HTTP engine.
#pragma once

#include "app/app.hpp"
#include "app/http/server.hpp"

namespace app {

// The engine's settings in a config.
http::ServerOptions server_options(const config::Config& config);

// What the engine calls; `app` outlives it.
http::Service service(App& app);

}  // namespace app
