// What the system says about this process, under the names that Prometheus's client libraries have for it.
#pragma once

#include "app/metrics/exposition.hpp"

namespace app::metrics {

// Reads /proc/self; what cannot be read there is left out. Any thread; with many descriptors open it takes a few milliseconds.
void write_process(Exposition& out);

}  // namespace app::metrics
