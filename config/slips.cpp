#include "config/slips.hpp"

#include <algorithm>
#include <filesystem>

#include "app/base/error.hpp"
#include "app/base/nearest.hpp"
#include "app/base/text.hpp"
#include "config/dotenv.hpp"
#include "config/files.hpp"
#include "config/refuse.hpp"
#include "config/settings.hpp"

namespace config {

namespace {

const Setting* find_by_name(std::string_view name) {
    for (const Setting& setting : settings()) {
        const std::vector<std::string> names = names_of(setting);
        if (std::ranges::find(names, name) != names.end()) return &setting;
    }
    return nullptr;
}

// The name without what a shell would have taken off: "export MAIL_PORT", "set MAIL_PORT", "MAIL_PORT " (of `MAIL_PORT = 25`).
std::string_view plain_name(std::string_view name) {
    name = app::base::trim(name);
    for (const std::string_view word : {"export ", "set ", "SET ", "$env:", "$"}) {
        if (name.starts_with(word)) name = app::base::trim(name.substr(word.size()));
    }
    return name;
}

// Why load() would not take the value, or "".
std::string refusal_of(const Setting& setting, std::string_view value) try {
    Config scratch;
    assign_text(setting, scratch, value, "");
    return {};
} catch (const app::base::Error& error) {
    return error.message().substr(error.message().find(' ') + 1);  // without the origin, which is empty
}

// What is wrong with a value that load() would take, or with the reason for which it would not.
std::optional<Slip> find_in_value(const Setting& setting, std::string_view name, std::string_view value) {
    if (value.empty()) {
        return Slip{
            .reason = "is set, but empty", .remedy = "set it, or leave it out", .refused = !refusal_of(setting, value).empty()};
    }
    if (is_quoted(value)) {
        return Slip{.reason = "begins and ends with a quote, which is part of the value", .remedy = "leave the quotes out"};
    }
    const std::string assignment = std::string(name) + "=";
    if (value.starts_with("export ") || value.starts_with(assignment)) {
        return Slip{.reason = "holds a whole assignment, name and all", .remedy = "give the value alone"};
    }
    if (names_file(setting, name)) return std::nullopt;
    const std::string refusal = refusal_of(setting, value);
    if (app::base::trim(value) != value) {
        return Slip{.reason = "begins or ends with a blank", .remedy = "leave the blank out", .refused = !refusal.empty()};
    }
    if (refusal.empty()) return std::nullopt;
    const bool has_comment = value.find(" #") != std::string_view::npos;
    return Slip{.reason = refusal, .remedy = has_comment ? "put the comment on a line of its own" : "mend the value"};
}

class Finder {
   public:
    explicit Finder(std::string_view prefix) : prefix_(prefix) {
        for (const Setting& setting : settings()) {
            for (std::string& name : names_of(setting)) {
                if (name.starts_with(prefix)) known_.push_back(std::move(name));
            }
        }
    }

    // An entry of the environment or of .env.
    void look(std::string_view name, std::string_view value, const std::string& origin) {
        const std::string_view meant = plain_name(name);
        if (!meant.starts_with(prefix_)) return;
        const Setting* setting = find_by_name(meant);
        if (setting == nullptr) {
            const std::string_view near = app::base::nearest(meant, std::vector<std::string_view>(known_.begin(), known_.end()));
            if (!near.empty())
                add(meant, origin,
                    {.reason = "no setting has this name",
                     .remedy = "did you mean " + std::string(near) + "?",
                     .refused = false});
            return;
        }
        if (name != meant) {
            add(meant, origin,
                {.reason = "is set under the name \"" + std::string(name) + "\", which nobody reads",
                 .remedy = "write " + std::string(meant) + "=..., with nothing before it and no blank around the ="});
            return;
        }
        if (auto slip = find_in_value(*setting, name, value)) add(meant, origin, *std::move(slip));
    }

    // A # behind a blank begins a comment, except in the head of whoever made up that password.
    void look_at_comment(const DotenvEntry& entry, const std::string& origin) {
        const Setting* setting = find_by_name(entry.name);
        if (!entry.has_comment || setting == nullptr || setting->secrecy != Secrecy::secret || !entry.name.starts_with(prefix_))
            return;
        add(entry.name, origin,
            {.reason = "ends before a #: what follows was taken for a comment",
             .remedy = "if the # belongs to it, put the value between single quotes",
             .refused = false});
    }

    void add(std::string_view variable, const std::string& origin, Slip slip) {
        slip.variable = variable;
        slip.origin = origin;
        found_.push_back(std::move(slip));
    }

    std::vector<Slip> finish() && { return std::move(found_); }

   private:
    std::string_view prefix_;
    std::vector<std::string> known_;
    std::vector<Slip> found_;
};

}  // namespace

std::vector<Slip> find_slips(std::string_view prefix, const Environment& environment, const std::string& dotenv_path) {
    Finder finder(prefix);
    for (const auto& [name, value] : environment.variables()) finder.look(name, value, "environment " + name);
    std::error_code error;
    if (!std::filesystem::exists(dotenv_path, error) && !error) return std::move(finder).finish();
    try {
        for (const DotenvEntry& entry : parse_dotenv(read_file(dotenv_path, "the file of variables", ".env"), dotenv_path)) {
            const std::string origin = dotenv_path + ":" + std::to_string(entry.line);
            finder.look_at_comment(entry, origin);
            if (!entry.has_comment || !entry.value.empty()) finder.look(entry.name, entry.value, origin);
        }
    } catch (const app::base::Error& wrong) {
        finder.add(dotenv_path, dotenv_path, {.reason = wrong.message(), .remedy = "mend that line"});
    }
    return std::move(finder).finish();
}

}  // namespace config
