// Config files: their names, what they inherit, and what they may hold.
#include "config/files.hpp"

#include "tests/unit/config/fixture.hpp"

using namespace config;

TEST_CASE("the embedded configs load, each with its database") {
    CHECK(load_with("development", {}).config.database.url == "sqlite:///instance/development.sqlite");
    CHECK(load_with("testing", {}).config.database.url == "sqlite:temporary");
    CHECK(load_with("production", {}).config.database.url == "mysql://dewar@127.0.0.1:3306/dewar");
    CHECK(load_with("standalone", {}).config.database.url == "sqlite:///instance/dewar.sqlite");
    CHECK(load_with("docker", {}).config.database.url == "mysql://dewar@127.0.0.1:3306/dewar");
    CHECK(load_with("unix", {}).config.database.url == "mysql://dewar@127.0.0.1:3306/dewar");
}

TEST_CASE("debug and testing are on where they belong") {
    CHECK(load_with("development", {}).config.debug);
    CHECK(load_with("testing", {}).config.testing);
    for (const char* name : {"production", "standalone", "docker", "unix"}) {
        CAPTURE(name);
        const Config config = load_with(name, {}).config;
        CHECK_FALSE(config.debug);
        CHECK_FALSE(config.testing);
        CHECK(config.log.format == "json");
        CHECK(config.password.memory_kib == 19456);
    }
}

TEST_CASE("testing hashes passwords cheaply") {
    const Password password = load_with("testing", {}).config.password;
    CHECK(password.memory_kib == 64);
    CHECK(password.iterations == 1);
}

TEST_CASE("docker listens on every address, the others on loopback") {
    CHECK(load_with("docker", {}).config.server.host == "0.0.0.0");
    CHECK(load_with("unix", {}).config.server.host == "127.0.0.1");
}

TEST_CASE("an unknown config is refused with the nearest and all names") {
    CHECK(error_of("prodution", {}) ==
          "command line --config: there is no config \"prodution\"; did you mean production? There are: "
          "development, docker, production, standalone, testing, unix");
}

TEST_CASE("an unknown config from the environment is refused as such") {
    CHECK(error_of("", {{"APP_CONFIG", "banana"}}) == "environment APP_CONFIG: there is no config \"banana\"; there are: "
                                                      "development, docker, production, standalone, testing, unix");
}

TEST_CASE("a name cannot lead out of the folder of configs") {
    CHECK(contains(error_of("../etc/passwd", {}), "there is no config"));
    CHECK(contains(error_of("a\nb", {}), "there is no config \"a?b\""));
}

TEST_CASE("a file in the config folder is a new config") {
    const Loaded loaded = load_toml("inherits = \"standalone\"\n[server]\nport = 81\n");
    CHECK(loaded.config.name == "mine");
    CHECK(loaded.config.server.port == 81);
    CHECK(loaded.config.database.url == "sqlite:///instance/dewar.sqlite");
    CHECK(effective(loaded, "log.format").origin == "config/production.toml:6");
    CHECK(effective(loaded, "server.port").origin.ends_with("/mine.toml:3"));
}

TEST_CASE("APP_CONFIG_DIR names the config folder, and the option goes before it") {
    const TemporaryFolder folder;
    tests::write_text(folder / "mine.toml", "[server]\nport = 81\n");
    CHECK(load_with("mine", {{"APP_CONFIG_DIR", folder.path()}}).config.server.port == 81);
    const Sources sources{.overrides = {}, .config_folder = folder.path()};
    CHECK(load_with("mine", {{"APP_CONFIG_DIR", "/nonexistent"}}, sources).config.server.port == 81);
}

TEST_CASE("a file in the config folder goes before the embedded one, also as a parent") {
    const TemporaryFolder folder;
    tests::write_text(folder / "production.toml", "[server]\nport = 82\n");
    const Sources sources{.overrides = {}, .config_folder = folder.path()};
    CHECK(load_with("production", {}, sources).config.server.port == 82);
    CHECK(load_with("standalone", {}, sources).config.server.port == 82);
}

TEST_CASE("a config folder that is none is refused") {
    CHECK(error_of("", {{"APP_CONFIG_DIR", "/nonexistent"}}) == "config folder /nonexistent: No such file or directory");
}

TEST_CASE("inheritance that goes round is refused with its way") {
    const TemporaryFolder folder;
    tests::write_text(folder / "a.toml", "inherits = \"b\"");
    tests::write_text(folder / "b.toml", "\ninherits = \"a\"");
    const std::string message = error_of("a", {}, {.overrides = {}, .config_folder = folder.path()});
    CHECK(message == folder / "b.toml:2" + ": inheritance goes round: a -> b -> a");
}

TEST_CASE("a config cannot inherit itself") { CHECK(contains(toml_error("inherits = \"mine\""), "goes round: mine -> mine")); }

