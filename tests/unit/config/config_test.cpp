// Where values come from: precedence, variables, options, and the report of it all.
#include "config/config.hpp"

#include "tests/unit/config/fixture.hpp"

using namespace config;

namespace {

Loaded with_option(std::string key, std::string value, Environment::Variables variables = {}) {
    const Sources sources{.overrides = {{std::move(key), std::move(value), "--option"}}, .config_folder = ""};
    return load_with("development", std::move(variables), sources);
}

}  // namespace

TEST_CASE("without a name, the config is development") {
    const Loaded loaded = load_with("", {});
    CHECK(loaded.config.name == "development");
    CHECK(loaded.name_origin == "default");
}

TEST_CASE("the name comes from the option, then the environment, then .env") {
    const TemporaryFolder folder;
    const Sources sources{
        .overrides = {}, .config_folder = "", .dotenv_path = tests::write_text(folder / ".env", "\nAPP_CONFIG=testing\n")};
    CHECK(load_with("", {}, sources).config.name == "testing");
    CHECK(load_with("", {}, sources).name_origin == folder / ".env:2");
    CHECK(load_with("", {{"APP_CONFIG", "unix"}}, sources).config.name == "unix");
    CHECK(load_with("", {{"APP_CONFIG", "unix"}}, sources).name_origin == "environment APP_CONFIG");
    CHECK(load_with("docker", {{"APP_CONFIG", "unix"}}, sources).config.name == "docker");
    CHECK(load_with("docker", {{"APP_CONFIG", "unix"}}, sources).name_origin == "command line --config");
    CHECK(load_with("", {{"APP_CONFIG", ""}}, sources).config.name == "testing");
}

TEST_CASE("each source goes before the one below it, and is reported") {
    const TemporaryFolder folder;
    tests::write_text(folder / "mine.toml", "\n[server]\nworkers = 2\n");
    Sources sources{.overrides = {}, .config_folder = folder.path(), .dotenv_path = folder / ".env"};
    Environment::Variables variables;
    const auto workers = [&](int expected, const std::string& origin) {
        const Loaded loaded = load_with("mine", variables, sources);
        CHECK(loaded.config.server.workers == expected);
        CHECK(effective(loaded, "server.workers").value == std::to_string(expected));
        CHECK(effective(loaded, "server.workers").origin == origin);
    };
    CHECK(effective(load_with("unix", {}), "server.workers").origin == "default");
    workers(2, folder / "mine.toml:3");
    tests::write_text(folder / ".env", "# mine\nAPP_SERVER__WORKERS=3\n");
    workers(3, folder / ".env:2");
    variables["APP_SERVER__WORKERS"] = "4";
    workers(4, "environment APP_SERVER__WORKERS");
    sources.overrides = {{"server.workers", "5", "--workers"}};
    workers(5, "command line --workers");
}

TEST_CASE("every named variable reaches its setting") {
    const Config config = load_with("production", {{"DATABASE_URL", "sqlite:////srv/dewar.sqlite"},
                                                   {"SECRET_KEY", "key"},
                                                   {"SECRET_KEY_OLD", "one, two"},
                                                   {"PUBLIC_URL", "https://dewar.example:8443"},
                                                   {"APP_ADMIN", "ada@dewar.example"},
                                                   {"APP_ADMIN_PASSWORD", "engine,no.1"}})
                              .config;
    CHECK(config.database.url == "sqlite:////srv/dewar.sqlite");
    CHECK(config.secret.key == "key");
    CHECK(config.secret.old_keys == std::vector<std::string>{"one", "two"});
    CHECK(config.server.public_url == "https://dewar.example:8443");
    CHECK(config.admin.email == "ada@dewar.example");
    CHECK(config.admin.password == "engine,no.1");
}

