#include "app/base/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "app/base/text.hpp"

namespace app::base {

namespace {

std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> two_back(right.size() + 1), back(right.size() + 1), row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::swap(two_back, back);
        std::swap(back, row);
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t changed = back[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({changed, back[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], two_back[j - 2] + 1);
        }
    }
    return row[right.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> choices) {
    // Whoever wrote a word much longer than any choice meant none of them; this also bounds the work.
    constexpr std::size_t word_bytes_max = 100;
    if (word.size() < 2 || word.size() > word_bytes_max) return {};
    const std::string wanted = to_lower_ascii(word);

    std::string_view best;
    std::size_t best_distance = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
    std::string_view beginning;
    std::size_t beginnings = 0;
    for (const std::string_view choice : choices) {
        const std::string known = to_lower_ascii(choice);
        if (const std::size_t edits = distance(wanted, known); edits < best_distance) {
            best = choice;
            best_distance = edits;
        }
        if (known.starts_with(wanted)) {
            beginning = choice;
            ++beginnings;
        }
    }
    if (!best.empty()) return best;
    return beginnings == 1 ? beginning : std::string_view{};
}

}  // namespace app::base
