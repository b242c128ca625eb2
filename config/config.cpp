#include "config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <system_error>

#include "config/dotenv.hpp"
#include "config/files.hpp"
#include "config/refuse.hpp"
#include "config/secret.hpp"
#include "config/settings.hpp"

namespace config {

namespace {

struct Variable {
    std::string value;
    std::string origin;
};
using Variables = std::map<std::string, Variable, std::less<>>;

std::string itself(std::string_view key) { return std::string(key); }

Variables of_environment(const Environment& environment) {
    Variables variables;
    for (const auto& [name, value] : environment.variables()) variables[name] = {value, "environment " + name};
    return variables;
}

Variables of_dotenv(const std::string& path) {
    Variables variables;
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) return variables;
    for (DotenvEntry& entry : parse_dotenv(read_file(path, "the file of variables", ".env"), path)) {
        variables[entry.name] = {std::move(entry.value), path + ":" + std::to_string(entry.line)};
    }
    return variables;
}

// The first of the layers, strongest first, that sets `name` to something.
const Variable* find_set(std::string_view name, std::initializer_list<const Variables*> layers) {
    for (const Variables* layer : layers) {
        const auto found = layer->find(name);
        if (found == layer->end() || found->second.value.empty()) continue;
        refuse_quotes(found->second.value, found->second.origin);
        return &found->second;
    }
    return nullptr;
}

// A Config under construction, with the origin of each setting beside it. To be filled from the weakest source to the strongest.
class Builder {
   public:
    explicit Builder(std::string name) : origins_(settings().size(), "default") { config_.name = std::move(name); }

    void apply(const Files::File& file);
    void apply(const Variables& variables);
    void apply(const Override& given);

    // The fixed key where the files say that nothing is at stake. APP_DEBUG on a production config does not bring it.
    void apply_development_key() {
        if (config_.debug || config_.testing) config_.secret.key = development_key;
    }

    void check_pairs() const;
    Loaded finish(std::string name_origin) &&;

   private:
    void note(const Setting& setting, std::string origin) {
        origins_[static_cast<std::size_t>(&setting - settings().data())] = std::move(origin);
    }