TEST_CASE("every variable of mail reaches its setting") {
    const config::Mail mail = load_with("production", {{"MAIL_PROVIDER", "gmail"},
                                                       {"MAIL_SERVER", "smtp.dewar.example"},
                                                       {"MAIL_PORT", "2525"},
                                                       {"MAIL_USE_TLS", "yes"},
                                                       {"MAIL_USE_SSL", "False"},
                                                       {"MAIL_USERNAME", "ada@dewar.example"},
                                                       {"MAIL_PASSWORD", "engine #1"},
                                                       {"MAIL_AUTH", "login"},
                                                       {"MAIL_DEFAULT_SENDER", "Ada <ada@dewar.example>"},
                                                       {"MAIL_SUBJECT_PREFIX", "[Dewar]"},
                                                       {"MAIL_SUPPRESS_SEND", "1"},
                                                       {"MAIL_TIMEOUT", "7"},
                                                       {"MAIL_CA_FILE", "ca.pem"}})
                                  .config.mail;
    CHECK(mail.provider == "gmail");
    CHECK(mail.server == "smtp.dewar.example");
    CHECK(mail.port == 2525);
    CHECK(mail.use_tls);
    CHECK_FALSE(mail.use_ssl);
    CHECK(mail.username == "ada@dewar.example");
    CHECK(mail.password == "engine #1");
    CHECK(mail.auth == "login");
    CHECK(mail.default_sender == "Ada <ada@dewar.example>");
    CHECK(mail.subject_prefix == "[Dewar]");
    CHECK(mail.suppress_send);
    CHECK(mail.timeout_s == 7);
    CHECK(mail.ca_file == "ca.pem");
    CHECK(load_with("testing", {}).config.mail.suppress_send);
}

TEST_CASE("the password of mail is refused in a file, comes from one of its own, and is not shown") {
    CHECK(contains(toml_error("[mail]\npassword = 'geheim'\n"),
                   "set MAIL_PASSWORD or MAIL_PASSWORD_FILE in the environment instead"));
    const TemporaryFolder folder;
    const Loaded loaded = load_with("unix", {{"MAIL_PASSWORD_FILE", tests::write_text(folder / "password", "geheim\n")}});
    CHECK(loaded.config.mail.password == "geheim");
    CHECK(effective(loaded, "mail.password").value == "***");
}

TEST_CASE("every setting has a variable by its key") {
    const Config config = load_with("production", {{"APP_DEBUG", "true"},
                                                   {"APP_SERVER__BODY_BYTES_MAX", "1000000000"},
                                                   {"APP_DATABASE__URL", "sqlite:temporary"},
                                                   {"APP_BLOG__POSTS_PER_PAGE", "7"},
                                                   {"APP_LOG__FORMAT", "text"}})
                              .config;
    CHECK(config.debug);
    CHECK(config.server.body_bytes_max == 1000000000);
    CHECK(config.database.url == "sqlite:temporary");
    CHECK(config.blog.posts_per_page == 7);
    CHECK(config.log.format == "text");
}

TEST_CASE("a setting under two names is refused") {
    CHECK(error_of("", {{"DATABASE_URL", "sqlite:temporary"}, {"APP_DATABASE__URL", "sqlite:temporary"}}) ==
          "environment APP_DATABASE__URL: DATABASE_URL and APP_DATABASE__URL are both set: keep one of them");
}

TEST_CASE("an unknown variable of the form APP_SECTION__KEY is refused with the nearest") {
    CHECK(error_of("", {{"APP_LOG__FROMAT", "json"}}) ==
          "environment APP_LOG__FROMAT: there is no setting APP_LOG__FROMAT; did you mean APP_LOG__FORMAT? "
          "log has: level, format, file, crash_folder");
    CHECK(contains(error_of("", {{"APP_POST__SERVER", "x"}}), "there is no setting APP_POST__SERVER; there are: debug, "));
}

TEST_CASE("an unknown variable in .env is refused with its line") {
    const TemporaryFolder folder;
    const Sources sources{
        .overrides = {}, .config_folder = "", .dotenv_path = tests::write_text(folder / ".env", "A=1\nAPP_LOG__LEVLE=info\n")};
    CHECK(contains(error_of("", {}, sources), "/.env:2: there is no setting APP_LOG__LEVLE; did you mean APP_LOG__LEVEL?"));
}

