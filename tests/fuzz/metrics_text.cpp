// Scrape::parse: whatever a server answers is read or refused, and what was read can be asked for.
#include "manage/metrics_text.hpp"

#include "fuzz.hpp"
#include "manage/top_report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto scrape = manage::Scrape::parse(fuzz::text(data, size));
    if (!scrape) return 0;
    fuzz::require(scrape->has("dewar_build_info"), "it is Dewar's");
    for (const auto& sample : scrape->samples()) fuzz::require(!sample.name.empty(), "a sample has a name");
    const auto before = manage::Scrape::parse("dewar_build_info 1\n");
    fuzz::require(!manage::top_text(*before, *scrape, "").empty(), "there is a report of it");
    fuzz::require(!manage::top_json(*before, *scrape).empty(), "for machines too");
    return 0;
}
