// Bills of materials: what this binary is made of, for programs that look for vulnerable or unlawful parts.
#pragma once

#include <string>

#include "app/base/clock.hpp"
#include "manage/components.hpp"

namespace manage {

// CycloneDX 1.5 (cyclonedx.org/docs/1.5/json), indented JSON with a line end.
std::string cyclonedx(const Composition& composition, app::base::Timestamp created);

// SPDX 2.3 (spdx.github.io/spdx-spec/v2.3), indented JSON with a line end.
std::string spdx(const Composition& composition, app::base::Timestamp created);

// "pkg:deb/debian/libssl-dev@3.0.22-1~deb12u2?arch=amd64&distro=debian-12" (github.com/package-url/purl-spec); of what no Debian
// package is known of, "pkg:generic/openssl@3.0.22".
std::string package_url(const Requirement& requirement, const std::string& distribution);

}  // namespace manage
