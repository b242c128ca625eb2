// Static files: those in the binary (app/static), and before them those of the folder that the config names. They alone answer
// Range and are kept by caches: for good under a name that carries the content's hash ("style.3f2a9c1b.css"), else asked for
// again by their ETag each time.
#pragma once

#include "app/web/blueprint.hpp"
#include "app/web/site.hpp"
#include "app/web/value.hpp"
#include "config/config.hpp"

namespace app::static_files {

// A file in the binary is served where its request was read; the folder is read by a worker.
web::Blueprint make(const config::StaticFiles& settings);

// What the templates know as `static`: the URL of each file in the binary, under its name with "_" for what is no letter or
// digit: {{static.style_css}}. Hashed, unless the folder has a file of that name now, which may change.
// Throws invalid when the config names a folder that is none or cannot be opened.
web::Value::Object template_links(const web::Site& site, const config::StaticFiles& settings);

}  // namespace app::static_files