TEST_CASE("variables of others are left alone") {
    CHECK_NOTHROW(load_with("", {{"MAIL", "/var/mail/root"}, {"MAILTO", "x"}, {"APP_NAME", "x"}, {"MY__APP", "\"x\""}}));
}

TEST_CASE("truth values have eight spellings in any case") {
    for (const char* word : {"true", "TRUE", "On", "yes", "1"}) CHECK(load_with("unix", {{"APP_DEBUG", word}}).config.debug);
    for (const char* word : {"false", "False", "OFF", "no", "0"})
        CHECK_FALSE(load_with("development", {{"APP_DEBUG", word}}).config.debug);
}

TEST_CASE("any other truth value is refused") {
    for (const char* word : {"", "2", "y", "truee", " true", "enabled"}) {
        CAPTURE(word);
        CHECK(contains(error_of("", {{"APP_DEBUG", word}}), "environment APP_DEBUG: debug must be true or false"));
    }
}

TEST_CASE("a number that is none is refused") {
    for (const char* word : {"", "many", "5e3", "5000 ", "+5", "0x10", "99999999999999999999"}) {
        CAPTURE(word);
        CHECK(error_of("", {{"APP_SERVER__PORT", word}}) ==
              "environment APP_SERVER__PORT: server.port must be a whole number from 0 to 65535, not \"" + std::string(word) +
                  "\"");
    }
}

TEST_CASE("quotes that came along with a value are refused as such") {
    const std::string whole = "the value begins and ends with a quote: the quotes are part of the value, leave them out";
    CHECK(error_of("", {{"APP_SERVER__PORT", "\"5000\""}}) == "environment APP_SERVER__PORT: " + whole);
    CHECK(error_of("", {{"APP_ADMIN_PASSWORD", "'hunter2'"}}) == "environment APP_ADMIN_PASSWORD: " + whole);
    CHECK(error_of("", {{"PUBLIC_URL", "\"https://x.example\""}}) == "environment PUBLIC_URL: " + whole);
    CHECK(error_of("", {{"APP_CONFIG", "\"unix\""}}) == "environment APP_CONFIG: " + whole);
    CHECK(contains(error_of("", {{"APP_SERVER__PORT", "5000\""}}), "not \"5000\"\": the quotes are part of the value"));
    CHECK(load_with("", {{"APP_ADMIN_PASSWORD", "'tis \"it"}}).config.admin.password == "'tis \"it");
    CHECK(load_with("", {{"APP_ADMIN_PASSWORD", "\""}}).config.admin.password == "\"");
}

TEST_CASE("a database URL of another kind is refused without being shown") {
    const std::string message = error_of("", {{"DATABASE_URL", "postgres://me:hunter2@host/name"}});
    CHECK(message == "environment DATABASE_URL: database.url must be a URL that begins with sqlite: or mysql://");
    CHECK(contains(error_of("", {{"DATABASE_URL", ""}}), "database.url must be a URL"));
}

TEST_CASE("a public URL is scheme and host and nothing more") {
    for (const char* url :
         {"dewar.example", "https://", "https://x.example/", "ftp://x.example", "https://x.example/a", "https://a@x"}) {
        CAPTURE(url);
        CHECK(contains(error_of("", {{"PUBLIC_URL", url}}), "server.public_url must be scheme and host without a path"));
    }
}

TEST_CASE("the administrator's address must be one") {
    for (const char* address : {"ada", "@x.example", "ada@", "a@b@c", "a b@c"}) {
        CAPTURE(address);
        CHECK(contains(error_of("", {{"APP_ADMIN", address}}), "admin.email must be an e-mail address"));
    }
}

TEST_CASE("a list with a comma too many is refused without being shown") {
    const std::string message = error_of("", {{"SECRET_KEY_OLD", "hunter2,,x"}});
    CHECK(message == "environment SECRET_KEY_OLD: secret.old_keys has an empty part: there is a comma too many");
}

