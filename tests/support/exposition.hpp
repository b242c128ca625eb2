// Reads Prometheus's text format 0.0.4 as strictly as it is written down, and a little more (conventions of names and units), so that
// whatever passes here is read by every scraper. It shares nothing with what writes the format.
//
//     const tests::Exposition page(answer.body);
//     CHECK(page.value("dewar_http_connections_open") == 1);
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

class Exposition {
   public:
    using Labels = std::map<std::string, std::string>;
    struct Sample {
        std::string name;
        Labels labels;
        double value = 0;
    };

    // Checks every line.
    explicit Exposition(std::string_view text) {
        REQUIRE(text.ends_with('\n'));
        while (!text.empty()) {
            const auto end = text.find('\n');
            read_line(std::string(text.substr(0, end)));
            text.remove_prefix(end + 1);
        }
        finish_family();
    }

    const std::vector<Sample>& samples() const { return samples_; }
    bool has_family(const std::string& name) const { return families_.contains(name); }
    const std::set<std::string>& families() const { return families_; }

    // Of the one series with these labels and no other; fails the test when there is none.
    double value(const std::string& name, const Labels& labels = {}) const {
        const auto found = find(name, labels);
        REQUIRE_MESSAGE(found.has_value(), name << " is not there");
        return *found;
    }
    std::optional<double> find(const std::string& name, const Labels& labels = {}) const {
        for (const Sample& sample : samples_) {
            if (sample.name == name && sample.labels == labels) return sample.value;
        }
        return std::nullopt;
    }
    // Of all series of that name with these labels, whatever others they have.
    double sum(const std::string& name, const Labels& labels = {}) const {
        double sum = 0;
        for (const Sample& sample : samples_) {
            bool fits = sample.name == name;
            for (const auto& [label, value] : labels) {
                const auto found = sample.labels.find(label);
                fits = fits && found != sample.labels.end() && found->second == value;
            }
            if (fits) sum += sample.value;
        }
        return sum;
    }

   private:
    void read_line(const std::string& line) {
        CAPTURE(line);
        if (line.starts_with("# HELP ")) {
            finish_family();
            const std::string rest = line.substr(7);
            family_ = rest.substr(0, rest.find(' '));
            REQUIRE(rest.size() > family_.size() + 1);
            check_name(family_, true);
            unescape(rest.substr(family_.size() + 1), "\\n");
            REQUIRE(families_.insert(family_).second);
            return;
        }
        if (line.starts_with("# TYPE ")) {
            REQUIRE(type_.empty());
            REQUIRE(line.starts_with("# TYPE " + family_ + " "));
            type_ = line.substr(8 + family_.size());
            REQUIRE((type_ == "counter" || type_ == "gauge" || type_ == "histogram"));
            REQUIRE(family_.ends_with("_total") == (type_ == "counter"));
            return;
        }
        REQUIRE(!type_.empty());  // each sample stands in a family
        read_sample(line);
    }

    void read_sample(const std::string& line) {
        Sample sample;
        std::size_t at = line.find_first_of("{ ");
        REQUIRE(at != std::string::npos);
        sample.name = line.substr(0, at);
        check_name(sample.name, true);
        if (line[at] == '{') at = read_labels(line, at + 1, sample.labels);
        REQUIRE(line[at] == ' ');
        sample.value = read_number(line.substr(at + 1));
        const std::string suffix = sample.name.substr(std::min(family_.size(), sample.name.size()));
        REQUIRE(sample.name.starts_with(family_));
        if (type_ == "histogram") {
            REQUIRE((suffix == "_bucket" || suffix == "_sum" || suffix == "_count"));
            REQUIRE(sample.labels.contains("le") == (suffix == "_bucket"));
        } else {
            REQUIRE(suffix.empty());
            REQUIRE(!sample.labels.contains("le"));
        }
        if (type_ != "gauge") REQUIRE(sample.value >= 0);
        REQUIRE(!find(sample.name, sample.labels));
        samples_.push_back(std::move(sample));
        ++of_family_;
    }

    static std::size_t read_labels(const std::string& line, std::size_t at, Labels& labels) {
        for (;;) {
            const std::size_t equals = line.find("=\"", at);
            REQUIRE(equals != std::string::npos);
            const std::string name = line.substr(at, equals - at);
            check_name(name, false);
            std::size_t end = equals + 2;
            while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
            REQUIRE(end < line.size());
            REQUIRE(labels.emplace(name, unescape(line.substr(equals + 2, end - equals - 2), "\\n\"")).second);
            if (line[end + 1] == '}') return end + 2;
            REQUIRE(line[end + 1] == ',');
            at = end + 2;
        }
    }

    static void check_name(const std::string& name, bool may_have_colon) {
        REQUIRE(!name.empty());
        REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") == std::string::npos);
        REQUIRE((may_have_colon || name.find(':') == std::string::npos));
        REQUIRE((name[0] < '0' || name[0] > '9'));
        REQUIRE(!name.starts_with("__"));
    }

    // `known` is what may follow a backslash.
    static std::string unescape(const std::string& text, std::string_view known) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\') {
                REQUIRE(++i < text.size());
                REQUIRE(known.find(text[i]) != std::string_view::npos);
                plain += text[i] == 'n' ? '\n' : text[i];
            } else {
                plain += text[i];
            }
        }
        return plain;
    }

    static double read_number(const std::string& text) {
        if (text == "+Inf") return std::numeric_limits<double>::infinity();
        if (text == "-Inf") return -std::numeric_limits<double>::infinity();
        if (text == "NaN") return NAN;
        REQUIRE(!text.empty());
        REQUIRE(text.find_first_not_of("0123456789.e+-") == std::string::npos);
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        REQUIRE(*end == '\0');
        return number;
    }

    // Buckets ascend, count together, and end with +Inf, which is the count.
    void finish_family() {
        if (type_ == "histogram") {
            std::map<Labels, std::vector<std::pair<double, double>>> histograms;
            for (std::size_t i = samples_.size() - of_family_; i < samples_.size(); ++i) {
                if (samples_[i].name != family_ + "_bucket") continue;
                Labels labels = samples_[i].labels;
                const double bound = read_number(labels.at("le"));
                labels.erase("le");
                auto& buckets = histograms[labels];
                if (!buckets.empty()) {
                    REQUIRE(buckets.back().first < bound);
                    REQUIRE(buckets.back().second <= samples_[i].value);
                }
                buckets.emplace_back(bound, samples_[i].value);
            }
            for (const auto& [labels, buckets] : histograms) {
                REQUIRE(buckets.back().first == INFINITY);
                REQUIRE(buckets.back().second == value(family_ + "_count", labels));
                REQUIRE(find(family_ + "_sum", labels).has_value());
            }
            REQUIRE(histograms.size() * 2 <= of_family_);
        } else if (!family_.empty()) {
            REQUIRE(!type_.empty());
            REQUIRE((of_family_ > 0 || family_ == "dewar_http_requests_total"));  // nobody asked for anything yet
        }
        type_.clear();
        family_.clear();
        of_family_ = 0;
    }

    std::vector<Sample> samples_;
    std::set<std::string> families_;
    std::string family_, type_;  // of the lines that are being read
    std::size_t of_family_ = 0;
};

}  // namespace tests