    Config config_;
    std::vector<std::string> origins_;  // by position in settings()
};

void refuse_secret_in_file(const Setting& setting, const TomlEntry& entry, std::string_view origin) {
    const Value* value = std::get_if<Value>(&entry.value);
    const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    const bool holds_password = text != nullptr && masked_url(*text) != *text;
    if (setting.secrecy == Secrecy::secret || (setting.secrecy == Secrecy::url_password && holds_password)) {
        const std::string variable(setting.variable);
        refuse(origin, std::string(setting.key) + " holds a secret, which may not stand in a config file: set " + variable +
                           " or " + variable + "_FILE in the environment instead");
    }
}

void Builder::apply(const Files::File& file) {
    for (const TomlEntry& entry : file.entries) {
        const std::string origin = file.path + ":" + std::to_string(entry.line);
        const Setting* setting = find_setting(entry.key);
        const OtherType* other = std::get_if<OtherType>(&entry.value);
        if (setting == nullptr) {
            const bool empty_section = other != nullptr && std::ranges::any_of(settings(), [&](const Setting& one) {
                                           return one.key.starts_with(entry.key + ".");
                                       });
            if (empty_section) continue;
            refuse(origin, "there is no setting " + entry.key + suggestion(entry.key, itself));
        }
        refuse_secret_in_file(*setting, entry, origin);
        if (other != nullptr) refuse_type(*setting, other->name, origin);
        assign(*setting, config_, std::get<Value>(entry.value), origin);
        note(*setting, origin);
    }
}

std::string secret_from_file(std::string_view name, const Variable& variable) {
    refuse_quotes(variable.value, variable.origin);
    std::string content = read_file(variable.value, "the file that " + std::string(name) + " names", variable.origin);
    if (content.ends_with('\n')) content.pop_back();
    if (content.ends_with('\r')) content.pop_back();
    return content;
}

void Builder::apply(const Variables& variables) {
    std::vector<std::string> known;
    for (const Setting& setting : settings()) {
        const std::string* first = nullptr;
        const std::vector<std::string> names = names_of(setting);
        for (const std::string& name : names) {
            const auto found = variables.find(name);
            if (found == variables.end()) continue;
            const Variable& variable = found->second;
            if (first != nullptr) refuse(variable.origin, *first + " and " + name + " are both set: keep one of them");
            first = &name;
            if (names_file(setting, name))
                assign(setting, config_, Value(secret_from_file(name, variable)), variable.origin);
            else
                assign_text(setting, config_, variable.value, variable.origin);
            note(setting, variable.origin);
        }
        known.insert(known.end(), names.begin(), names.end());
    }
    for (const auto& [name, variable] : variables) {
        if (!name.starts_with("APP_") || name.find("__") == std::string::npos) continue;
        if (std::ranges::find(known, name) == known.end()) {
            refuse(variable.origin, "there is no setting " + name + suggestion(key_of(name), variable_of));
        }
    }
}

void Builder::apply(const Override& given) {
    const std::string origin = "command line " + given.option;
    const Setting* setting = find_setting(given.key);
    if (setting == nullptr) refuse(origin, "there is no setting " + given.key + suggestion(given.key, itself));
    assign_text(*setting, config_, given.value, origin);
    note(*setting, origin);
}

// Settings that make no sense one without the other.
void Builder::check_pairs() const {
    const config::Server& server = config_.server;
    if (server.tls_cert.empty() == server.tls_key.empty()) return;
    const std::string_view given = server.tls_key.empty() ? "server.tls_cert" : "server.tls_key";
    const std::string_view missing = server.tls_key.empty() ? "server.tls_key" : "server.tls_cert";
    refuse(origins_[static_cast<std::size_t>(find_setting(given) - settings().data())],
           std::string(given) + " is set and " + std::string(missing) + " is not; set both, or none for plain HTTP");
}

Loaded Builder::finish(std::string name_origin) && {
    check_pairs();
    Loaded loaded{std::move(config_), std::move(name_origin), {}};
    for (std::size_t i = 0; i < origins_.size(); ++i) {
        const Setting& setting = settings()[i];
        loaded.settings.push_back({std::string(setting.key), shown(setting, loaded.config), std::move(origins_[i]),
                                   names_of(setting).front(), setting.help});
    }
    return loaded;
}

}  // namespace

Loaded load(std::string_view name, const Environment& environment, const Sources& sources) {
    const Variables process = of_environment(environment);
    const Variables dotenv = of_dotenv(sources.dotenv_path);

    std::string folder = sources.config_folder;
    if (folder.empty()) {
        if (const Variable* variable = find_set("APP_CONFIG_DIR", {&process, &dotenv})) folder = variable->value;
    }

    Variable chosen{"development", "default"};
    if (!name.empty())
        chosen = {std::string(name), "command line --config"};
    else if (const Variable* variable = find_set("APP_CONFIG", {&process, &dotenv}))
        chosen = *variable;

    Builder builder(chosen.value);
    for (const Files::File& file : Files(folder).read(chosen.value, chosen.origin)) builder.apply(file);
    builder.apply_development_key();
    builder.apply(dotenv);
    builder.apply(process);
    for (const Override& one : sources.overrides) builder.apply(one);
    return std::move(builder).finish(chosen.origin);
}

std::string masked_url(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::string(url);
    const std::size_t begin = scheme + 3;
    if (begin == url.size() || url[begin] == '/') return std::string(url);  // sqlite:///path: nobody logs in

    // The last @, because a password that somebody forgot to encode may hold one, or a slash.
    const std::size_t at = url.rfind('@');
    const std::size_t colon = url.find(':', begin);
    const bool has_password = at != std::string_view::npos && colon < at && colon + 1 < at;
    if (!has_password) return std::string(url);
    return std::string(url.substr(0, colon + 1)).append("***").append(url.substr(at));
}

}  // namespace config