TEST_CASE("a secret may come from a file, less one line end") {
    const TemporaryFolder folder;
    const auto key = [&](std::string_view content) {
        return load_with("unix", {{"SECRET_KEY_FILE", tests::write_text(folder / "key", content)}});
    };
    CHECK(key("s3cret").config.secret.key == "s3cret");
    CHECK(key("s3cret\n").config.secret.key == "s3cret");
    CHECK(key("s3cret\r\n").config.secret.key == "s3cret");
    CHECK(key("s3cret\n\n").config.secret.key == "s3cret\n");
    CHECK(key("'quoted'").config.secret.key == "'quoted'");
    CHECK(effective(key("s3cret"), "secret.key").origin == "environment SECRET_KEY_FILE");
}

TEST_CASE("a list of proxies is checked part by part") {
    const Loaded loaded = load_with("production", {{"APP_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,2001:db8::/32 , ::1"}});
    CHECK(loaded.config.server.trusted_proxies == std::vector<std::string>{"10.0.0.0/8", "2001:db8::/32", "::1"});
    CHECK(effective(loaded, "server.trusted_proxies").value == "10.0.0.0/8, 2001:db8::/32, ::1");
    CHECK(load_toml("[server]\ntrusted_proxies = \"192.0.2.1\"").config.server.trusted_proxies ==
          std::vector<std::string>{"192.0.2.1"});
    CHECK(toml_error("[server]\ntrusted_proxies = \"::1, proxy\"") ==
          "mine.toml:2: each part of server.trusted_proxies must be an address or a network, such as 10.0.0.0/8 or ::1, not "
          "\"proxy\"");
    CHECK(contains(error_of("production", {{"APP_SERVER__FORWARDED_HEADER", "x-real-ip"}}), "one of x-forwarded-for, forwarded"));
}

TEST_CASE("an origin is one as browsers write it, or *") {
    for (const char* origin : {"*", "https://app.example", "http://localhost:5173", "https://app.example:8443",
                               "http://[::1]:3000", "https://[2001:db8::1]", "http://127.0.0.1", "capacitor://localhost"}) {
        CAPTURE(origin);
        CHECK(load_with("production", {{"APP_CORS__ORIGINS", origin}}).config.cors.origins == std::vector<std::string>{origin});
    }
    for (const char* origin : {"app.example",
                               "https://",
                               "https:app.example",
                               "https://app.example/",
                               "https://app.example/path",
                               "https://App.example",
                               "HTTPS://app.example",
                               "https://app.example:443",
                               "http://app.example:80",
                               "https://app.example:0",
                               "https://app.example:65536",
                               "https://app.example:080",
                               "https://app.example:",
                               "https://user@app.example",
                               "https://*.app.example",
                               "null",
                               "://app.example",
                               "https://[::1",
                               "https://[x]",
                               "https://app.example?x"}) {
        CAPTURE(origin);
        CHECK(contains(error_of("production", {{"APP_CORS__ORIGINS", origin}}), "each part of cors.origins must be"));
    }
}

TEST_CASE("limits are on in production, and off for developing and testing") {
    for (const char* name : {"production", "standalone", "docker", "unix"}) CHECK(load_with(name, {}).config.limits.enabled);
    for (const char* name : {"development", "testing"}) CHECK_FALSE(load_with(name, {}).config.limits.enabled);
}

TEST_CASE("every secret has its variable for a file") {
    const TemporaryFolder folder;
    const Config config =
        load_with("unix", {{"DATABASE_URL_FILE", tests::write_text(folder / "url", "mysql://me:pw@host/name\n")},
                           {"SECRET_KEY_OLD_FILE", tests::write_text(folder / "old", "one,two\n")},
                           {"APP_ADMIN_PASSWORD_FILE", tests::write_text(folder / "admin", "hunter2\n")},
                           {"APP_SECRET__KEY_FILE", tests::write_text(folder / "key", "k\n")}})
            .config;
    CHECK(config.database.url == "mysql://me:pw@host/name");
    CHECK(config.secret.old_keys == std::vector<std::string>{"one", "two"});
    CHECK(config.admin.password == "hunter2");
    CHECK(config.secret.key == "k");
}

