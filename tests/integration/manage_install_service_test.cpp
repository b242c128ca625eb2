// `manage install-service`: what it writes, below a folder that stands for a whole system, and when it refuses.
#include <doctest/doctest.h>

#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

// Another system, in the folder `system`, into which `manage` would install itself for the account dewar.
class OtherSystem : public Installation {
   public:
    OtherSystem() {
        environment.clear();
        write(".env", "SECRET_KEY=vWq0Yz7Jx2Kc8Rt5Nb1Mh6Lp3Sd9FgA4\nDATABASE_URL=sqlite:///instance/blog.sqlite\n");
    }

    Finished install(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"install-service", "--root", "system"});
        return manage(more);
    }
    std::string print(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"install-service", "--print"});
        const Finished result = manage(more);
        REQUIRE_MESSAGE(result.exit_code == 0, result.err);
        CHECK(result.err.empty());
        return result.out;
    }

    std::string read(const std::string& name) const { return read_text(path() / name); }
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((path() / name).parent_path());
        write_text(path() / name, text);
    }
    bool has(const std::string& name) const { return std::filesystem::exists(path() / name); }

    static constexpr const char* unit = "system/etc/systemd/system/dewar.service";
    static constexpr const char* rules = "system/etc/logrotate.d/dewar";
};

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("--print shows a unit for this program, this folder and the config production, and writes nothing") {
    const OtherSystem system;
    const std::string unit = system.print();
    const std::string program = std::filesystem::canonical(MANAGE_BINARY).string();
    CHECK(has_line(unit, "ExecStart=" + program + " runserver --supervise --config production"));
    CHECK(has_line(unit, "ExecReload=" + program + " restart --config production"));
    CHECK(has_line(unit, "WorkingDirectory=" + system.path().string()));
    CHECK(has_line(unit, "ReadWritePaths=" + system.path().string()));
    CHECK(has_line(unit, "User=dewar"));
    CHECK(has_line(unit, "Type=notify"));
    CHECK_FALSE(system.has("system"));
}

TEST_CASE("the unit follows the config that the folder's .env has") {
    const OtherSystem system;
    system.write(".env", "APP_CONFIG=standalone\nAPP_SERVER__GRACE_MS=20001\nAPP_SERVER__CONNECTIONS_MAX=50000\n");
    const std::string unit = system.print();
    CHECK(unit.find("--config standalone\n") != std::string::npos);
    CHECK(has_line(unit, "TimeoutStopSec=36"));  // the grace in whole seconds, and time to end
    CHECK(has_line(unit, "LimitNOFILE=54096"));
}

TEST_CASE("a port below 1024 brings one capability along, any other none") {
    const OtherSystem system;
    CHECK(has_line(system.print(), "CapabilityBoundingSet="));
    system.write(".env", "APP_SERVER__PORT=80\n");
    const std::string unit = system.print();
    CHECK(has_line(unit, "AmbientCapabilities=CAP_NET_BIND_SERVICE"));
    CHECK(has_line(unit, "CapabilityBoundingSet=CAP_NET_BIND_SERVICE"));
    CHECK_FALSE(has_line(unit, "PrivateUsers=yes"));  // the capability would be worth nothing
}

TEST_CASE("a folder of /var/lib is systemd's to make, and one at home is not hidden from the service") {
    const OtherSystem system;
    CHECK(has_line(system.print({"--folder", "/var/lib/blog"}), "StateDirectory=blog"));
    const std::string at_home = system.print({"--folder", "/home/ann/blog/", "--user", "ann"});
    CHECK(has_line(at_home, "ProtectHome=read-only"));
    CHECK(has_line(at_home, "ReadWritePaths=/home/ann/blog"));
    CHECK(has_line(at_home, "User=ann"));
}

TEST_CASE("a log outside of the folder may be written, and is the one that logrotate moves") {
    const OtherSystem system;
    system.write(".env", "APP_LOG__FILE=/srv/logs/blog.log\n");
    CHECK(has_line(system.print(), "ReadWritePaths=/srv/logs"));
    CHECK(has_line(system.print({"--logrotate"}), "/srv/logs/blog.log {"));
}

TEST_CASE("below --root the files are written as they have to be there, again and again") {
    const OtherSystem system;
    for (int round = 0; round < 2; ++round) {
        const Finished result = system.install({"--folder", "system/srv/blog"});
        CHECK(result.exit_code == 0);
        CHECK(result.out.find("systemctl enable --now dewar") != std::string::npos);
        CHECK(has_line(system.read(OtherSystem::unit), "WorkingDirectory=/srv/blog"));
        CHECK(system.read(OtherSystem::rules).find("--signal=USR1 dewar.service") != std::string::npos);
        CHECK((std::filesystem::status(system.path() / OtherSystem::unit).permissions() & std::filesystem::perms::others_read) !=
              std::filesystem::perms::none);
    }
}

TEST_CASE("a unit of another version is replaced, one that was changed by hand is not") {
    const OtherSystem system;
    const std::vector<std::string> folder{"--folder", "system/srv/blog"};
    REQUIRE(system.install(folder).exit_code == 0);
    system.write("system/srv/blog/.env", "APP_SERVER__PORT=80\n");
    CHECK(system.install(folder).exit_code == 0);
    const std::string changed = system.read(OtherSystem::unit) + "# mine\n";
    CHECK(has_line(changed, "# Port 80 is below 1024."));

    system.write(OtherSystem::unit, changed);
    const Finished refused = system.install();
    CHECK(refused.exit_code == 1);
    CHECK(is_one_line(refused.err));
    CHECK(refused.err.find("dewar.service was changed by hand") != std::string::npos);
    CHECK(system.read(OtherSystem::unit) == changed);
    CHECK(system.install({"--force"}).exit_code == 0);
    CHECK(system.read(OtherSystem::unit) != changed);
}

TEST_CASE("a unit that a package brought is not shadowed by chance") {
    const OtherSystem system;
    system.write("system/usr/lib/systemd/system/dewar.service", "[Service]\n");
    const Finished refused = system.install();
    CHECK(refused.exit_code == 1);
    CHECK(is_one_line(refused.err));
    CHECK(refused.err.find("systemctl edit dewar") != std::string::npos);
    CHECK_FALSE(system.has(OtherSystem::unit));
}

TEST_CASE("what only this shell has, and a missing secret key, are told") {
    OtherSystem system;
    system.write(".env", "");
    system.environment["PUBLIC_URL"] = "https://dewar.example";
    const Finished result = system.install();
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("warning: set in this shell only, where the service does not see it: PUBLIC_URL;") == 0);
    CHECK(result.err.find("warning: the service will not start before this is mended: ") != std::string::npos);
}

TEST_CASE("an account that is not there, and a path that a unit cannot name, are one line each") {
    const OtherSystem system;
    const Finished stranger = system.manage({"install-service", "--user", "no-such-user"});
    CHECK(stranger.exit_code == 1);
    CHECK(is_one_line(stranger.err));
    CHECK(stranger.err.find("adduser --system --group --no-create-home no-such-user") != std::string::npos);

    const Finished odd = system.install({"--folder", "my blog"});
    CHECK(odd.exit_code == 1);
    CHECK(is_one_line(odd.err));
    CHECK(odd.err.find("a systemd unit cannot name the folder") != std::string::npos);
}

TEST_CASE("who is not root, or has no systemd, reads one line") {
    OtherSystem system;
    Start start = system.start({"install-service", "--user", "nobody"});
    if (system.give_to_nobody()) start = system.start({"install-service", "--user", "nobody"});
    start.as_nobody = true;
    const Finished result = run(start);
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
}