TEST_CASE("an unknown parent is refused where it is named") {
    CHECK(contains(toml_error("\ninherits = \"standalon\""),
                   "mine.toml:2: there is no config \"standalon\"; did you mean standalone?"));
}

TEST_CASE("inherits must be a text") {
    CHECK(toml_error("inherits = 1") == "mine.toml:1: inherits must be the name of a config, in double quotes");
    CHECK(toml_error("inherits = [\"a\"]") == "mine.toml:1: inherits must be the name of a config, in double quotes");
}

TEST_CASE("a file that is no TOML is refused with its line, and quotes none of it") {
    const std::string message = toml_error("debug = true\n[admin]\npassword = hunter2\n");
    CHECK(message.starts_with("mine.toml:3: this is not TOML (column "));
    CHECK_FALSE(contains(message, "hunter"));
}

TEST_CASE("a key that comes twice is refused with the second line") {
    CHECK(toml_error("[server]\nport = 1\nport = 2\n").starts_with("mine.toml:3: this is not TOML"));
}

TEST_CASE("an unknown key is refused with the nearest and those of its section") {
    CHECK(toml_error("[log]\nlevel = \"info\"\nfromat = 2\n") ==
          "mine.toml:3: there is no setting log.fromat; did you mean log.format? "
          "log has: level, format, file, crash_folder");
}

TEST_CASE("an unknown section is refused with the nearest, even when it is empty") {
    CHECK(contains(toml_error("[databse]\n"),
                   "mine.toml:1: there is no setting databse; did you mean database? there are: debug, "));
    CHECK(contains(toml_error("[databse]\nurl = \"x\"\n"),
                   "mine.toml:2: there is no setting databse.url; did you mean database.url?"));
}

TEST_CASE("an empty section that exists is no mistake") { CHECK(load_toml("[server]\n").config.server.port == 5000); }

TEST_CASE("a value of the wrong type is refused with the right one") {
    CHECK(toml_error("debug = \"yes\"") ==
          "mine.toml:1: debug must be true or false (or on, off, yes, no, 1, 0), not a text in quotes");
    CHECK(toml_error("[server]\nport = \"80\"") ==
          "mine.toml:2: server.port must be a whole number from 0 to 65535, not a text in quotes");
    CHECK(toml_error("[server]\nport = 80.5") ==
          "mine.toml:2: server.port must be a whole number from 0 to 65535, not a number with a fraction");
    CHECK(toml_error("[server]\nhost = 127") == "mine.toml:2: server.host must be an address or a host name, not a number");
    CHECK(toml_error("[server]\nhost = [\"a\"]") == "mine.toml:2: server.host must be an address or a host name, not an array");
}

TEST_CASE("a value in the place of a section is refused with the section's keys") {
    CHECK(toml_error("blog = true") == "mine.toml:1: there is no setting blog; blog has: posts_per_page, comments_per_page");
}

TEST_CASE("a number out of range is refused with the range") {
    CHECK(toml_error("[server]\nport = 65536") == "mine.toml:2: server.port must be a whole number from 0 to 65535, not 65536");
    CHECK(toml_error("[server]\nworkers = 0") == "mine.toml:2: server.workers must be a whole number from 1 to 4096, not 0");
    CHECK(toml_error("[server]\nport = -1") == "mine.toml:2: server.port must be a whole number from 0 to 65535, not -1");
    CHECK(load_toml("[server]\nport = 65535").config.server.port == 65535);
}

TEST_CASE("a text that is no choice is refused with the choices") {
    CHECK(toml_error("[log]\nlevel = \"loud\"") ==
          "mine.toml:2: log.level must be one of debug, info, warning, error, not \"loud\"");
}

TEST_CASE("a secret in a file is refused with the variable to use") {
    const std::string key = toml_error("[secret]\nkey = \"hunter2\"");
    CHECK(key ==
          "mine.toml:2: secret.key holds a secret, which may not stand in a config file: set SECRET_KEY or SECRET_KEY_FILE in "
          "the environment instead");
    CHECK(contains(toml_error("[secret]\nold_keys = [\"hunter2\"]"), "SECRET_KEY_OLD"));
    CHECK(contains(toml_error("[admin]\npassword = \"hunter2\""), "set APP_ADMIN_PASSWORD or"));
    const std::string url = toml_error("[database]\nurl = \"mysql://me:hunter2@host/name\"");
    CHECK(contains(url, "mine.toml:2: database.url holds a secret"));
    CHECK(contains(url, "set DATABASE_URL or"));
    CHECK_FALSE(contains(url, "hunter2"));
}

TEST_CASE("a file that cannot be read is named with the reason") {
    const TemporaryFolder folder;
    const std::string message = message_of([&] { read_file(folder.path(), "the file", "here"); });
    CHECK(message == "here: cannot read the file, " + folder.path().string() + ": Is a directory");
}