TEST_CASE("a file for what is no secret is an unknown variable") {
    CHECK(contains(error_of("", {{"APP_SERVER__PORT_FILE", "x"}}), "there is no setting APP_SERVER__PORT_FILE"));
}

TEST_CASE("a secret's file that cannot be read is refused with variable and path") {
    CHECK(error_of("", {{"SECRET_KEY_FILE", "/nonexistent/key"}}) ==
          "environment SECRET_KEY_FILE: cannot read the file that SECRET_KEY_FILE names, /nonexistent/key: No such file or "
          "directory");
}

TEST_CASE("a secret and its file together are refused") {
    CHECK(error_of("", {{"SECRET_KEY", "x"}, {"SECRET_KEY_FILE", "/nonexistent/key"}}) ==
          "environment SECRET_KEY_FILE: SECRET_KEY and SECRET_KEY_FILE are both set: keep one of them");
}

TEST_CASE("a secret in the environment goes before its file in .env") {
    const TemporaryFolder folder;
    const std::string dotenv = "SECRET_KEY_FILE=" + tests::write_text(folder / "key", "from file") + "\n";
    const Sources sources{.overrides = {}, .config_folder = "", .dotenv_path = tests::write_text(folder / ".env", dotenv)};
    CHECK(load_with("unix", {}, sources).config.secret.key == "from file");
    CHECK(load_with("unix", {{"SECRET_KEY", "from environment"}}, sources).config.secret.key == "from environment");
}

TEST_CASE("a bad line in .env is refused with its place") {
    const TemporaryFolder folder;
    const Sources sources{
        .overrides = {}, .config_folder = "", .dotenv_path = tests::write_text(folder / ".env", "A=1\nexport X = y\n")};
    CHECK(error_of("", {}, sources) == folder / ".env:2" + ": no space may stand around the =");
}

TEST_CASE("a .env that cannot be read is no missing one") {
    const TemporaryFolder folder;
    const Sources sources{.overrides = {}, .config_folder = "", .dotenv_path = folder.path()};
    CHECK(contains(error_of("", {}, sources), "Is a directory"));
}

TEST_CASE("an option is read like a variable") {
    CHECK(with_option("server.port", "0", {{"APP_SERVER__PORT", "80"}}).config.server.port == 0);
    CHECK(message_of([] { with_option("server.port", "http"); }) ==
          "command line --option: server.port must be a whole number from 0 to 65535, not \"http\"");
    CHECK(contains(message_of([] { with_option("sever.port", "1"); }),
                   "command line --option: there is no setting sever.port; did you mean server.port?"));
}

TEST_CASE("the report holds every setting, and no secret") {
    const Loaded loaded = load_with(
        "production",
        {{"DATABASE_URL", "mysql://me:hunter2@host/name"}, {"SECRET_KEY", "hunter2"}, {"SECRET_KEY_OLD", "hunter2,hunter2"}});
    CHECK(effective(loaded, "database.url").value == "mysql://me:***@host/name");
    CHECK(effective(loaded, "database.url").variable == "DATABASE_URL");
    CHECK(effective(loaded, "secret.key").value == "***");
    CHECK(effective(loaded, "secret.old_keys").value == "***");
    CHECK(effective(loaded, "admin.password").value == "");
    CHECK(effective(loaded, "debug").value == "false");
    CHECK(effective(loaded, "log.format").value == "json");
    CHECK(effective(loaded, "server.body_bytes_max").value == "16777216");
    CHECK(effective(loaded, "server.json_body_bytes_max").value == "4194304");
    CHECK(effective(loaded, "server.port").variable == "APP_SERVER__PORT");
    for (const Effective& one : loaded.settings) {
        CAPTURE(one.key);
        CHECK_FALSE(contains(one.value, "hunter2"));
        CHECK_FALSE(one.help.empty());
    }
}

TEST_CASE("the environment of the process is read as it is") {
    const Environment environment = Environment::of_process();
    CHECK(environment.find("PATH").has_value());
    CHECK_FALSE(environment.find("DEWAR_THAT_NOBODY_SETS").has_value());
}
