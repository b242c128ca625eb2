#include "app/metrics/exposition.hpp"

#include <cmath>
#include <limits>

#include "tests/support/exposition.hpp"

using namespace app::metrics;

TEST_CASE("families and their samples are written line by line") {
    Exposition out;
    out.family("a_total", Type::counter, "How many.").sample(std::uint64_t{18446744073709551615U});
    out.family("b", Type::gauge, "How much.").sample(0.25, {{"kind", "one"}}).sample(-3.0, {{"kind", "two"}, {"more", ""}});
    CHECK(out.text() == "# HELP a_total How many.\n# TYPE a_total counter\na_total 18446744073709551615\n"
                        "# HELP b How much.\n# TYPE b gauge\nb{kind=\"one\"} 0.25\nb{kind=\"two\",more=\"\"} -3\n");
    const tests::Exposition read(out.text());
    CHECK(read.value("b", {{"kind", "two"}, {"more", ""}}) == -3);
}

TEST_CASE("what would end a line or a value is escaped") {
    Exposition out;
    out.family("a", Type::gauge, "one\ntwo \\ \"three\"").sample(1.0, {{"path", "a\"b\\c\nd\u00e9"}});
    CHECK(out.text() == "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na{path=\"a\\\"b\\\\c\\nd\u00e9\"} 1\n");
    CHECK(tests::Exposition(out.text()).value("a", {{"path", "a\"b\\c\nd\u00e9"}}) == 1);
}

TEST_CASE("a histogram's buckets count together and end with +Inf, in the family's unit") {
    constexpr std::array<std::uint64_t, 3> bounds{50'000, 1'000'000, 2'500'000'000};
    app::base::Histogram histogram(bounds);
    for (const std::uint64_t value : {10'000ULL, 40'000ULL, 900'000ULL, 3'000'000'000ULL}) histogram.observe(value);
    Exposition out;
    out.family("a_seconds", Type::histogram, "How long.").histogram(histogram.read(), 1e9, {{"of", "x"}});
    CHECK(out.text() == "# HELP a_seconds How long.\n# TYPE a_seconds histogram\n"
                        "a_seconds_bucket{of=\"x\",le=\"5e-05\"} 2\n"
                        "a_seconds_bucket{of=\"x\",le=\"0.001\"} 3\n"
                        "a_seconds_bucket{of=\"x\",le=\"2.5\"} 3\n"
                        "a_seconds_bucket{of=\"x\",le=\"+Inf\"} 4\n"
                        "a_seconds_sum{of=\"x\"} 3.00095\n"
                        "a_seconds_count{of=\"x\"} 4\n");
    const tests::Exposition read(out.text());
}

TEST_CASE("numbers that are none are written as the format has them") {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Exposition out;
    out.family("a", Type::gauge, "Odd.").sample(NAN, {{"n", "1"}}).sample(infinity, {{"n", "2"}}).sample(-infinity, {{"n", "3"}});
    out.sample(1e300, {{"n", "4"}}).sample(1795337946.0, {{"n", "5"}});
    CHECK(out.text().ends_with("a{n=\"1\"} NaN\na{n=\"2\"} +Inf\na{n=\"3\"} -Inf\na{n=\"4\"} 1e+300\na{n=\"5\"} 1795337946\n"));
}
